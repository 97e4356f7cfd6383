// ASCII: classes, comparison, decimal and hex. RFC 3261 §25.1.
//
// Knows bytes and slices, nothing of SIP's headers. Every slice is half open, `from` to `to`.

/** What a number reads as when it is absent or not a number. */
export const NO_NUMBER: u32 = 0xffffffff;
/** The largest value a number reads as; longer ones stay here. */
export const NUMBER_MAX: u32 = 0xfffffffe;

// Sets of characters, a bit for each from 0x00 to 0x7f.
/** Space, tab, and the CR and LF that a folded line holds before one of them. RFC 3261 §25.1, LWS. */
export const BLANK: usize = memory.data<u32>([0x00002600, 0x00000001, 0, 0], 4);
export const DIGIT: usize = memory.data<u32>([0, 0x03ff0000, 0, 0], 4);
/** The characters of `token`. RFC 3261 §25.1. */
export const TOKEN: usize = memory.data<u32>([0, 0x03ff6ca2, 0x87fffffe, 0x47ffffff], 4);
/** What a user of a URI may hold, and `%`. RFC 3261 §25.1, user. */
export const USER: usize = memory.data<u32>([0, 0xabfffff2, 0x87fffffe, 0x47fffffe], 4);

/** What an IPv4 or IPv6 address is written with, brackets included. RFC 3261 §25.1, IPv4address, IPv6reference. */
export const ADDRESS: usize = memory.data<u32>([0, 0x07ff4000, 0x2800007e, 0x0000007e], 4);

/** Whether `c` is in the set. */
export function isIn(c: u32, set: usize): bool {
  return c < 128 && ((load<u8>(set + (c >> 3)) >> (c & 7)) & 1) !== 0;
}

/** The first byte of the slice that is not in the set; `to` when all are. */
export function skip(at: usize, to: usize, set: usize): usize {
  while (at < to && isIn(load<u8>(at), set)) at++;
  return at;
}

export function lower(c: u32): u32 {
  return c - 0x41 < 26 ? c | 0x20 : c;
}

/** The digit of `value`, 0..15. */
export function hexDigit(value: u32): u32 {
  assert(value < 16);
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** The value of a hex digit, 0..15 in either case; above 15 for any other character. */
export function hexValue(c: u32): u32 {
  if (c - 0x30 < 10) return c - 0x30;
  const letter = lower(c) - 0x61;
  return letter < 6 ? letter + 10 : 16;
}

/** Whether both slices hold the same bytes. */
export function equals(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  if (aLength !== bLength) return false;
  for (let index: u32 = 0; index < aLength; index++) {
    if (load<u8>(a + index) !== load<u8>(b + index)) return false;
  }
  return true;
}

/** Whether both slices are equal when ASCII case does not count: names and tokens. RFC 3261 §7.3.1. */
export function equalsFold(a: usize, aLength: u32, b: usize, bLength: u32): bool {
  if (aLength !== bLength) return false;
  for (let index: u32 = 0; index < aLength; index++) {
    if (lower(load<u8>(a + index)) !== lower(load<u8>(b + index))) return false;
  }
  return true;
}

/**
 * The value of the digits in a slice; leading zeros count for nothing.
 * @returns 0..NUMBER_MAX, larger values as NUMBER_MAX; NO_NUMBER when the slice is empty or holds
 *          anything but digits, a sign included
 */
export function decimal(from: usize, to: usize): u32 {
  if (from >= to || skip(from, to, DIGIT) !== to) return NO_NUMBER;
  let value: u64 = 0;
  for (let at = from; at < to; at++) value = min(value * 10 + load<u8>(at) - 0x30, NUMBER_MAX);
  return <u32>value;
}
