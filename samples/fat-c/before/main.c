#include <stdio.h>
#include <string.h>

#include "table.h"

int main(void) {
  FILE *list = fopen("data/tides.txt", "r");
  char line[80];

  if (list == NULL) {
    perror("data/tides.txt");
    return 1;
  }
  while (fgets(line, sizeof line, list) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    printf("%s %08lx\n", line, checksum(line, strlen(line)));
  }
  fclose(list);
  return 0;
}
