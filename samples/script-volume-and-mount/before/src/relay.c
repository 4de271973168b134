#include <stdio.h>

int main(int argc, char **argv) {
  (void)argv;
  puts(argc > 1 ? "relay 1.4" : "passing it on");
  return 0;
}
