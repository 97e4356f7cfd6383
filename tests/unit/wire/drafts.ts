// A draft for specs, with every part set.

import { TRANSPORT_UDP } from "../../../assembly/abi";
import { CHALLENGE_SIZE, TX } from "../../../assembly/base/memory";
import { keepText } from "../../../assembly/base/text";
import { Challenge, NONCE, OPAQUE, REALM, SERVER_ASKS } from "../../../assembly/wire/challenge";
import { Draft, draft } from "../../../assembly/wire/draft";
import { M_REGISTER } from "../../../assembly/wire/names";
import { bytesOf, lengthOf, stringOf, textOf } from "../text";

/** The challenge that the draft answers once withChallenge() was called. */
export const HELD: usize = memory.data(CHALLENGE_SIZE, 4);

/** A REGISTER of user 6001 for an hour. */
export function freshDraft(): Draft {
  const it = draft();
  it.method = <u8>M_REGISTER;
  it.transport = <u8>TRANSPORT_UDP;
  it.rport = 1;
  it.cseq = 12;
  it.expires = 3600;
  it.branch = bytesOf("branch-8");
  it.callId = bytesOf("call-id8");
  it.fromTag = bytesOf("tag4");
  it.cnonce = bytesOf("cnonce!!");
  it.first = 0;
  it.second = 0;
  it.domain = textOf("example.org");
  it.local = textOf("192.0.2.1:5060");
  it.user = textOf("6001");
  it.display = textOf("");
  it.contact = textOf("198.51.100.7:41000");
  it.mark = textOf("a1b2c3d40");
  it.agent = textOf("Standfast/1");
  it.account = textOf("Mufasa");
  it.password = textOf("Circle of Life");
  return it;
}

/** The challenge of RFC 7616 §3.9.1, with this algorithm, for the draft. */
export function withChallenge(algorithm: u32): Challenge {
  const it = changetype<Challenge>(HELD);
  memory.fill(HELD, 0, CHALLENGE_SIZE);
  it.algorithm = <u8>algorithm;
  it.qop = 1;
  it.nc = 1;
  keep(REALM, "http-auth@example.org");
  keep(NONCE, "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v");
  it.asker = <u8>SERVER_ASKS;
  draft().first = HELD;
  draft().challenge = HELD;
  return it;
}

/** Gives the challenge a text. */
export function keep(at: usize, text: string): void {
  keepText(HELD + at, 255, bytesOf(text), lengthOf(text));
  if (at === OPAQUE) changetype<Challenge>(HELD).hasOpaque = 1;
}

/** The `length` bytes in TX. */
export function sent(length: i32): string {
  return length < 0 ? "too long" : stringOf(TX, TX + length);
}
