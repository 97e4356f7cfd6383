// One attempt to register a line at one server, until a verdict. RFC 3261 §10.2, §22.
//
// Answers challenges, adopts a longer expiry, starts over on a new flow; what a verdict means for the
// line is decided above. Below: session/transaction, session/compose, wire/. Above: policy/attempt.

import { E_NO_CHALLENGE, OK, TRANSPORT_UDP } from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { action, END as NO_MORE_ROWS, next, row } from "../base/machine";
import { draw } from "../base/random";
import { param } from "../base/settings";
import { textFrom, textLength } from "../base/text";
import { arm, isArmed } from "../base/timer";
import { REGISTER_REFRESH_INTERVAL, REGISTER_SPACING, REGISTER_TIMEOUT } from "../generated/params";
import { adoptNextNonce, Challenge, pickChallenge } from "../wire/challenge";
import { OWN_NO_EXPIRES, ownContact } from "../wire/fields";
import { message } from "../wire/scan";
import {
  Binding,
  binding,
  challengeOf,
  claimChallenge,
  requestOf,
  TIMER_SPACING,
  userOf,
} from "./account";
import { markOf } from "./device";
import { server } from "./server";
import { DROP, FINAL, ID_SIZE, isLive, open, step as stepRequest } from "./transaction";

// What a request is for.
export const SERVE: u8 = 0; //      to be in service there
export const RETURN: u8 = 1; //     to go back there while served elsewhere
export const REMOVE: u8 = 2; //     to end the binding there
export const REMOVE_OLD: u8 = 3; // to end the binding of an earlier public address there

// States.
export const IDLE: u8 = 0; //
export const SPACED: u8 = 1; //  waits until the last attempt there is long enough ago
export const ASKING: u8 = 2; //  a REGISTER without credentials is under way
export const PROVING: u8 = 3; // one with credentials is

// Inputs.
export const TOO_SOON: u8 = 0; //
export const ASK: u8 = 1; //        start without credentials
export const PROVE: u8 = 2; //      start with a nonce that is held
export const CHALLENGED: u8 = 3; // 401 or 407 that may be answered
export const BRIEF: u8 = 4; //      423, its Min-Expires adopted
export const NO_FLOW: u8 = 5; //    430, to be tried on a new flow
export const OVER: u8 = 6; //       a verdict, or nobody wants one any more

// Actions.
const WAIT: u8 = 0;
const SEND_BARE: u8 = 1;
const SEND_PROVED: u8 = 2;
const FORGET: u8 = 3;

export const TABLE: usize = memory.data<u8>([
  // state input       action       next
  IDLE,    TOO_SOON,   WAIT,        SPACED, //  DESIGN.md D9: one attempt a second at most
  IDLE,    ASK,        SEND_BARE,   ASKING, //  RFC 3261 §10.2
  IDLE,    PROVE,      SEND_PROVED, PROVING, // RFC 7616 §3.6: a nonce may be used again
  SPACED,  ASK,        SEND_BARE,   ASKING,
  SPACED,  PROVE,      SEND_PROVED, PROVING,
  SPACED,  OVER,       FORGET,      IDLE,
  ASKING,  CHALLENGED, SEND_PROVED, PROVING, // RFC 3261 §22.2, §22.3
  ASKING,  BRIEF,      SEND_BARE,   ASKING, //  RFC 3261 §10.2.8
  ASKING,  NO_FLOW,    SEND_BARE,   ASKING, //  RFC 5626 §11.5
  ASKING,  OVER,       FORGET,      IDLE,
  PROVING, CHALLENGED, SEND_PROVED, PROVING, // RFC 7616 §3.3: stale, or a changed nonce
  PROVING, BRIEF,      SEND_PROVED, PROVING,
  PROVING, NO_FLOW,    SEND_PROVED, PROVING,
  PROVING, OVER,       FORGET,      IDLE,
  NO_MORE_ROWS,
]);

