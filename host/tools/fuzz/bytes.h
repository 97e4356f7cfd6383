/* The input of the fuzzer, read from its front. Past its end come zeros. */

#ifndef FUZZ_BYTES_H_
#define FUZZ_BYTES_H_

#include <stddef.h>
#include <stdint.h>

struct bytes {
  const uint8_t *at, *end;
};

static inline uint8_t take(struct bytes *from) { return from->at < from->end ? *from->at++ : 0; }

/* The next `length` bytes, or as many as are left; `taken` says how many. */
static inline const uint8_t *take_slice(struct bytes *from, size_t length, size_t *taken) {
  const uint8_t *const slice = from->at;
  const size_t left = (size_t)(from->end - from->at);
  *taken = length < left ? length : left;
  from->at += *taken;
  return slice;
}

#endif
