#include <stdio.h>

int main(void) {
  puts("courier 1.0");
  return 0;
}
