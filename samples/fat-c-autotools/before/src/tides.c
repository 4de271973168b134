#include <stdio.h>

int main(void) {
    char line[80];
    FILE *table = fopen(DATADIR "/tides.txt", "r");
    if (table == NULL) return 1;
    while (fgets(line, sizeof line, table) != NULL) fputs(line, stdout);
    return fclose(table);
}
