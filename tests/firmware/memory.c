/* The runtime below the translation: the last byte that each access may touch, and the first one that traps. A condition that
 * fails says which, and ends with 1. */

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define STANDFAST_MEMORY_USED 64
#include "memory.h"

enum { END = STANDFAST_MEMORY_USED };

static jmp_buf out;
static volatile int failed;

static void trap(void) { longjmp(out, 1); }

#define CHECK(condition) ((condition) ? (void)0 : (void)(failed = printf("line %d: %s\n", __LINE__, #condition)))
#define TRAPS(access) CHECK(setjmp(out) != 0 || ((void)(access), 0))
#define GOES(access) CHECK(setjmp(out) == 0 && ((void)(access), 1))

/* An access of that size at the last place, one behind it, and where address and offset together pass 2^32. */
#define LIMITS(access, size)        \
  GOES(access(END - size, 0));      \
  GOES(access(0, END - size));      \
  TRAPS(access(END - size + 1, 0)); \
  TRAPS(access(1, END - size));     \
  TRAPS(access(0, END - size + 1)); \
  TRAPS(access(0, END));            \
  TRAPS(access(0, UINT32_MAX));     \
  TRAPS(access(UINT32_MAX, 0));     \
  TRAPS(access(UINT32_MAX - size + 1, size))

static void set8(u32 address, u32 offset) { store8(address, offset, 0); }
static void set16(u32 address, u32 offset) { store16(address, offset, 0); }
static void set32(u32 address, u32 offset) { store32(address, offset, 0); }

static void accesses(void) {
  LIMITS(load8, 1);
  LIMITS(load8_signed, 1);
  LIMITS(load16, 2);
  LIMITS(load32, 4);
  LIMITS(load64, 8);
  LIMITS(set8, 1);
  LIMITS(set16, 2);
  LIMITS(set32, 4);
}

static void ranges(void) {
  GOES(fill(0, 0, END));
  GOES(fill(END, 0, 0));
  TRAPS(fill(0, 0, END + 1));
  TRAPS(fill(END + 1, 0, 0));
  TRAPS(fill(END, 0, UINT32_MAX));
  GOES(copy(0, END / 2, END / 2));
  TRAPS(copy(1, END / 2, END / 2 + 1));
  TRAPS(copy(END / 2 + 1, 0, END / 2));
}

/* Little-endian, whatever the processor. */
static void bytes(void) {
  store32(8, 0, 0x81828384u);
  CHECK(memory[8] == 0x84 && memory[11] == 0x81);
  CHECK(load16(8, 1) == 0x8283u && load8(11, 0) == 0x81u && load8_signed(11, 0) == 0xFFFFFF81u);
  store32(12, 0, 1);
  CHECK(load64(8, 0) == 0x181828384u);
  copy(9, 8, 4);
  CHECK(load32(9, 0) == 0x81828384u);
}

static void numbers(void) {
  CHECK(rotate_left(0x80000001u, 1) == 3 && rotate_left(5, 0) == 5 && rotate_right(3, 33) == 0x80000001u);
  CHECK(divide(7, 2) == 3 && remainder_of(7, 2) == 1 && divide_signed((u32)-7, 2) == (u32)-3);
  TRAPS(divide(1, 0));
  TRAPS(remainder_of(1, 0));
  TRAPS(divide_signed(1, 0));
  TRAPS(divide_signed(0x80000000u, 0xFFFFFFFFu));
}

int main(void) {
  accesses();
  ranges();
  bytes();
  numbers();
  return failed != 0;
}
