// Header lines, one after the other, and the values of all lines of one name. RFC 3261 §7.3.1.
//
// Lines end with CRLF and nothing else: a bare CR or LF is refused, for two readers that disagree
// about the end of a line disagree about every header after it. A line goes on when the next one
// begins with a blank. Control characters are refused unless escaped in a quoted string (§25.1).

import { R_MALFORMED, R_TRUNCATED, REFUSED_BASE } from "../abi";
import { LINE, message, VALUE } from "./message";
import { H_END, headerId } from "./names";
import { skipBlanks, skipToken, trimEnd, valueEnd } from "./value";

export const MALFORMED: i32 = REFUSED_BASE - R_MALFORMED;
export const TRUNCATED: i32 = REFUSED_BASE - R_TRUNCATED;

const CRLF: u16 = 0x0a0d; // as a little-endian word
const BACKSLASH: u32 = 0x5c;
const COLON: u32 = 0x3a;
const CR: u32 = 0x0d;
const DELETE: u32 = 0x7f;
const LF: u32 = 0x0a;
const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;

/** The header line read last. */
@unmanaged
export class Line {
  /** An id of names.ts; H_END: there are no more. */
  id: u32;
  /** Its first byte. */
  at: usize;
  /** Its value, blanks around it left out. */
  from: usize;
  to: usize;
  /** The line after it; after H_END the body. */
  next: usize;
}

export function line(): Line {
  return changetype<Line>(LINE);
}

/** The value nextValue() moved to. */
@unmanaged
export class Value {
  from: usize;
  to: usize;
  /** Rest of its line. */
  rest: usize;
  restTo: usize;
}

export function value(): Value {
  return changetype<Value>(VALUE);
}

/** Before the first value of the message. */
export function rewind(): void {
  line().next = message().linesFrom;
  value().rest = 0;
  value().restTo = 0;
}

/** Moves to the next value of header `id`; false when there is none. Empty ones are passed over. */
export function nextValue(id: u32): bool {
  const current = value();
  while (!takeValue()) {
    readLine(line().next, message().end);
    if (line().id === H_END) return false;
    if (line().id !== id) continue;
    current.rest = line().from;
    current.restTo = line().to;
  }
  return true;
}

/** Moves to the next value of the line; false when nothing but commas and blanks is left. */
export function takeValue(): bool {
  const current = value();
  while (current.rest < current.restTo) {
    const to = valueEnd(current.rest, current.restTo);
    current.from = skipBlanks(current.rest, to);
    current.to = trimEnd(current.from, to);
    current.rest = to + 1;
    if (current.from < current.to) return true;
  }
  return false;
}

/**
 * Reads the header line at `at` into line().
 * @returns 0; or MALFORMED or TRUNCATED: refuse the message
 */
export function readLine(at: usize, end: usize): i32 {
  const current = line();
  current.at = at;
  if (isLineEnd(at, end)) {
    current.id = H_END;
    current.next = at + 2;
    return 0;
  }
  const found = lineEnd(at, end);
  if (found < 0) return found;
  const to = <usize>found;
  const nameTo = skipToken(at, to);
  const colon = skipBlanks(nameTo, to); // RFC 3261 §25.1, HCOLON: blanks may stand before it
  if (nameTo === at || colon === to || load<u8>(colon) !== COLON) return MALFORMED;
  current.id = headerId(at, nameTo);
  current.from = skipBlanks(colon + 1, to);
  current.to = trimEnd(current.from, to);
  current.next = to + 2;
  return 0;
}

/**
 * The CRLF that ends the line from `from`, past folds; MALFORMED or TRUNCATED. The byte behind it must be
 * there: only it tells whether the line goes on.
 */
export function lineEnd(from: usize, end: usize): i32 {
  for (let at = from; at < end; at++) {
    const c = <u32>load<u8>(at);
    if (c < SPACE ? c === TAB : c !== DELETE) continue;
    if (isLineEnd(at, end)) {
      if (at + 2 < end && !isFold(load<u8>(at, 2))) return <i32>at;
      at += 2;
    } else if (c === CR && at + 1 === end) {
      return TRUNCATED;
    } else if (c === CR || c === LF || at === from || load<u8>(at - 1) !== BACKSLASH) {
      return MALFORMED; // a quoted-pair may put any control character but these two
    }
  }
  return TRUNCATED;
}

export function isLineEnd(at: usize, end: usize): bool {
  return at + 1 < end && load<u16>(at) === CRLF;
}

/** Whether a line that begins with `c` goes on with the one before. */
function isFold(c: u32): bool {
  return c === SPACE || c === TAB;
}
