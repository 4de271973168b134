#include <stdio.h>

int main(void) {
  puts("agent 1.0");
  return 0;
}
