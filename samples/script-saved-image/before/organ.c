#include <stdio.h>

int main(void) {
  char line[64];
  FILE *pipes = fopen("/opt/organ/share/pipes.txt", "r");
  if (pipes == NULL) return 1;
  while (fgets(line, sizeof line, pipes) != NULL) fputs(line, stdout);
  return 0;
}
