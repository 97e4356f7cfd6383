/* The four functions that gcc asks of every program, and two for texts; small rather than fast. A firmware with a libc has
 * them. */

#include <string.h>

void *memcpy(void *to, const void *from, size_t count) {
  char *at = to;
  for (const char *source = from; count > 0; count--) *at++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t count) {
  char *target = to;
  const char *source = from;
  if (target < source) return memcpy(to, from, count);
  while (count-- > 0) target[count] = source[count];
  return to;
}

void *memset(void *to, int value, size_t count) {
  for (char *at = to; count > 0; count--) *at++ = (char)value;
  return to;
}

int memcmp(const void *one, const void *other, size_t count) {
  const unsigned char *a = one, *b = other;
  for (; count > 0; count--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  return length;
}

int strcmp(const char *one, const char *other) {
  for (; *one != 0 && *one == *other; one++) other++;
  return (unsigned char)*one - (unsigned char)*other;
}
