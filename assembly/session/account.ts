// A line and its binding at each server: names, credentials, identifiers, what was granted.
//
// Records at fixed addresses. Below: base/, wire/challenge. Above: session/registration, policy/line.

import { NONE } from "./states";
import { LINES, SERVERS } from "../base/limits";
import {
  ACCOUNTS,
  ACCOUNT_SIZE,
  BINDING_RECORDS,
  BINDING_SIZE,
  CHALLENGES,
  CHALLENGE_RECORDS,
  CHALLENGE_SIZE,
  LINE_RECORDS,
  LINE_SIZE,
} from "../base/memory";
import { draw } from "../base/random";
import { Challenge } from "../wire/challenge";
import { ID_SIZE, REQUEST_SIZE, Request } from "./transaction";

// The timers of a line, in the order they fire when due together.
export const TIMER_LIMIT: u32 = 0; //        give up the attempt             DESIGN.md D9
export const TIMER_RETURN_LIMIT: u32 = 1; // give up the attempt to return   DESIGN.md D9
export const TIMER_LEASE: u32 = 2; //        the binding lapses              RFC 3261 §10.3
export const TIMER_WAIT: u32 = 3; //         the next round                  RFC 5626 §4.5
export const TIMER_SPREAD: u32 = 4; //       our place in a crowd
export const TIMER_REFRESH: u32 = 5; //      renew the binding               RFC 3261 §10.2.4
export const LINE_LIMITS: u32 = 0x03;
export const LINE_ENDS: u32 = 0x0c;
export const LINE_DUES: u32 = 0x30;

/** Bytes of a line's text with its length byte. */
export const NAME_SIZE: u32 = 48;

/** A line. Its timers lie at its start. */
@unmanaged
export class Line {
  /** Bit n: timer n runs; six deadlines follow. */
  armed: u32;
  deadline0: u32;
  deadline1: u32;
  deadline2: u32;
  deadline3: u32;
  deadline4: u32;
  deadline5: u32;
  /** Seconds granted with the lease that runs. */
  grantedSeconds: u32;
  /** A state of policy/line.ts. */
  state: u8;
  /** Server that holds the lease the line uses, NONE: none. */
  served: u8;
  /** Server that served last, NONE: none since the boot. */
  last: u8;
  /** Server being registered at, NONE: none. */
  asking: u8;
  /** Server of higher rank being registered at beside the service, NONE: none. */
  returning: u8;
  /** Server a command pins the line to, NONE: none. */
  pinned: u8;
  /** Bit n: server n had its turn in this round. */
  asked: u8;
  /** Failed rounds in a row, saturating at 255. RFC 5626 §4.5. */
  rounds: u8;
  /** Calls up, saturating at 255. */
  calls: u8;
  /** Rule for which the return waits and was told, 0: none. */
  deferred: u8;
  /** Bits F_* of policy/line.ts. */
  flags: u8;
  /** Decisions remembered so far, modulo 256. */
  decisions: u8;
}

const USER_AT: u32 = 44;
const DISPLAY_AT: u32 = USER_AT + NAME_SIZE;
if (offsetof<Line>() !== USER_AT) ERROR("Line resized");
if (DISPLAY_AT + NAME_SIZE !== LINE_SIZE) ERROR("Line resized: base/memory.ts");

/** The line at `index`, 0..LINES-1. */
export function line(index: u32): Line {
  assert(index < LINES);
  return changetype<Line>(LINE_RECORDS + index * LINE_SIZE);
}

