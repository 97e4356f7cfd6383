/* Byte for byte, what the core may load and store: put in front of the accessors of a translation by wasm2c.
 *
 * AddressSanitizer knows granules of 8 bytes, and misses a load of 8 bytes that begins in one and ends in the next; here
 * each byte of the memory has its own mark, and constants can be read and not written. Needs the names of the
 * translation (DEFINE_LOAD, MEMCHECK), so it is included there and nowhere else: build.ts. */

#include "redzone_marks.h"

#define ALL_NO_LOAD UINT64_C(0x0101010101010101)
#define ALL_NO_STORE UINT64_C(0x0202020202020202)

/* The marks say all that a sanitizer could; and edges in here would say nothing of the core. */
#define PLAIN __attribute__((noinline, no_sanitize("address", "undefined", "coverage")))

#define CHECK(memory, at, type, all, one)                                \
  do {                                                                   \
    u64 marks = 0;                                                       \
    MEMCHECK(memory, at, type);                                          \
    __builtin_memcpy(&marks, redzone_marks + at, sizeof(type));          \
    if (UNLIKELY((marks & all) != 0)) redzone_hit(at, sizeof(type), one); \
  } while (0)

#undef DEFINE_LOAD
#define DEFINE_LOAD(name, t1, t2, t3)                               \
  PLAIN static t3 name(wasm_rt_memory_t *memory, u64 at) {          \
    t1 result;                                                      \
    CHECK(memory, at, t1, ALL_NO_LOAD, NO_LOAD);                    \
    __builtin_memcpy(&result, memory->data + at, sizeof(t1));       \
    return (t3)(t2)result;                                          \
  }

#undef DEFINE_STORE
#define DEFINE_STORE(name, t1, t2)                                     \
  PLAIN static void name(wasm_rt_memory_t *memory, u64 at, t2 value) { \
    t1 wrapped = (t1)value;                                            \
    CHECK(memory, at, t1, ALL_NO_STORE, NO_STORE);                     \
    __builtin_memcpy(memory->data + at, &wrapped, sizeof(t1));         \
  }

/* memory.fill and memory.copy call these after their check of the range. */
#define memset(to, byte, length) redzone_fill(to, byte, length)
#define memmove(to, from, length) redzone_copy(to, from, length)
