// What tests/vectors calls: the lower layers by themselves, which the shipped module does not export.
//
// Compiled like the shipped module by tests/vectors/module.ts. Arguments are addresses below SCRATCH_SIZE
// of scratch(), lengths and numbers.

import { OK, TRANSPORT_UDP } from "../../assembly/abi";
import { hashAdd, hashEnd, hashStart } from "../../assembly/base/hash";
import { CHALLENGE_SIZE, RX, TX } from "../../assembly/base/memory";
import {
  adoptNextNonce,
  Challenge,
  findChallenge,
  keepChallenge,
  NONCE,
  OPAQUE,
  REALM,
} from "../../assembly/wire/challenge";
import { ownContact, redirectTarget } from "../../assembly/wire/fields";
import { nextValue, rewind, value } from "../../assembly/wire/lines";
import { H_CONTACT } from "../../assembly/wire/names";
import { writeReply } from "../../assembly/wire/reply";
import { draft, writeRequest } from "../../assembly/wire/request";
import { Message, message, scan } from "../../assembly/wire/scan";
import { readAddress, uri } from "../../assembly/wire/uri";
import { found, param, seconds } from "../../assembly/wire/value";

const SCRATCH_SIZE: u32 = 4096;
const SCRATCH: usize = memory.data(SCRATCH_SIZE, 4);
const HELD: usize = memory.data(CHALLENGE_SIZE, 4);

/** Where a datagram is put. */
export function received(): usize {
  return RX;
}

/** Where a request is written. */
export function written(): usize {
  return TX;
}

/** Room for arguments. */
export function scratch(): usize {
  return SCRATCH;
}

/** Hashes `length` bytes in two pieces, cut at `cut`. */
export function hash(kind: u32, from: usize, length: u32, cut: u32, out: usize): void {
  hashStart(kind);
  hashAdd(from, cut);
  hashAdd(from + cut, length - cut);
  hashEnd(out);
}

/** @returns 0 or the refusal */
export function read(length: u32): i32 {
  return scan(length);
}

/** A number that tells two readings of the same bytes apart: all that message() says. */
export function fingerprint(): u32 {
  let sum: u32 = 0;
  const from = changetype<usize>(message());
  for (let at = from; at < from + offsetof<Message>(); at += 4) sum = rotl<u32>(sum, 5) ^ load<u32>(at);
  return sum;
}

/** Everything that reads more of the message just scanned, without a trap. @returns a number as above */
export function readOn(text: usize, length: u32): u32 {
  let sum = ownContact(text, length, text, length, text, length);
  for (let k: u32 = 0; k < 4; k++) sum = rotl<u32>(sum, 5) ^ (redirectTarget(k) ? 1 : 0);
  for (let asker: u32 = 1; asker <= 2; asker++) sum = rotl<u32>(sum, 5) ^ <u32>challenge(asker);
  sum = rotl<u32>(sum, 5) ^ (adoptNextNonce(HELD) ? 1 : 0);
  if (message().status === 0) sum = rotl<u32>(sum, 5) ^ <u32>writeReply(200, SCRATCH);
  return sum;
}

/** The status of the message just scanned, 0: a request. */
export function status(): u32 {
  return message().status;
}

/** Forgets the challenge held. */
export function forget(): void {
  memory.fill(HELD, 0, CHALLENGE_SIZE);
}

/** Keeps the challenge of the message just scanned: of the server, 1, or of a proxy, 2. */
export function challenge(asker: u32): i32 {
  const found = findChallenge(asker);
  if (found !== OK) return found;
  changetype<Challenge>(HELD).asker = <u8>asker;
  return keepChallenge(HELD);
}

/**
 * Writes a request that answers the challenge held. Texts as base/text.ts keeps them; `bytes`: the
 * branch, which is Call-ID, tag and cnonce too.
 * @returns its length
 */
export function compose(
  method: u32,
  nc: u32,
  bytes: usize,
  domain: usize,
  account: usize,
  password: usize,
  other: usize,
): i32 {
  changetype<Challenge>(HELD).nc = nc;
  const it = draft();
  it.method = <u8>method;
  it.transport = <u8>TRANSPORT_UDP;
  it.rport = 1;
  it.cseq = 1;
  it.expires = 60;
  it.branch = bytes;
  it.callId = bytes;
  it.fromTag = bytes;
  it.cnonce = bytes;
  it.first = HELD;
  it.second = 0;
  it.domain = domain;
  it.account = account;
  it.password = password;
  it.local = other;
  it.user = other;
  it.display = other;
  it.contact = other;
  it.mark = other;
  it.agent = other;
  return writeRequest();
}

/** Address of the Message; tests/vectors/reading.ts reads it. */
export function messageAt(): usize {
  return changetype<usize>(message());
}

/** Before the first Contact. */
export function rewindContacts(): void {
  rewind();
}

/** Reads the next Contact into the Uri. @returns 1; 2: its URI is none of SIP; 0: there are no more */
export function nextContact(): u32 {
  if (!nextValue(H_CONTACT)) return 0;
  return readAddress(value().from, value().to) ? 1 : 2;
}

/** Address of the Uri. */
export function uriAt(): usize {
  return changetype<usize>(uri());
}

/** Looks for a parameter of that Contact. @returns the address of the Slice, 0: it is not there */
export function contactParam(name: usize, length: u32): usize {
  return param(value().from, value().to, name, length) ? changetype<usize>(found()) : 0;
}

/** The Slice as seconds. */
export function foundSeconds(): u32 {
  return seconds(found().from, found().to);
}

/** Address of the challenge held. */
export function heldAt(): usize {
  return HELD;
}

/** Address of a text of the challenge held, as base/text.ts keeps it: 0 realm, 1 nonce, 2 opaque. */
export function heldText(which: u32): usize {
  return HELD + (which === 0 ? REALM : which === 1 ? NONCE : OPAQUE);
}
