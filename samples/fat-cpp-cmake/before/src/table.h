#pragma once
#include <string>

/** Checksum of a line of the table. */
unsigned long line_sum(const std::string &line);
