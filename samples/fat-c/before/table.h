#include <stddef.h>

unsigned long checksum(const char *text, size_t length);