// Verdicts.
export const PENDING: u8 = 0; //       none yet: another REGISTER went out
export const GRANTED: u8 = 1; //       bound; grantedSeconds() says how long
export const NO_CONTACT: u8 = 2; //    2xx that does not list our Contact
export const EMPTY: u8 = 3; //         2xx that grants 0 s
export const MOVED: u8 = 4; //         3xx
export const UNPROVED: u8 = 5; //      the credentials are refused, or cannot be given
export const REJECTED: u8 = 6; //      403, 404, 6xx, other 4xx
export const TOO_BRIEF: u8 = 7; //     423 that cannot be met
export const FAILED: u8 = 8; //        408, 502, 503, 504
export const BROKEN: u8 = 9; //        500, other 5xx
export const REMOVED: u8 = 10; //      2xx to a removal
export const NOT_REMOVED: u8 = 11; //  any other end of a removal

const LONGEST_MIN_EXPIRES: u32 = 86_400; // s

/** Starts an attempt, or arms TIMER_SPACING to start it; `prove`: with the nonce that is held. */
export function start(line: u32, at: u32, purpose: u8, prove: bool, now: u32): void {
  const it = binding(line, at);
  if (it.state !== IDLE) forget(it, now);
  it.purpose = purpose;
  it.answers = 0;
  it.adopted = 0;
  it.reflowed = 0;
  it.proved = prove && challengeOf(line, at) !== 0 ? 1 : 0;
  const attempt = purpose <= RETURN;
  const soon = attempt && isArmed(changetype<usize>(it), TIMER_SPACING);
  step(line, at, soon ? TOO_SOON : beginning(it), now);
}

/** The spacing is over: the attempt goes out, if it is still wanted. */
export function spacingOver(line: u32, at: u32, now: u32): void {
  const it = binding(line, at);
  if (it.state === SPACED) step(line, at, beginning(it), now);
}

function beginning(it: Binding): u8 {
  return it.proved !== 0 ? PROVE : ASK;
}

/** Ends whatever is under way, unjudged. */
export function forget(it: Binding, now: u32): void {
  const found = row(TABLE, it.state, OVER);
  if (!found) return;
  it.state = <u8>next(found);
  stepRequest(requestOf(it), DROP, now);
}

/** True while a REGISTER is under way or about to be. */
export function isBusy(it: Binding): bool {
  return it.state !== IDLE;
}

function step(line: u32, at: u32, input: u8, now: u32): void {
  const it = binding(line, at);
  const found = row(TABLE, it.state, input);
  if (!found) return;
  it.state = <u8>next(found);
  switch (action(found)) {
    case SEND_BARE:
      it.proved = 0;
      send(line, at, now);
      break;
    case SEND_PROVED:
      it.proved = 1;
      useNonce(line, at);
      send(line, at, now);
      break;
  }
}

function useNonce(line: u32, at: u32): void {
  const held = changetype<Challenge>(challengeOf(line, at));
  held.nc++;
  draw(changetype<usize>(binding(line, at)) + offsetof<Binding>("cnonce"), ID_SIZE);
}

function send(line: u32, at: u32, now: u32): void {
  const it = binding(line, at);
  const first = !isLive(requestOf(it)) && it.answers === 0;
  if (first && it.purpose <= RETURN) {
    arm(changetype<usize>(it), TIMER_SPACING, now, param(REGISTER_SPACING));
  }
  it.askedSeconds = it.purpose >= REMOVE ? 0 : max(param(REGISTER_REFRESH_INTERVAL), it.leastSeconds);
  it.sentVersion = server(at).contactVersion;
  const reliable = server(at).transport !== <u8>TRANSPORT_UDP;
  open(requestOf(it), now, ++it.cseq, reliable, param(REGISTER_TIMEOUT));
}

/**
 * Takes the final answer that was just read.
 * @param keep server whose challenge the line still needs, SERVER_NONE: none
 * @returns a verdict; PENDING when the attempt goes on
 */
