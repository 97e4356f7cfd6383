// A line and its binding at each server: names, credentials, identifiers, what was granted.
//
// Records at fixed addresses. Below: base/, wire/challenge, session/transaction.
// Above: session/registration, policy/line.

import { LINES, SERVERS } from "../base/limits";
import {
  ACCOUNT_SIZE,
  ACCOUNT_STRIDE,
  ACCOUNTS,
  BINDING_RECORDS,
  BINDING_SIZE,
  BINDING_STRIDE,
  CHALLENGE_RECORDS,
  CHALLENGE_SIZE,
  CHALLENGE_STRIDE,
  CHALLENGES,
  LINE_RECORDS,
  LINE_SIZE,
  LINE_STRIDE,
} from "../base/memory";
import { textLength } from "../base/text";
import { Challenge, NO_ALGORITHM } from "../wire/challenge";
import { EARLIER, oldContactOf } from "./server";
import { NONE, SERVED } from "./states";
import { bootRequest, isLive, Request } from "./transaction";

/** Bytes of a line's text with its length byte. */
export const NAME_SIZE: u32 = 48;

/** A line. It begins with what the host may read: ABI.md, "LineView". */
@unmanaged
export class Line {
  /** A state of policy/line.ts. */
  state: u8;
  /** Server whose lease the line uses, NONE: none. */
  served: u8;
  /** NEXT_*: what is due next. Filled when the host asks. */
  next: u8;
  /** Calls up, saturating at 255. */
  calls: u8;
  /** Server being registered at, NONE: none. */
  asking: u8;
  /** Server being registered at beside the service, to move there, NONE: none. */
  returning: u8;
  /** 1: the warning is on. */
  warned: u8;
  /** Server a command pins the line to, NONE: none. */
  pinned: u8;
  /** Ms until the lease ends, 0: none runs. Filled when the host asks. */
  leaseMs: u32;
  /** Ms until `next`. Filled when the host asks. */
  nextMs: u32;
  /** Seconds granted with the lease. */
  grantedSeconds: u32;
  /** Server that served last, NONE: none since the boot. */
  last: u8;
  /** Bit n: server n had its turn in this round. */
  asked: u8;
  /** Failed rounds in a row, saturating at 255. RFC 5626 §4.5. */
  rounds: u8;
  /** Rule for which the return waits and was told, 0: none. */
  deferred: u8;
  /** 1: an attempt has ended since the boot: the warning may be on. */
  tried: u8;
  /** 1: outOfService was told. */
  toldOut: u8;
  /** 1: every server was out: the outage may be on our side. */
  stranded: u8;
  /** 1: this round asks in rank order, whatever the health. */
  whole: u8;
}

const USER_AT: usize = offsetof<Line>();
const DISPLAY_AT: usize = USER_AT + NAME_SIZE;
if (DISPLAY_AT + NAME_SIZE !== LINE_SIZE) ERROR("Line resized: base/memory.ts");

/** The line at `index`, 0..LINES-1. */
export function line(index: u32): Line {
  assert(index < LINES);
  return changetype<Line>(LINE_RECORDS + index * LINE_STRIDE);
}

/** In service: it holds a lease that it uses. */
export function isServed(it: Line): bool {
  return it.state === SERVED;
}

/** Being registered somewhere, to be in service there or to stay so. */
export function isAsking(it: Line): bool {
  return it.asking !== NONE;
}

/** The bit of server `at` in Line.asked. */
export function bitOf(at: u32): u8 {
  return <u8>((<u32>1) << at);
}

/** User part of the address of record; empty: the line is not configured. */
export function userOf(index: u32): usize {
  return changetype<usize>(line(index)) + USER_AT;
}

/** Display name, may be empty. */
export function displayOf(index: u32): usize {
  return changetype<usize>(line(index)) + DISPLAY_AT;
}

/** True when the host has given the line a number. */
export function isUsed(index: u32): bool {
  return load<u8>(userOf(index)) !== 0;
}

