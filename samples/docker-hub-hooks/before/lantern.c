#include <stdio.h>

int main(void) {
  char colour[16];
  FILE *conf = fopen("/etc/lantern.conf", "r");
  if (conf == NULL || fscanf(conf, "colour=%15s", colour) != 1) return 1;
  printf("the lantern is %s\n", colour);
  return 0;
}
