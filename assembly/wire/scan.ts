// Reads a message in RX, in place: start line, then every header once. RFC 3261 §7, §25.
//
// Fills message() and stops at the first thing that no reader may guess about. Whether the message is
// expected is not asked here. Below: lines.ts (lines), value.ts (values), names.ts (names).

import { DIGIT, decimal, equals, equalsFold, NO_NUMBER, skip } from "../base/bytes";
import { MESSAGE, RX, RX_SIZE } from "../base/memory";
import { isLineEnd, line, lineEnd, MALFORMED, readLine, TRUNCATED, takeValue, value } from "./lines";
import { Message, message } from "./message";
import {
  H_CALL_ID,
  H_CONTACT,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_END,
  H_EXPIRES,
  H_FLOW_TIMER,
  H_FROM,
  H_TO,
  H_VIA,
  methodId,
} from "./names";
import { readUri, until, uri } from "./uri";
import { find, found, isBalanced, param, seconds, skipBlanks, skipToken, trimEnd, valueEnd } from "./value";

export { Message, message } from "./message";
export { M_OPTIONS, M_OTHER, M_REGISTER } from "./names";
export { sameUser } from "./uri";

const CSEQ_MAX: u32 = 0x7fffffff; // RFC 3261 §8.1.1.5
const SEMICOLON: u32 = 0x3b;
const SLASH: u32 = 0x2f;
const SPACE: u32 = 0x20;

// What every message carries. RFC 3261 §8.1.1, §8.2.6.2.
const MANDATORY: u32 = (1 << H_VIA) | (1 << H_FROM) | (1 << H_TO) | (1 << H_CALL_ID) | (1 << H_CSEQ);

/**
 * Reads the message of `length` bytes in RX into message().
 * @returns 0; or REFUSED_BASE - R_MALFORMED: not SIP, or a header that can be read in two ways;
 *          or REFUSED_BASE - R_TRUNCATED: ends before its headers or the body they announce do
 */
export function scan(length: u32): i32 {
  assert(length <= RX_SIZE);
  memory.fill(MESSAGE, 0, offsetof<Message>());
  memory.fill(MESSAGE + offsetof<Message>("cseq"), 0xff, 28); // seven times NO_NUMBER
  const current = message();
  const end = RX + length;
  current.end = end;

  let at = RX;
  while (isLineEnd(at, end)) at += 2; // RFC 3261 §7.5
  const startEnd = lineEnd(at, end);
  if (startEnd < 0) return startEnd;
  if (!readStartLine(at, startEnd)) return MALFORMED;

  at = startEnd + 2;
  current.linesFrom = at;
  let seen: u32 = 0;
  for (;;) {
    const problem = readLine(at, end);
    if (problem < 0) return problem;
    at = line().next;
    const id = line().id;
    if (id === H_END) break;
    // RFC 3261 §7.3.1: only a header that is a list may come twice.
    const repeated = ((seen >> id) & 1) !== 0 && id >= H_FROM && id <= H_FLOW_TIMER;
    if (repeated || !readHeader(id, line().from, line().to)) return MALFORMED;
    seen |= 1 << id;
  }
  if ((seen & MANDATORY) !== MANDATORY) return MALFORMED;
  // RFC 3261 §18.3. Bytes after the announced body are left out; without Content-Length it is all the rest.
  const announced = current.contentLength;
  return announced !== NO_NUMBER && announced > <u32>(end - at) ? TRUNCATED : 0;
}

/** `SIP/2.0 200 OK` or `OPTIONS sip:a@b SIP/2.0`. RFC 3261 §7.1, §7.2. */
function readStartLine(from: usize, to: usize): bool {
  const current = message();
  if (to - from < 11) return false;
  if (equalsFold(from, 8, utf8("SIP/2.0 "), 8)) {
    current.status = decimal(from + 8, from + 11);
    // The reason phrase may be missing, and the blank before it with it.
    return current.status - 100 < 600 && (from + 11 === to || load<u8>(from, 11) === SPACE);
  }
  const methodTo = skipToken(from, to);
  const uriFrom = methodTo + 1;
  const uriTo = until(uriFrom, to, SPACE);
  if (load<u8>(methodTo) !== SPACE || methodTo === from || uriTo === uriFrom) return false;
  if (!equalsFold(uriTo, <u32>(to - uriTo), utf8(" SIP/2.0"), 8)) return false;
  current.method = methodId(from, methodTo);
  current.methodFrom = from;
  current.methodTo = methodTo;
  if (readUri(uriFrom, uriTo)) {
    current.uriUserFrom = uri().userFrom;
    current.uriUserTo = uri().userTo;
  }
  return true;
}

