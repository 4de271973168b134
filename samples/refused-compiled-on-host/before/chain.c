#include <stdio.h>

int main(void) {
  puts("chain is out");
  return 0;
}
