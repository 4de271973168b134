#include <stdio.h>

const char *anchor(void);

int main(void) {
  puts(anchor());
  return 0;
}
