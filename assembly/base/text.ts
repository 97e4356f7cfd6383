// Short texts kept in records: one byte of length, then the bytes.
//
// What the host sets is checked here once, so that no writer has to look for line ends later.

import { E_LENGTH, E_TEXT, OK } from "../abi";
import { equals } from "./bytes";

/** Address of the first byte of the text at `slot`. */
export function textFrom(slot: usize): usize {
  return slot + 1;
}

/** One past its last byte. */
export function textTo(slot: usize): usize {
  return slot + 1 + textLength(slot);
}

/** Its bytes, 0: not set. */
export function textLength(slot: usize): u32 {
  return load<u8>(slot);
}

/**
 * Copies `length` bytes from `from` into the slot of `size` bytes, its length byte included.
 * @returns OK; E_LENGTH: does not fit; E_TEXT: holds a control character, which could end a header line
 */
export function keepText(slot: usize, size: u32, from: usize, length: u32): i32 {
  if (length >= size) return E_LENGTH;
  for (let i: u32 = 0; i < length; i++) {
    const c = load<u8>(from + i);
    if (c < 0x20 || c === 0x7f) return E_TEXT;
  }
  store<u8>(slot, <u8>length);
  memory.copy(slot + 1, from, length);
  return OK;
}

/** Are the texts at two slots equal, byte by byte? */
export function isSame(a: usize, b: usize): bool {
  return equals(textFrom(a), textLength(a), textFrom(b), textLength(b));
}

/** Copies the text at `from` into the slot of the same size. */
export function copyText(slot: usize, from: usize, size: u32): void {
  memory.copy(slot, from, size);
}
