// What the registration asks of the message just scanned beyond its single values: which Contact is
// ours, and where a redirect leads.

import { DIGIT, equals, equalsFold, NO_NUMBER, skip } from "../base/bytes";
import { nextValue, rewind, value } from "./lines";
import { TARGET } from "./message";
import { H_CONTACT } from "./names";
import { readAddress, sameUser, uri } from "./uri";
import { found, param, seconds } from "./value";

/** Our Contact is there and says nothing of its lifetime. */
export const OWN_NO_EXPIRES: u32 = 0xfffffffe;

/**
 * The lifetime the registrar grants to our own binding, among those of other devices. It is ours when
 * the user and the URI parameter `sf` are: NAT and registrars may rewrite the address. Those with the
 * address that was sent count, where there are any; of several the longest. RFC 3261 §10.2.4, §10.3 step 8.
 * @param contact address and port that were sent
 * @returns seconds, below OWN_NO_EXPIRES; OWN_NO_EXPIRES; NO_NUMBER: our Contact is not there
 */
export function ownContact(
  user: usize,
  userLength: u32,
  mark: usize,
  markLength: u32,
  contact: usize,
  contactLength: u32,
): u32 {
  let best = NO_NUMBER;
  let exact = false;
  rewind();
  while (nextValue(H_CONTACT)) {
    const from = value().from;
    const to = value().to;
    if (!readAddress(from, to)) continue;
    const it = uri();
    if (!sameUser(it.userFrom, it.userTo, user, user + userLength)) continue;
    if (!param(it.paramsFrom, it.paramsTo, utf8("sf"), 2)) continue;
    if (!equalsFold(found().from, <u32>(found().to - found().from), mark, markLength)) continue;
    const sent = equals(it.hostFrom, <u32>(it.paramsFrom - it.hostFrom), contact, contactLength);
    if (sent !== exact) {
      if (exact) continue; // what stands there under an earlier address of ours ends by itself
      exact = true;
      best = NO_NUMBER;
    }
    const lifetime = param(from, to, utf8("expires"), 7) ? seconds(found().from, found().to) : NO_NUMBER;
    if (lifetime === NO_NUMBER) {
      best = min(best, OWN_NO_EXPIRES);
    } else {
      const granted = min(lifetime, OWN_NO_EXPIRES - 1);
      best = best >= OWN_NO_EXPIRES ? granted : max(best, granted);
    }
  }
  return best;
}

/** Where a redirect leads. */
@unmanaged
export class Target {
  /** An IPv6 address with its brackets. */
  hostFrom: usize;
  hostTo: usize;
  /** 1..65535. */
  port: u32;
  found: bool;
}

export function target(): Target {
  return changetype<Target>(TARGET);
}

/**
 * The `k`-th best Contact of a redirect into target(): highest q first, then as they stand. A value
 * that is not a SIP URI has no place. RFC 3261 §8.1.3.4, §20.10.
 * @returns false when there are not so many
 */
export function redirectTarget(k: u32): bool {
  let rank = NO_NUMBER; // of the one taken last: q in thousandths, above the place it stands at
  for (let taken: u32 = 0; taken <= k; taken++) {
    rank = bestBelow(rank);
    if (rank === 0) break;
  }
  target().found = rank !== 0;
  return target().found;
}

/** Keeps the Contact of the highest rank below `limit` in target(). @returns its rank, 0: none */
function bestBelow(limit: u32): u32 {
  const current = target();
  let best: u32 = 0;
  let place: u32 = 0xffff;
  rewind();
  while (nextValue(H_CONTACT)) {
    place--;
    const from = value().from;
    const to = value().to;
    const rank = (quality(from, to) << 16) | place;
    if (rank <= best || rank >= limit || !readAddress(from, to)) continue;
    best = rank;
    current.hostFrom = uri().hostFrom;
    current.hostTo = uri().hostTo;
    current.port = uri().port;
  }
  return best;
}

/** The q of a Contact in thousandths, 0..1000; 1000 when it has none or a wrong one. RFC 3261 §25.1. */
function quality(from: usize, to: usize): u32 {
  if (!param(from, to, utf8("q"), 1)) return 1000;
  const digit = found().from;
  const end = found().to;
  let at = digit + 2; // past `0.`
  if (digit === end || load<u8>(digit) !== 0x30 || skip(at, end, DIGIT) < end) return 1000;
  let thousandths: u32 = 0;
  for (let place: u32 = 0; place < 3; place++) {
    thousandths *= 10;
    if (at < end) thousandths += load<u8>(at) - 0x30;
    at++;
  }
  return thousandths;
}
