/* Byte for byte, what the core may load and store: stands between the runtime of a firmware (memory.h) and a translation.
 *
 * AddressSanitizer knows granules of 8 bytes, and misses a load of 8 bytes that begins in one and ends in the next; here
 * each byte of the memory has its own mark, and constants can be read and not written. Each access of memory.h gets a
 * twin here that looks at the marks first, and takes its name: checked.c alone includes this. */

#include "redzone_marks.h"

/* The marks say all that a sanitizer could; and edges in here would say nothing of the core. */
#define PLAIN __attribute__((noinline, no_sanitize("address", "undefined", "coverage"))) static

/* The marks of up to 8 bytes together. An access beyond the memory traps, as in a firmware. */
static IN_PLACE void look(u32 address, u32 offset, u32 size, int forbidden) {
  const u64 all = UINT64_C(0x0101010101010101) * (u64)forbidden >> (64 - 8 * size);
  u64 marks = 0;
  place(address, offset, size);
  memcpy(&marks, redzone_marks + address + offset, size);
  if (SELDOM((marks & all) != 0)) redzone_hit(address + offset, size, forbidden);
}

static IN_PLACE void look_along(u32 address, u32 length, int forbidden) {
  u32 at = 0;
  span(address, length);
  for (; length - at >= 8; at += 8) look(address + at, 0, 8, forbidden); /* hashes copy much */
  for (; at < length; at++) look(address + at, 0, 1, forbidden);
}

#define MARKED_LOAD(type, load, size)                  \
  PLAIN type marked_##load(u32 address, u32 offset) {  \
    look(address, offset, size, NO_LOAD);              \
    return load(address, offset);                      \
  }
#define MARKED_STORE(store, size)                                  \
  PLAIN void marked_##store(u32 address, u32 offset, u32 value) {  \
    look(address, offset, size, NO_STORE);                         \
    store(address, offset, value);                                 \
  }

MARKED_LOAD(u32, load8, 1)
MARKED_LOAD(u32, load8_signed, 1)
MARKED_LOAD(u32, load16, 2)
MARKED_LOAD(u32, load32, 4)
MARKED_LOAD(u64, load64, 8)
MARKED_STORE(store8, 1)
MARKED_STORE(store16, 2)
MARKED_STORE(store32, 4)

PLAIN void marked_fill(u32 address, u32 value, u32 length) {
  look_along(address, length, NO_STORE);
  fill(address, value, length);
}

PLAIN void marked_copy(u32 to, u32 from, u32 length) {
  look_along(from, length, NO_LOAD);
  look_along(to, length, NO_STORE);
  copy(to, from, length);
}

#define load8 marked_load8
#define load8_signed marked_load8_signed
#define load16 marked_load16
#define load32 marked_load32
#define load64 marked_load64
#define store8 marked_store8
#define store16 marked_store16
#define store32 marked_store32
#define fill marked_fill
#define copy marked_copy
