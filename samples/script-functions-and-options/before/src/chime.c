#include <stdio.h>

int main(void) {
  puts("chime");
  return 0;
}
