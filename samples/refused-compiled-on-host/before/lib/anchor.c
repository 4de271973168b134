const char *anchor(void) { return "anchor holds"; }
