// Inside one header value: blanks, tokens, quoted strings, parameters, numbers. RFC 3261 §25.1.
//
// Every reader gets the end of what it may read and compares before each load. Folds were checked by
// wire/lines.ts, so CR and LF inside a value are blanks here. Below: base/bytes.

import { BLANK, DIGIT, decimal, equalsFold, isIn, NO_NUMBER, skip, TOKEN } from "../base/bytes";
import { FOUND } from "./message";

const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const EQUALS: u32 = 0x3d;
const LEFT_ANGLE: u32 = 0x3c;
const LEFT_PARENTHESIS: u32 = 0x28;
const QUOTE: u32 = 0x22;
const RIGHT_ANGLE: u32 = 0x3e;
const SEMICOLON: u32 = 0x3b;
const NOTHING: u32 = 256; // no byte

/** A run of bytes in RX. from === to === 0: there is none. */
@unmanaged
export class Slice {
  from: usize;
  to: usize;
}

/** What param() or valueOf() read last. */
export function found(): Slice {
  return changetype<Slice>(FOUND);
}

/** The first byte that is no blank, or `to`. */
export function skipBlanks(at: usize, to: usize): usize {
  return skip(at, to, BLANK);
}

/** The end of the token that begins at `at`; `at` when none does. */
export function skipToken(at: usize, to: usize): usize {
  return skip(at, to, TOKEN);
}

/** `to`, moved back over blanks. */
export function trimEnd(from: usize, to: usize): usize {
  while (to > from && isIn(load<u8>(to - 1), BLANK)) to--;
  return to;
}

/** The first `a` or `b` outside quoted strings and angle brackets, or `to`. */
export function find(at: usize, to: usize, a: u32, b: u32): usize {
  const found = seek(at, to, a, b);
  return found === 0 ? to : found;
}

/** Whether every quoted string and angle bracket that opens is closed. */
export function isBalanced(from: usize, to: usize): bool {
  return seek(from, to, NOTHING, NOTHING) !== 0;
}

/** As find(), but 0 when `to` comes inside a quoted string or angle brackets. */
function seek(at: usize, to: usize, a: u32, b: u32): usize {
  let open: u32 = 0; // the character that closes what is open
  for (; at < to; at++) {
    const c = <u32>load<u8>(at);
    if (open !== 0) {
      if (c === open) open = 0;
      else if (c === BACKSLASH && open === QUOTE) at++;
    } else if (c === a || c === b) {
      return at;
    } else if (c === QUOTE) {
      open = QUOTE;
    } else if (c === LEFT_ANGLE) {
      open = RIGHT_ANGLE;
    }
  }
  return open === 0 ? to : 0;
}

/** The end of the value that begins at `at`: the next comma, or `to`. */
export function valueEnd(at: usize, to: usize): usize {
  return find(at, to, COMMA, COMMA);
}

/**
 * Looks among the parameters `;name=value` of the first value; the first of that name counts.
 * @returns whether it is there; its value is then in found(), empty when it has none
 */
export function param(from: usize, to: usize, name: usize, nameLength: u32): bool {
  let at = find(from, to, SEMICOLON, COMMA);
  while (at < to && load<u8>(at) === SEMICOLON) {
    const nameFrom = skipBlanks(at + 1, to);
    const nameTo = skipToken(nameFrom, to);
    at = find(nameTo, to, SEMICOLON, COMMA);
    if (equalsFold(nameFrom, <u32>(nameTo - nameFrom), name, nameLength)) {
      valueOf(nameTo, at);
      return true;
    }
  }
  found().from = 0;
  found().to = 0;
  return false;
}

/** Puts what follows `=` into found(): without blanks around it and without its quotes; escapes stay. */
export function valueOf(at: usize, to: usize): void {
  at = skipBlanks(at, to);
  if (at < to && load<u8>(at) === EQUALS) at++;
  at = skipBlanks(at, to);
  to = trimEnd(at, to);
  if (to - at > 1 && load<u8>(at) === QUOTE && load<u8>(to - 1) === QUOTE) {
    at++;
    to--;
  }
  found().from = at;
  found().to = to;
}

/**
 * Seconds, as Expires and Retry-After give them; a comment or parameters may follow.
 * @returns NO_NUMBER for a sign, a fraction or anything else that is not delta-seconds
 */
export function seconds(from: usize, to: usize): u32 {
  const digitsTo = skip(from, to, DIGIT);
  const rest = skipBlanks(digitsTo, to);
  if (rest < to) {
    const c = load<u8>(rest);
    if (c !== SEMICOLON && c !== LEFT_PARENTHESIS) return NO_NUMBER;
  }
  return decimal(from, digitsTo);
}
