#include "table.h"

#include <cstdio>
#include <fstream>

int main() {
    std::ifstream table("/usr/local/share/tides/tides.txt");
    for (std::string line; std::getline(table, line);) std::printf("%s %08lx\n", line.c_str(), line_sum(line));
}
