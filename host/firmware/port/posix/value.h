/* One value against its row. */

#ifndef POSIX_VALUE_H
#define POSIX_VALUE_H

#include "draft.h"

/* Reads `value` into the cell. @returns 0: it is none, and a mistake was told */
int value_read(const struct meaning *meaning, const char *key, const char *value, uint32_t at, struct cell *cell);
/* The key as written; a foreign one with our name behind it. Valid until the next call. */
const char *value_shown_key(uint32_t row, const char *key);
/* A name or an address of a host; IPv6 with brackets or without. */
int value_is_host(const char *text);
/* An address, never a name. */
int value_is_address(const char *text);
/* Without the brackets of an IPv6 address, cut in place. */
char *value_without_brackets(char *text);
/* True for two spellings of one host. */
int value_is_same_host(const char *a, const char *b);

#endif
