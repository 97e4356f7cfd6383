// Digest challenges: which one of an answer we take, and what we keep of it. RFC 7616 §3.3, RFC 8760
// §2.4, RFC 2617 §3.2.1, RFC 3261 §22.
//
// The strongest algorithm we speak counts, in whatever order the server names them; Basic never does.
// Realm, nonce and opaque are kept as they came, escapes included, so that they go back byte for byte.
// A server and a proxy before it may both ask, in one answer or in two; each is answered on its own.

import { E_NO_CHALLENGE, E_TOO_LONG, E_UNSUPPORTED, OK } from "../abi";
import { equals, equalsFold } from "../base/bytes";
import { STRONG_DIGEST } from "../base/limits";
import { CHALLENGE_SIZE } from "../base/memory";
import { keepText, textFrom, textLength } from "../base/text";
import { nextValue, rewind, value } from "./lines";
import { OFFERS } from "./message";
import { H_AUTHENTICATION_INFO, H_WWW_AUTHENTICATE, wordIn } from "./names";
import { found, skipBlanks, skipToken, valueOf } from "./value";

// Algorithms by strength. RFC 7616 §3.3.
export const NO_ALGORITHM: u8 = 0;
export const ALGORITHM_MD5: u8 = 1;
export const ALGORITHM_MD5_SESS: u8 = 2;
export const ALGORITHM_SHA256: u8 = 3;
export const ALGORITHM_SHA256_SESS: u8 = 4;

// Who asks: the server, with WWW-Authenticate, or a proxy before it. RFC 3261 §22.2, §22.3.
export const SERVER_ASKS: u32 = 1;
export const PROXY_ASKS: u32 = 2;

export const REALM_MAX: u32 = 64;
export const NONCE_MAX: u32 = 192;
export const OPAQUE_MAX: u32 = 96;

/** A challenge held of one asker. The line layer owns `asker`, `server` and `nc`. */
@unmanaged
export class Challenge {
  /** NO_ALGORITHM: none is held. */
  algorithm: u8;
  /** 1: qop=auth; 0: the form without qop of RFC 2617 §3.2.2.1. */
  qop: u8;
  /** SERVER_ASKS, or PROXY_ASKS: it is answered with Proxy-Authorization. */
  asker: u8;
  /** 1: the server says that only the nonce was too old. */
  stale: u8;
  /** Index of the server it belongs to. */
  server: u8;
  /** 1: an opaque came, maybe an empty one. */
  hasOpaque: u8;
  reserved: u16;
  /** Requests that used the nonce, the next one included. RFC 7616 §3.4. */
  nc: u32;
  // then the texts, see base/text.ts
}

// Where its texts lie; each has a byte of length before it. One byte is left over.
export const REALM: usize = offsetof<Challenge>();
export const OPAQUE: usize = REALM + REALM_MAX + 1;
export const NONCE: usize = OPAQUE + OPAQUE_MAX + 1;
if (NONCE + NONCE_MAX + 2 !== CHALLENGE_SIZE) ERROR("Challenge resized: base/memory.ts");

/** One challenge of the message while it is read. A slice with from === 0 did not come. */
@unmanaged
class Offer {
  isDigest: u32;
  /** NO_ALGORITHM: one we do not speak. */
  algorithm: u32;
  /** 0: none asked, 1: auth is among them, 2: only others. */
  qop: u32;
  stale: u32;
  realmFrom: usize;
  realmTo: usize;
  nonceFrom: usize;
  nonceTo: usize;
  opaqueFrom: usize;
  opaqueTo: usize;
}

const CURRENT: usize = OFFERS;
const BEST: usize = OFFERS + offsetof<Offer>();
const EQUALS: u32 = 0x3d;

/**
 * Takes the nonce that the server wants next, from Authentication-Info. RFC 7616 §3.5.
 * @returns whether `into` has a new nonce now; its `nc` starts over
 */
export function adoptNextNonce(into: usize): bool {
  rewind();
  while (nextValue(H_AUTHENTICATION_INFO)) {
    const from = value().from;
    const nameTo = skipToken(from, value().to);
    if (!isName(from, nameTo, utf8("nextnonce"), 9)) continue;
    valueOf(nameTo, value().to);
    const next = found();
    if (isNonce(into, next.from, next.to)) return false;
    if (!keep(into + NONCE, NONCE_MAX, next.from, next.to)) return false;
    changetype<Challenge>(into).nc = 0;
    return true;
  }
  return false;
}

/**
 * Looks for the strongest digest challenge of `asker` in the message just scanned.
 * @returns OK: keepChallenge() takes it; E_NO_CHALLENGE: there is none; E_UNSUPPORTED: none that we
 *          speak
 */
