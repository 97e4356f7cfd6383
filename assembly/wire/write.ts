// Writes into TX, from its start. Text is bytes, never UTF-16.
//
// What does not fit only moves the cursor on; finish() says so once, and then nothing may be sent.

import { hexDigit } from "../base/bytes";
import { TX, TX_SIZE, WRITER, WRITER_SIZE } from "../base/memory";

const BACKSLASH: u32 = 0x5c;
const PERCENT: u32 = 0x25;
const QUOTE: u32 = 0x22;

@unmanaged
class Writer {
  /** Where the next byte goes; past the end of TX: too much was written. */
  at: usize;
  reserved: u32;
}
if (offsetof<Writer>() !== WRITER_SIZE) ERROR("Writer resized: base/memory.ts");

export function begin(): void {
  changetype<Writer>(WRITER).at = TX;
}

/** @returns bytes in TX; -1: they did not fit, do not send */
export function finish(): i32 {
  const length = cursor() - TX;
  return length > TX_SIZE ? -1 : <i32>length;
}

/** Where the next byte goes. */
export function cursor(): usize {
  return changetype<Writer>(WRITER).at;
}

export function byte(c: u32): void {
  const at = cursor();
  if (at < TX + TX_SIZE) store<u8>(at, c);
  changetype<Writer>(WRITER).at = at + 1;
}

export function text(from: usize, length: u32): void {
  slice(from, from + length);
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

/** Two digits for each of `count` bytes. */
export function hex(from: usize, count: u32): void {
  for (let at = from; at < from + count; at++) {
    const c = <u32>load<u8>(at);
    byte(hexDigit(c >> 4));
    byte(hexDigit(c & 15));
  }
}

/** Eight digits, highest first. */
export function hexNumber(value: u32): void {
  for (let shift: i32 = 28; shift >= 0; shift -= 4) byte(hexDigit((value >> shift) & 15));
}

/** The inside of a quoted string: quotes and backslashes are escaped. RFC 3261 §25.1, quoted-pair. */
export function quoted(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    const c = <u32>load<u8>(at);
    if (c === QUOTE || c === BACKSLASH) byte(BACKSLASH);
    byte(c);
  }
}

/** The user of a URI: what may not stand there is escaped; `%` stays. RFC 3261 §25.1, user. */
export function user(from: usize, to: usize): void {
  for (let at = from; at < to; at++) {
    if (isUserCharacter(load<u8>(at))) {
      byte(load<u8>(at));
    } else {
      byte(PERCENT);
      hex(at, 1);
    }
  }
}

function isUserCharacter(c: u32): bool {
  const refused = utf8('"#:<>@[\\]^`{|}');
  for (let index: u32 = 0; index < 14; index++) {
    if (load<u8>(refused + index) === c) return false;
  }
  return c > 0x20 && c < 0x7f;
}
