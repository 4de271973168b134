#include <stdio.h>

static int is_prime(int n) {
  for (int d = 2; d * d <= n; d++)
    if (n % d == 0) return 0;
  return n > 1;
}

int main(void) {
  for (int n = 0; n < 30; n++)
    if (is_prime(n)) printf("%d ", n);
  puts("");
  return 0;
}
