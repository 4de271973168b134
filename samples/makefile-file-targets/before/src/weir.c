#include <stdio.h>

int gauge(void);

int main(void) {
  printf("%d cm over the weir\n", gauge());
  return 0;
}
