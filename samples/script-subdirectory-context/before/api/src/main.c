#include <stdio.h>
#include "units.h"

int main(void) {
  for (int celsius = 0; celsius <= 100; celsius += 50) printf("%d C = %.0f F\n", celsius, fahrenheit(celsius));
  return 0;
}
