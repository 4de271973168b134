#include <stdio.h>

int main(void) {
  puts("about noon");
  return 0;
}
