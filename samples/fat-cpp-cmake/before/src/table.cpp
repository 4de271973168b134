#include "table.h"

#include <zlib.h>

unsigned long line_sum(const std::string &line) {
    return crc32(0L, reinterpret_cast<const Bytef *>(line.data()), static_cast<uInt>(line.size()));
}
