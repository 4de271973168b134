#include <stdio.h>

int main(void) {
  puts("lamp is on");
  return 0;
}
