/* Of <stdio.h> what wasm3 names in functions that nothing calls. */
#ifndef STDIO_H
#define STDIO_H
#include <stddef.h>
int snprintf(char *text, size_t size, const char *format, ...);
#endif
