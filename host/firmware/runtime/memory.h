/* What the translated module stands on: its memory, and the few operations of WebAssembly that C lacks.
 *
 * The memory is one static array; little-endian on every processor, as WebAssembly has it, so what leaves it needs no
 * turning round. Every access is compared with its size: an address beyond it is a trap, never a fault. The generator of
 * the translation writes an access as address and offset; their sum is not formed before it is known to fit. */

#ifndef STANDFAST_MEMORY
#define STANDFAST_MEMORY STANDFAST_MEMORY_USED
#endif
#if STANDFAST_MEMORY < STANDFAST_MEMORY_USED
#error "STANDFAST_MEMORY is too small: STANDFAST_MEMORY_USED of standfast.h is the least"
#endif
/* For a part with several memories: __attribute__((section(".ccm"))) and the like. */
#ifndef STANDFAST_MEMORY_PLACE
#define STANDFAST_MEMORY_PLACE
#endif

#ifdef __GNUC__
#define SELDOM(condition) __builtin_expect(condition, 0)
#define NEVER_RETURNS __attribute__((noreturn))
/* Left to itself, gcc -Os makes a function of what is smaller in place: larger, and a quarter slower. */
#define IN_PLACE inline __attribute__((always_inline))
#else
#define SELDOM(condition) (condition)
#define NEVER_RETURNS
#define IN_PLACE inline
#endif
/* gcc knows which accesses are smaller in place; clang takes too many for that, and is a sixth larger with them. */
#if defined(__clang__) && defined(__OPTIMIZE_SIZE__)
#define APART inline __attribute__((noinline))
#else
#define APART inline
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int32_t s32;

#ifdef STANDFAST_INTERPRETED /* port/interpreter: the memory is wasm3's */
static u8 *memory;
#else
static u8 memory[STANDFAST_MEMORY] STANDFAST_MEMORY_PLACE;
#endif

NEVER_RETURNS static void trap(void);

/* Where `size` bytes at address + offset lie. The compiler knows offset and size, so one comparison is left. */
static IN_PLACE u8 *place(u32 address, u32 offset, u32 size) {
  if (SELDOM(offset > STANDFAST_MEMORY - size || address > STANDFAST_MEMORY - size - offset)) trap();
  return memory + address + offset;
}

/* As place(), of a length that the core computes. */
static inline u8 *span(u32 address, u32 length) {
  if (SELDOM(length > STANDFAST_MEMORY || address > STANDFAST_MEMORY - length)) trap();
  return memory + address;
}

static IN_PLACE u16 half(const u8 *at) { return (u16)(at[0] | at[1] << 8); }

static IN_PLACE u32 word(const u8 *at) {
  return (u32)at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}

/* For size gcc makes one access of the bytes that word() reads, but not of those written here: 300 bytes on a Cortex-M3. */
#if defined(__GNUC__) && defined(__ARM_FEATURE_UNALIGNED) && !defined(__ARM_BIG_ENDIAN)
static IN_PLACE void put_word(u8 *at, u32 value) { __builtin_memcpy(at, &value, sizeof value); }
#else
static IN_PLACE void put_word(u8 *at, u32 value) {
  at[0] = (u8)value;
  at[1] = (u8)(value >> 8);
  at[2] = (u8)(value >> 16);
  at[3] = (u8)(value >> 24);
}
#endif

static APART u32 load8_bare(u32 address) { return *place(address, 0, 1); }
static APART u32 load8_at(u32 address, u32 offset) { return *place(address, offset, 1); }

static APART u32 load32_bare(u32 address) { return word(place(address, 0, 4)); }
static APART u32 load32_at(u32 address, u32 offset) { return word(place(address, offset, 4)); }

static APART void store8_bare(u32 address, u32 value) { *place(address, 0, 1) = (u8)value; }
static APART void store8_at(u32 address, u32 offset, u32 value) { *place(address, offset, 1) = (u8)value; }

static APART void store32_bare(u32 address, u32 value) { put_word(place(address, 0, 4), value); }
static APART void store32_at(u32 address, u32 offset, u32 value) { put_word(place(address, offset, 4), value); }

/* Compiled for size an access is a call, and half of all have the offset 0: a function of their own spares them that
 * argument, 470 bytes on a Cortex-M3. */
static IN_PLACE u32 load8(u32 address, u32 offset) {
  return offset == 0 ? load8_bare(address) : load8_at(address, offset);
}

static IN_PLACE u32 load32(u32 address, u32 offset) {
  return offset == 0 ? load32_bare(address) : load32_at(address, offset);
}

static IN_PLACE void store8(u32 address, u32 offset, u32 value) {
  if (offset == 0) store8_bare(address, value);
  else store8_at(address, offset, value);
}

static IN_PLACE void store32(u32 address, u32 offset, u32 value) {
  if (offset == 0) store32_bare(address, value);
  else store32_at(address, offset, value);
}

static APART u32 load8_signed(u32 address, u32 offset) { return (u32)(s8)*place(address, offset, 1); }

static APART u32 load16(u32 address, u32 offset) { return half(place(address, offset, 2)); }

static APART u64 load64(u32 address, u32 offset) {
  return load32(address, offset) | (u64)load32(address, offset + 4) << 32;
}

static APART void store16(u32 address, u32 offset, u32 value) {
  u8 *const at = place(address, offset, 2);
  at[0] = (u8)value;
  at[1] = (u8)(value >> 8);
}

static inline void fill(u32 address, u32 value, u32 length) { memset(span(address, length), (u8)value, length); }

static inline void copy(u32 to, u32 from, u32 length) {
  const u8 *const source = span(from, length);
  memmove(span(to, length), source, length);
}

static inline u32 rotate_left(u32 value, u32 by) { return value << (by & 31) | value >> (-by & 31); }
static inline u32 rotate_right(u32 value, u32 by) { return value >> (by & 31) | value << (-by & 31); }

static inline u32 divide(u32 a, u32 b) {
  if (SELDOM(b == 0)) trap();
  return a / b;
}

static inline u32 remainder_of(u32 a, u32 b) {
  if (SELDOM(b == 0)) trap();
  return a % b;
}

static inline u32 divide_signed(u32 a, u32 b) {
  if (SELDOM(b == 0 || (a == 0x80000000u && b == 0xffffffffu))) trap();
  return (u32)((s32)a / (s32)b);
}
