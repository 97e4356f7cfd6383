// SIP and SIPS URIs, alone or in a From, To or Contact value. RFC 3261 §19.1.
//
// Other schemes are legal and none of ours: they have no user and no host here.

import { decimal, hexValue } from "../base/bytes";
import { URI } from "./message";
import { wordIn } from "./names";
import { find, skipBlanks, skipToken, trimEnd } from "./value";

const AT: u32 = 0x40;
const COLON: u32 = 0x3a;
const GREATER: u32 = 0x3e;
const LEFT_BRACKET: u32 = 0x5b;
const LESS: u32 = 0x3c;
const PERCENT: u32 = 0x25;
const QUESTION: u32 = 0x3f;
const RIGHT_BRACKET: u32 = 0x5d;
const SEMICOLON: u32 = 0x3b;

const SIP_PORT: u32 = 5060; // RFC 3261 §19.1.2; sips has the next one

/** The URI read last. */
@unmanaged
export class Uri {
  /** Without password, escapes as they came; from === to: none; 0: not a SIP URI, or nothing could be read. */
  userFrom: usize;
  userTo: usize;
  /** An IPv6 address with its brackets. */
  hostFrom: usize;
  hostTo: usize;
  /** 1..65535; the default of the scheme when none is written. */
  port: u32;
  /** `;name=value` up to the headers. */
  paramsFrom: usize;
  paramsTo: usize;
}

export function uri(): Uri {
  return changetype<Uri>(URI);
}

/** Reads the URI of a name-addr or addr-spec into uri(); false when it is not a SIP URI. RFC 3261 §20.10. */
export function readAddress(from: usize, to: usize): bool {
  let at = find(from, to, LESS, SEMICOLON);
  if (at < to && load<u8>(at) === LESS) {
    from = at + 1;
    at = until(from, to, GREATER); // balanced: it is there
  }
  from = skipBlanks(from, at);
  return readUri(from, trimEnd(from, at));
}

/** Reads a URI into uri(); false when it is not a SIP URI, or has no host or no such port. */
export function readUri(from: usize, to: usize): bool {
  const current = uri();
  memory.fill(URI, 0, offsetof<Uri>());
  const schemeTo = skipToken(from, to);
  if (schemeTo === to || load<u8>(schemeTo) !== COLON) return false;
  const schemes = utf8("sip,sips");
  const place = wordIn(schemes, schemes + 8, from, schemeTo);
  if (place === 0) return false;
  current.port = SIP_PORT + place - 1;
  let at = schemeTo + 1;
  const userTo = until(at, to, AT);
  current.userFrom = at;
  current.userTo = at;
  if (userTo < to) {
    current.userTo = until(at, userTo, COLON); // a password may follow
    at = userTo + 1;
  }
  return readHost(at, to);
}

/** Host, port and the place of the parameters. */
function readHost(from: usize, to: usize): bool {
  const current = uri();
  let at = from;
  if (at < to && load<u8>(at) === LEFT_BRACKET) at = until(at, to, RIGHT_BRACKET);
  const headers = until(at, to, QUESTION);
  const tail = until(at, headers, SEMICOLON);
  at = until(at, tail, COLON);
  current.hostFrom = from;
  current.hostTo = at;
  current.paramsFrom = tail;
  current.paramsTo = headers;
  if (at < tail) current.port = decimal(at + 1, tail);
  return from < at && current.port - 1 < 65535;
}

/** Whether two users are the same once their escapes are undone. Case counts. RFC 3261 §19.1.4. */
export function sameUser(a: usize, aTo: usize, b: usize, bTo: usize): bool {
  while (a < aTo && b < bTo) {
    const x = character(a, aTo);
    const y = character(b, bTo);
    if (((x ^ y) & 0xff) !== 0) return false;
    a += x >> 8;
    b += y >> 8;
  }
  return a === aTo && b === bTo;
}

/** The character at `at`, `%41` read as `A`; and above it, from bit 8, the bytes it takes. */
function character(at: usize, to: usize): u32 {
  const c = <u32>load<u8>(at);
  if (c === PERCENT && to - at > 2) {
    const high = hexValue(load<u8>(at, 1));
    const low = hexValue(load<u8>(at, 2));
    if ((high | low) < 16) return (3 << 8) | (high << 4) | low;
  }
  return (1 << 8) | c;
}

/** The first `c`, or `to`. Nothing is quoted here. */
export function until(at: usize, to: usize, c: u32): usize {
  while (at < to && load<u8>(at) !== c) at++;
  return at;
}
