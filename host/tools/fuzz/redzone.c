/* Marks for each byte of the core's memory, laid after the map that the compiler wrote. */

#include "redzone_marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

uint8_t redzone_marks[MEMORY_BYTES];

void redzone_lay(void) {
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

void redzone_hit(uint32_t at, uint32_t length, int forbidden) {
  const char *what = forbidden == NO_LOAD ? "load" : "store";
  uint32_t first = at;
  while (first < at + length && (redzone_marks[first] & forbidden) == 0) first++;
  fprintf(stderr, "redzone: %s of %u bytes at %u leaves its record: ", what, length, at);
  tell_place(first);
  abort();
}