/** A line at one server. It begins with its request. */
@unmanaged
export class Binding extends Request {
  /** cnonce of the last request. RFC 7616 §3.4. */
  cnonce: u64;
  /** Expires of the last REGISTER, s; 0: it removes. */
  askedSeconds: u32;
  /** Least expiry this server accepts, s; 0: not said. RFC 3261 §10.2.8. */
  leastSeconds: u32;
  /** A state of session/registration.ts. */
  phase: u8;
  /** What the request under way is for: SERVE, RETURN, REMOVE, REMOVE_OLD. */
  purpose: u8;
  /** Why the line leaves this server out: EXCLUDED_* of policy/choice.ts. */
  excluded: u8;
  /** Askers answered in this attempt, a bit each; 4 times those answered twice. */
  answers: u8;
  /** 1: a Min-Expires was adopted in this attempt. */
  adopted: u8;
  /** 1: the attempt was repeated on a new flow. RFC 5626 §11.5. */
  reflowed: u8;
  /** Askers that accepted these credentials when they judged them last. */
  trusted: u8;
  /** Askers for which the request under way carries credentials. */
  proved: u8;
  /** contactVersion of the server when the last request was sent. */
  sentVersion: u8;
  /** contactVersion under which the server holds our binding, EARLIER; 0: it holds none that we know of. */
  boundVersion: u8;
  /** Index of the line and rank of the server. */
  server: u8;
  /** 1: this server refused outbound (439), so it is asked without. */
  plain: u8;
  line: u16;
  /** Why the challenge read last cannot be answered, E_*; OK: it can, the credentials are refused. */
  problem: i8;
}

if (offsetof<Binding>() > BINDING_SIZE) ERROR("Binding resized: base/memory.ts");

/** The number of `line` at `server` among all pairs. */
export function pairOf(line: u32, server: u32): u32 {
  return line * SERVERS + server;
}

/** The binding of a pair. */
export function bindingOf(pair: u32): Binding {
  assert(pair < LINES * SERVERS);
  return changetype<Binding>(BINDING_RECORDS + pair * BINDING_STRIDE);
}

/** The binding of `line` at `server`. */
export function binding(line: u32, server: u32): Binding {
  return bindingOf(pairOf(line, server));
}

export const ACCOUNT_TEXT: u32 = ACCOUNT_SIZE / 2;

/** Digest user name of `line` at `server`. */
export function accountOf(line: u32, server: u32): usize {
  return ACCOUNTS + pairOf(line, server) * ACCOUNT_STRIDE;
}

/** Its password. */
export function passwordOf(line: u32, server: u32): usize {
  return accountOf(line, server) + ACCOUNT_TEXT;
}

function slot(line: u32, index: u32): Challenge {
  return changetype<Challenge>(CHALLENGE_RECORDS + (line * CHALLENGES + index) * CHALLENGE_STRIDE);
}

/** The challenge in place `i` of the line, 0 or 1, when it is of the server of `own`; else 0. */
export function challengeAt(own: Binding, i: u32): usize {
  const held = slot(own.line, i);
  return held.algorithm !== NO_ALGORITHM && held.server === own.server ? changetype<usize>(held) : 0;
}

/** Where the challenge of an asker goes: its own place, or the one of less worth. DESIGN.md D19. */
export function claimChallenge(own: Binding, asker: u32): usize {
  const first = worth(own, asker, 0);
  const second = worth(own, asker, 1);
  const it = slot(own.line, first <= second ? 0 : 1);
  if (min(first, second) !== 0) {
    memory.fill(changetype<usize>(it), 0, CHALLENGE_SIZE);
    it.server = own.server;
    it.asker = <u8>asker;
  }
  return changetype<usize>(it);
}

// What is lost with place `i`: nothing with its own or an empty one, most with that of another asker of
// the same server.
function worth(own: Binding, asker: u32, i: u32): u32 {
  const held = slot(own.line, i);
  if (held.algorithm === NO_ALGORITHM) return 1;
  if (held.server === own.server) return held.asker === <u8>asker ? 0 : 5;
  if (isLive(binding(own.line, held.server))) return 4; // a repeat needs it, RFC 3261 §17.1.2.2
  return held.server === line(own.line).last ? 3 : 2;
}

/** Forgets the challenges held, so that the next REGISTER goes without credentials, and that they were accepted. */
export function dropChallenges(own: Binding): void {
  own.trusted = 0;
  for (let i: u32 = 0; i < CHALLENGES; i++) {
    const held = slot(own.line, i);
    if (held.server === own.server) held.algorithm = NO_ALGORITHM;
  }
}

/**
 * A new boot of the line: everything but its names and credentials is forgotten. Where an older Contact is known it
 * may still be bound.
 */
export function bootLine(index: u32): void {
  const it = line(index);
  memory.fill(changetype<usize>(it), 0, USER_AT);
  it.served = NONE;
  it.last = NONE;
  it.asking = NONE;
  it.returning = NONE;
  it.pinned = NONE;
  for (let s: u32 = 0; s < SERVERS; s++) {
    const own = binding(index, s);
    memory.fill(changetype<usize>(own), 0, BINDING_SIZE);
    own.line = <u16>index;
    own.server = <u8>s;
    if (textLength(oldContactOf(s)) !== 0) own.boundVersion = EARLIER;
    bootRequest(own, SERVERS + pairOf(index, s));
    dropChallenges(own);
  }
}
