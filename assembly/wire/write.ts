// Writes text, byte by byte, either into TX or into the hash under way.
//
// One writer for both: what is hashed never lies in memory as one text, and what a header and a hash
// share is said once. Past the end of TX only the cursor moves on; finish() says so once.

import { hexDigit, isIn, USER } from "../base/bytes";
import { hashByte } from "../base/hash";
import { TX, TX_SIZE, WRITER, WRITER_SIZE } from "../base/memory";

const BACKSLASH: u32 = 0x5c;
const PERCENT: u32 = 0x25;
const QUOTE: u32 = 0x22;

@unmanaged
class Writer {
  /** Where the next byte goes in TX; past its end: too much was written. */
  at: usize;
  /** 1: bytes go into the hash. */
  hashing: u32;
}
if (offsetof<Writer>() !== WRITER_SIZE) ERROR("Writer resized: base/memory.ts");

/** Starts over at the beginning of TX. */
export function begin(): void {
  changetype<Writer>(WRITER).at = TX;
  intoHash(false);
}

/** @returns bytes in TX; -1: they did not fit, do not send */
export function finish(): i32 {
  const length = changetype<Writer>(WRITER).at - TX;
  return length > TX_SIZE ? -1 : <i32>length;
}

/** Says where bytes go from now on: into the hash that was started, or to where TX was left. */
export function intoHash(hashing: bool): void {
  changetype<Writer>(WRITER).hashing = hashing ? 1 : 0;
}

export function byte(c: u32): void {
  const writer = changetype<Writer>(WRITER);
  if (writer.hashing !== 0) {
    hashByte(c);
    return;
  }
  if (writer.at < TX + TX_SIZE) store<u8>(writer.at, c);
  writer.at++;
}

export function slice(from: usize, to: usize): void {
  for (let at = from; at < to; at++) byte(load<u8>(at));
}

/** In decimal. */
export function number(value: u32): void {
  let unit: u32 = 1000000000;
  while (unit > 1 && value < unit) unit /= 10;
  for (; unit !== 0; unit /= 10) byte(0x30 + ((value / unit) % 10));
}

/** Two hex digits for each of `count` bytes. */
export function hex(from: usize, count: u32): void {
  for (let at = from; at < from + count; at++) hexNumber(load<u8>(at), 2);
}

/** The lowest `digits` hex digits of a number, highest first. */
export function hexNumber(value: u32, digits: u32): void {
  while (digits > 0) {
    digits--;
    byte(hexDigit((value >> (digits << 2)) & 15));
  }
}

/** Text that a header holds in quotes and a hash as it is. RFC 3261 §25.1, RFC 7616 §3.4.2. */
export function quoted(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    const c = <u32>load<u8>(at);
    if ((c === QUOTE || c === BACKSLASH) && changetype<Writer>(WRITER).hashing === 0) {
      byte(BACKSLASH);
    }
    byte(c);
  }
}

/** The inside of a quoted string as it came: a header gets it back so, a hash without its escapes. */
export function unquoted(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    if (load<u8>(at) === BACKSLASH && at + 1 < to) {
      if (changetype<Writer>(WRITER).hashing === 0) byte(BACKSLASH);
      at++;
    }
    byte(load<u8>(at));
  }
}

/** The user of a URI: what may not stand there is escaped; `%` stays. RFC 3261 §25.1, user. */
export function user(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    const c = <u32>load<u8>(at);
    if (isIn(c, USER)) {
      byte(c);
    } else {
      byte(PERCENT);
      hexNumber(c, 2);
    }
  }
}
