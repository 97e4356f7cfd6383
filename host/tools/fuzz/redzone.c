/* Marks for each byte of the core's memory, laid after the map that the compiler wrote. */

#include "redzone_marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

/* The last load may begin at the last byte: redzone.h reads as many marks as bytes. */
uint8_t redzone_marks[MEMORY_BYTES + 8];

static const uint8_t *base;

void redzone_lay(const uint8_t *memory) {
  base = memory;
  memset(redzone_marks, NOBODY, sizeof redzone_marks);
  for (const struct region *it = regions; it < regions + REGIONS; it++)
    for (uint32_t at = it->from; at < it->to; at += it->stride)
      memset(redzone_marks + at, it->is_constant ? NO_STORE : 0, it->record);
  redzone_input(0);
}

void redzone_input(uint32_t length) {
  memset(redzone_marks + RX, NO_STORE, length);
  memset(redzone_marks + RX + length, NOBODY, RX_BYTES - length);
}

static void tell_place(uint32_t at) {
  const struct region *near = NULL;
  for (const struct region *it = regions; it < regions + REGIONS; it++)
    if (it->from <= at) near = it;
  if (near == NULL) {
    fprintf(stderr, "before all regions\n");
    return;
  }
  const uint32_t index = (at - near->from) / near->stride;
  const uint32_t offset = (at - near->from) % near->stride;
  const int inside = offset < near->record;
  fprintf(stderr, "%s[%u], %u bytes %s it, of %u bytes\n", near->name, index, inside ? offset : offset - near->record,
          inside ? "into" : "behind", near->record);
}

void redzone_hit(uint64_t at, size_t length, int forbidden) {
  const char *what = forbidden == NO_LOAD ? "load" : "store";
  uint64_t first = at;
  while (first < at + length && (redzone_marks[first] & forbidden) == 0) first++;
  fprintf(stderr, "redzone: %s of %zu bytes at %u leaves its record: ", what, length, (uint32_t)at);
  tell_place((uint32_t)first);
  abort();
}

/* Hashes copy much, so eight marks are looked at together. */
__attribute__((no_sanitize("address", "undefined"))) static void check(const void *place, size_t length,
                                                                       int forbidden) {
  const uint64_t at = (uint64_t)((const uint8_t *)place - base);
  const uint64_t all = UINT64_C(0x0101010101010101) * (uint64_t)forbidden;
  for (size_t i = 0; i < length; i += 8) {
    const size_t left = length - i;
    uint64_t marks;
    __builtin_memcpy(&marks, redzone_marks + at + i, 8);
    if (left < 8) marks &= (UINT64_C(1) << 8 * left) - 1;
    if ((marks & all) != 0) redzone_hit(at, length, forbidden);
  }
}

void *redzone_fill(void *to, int byte, size_t length) {
  check(to, length, NO_STORE);
  return memset(to, byte, length);
}

void *redzone_copy(void *to, const void *from, size_t length) {
  check(from, length, NO_LOAD);
  check(to, length, NO_STORE);
  return memmove(to, from, length);
}
