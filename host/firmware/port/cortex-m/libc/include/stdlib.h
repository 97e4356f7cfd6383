/* Of <stdlib.h> what lwIP and wasm3 name in functions that nothing calls, and what heap.c of port/interpreter has. */
#ifndef STDLIB_H
#define STDLIB_H
#include <stddef.h>
int atoi(const char *text);
void abort(void);
unsigned long strtoul(const char *text, char **end, int base);
unsigned long long strtoull(const char *text, char **end, int base);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
#endif
