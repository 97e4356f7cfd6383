// Where the first message of a stream ends. RFC 3261 §18.3, §7.5, RFC 5626 §4.4.1.
//
// Reads no more than that takes; what the message says is read by scan.ts once it is whole. On a stream
// every message has a Content-Length: without it nobody knows where the next one begins.

import { R_OVERSIZED, REFUSED_BASE } from "../abi";
import { decimal, NO_NUMBER } from "../base/bytes";
import { RX, RX_SIZE } from "../base/memory";
import { isLineEnd, line, lineEnd, MALFORMED, readLine, TRUNCATED } from "./lines";
import { H_CONTENT_LENGTH, H_END } from "./names";

const CRLF_SIZE: u32 = 2;
/** The longest body we let pass on a stream, bytes. */
const BODY_MAX: u32 = 65_535;

/**
 * How long the first unit of a stream is, whose first `length` bytes lie in RX.
 * @returns 0: it is not whole yet; n: a CRLF or a message of n bytes, which may be more than RX holds;
 *          negative, REFUSED_BASE - R_*: this is no SIP, and nobody knows where the next message begins
 */
export function frame(length: u32): i32 {
  assert(length <= RX_SIZE);
  const end = RX + length;
  if (isLineEnd(RX, end)) return CRLF_SIZE;
  const found = endOfHeaders(end);
  if (found !== TRUNCATED) return found;
  return length < RX_SIZE ? 0 : REFUSED_BASE - R_OVERSIZED;
}

// The length of the message whose headers end before `end`; MALFORMED or TRUNCATED.
function endOfHeaders(end: usize): i32 {
  let at = lineEnd(RX, end);
  let size = NO_NUMBER;
  while (at >= 0) {
    const problem = readLine(<usize>at + CRLF_SIZE, end);
    if (problem < 0) return problem;
    const it = line();
    if (it.id === H_END) return size > BODY_MAX ? MALFORMED : <i32>(it.next - RX + size);
    if (it.id === H_CONTENT_LENGTH) {
      if (size !== NO_NUMBER) return MALFORMED;
      size = decimal(it.from, it.to);
      if (size > BODY_MAX) return MALFORMED;
    }
    at = <i32>it.next - <i32>CRLF_SIZE;
  }
  return at;
}
