#include <stdio.h>

#ifndef SIDES
#define SIDES 6
#endif

int main(void) {
  printf("a die with %d sides\n", SIDES);
  return 0;
}
