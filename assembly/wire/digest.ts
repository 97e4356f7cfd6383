// Answers a digest challenge. RFC 7616 §3.4, RFC 8760 §2, RFC 2617 §3.2.2.
//
// One hash runs at a time, and what it is fed never lies in memory as one text. Below: base/hash,
// write.ts. The password leaves this file only as part of a hash.

import { hexDigit } from "../base/bytes";
import { hashAdd, hashByte, hashEnd, hashLength, hashStart, MD5, SHA256 } from "../base/hash";
import { DRAFT, DRAFT_SIZE } from "../base/memory";
import { ALGORITHM_SHA256, Challenge, NONCE, OPAQUE, REALM } from "./challenge";
import { methodFrom, methodTo } from "./names";
import { byte, hex, hexNumber, quoted, slice, text } from "./write";

// The two hashes, 32 bytes each, after the draft they belong to.
const SECRET: usize = DRAFT + DRAFT_SIZE - 64;
const REQUEST: usize = SECRET + 32;

const BACKSLASH: u32 = 0x5c;
const COLON: u32 = 0x3a;
const CNONCE_BYTES: u32 = 8;

/**
 * Writes the Authorization or Proxy-Authorization line that answers `challenge`.
 * @param account  user name of the account, as it is: escaped in the header, not in the hash
 * @param methodId of the request that carries it
 * @param uriFrom  its Request-URI
 * @param cnonce   8 random bytes; they appear as 16 hex digits
 */
export function authorization(
  challenge: usize,
  account: usize,
  accountLength: u32,
  password: usize,
  passwordLength: u32,
  methodId: u32,
  uriFrom: usize,
  uriTo: usize,
  cnonce: usize,
): void {
  const held = changetype<Challenge>(challenge);
  const kind = held.algorithm >= ALGORITHM_SHA256 ? SHA256 : MD5;
  hashSecret(challenge, kind, account, accountLength, password, passwordLength, cnonce);
  hashStart(kind);
  hashSlice(methodFrom(methodId), methodTo(methodId));
  hashByte(COLON);
  hashSlice(uriFrom, uriTo);
  hashEnd(REQUEST);
  hashResponse(challenge, kind, cnonce);

  if (held.proxy !== 0) text(utf8("Proxy-"), 6);
  text(utf8('Authorization: Digest username="'), 32);
  quoted(account, account + accountLength);
  text(utf8('", realm="'), 10);
  text(challenge + REALM, held.realmLength);
  text(utf8('", nonce="'), 10);
  text(challenge + NONCE, held.nonceLength);
  text(utf8('", uri="'), 8);
  slice(uriFrom, uriTo);
  text(utf8('", response="'), 13);
  hex(SECRET, hashLength(kind));
  text(utf8('", algorithm='), 13);
  if (kind === MD5) text(utf8("MD5"), 3);
  else text(utf8("SHA-256"), 7);
  if (isSession(held)) text(utf8("-sess"), 5);
  if (held.hasOpaque !== 0) {
    text(utf8(', opaque="'), 10);
    text(challenge + OPAQUE, held.opaqueLength);
    byte(0x22);
  }
  if (held.qop !== 0) {
    text(utf8(", qop=auth, nc="), 15);
    hexNumber(held.nc);
  }
  if (held.qop !== 0 || isSession(held)) {
    text(utf8(', cnonce="'), 10);
    hex(cnonce, CNONCE_BYTES);
    byte(0x22);
  }
  text(utf8("\r\n"), 2);
}

/** H(A1) into SECRET. RFC 7616 §3.4.2. */
function hashSecret(
  challenge: usize,
  kind: u32,
  account: usize,
  accountLength: u32,
  password: usize,
  passwordLength: u32,
  cnonce: usize,
): void {
  const held = changetype<Challenge>(challenge);
  hashStart(kind);
  hashAdd(account, accountLength);
  hashByte(COLON);
  hashUnquoted(challenge + REALM, held.realmLength);
  hashByte(COLON);
  hashAdd(password, passwordLength);
  hashEnd(SECRET);
  if (!isSession(held)) return;
  hashStart(kind);
  hashHex(SECRET, hashLength(kind));
  hashByte(COLON);
  hashUnquoted(challenge + NONCE, held.nonceLength);
  hashByte(COLON);
  hashHex(cnonce, CNONCE_BYTES);
  hashEnd(SECRET);
}

/** The response into SECRET. RFC 7616 §3.4.1; without qop RFC 2617 §3.2.2.1. */
function hashResponse(challenge: usize, kind: u32, cnonce: usize): void {
  const held = changetype<Challenge>(challenge);
  hashStart(kind);
  hashHex(SECRET, hashLength(kind));
  hashByte(COLON);
  hashUnquoted(challenge + NONCE, held.nonceLength);
  hashByte(COLON);
  if (held.qop !== 0) {
    for (let shift: i32 = 28; shift >= 0; shift -= 4) hashByte(hexDigit((held.nc >> shift) & 15));
    hashByte(COLON);
    hashHex(cnonce, CNONCE_BYTES);
    hashSlice(utf8(":auth:"), utf8(":auth:") + 6);
  }
  hashHex(REQUEST, hashLength(kind));
  hashEnd(SECRET);
}

/** Algorithms with -sess hash the nonces into the secret; their ids are even. */
function isSession(held: Challenge): bool {
  return (held.algorithm & 1) === 0;
}

function hashSlice(from: usize, to: usize): void {
  hashAdd(from, <u32>(to - from));
}

/** Two digits for each byte. */
function hashHex(from: usize, count: u32): void {
  for (let at = from; at < from + count; at++) {
    hashByte(hexDigit(<u32>load<u8>(at) >> 4));
    hashByte(hexDigit(<u32>load<u8>(at) & 15));
  }
}

/** The value of a quoted string whose inside is given: escapes undone. RFC 3261 §25.1. */
function hashUnquoted(from: usize, length: u32): void {
  for (let at = from; at < from + length; at++) {
    if (load<u8>(at) === BACKSLASH && at + 1 < from + length) at++;
    hashByte(load<u8>(at));
  }
}