export function answered(line: u32, at: u32, keep: u32, now: u32): u8 {
  const it = binding(line, at);
  stepRequest(requestOf(it), FINAL, now);
  const status = message().status;
  if ((status === 401 || status === 407) && mayAnswer(line, at, keep)) {
    it.answers++;
    step(line, at, CHALLENGED, now);
    return PENDING;
  }
  if (status === 423 && mayAdopt(it)) {
    step(line, at, BRIEF, now);
    return PENDING;
  }
  if (status === 430 && it.reflowed === 0 && it.purpose <= RETURN) {
    it.reflowed = 1;
    step(line, at, NO_FLOW, now);
    return PENDING;
  }
  const verdict = judge(line, at, status);
  forget(it, now);
  return verdict;
}

/** What `status` means for an attempt that ends with it. */
function judge(line: u32, at: u32, status: u32): u8 {
  const it = binding(line, at);
  if (status < 300) return accepted(line, at);
  if (it.purpose >= REMOVE) return NOT_REMOVED;
  if (status < 400) return MOVED;
  if (status === 401 || status === 407) return UNPROVED;
  if (status === 423) return TOO_BRIEF;
  if (isFailure(status)) return FAILED;
  if (status >= 500 && status < 600) return BROKEN;
  return REJECTED;
}

/** Answers that speak of the server, not of the line: it does not serve now. RFC 3261 §21.5. */
export function isFailure(status: u32): bool {
  return status === 408 || (status >= 502 && status <= 504);
}

function accepted(line: u32, at: u32): u8 {
  const it = binding(line, at);
  const held = challengeOf(line, at);
  if (held && it.proved !== 0) {
    changetype<Challenge>(held).proven = 1;
    it.trusted = 1;
  }
  if (held) adoptNextNonce(held);
  if (it.purpose >= REMOVE) return REMOVED;
  const seconds = grantedSeconds(line, at);
  if (seconds === NO_NUMBER) return NO_CONTACT;
  return seconds === 0 ? EMPTY : GRANTED;
}

/**
 * Seconds granted by the 2xx just read, at most those asked for; NO_NUMBER: our Contact is not bound.
 * RFC 3261 §10.2.4: the `expires` of our own Contact, else the Expires header, else as asked.
 */
export function grantedSeconds(line: u32, at: u32): u32 {
  const answer = message();
  const user = userOf(line);
  const mark = markOf(at);
  let seconds = ownContact(textFrom(user), textLength(user), textFrom(mark), textLength(mark));
  if (seconds === NO_NUMBER) {
    if (answer.contactCount !== 0 || answer.expires === NO_NUMBER) return NO_NUMBER;
    seconds = answer.expires;
  }
  if (seconds === OWN_NO_EXPIRES) seconds = answer.expires;
  return min(seconds, binding(line, at).askedSeconds);
}

// Answer once; once more when the nonce is stale, or changed after these credentials were accepted.
function mayAnswer(line: u32, at: u32, keep: u32): bool {
  const it = binding(line, at);
  const limit: u8 = it.purpose >= REMOVE ? 1 : 2;
  if (it.answers >= limit) return false;
  const held = changetype<Challenge>(claimChallenge(line, at, keep));
  const before = held.nc;
  if (pickChallenge(changetype<usize>(held)) !== OK) return false;
  if (it.proved === 0 || held.stale !== 0) return true;
  const changed = held.nc !== before; // a new nonce starts at 0, a used one does not
  return changed && (it.answers === 0 || it.trusted !== 0);
}

/** Why the challenge just read cannot be answered; 0: it can, the credentials are refused. */
export function challengeProblem(line: u32, at: u32): i32 {
  const held = challengeOf(line, at);
  return held ? pickChallenge(held) : E_NO_CHALLENGE;
}

function mayAdopt(it: Binding): bool {
  const least = message().minExpires;
  if (it.adopted !== 0 || it.purpose >= REMOVE) return false;
  if (least === NO_NUMBER || least <= it.askedSeconds || least > LONGEST_MIN_EXPIRES) return false;
  it.adopted = 1;
  it.answers = 0; // whoever says 423 has accepted the credentials, if there were any
  it.leastSeconds = least;
  return true;
}
