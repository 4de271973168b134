#include <stdio.h>

int main(void) {
  puts("north by east");
  return 0;
}
