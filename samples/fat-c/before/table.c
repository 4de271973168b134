#include "table.h"

#include <zlib.h>

unsigned long checksum(const char *text, size_t length) {
  return crc32(0L, (const Bytef *)text, (uInt)length);
}