/** Reads one header value; false: malformed. */
function readHeader(id: u32, from: usize, to: usize): bool {
  const current = message();
  if (id <= H_TO && !isBalanced(from, to)) return false; // two readers would split it in two ways
  switch (id) {
    case H_VIA:
      countValues(id, from, to);
      // The first value of the first line is the top one.
      return current.viaHostFrom !== 0 || readTopVia(from, valueEnd(from, to));
    case H_CONTACT:
      countValues(id, from, to);
      return true;
    case H_FROM:
      keepParam(offsetof<Message>("fromTagFrom"), from, to, utf8("tag"), 3);
      return from < to;
    case H_TO:
      keepParam(offsetof<Message>("toTagFrom"), from, to, utf8("tag"), 3);
      return from < to;
    case H_CALL_ID:
      current.callIdFrom = from;
      current.callIdTo = to;
      return from < to;
    case H_CSEQ:
      return readCseq(from, to);
    case H_CONTENT_LENGTH:
      current.contentLength = decimal(from, to);
      return current.contentLength !== NO_NUMBER; // the end of the message hangs on it
    default:
      // expires, minExpires, retryAfter and flowTimer lie in the order of their ids
      if (id >= H_EXPIRES && id <= H_FLOW_TIMER) store<u32>(numberOf(id), seconds(from, to));
      return true;
  }
}

/** Where the number of header `id`, H_CONTENT_LENGTH..H_FLOW_TIMER, is kept. */
function numberOf(id: u32): usize {
  return MESSAGE + offsetof<Message>("contentLength") + ((id - H_CONTENT_LENGTH) << 2);
}

/** Adds the values of a line to viaCount or contactCount, which lie in the order of their ids. */
function countValues(id: u32, from: usize, to: usize): void {
  const count = MESSAGE + offsetof<Message>("viaCount") + ((id - H_VIA) << 2);
  value().rest = from;
  value().restTo = to;
  while (takeValue()) store<u32>(count, load<u32>(count) + 1);
}

/** `SIP / 2.0 / UDP host : port ;branch=...`: what follows the second slash. RFC 3261 §20.42. */
function readTopVia(from: usize, to: usize): bool {
  const current = message();
  const version = until(from, to, SLASH) + 1;
  const transport = skipBlanks(until(version, to, SLASH) + 1, to);
  const transportTo = skipToken(transport, to);
  const host = skipBlanks(transportTo, to);
  if (transport === transportTo || transportTo === host) return false;
  current.viaHostFrom = host;
  current.viaHostTo = trimEnd(host, find(host, to, SEMICOLON, SEMICOLON));
  keepParam(offsetof<Message>("branchFrom"), host, to, utf8("branch"), 6);
  keepParam(offsetof<Message>("receivedFrom"), host, to, utf8("received"), 8);
  if (param(host, to, utf8("rport"), 5)) current.rport = decimal(found().from, found().to);
  return current.viaHostFrom < current.viaHostTo;
}

/** `4711 REGISTER`; of a request, its own method. RFC 3261 §20.16, §8.1.1.5. */
function readCseq(from: usize, to: usize): bool {
  const current = message();
  const digitsTo = skip(from, to, DIGIT);
  const methodFrom = skipBlanks(digitsTo, to);
  current.cseq = decimal(from, digitsTo);
  current.cseqMethod = methodId(methodFrom, to);
  if (current.cseq > CSEQ_MAX || methodFrom === digitsTo || methodFrom === to) return false;
  if (skipToken(methodFrom, to) !== to) return false;
  if (current.status !== 0) return true;
  const length = <u32>(current.methodTo - current.methodFrom);
  return equals(current.methodFrom, length, methodFrom, <u32>(to - methodFrom));
}

/** Keeps a parameter as a slice of the message: two words at `place`, both 0 when it is absent. */
function keepParam(place: usize, from: usize, to: usize, name: usize, nameLength: u32): void {
  param(from, to, name, nameLength);
  store<usize>(MESSAGE + place, found().from);
  store<usize>(MESSAGE + place, found().to, 4);
}
