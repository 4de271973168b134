#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--calibrate") == 0) {
    puts("1013");
    return 0;
  }
  int pressure = 0;
  FILE *calibration = fopen("/etc/barometer/calibration.txt", "r");
  if (calibration == NULL || fscanf(calibration, "%d", &pressure) != 1) return 1;
  printf("%d hPa, fair\n", pressure);
  return 0;
}