/** The bit of server `at` in Line.asked. */
export function bitOf(at: u32): u8 {
  return <u8>(<u32>1 << at);
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

// The timers of a binding.
export const TIMER_EXCLUDED: u32 = 0; // the line may ask there again   DESIGN.md D8
export const TIMER_SPACING: u32 = 1; //  the next attempt may start
export const BINDING_ENDS: u32 = 0x01;
export const BINDING_DUES: u32 = 0x02;

/** A line at one server. Its timers lie at its start, its request behind it. */
@unmanaged
export class Binding {
  /** Bit n: timer n runs; two deadlines follow. */
  armed: u32;
  excludedUntil: u32;
  spacedUntil: u32;
  /** CSeq of the last REGISTER, rising for one boot. RFC 3261 §10.2. */
  cseq: u32;
  /** Call-ID, 8 bytes, one for a boot. RFC 3261 §10.2. */
  callId: u64;
  /** cnonce of the last request, 8 bytes. RFC 7616 §3.4. */
  cnonce: u64;
  /** From tag, 4 bytes. */
  tag: u32;
  /** Expires of the last REGISTER, s; 0: it removes. */
  askedSeconds: u32;
  /** Least expiry this server accepts, s; 0: not said. RFC 3261 §10.2.8. */
  leastSeconds: u32;
  /** A state of session/registration.ts. */
  state: u8;
  /** What the request under way is for: SERVE, RETURN, REMOVE, REMOVE_OLD. */
  purpose: u8;
  /** Why the line leaves this server out: EXCLUDED_*. */
  excluded: u8;
  /** Challenges answered in this attempt. */
  answers: u8;
  /** 1: a Min-Expires was adopted in this attempt. */
  adopted: u8;
  /** 1: the attempt was repeated on a new flow. RFC 5626 §11.5. */
  reflowed: u8;
  /** 1: these credentials were accepted here since they were set. */
  trusted: u8;
  /** contactVersion of the server when the last request was sent; 0 none. */
  sentVersion: u8;
  /** contactVersion under which the server holds our binding; 0: it holds none that we know of. */
  boundVersion: u8;
  /** 1: the request under way carries credentials. */
  proved: u8;
  unused: u16;
}

const REQUEST_AT: u32 = 56;
if (offsetof<Binding>() !== REQUEST_AT) ERROR("Binding resized");
if (REQUEST_AT + REQUEST_SIZE !== BINDING_SIZE) ERROR("Binding resized: base/memory.ts");

/** The binding of `line` at `server`. */
export function binding(line: u32, server: u32): Binding {
  assert(line < LINES && server < SERVERS);
  return changetype<Binding>(BINDING_RECORDS + (line * SERVERS + server) * BINDING_SIZE);
}

/** Its REGISTER transaction. */
export function requestOf(it: Binding): Request {
  return changetype<Request>(changetype<usize>(it) + REQUEST_AT);
}

export const ACCOUNT_TEXT: u32 = ACCOUNT_SIZE / 2;

/** Digest user name of `line` at `server`. */
export function accountOf(line: u32, server: u32): usize {
  return ACCOUNTS + (line * SERVERS + server) * ACCOUNT_SIZE;
}

/** Its password. */
export function passwordOf(line: u32, server: u32): usize {
  return accountOf(line, server) + ACCOUNT_TEXT;
}

function slot(line: u32, index: u32): Challenge {
  return changetype<Challenge>(CHALLENGE_RECORDS + (line * CHALLENGES + index) * CHALLENGE_SIZE);
}

/** The challenge that `line` holds of `server`, 0 when it holds none. */
export function challengeOf(line: u32, server: u32): usize {
  for (let i: u32 = 0; i < CHALLENGES; i++) {
    const held = slot(line, i);
    if (held.algorithm !== 0 && held.server === <u8>server) return changetype<usize>(held);
  }
  return 0;
}

/**
 * Where a challenge of `server` goes: its own place, or that of a server the line does not use.
 * @param keep server whose challenge must stay, NONE: none
 */
export function claimChallenge(line: u32, server: u32, keep: u32): usize {
  const own = challengeOf(line, server);
  if (own) return own;
  let index: u32 = 0;
  if (keep !== NONE && slot(line, 0).algorithm !== 0 && slot(line, 0).server === <u8>keep) index = 1;
  const it = slot(line, index);
  memory.fill(changetype<usize>(it), 0, CHALLENGE_SIZE);
  it.server = <u8>server;
  return changetype<usize>(it);
}

/** Forgets what `line` holds of `server`, so that the next REGISTER goes without credentials. */
export function dropChallenge(line: u32, server: u32): void {
  const held = challengeOf(line, server);
  if (held) changetype<Challenge>(held).algorithm = 0;
}

/** A new boot of the line: everything but its names and credentials is forgotten. */
export function bootLine(index: u32): void {
  const it = line(index);
  memory.fill(changetype<usize>(it), 0, USER_AT);
  it.served = NONE;
  it.last = NONE;
  it.asking = NONE;
  it.returning = NONE;
  it.pinned = NONE;
  for (let s: u32 = 0; s < SERVERS; s++) {
    const at = changetype<usize>(binding(index, s));
    memory.fill(at, 0, BINDING_SIZE);
    draw(at + offsetof<Binding>("callId"), ID_SIZE);
    draw(at + offsetof<Binding>("tag"), 4);
    dropChallenge(index, s);
  }
}
