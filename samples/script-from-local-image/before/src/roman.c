#include <stdio.h>
#include <stdlib.h>

static const struct { int value; const char *letters; } NUMERALS[] = {
  {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
  {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
};

int main(int argc, char **argv) {
  int left = argc > 1 ? atoi(argv[1]) : 1;
  printf("%d = ", left);
  for (unsigned i = 0; i < sizeof NUMERALS / sizeof *NUMERALS; i++)
    for (; left >= NUMERALS[i].value; left -= NUMERALS[i].value) printf("%s", NUMERALS[i].letters);
  printf("\n");
  return 0;
}