export function findChallenge(asker: u32): i32 {
  memory.fill(CURRENT, 0, 2 * offsetof<Offer>());
  let result = E_NO_CHALLENGE;
  rewind();
  while (nextValue(H_WWW_AUTHENTICATE - SERVER_ASKS + asker)) {
    result = E_UNSUPPORTED;
    readPart(value().from, value().to);
  }
  closeOffer();
  return changetype<Offer>(BEST).algorithm === NO_ALGORITHM ? result : OK;
}

/** One part between commas: `Digest realm="a"` begins a challenge, `nonce="b"` goes on with it. */
function readPart(from: usize, to: usize): void {
  const current = changetype<Offer>(CURRENT);
  let nameTo = skipToken(from, to);
  let at = skipBlanks(nameTo, to);
  if (at === to || load<u8>(at) !== EQUALS) {
    closeOffer();
    current.isDigest = isName(from, nameTo, utf8("Digest"), 6) ? 1 : 0;
    current.algorithm = ALGORITHM_MD5; // RFC 7616 §3.3: when none is named
    from = at;
    nameTo = skipToken(from, to);
    at = skipBlanks(nameTo, to);
    if (at === to) return;
  }
  valueOf(nameTo, to);
  readOfferParam(from, nameTo);
}

function readOfferParam(nameFrom: usize, nameTo: usize): void {
  const current = changetype<Offer>(CURRENT);
  const names = utf8("realm,nonce,opaque,algorithm,qop,stale");
  const place = wordIn(names, names + 38, nameFrom, nameTo);
  const from = found().from;
  const to = found().to;
  if (place === 0) return;
  if (place <= 3) {
    const slot = CURRENT + offsetof<Offer>("realmFrom") + ((place - 1) << 3);
    store<usize>(slot, from);
    store<usize>(slot, to, 4);
  } else if (place === 4) {
    const algorithms = utf8("MD5,MD5-sess,SHA-256,SHA-256-sess");
    current.algorithm = wordIn(algorithms, algorithms + (STRONG_DIGEST !== 0 ? 33 : 12), from, to);
  } else if (place === 5) {
    current.qop = wordIn(from, to, utf8("auth"), utf8("auth") + 4) !== 0 ? 1 : 2;
  } else {
    current.stale = isName(from, to, utf8("true"), 4) ? 1 : 0;
  }
}

/** The challenge under way is complete: it becomes the best if it is usable and stronger. */
function closeOffer(): void {
  const current = changetype<Offer>(CURRENT);
  const isUsable =
    current.isDigest !== 0 && current.qop !== 2 && current.realmFrom !== 0 && current.nonceFrom !== 0;
  if (isUsable && current.algorithm > changetype<Offer>(BEST).algorithm) {
    memory.copy(BEST, CURRENT, offsetof<Offer>());
  }
  memory.fill(CURRENT, 0, offsetof<Offer>());
}

/**
 * Keeps the challenge found last at `into`. A new nonce clears `nc`.
 * @returns OK; E_TOO_LONG: a part is too long or holds a control character, and `into` holds none now
 */
export function keepChallenge(into: usize): i32 {
  const offer = changetype<Offer>(BEST);
  const challenge = changetype<Challenge>(into);
  if (challenge.algorithm !== offer.algorithm || !isNonce(into, offer.nonceFrom, offer.nonceTo)) {
    challenge.nc = 0;
  }
  challenge.algorithm = NO_ALGORITHM;
  const isKept =
    keep(into + REALM, REALM_MAX, offer.realmFrom, offer.realmTo) &&
    keep(into + NONCE, NONCE_MAX, offer.nonceFrom, offer.nonceTo) &&
    keep(into + OPAQUE, OPAQUE_MAX, offer.opaqueFrom, offer.opaqueTo);
  if (!isKept) return E_TOO_LONG;
  challenge.algorithm = <u8>offer.algorithm;
  challenge.qop = <u8>offer.qop;
  challenge.stale = <u8>offer.stale;
  challenge.hasOpaque = offer.opaqueFrom !== 0 ? 1 : 0;
  return OK;
}

function isNonce(into: usize, from: usize, to: usize): bool {
  return equals(textFrom(into + NONCE), textLength(into + NONCE), from, <u32>(to - from));
}

function keep(slot: usize, longest: u32, from: usize, to: usize): bool {
  return keepText(slot, longest + 1, from, <u32>(to - from)) === OK;
}

function isName(from: usize, to: usize, name: usize, nameLength: u32): bool {
  return equalsFold(from, <u32>(to - from), name, nameLength);
}
