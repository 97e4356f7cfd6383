// One attempt to register a line at one server, until a verdict. RFC 3261 §10.2, §22.
//
// Answers challenges, adopts a longer expiry, starts over on a new flow; what a verdict means for the
// line is decided above. Below: session/account, wire/. Above: policy/attempt.

import { OK } from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { action, END as NO_MORE_ROWS, next, row } from "../base/machine";
import { draw } from "../base/random";
import { param } from "../base/settings";
import { textFrom, textLength } from "../base/text";
import { REGISTER_REFRESH_INTERVAL, REGISTER_SPACING, REGISTER_TIMEOUT } from "../generated/params";
import { adoptNextNonce, Challenge, pickChallenge } from "../wire/challenge";
import { OWN_NO_EXPIRES, ownContact } from "../wire/fields";
import { message } from "../wire/scan";
import { Binding, challengeOf, claimChallenge, userOf } from "./account";
import { markOf } from "./device";
import { server } from "./server";
import { arm, isArmed, T_SPACING } from "./timers";
import { DROP, FINAL, ID_SIZE, open, step as stepRequest } from "./transaction";

// What a request is for.
export const SERVE: u8 = 0; //      to be in service there
export const RETURN: u8 = 1; //     to move there while served elsewhere
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
export const AGAIN: u8 = 4; //      423, its Min-Expires adopted; 430, on a new flow
export const OVER: u8 = 5; //       a verdict, or nobody wants one any more

// Actions.
const WAIT: u8 = 0;
const SEND_BARE: u8 = 1;
const SEND_PROVED: u8 = 2;
const FORGET: u8 = 3;

// biome-ignore format: a row, a line
export const TABLE: usize = memory.data<u8>([
  // state input       action       next
  IDLE,    TOO_SOON,   WAIT,        SPACED, //  DESIGN.md D9: one attempt a second at most
  IDLE,    ASK,        SEND_BARE,   ASKING, //  RFC 3261 §10.2
  IDLE,    PROVE,      SEND_PROVED, PROVING, // RFC 7616 §3.6: a nonce may be used again
  SPACED,  ASK,        SEND_BARE,   ASKING,
  SPACED,  PROVE,      SEND_PROVED, PROVING,
  SPACED,  OVER,       FORGET,      IDLE,
  ASKING,  CHALLENGED, SEND_PROVED, PROVING, // RFC 3261 §22.2, §22.3
  ASKING,  AGAIN,      SEND_BARE,   ASKING, //  RFC 3261 §10.2.8, RFC 5626 §11.5
  ASKING,  OVER,       FORGET,      IDLE,
  PROVING, CHALLENGED, SEND_PROVED, PROVING, // RFC 7616 §3.3: stale, or a changed nonce
  PROVING, AGAIN,      SEND_PROVED, PROVING,
  PROVING, OVER,       FORGET,      IDLE,
  NO_MORE_ROWS,
]);

// Verdicts.
export const PENDING: u8 = 0; //     none yet: another REGISTER went out
export const GRANTED: u8 = 1; //     bound; grantedSeconds() says how long
export const NO_CONTACT: u8 = 2; //  2xx that does not list our Contact
export const MOVED: u8 = 3; //       3xx
export const UNPROVED: u8 = 4; //    the credentials are refused, or cannot be given
export const REJECTED: u8 = 5; //    403, 404, 6xx, other 4xx
export const FAILED: u8 = 6; //      408, 502, 503, 504
export const UNWILLING: u8 = 7; //   500, other 5xx; 423 that cannot be met; 2xx that grants too little

const LONGEST_MIN_EXPIRES: u32 = 86_400; // s

/** Starts an attempt, or arms T_SPACING to start it; `prove`: with the nonce that is held. */
export function start(own: Binding, purpose: u8, prove: bool): void {
  forget(own);
  own.purpose = purpose;
  own.answers = 0;
  own.adopted = 0;
  own.reflowed = 0;
  own.proved = prove && challengeOf(own) !== 0 ? 1 : 0;
  if (purpose > RETURN) {
    go(own);
  } else if (isArmed(T_SPACING, own.id)) {
    step(own, TOO_SOON);
  } else {
    arm(T_SPACING, own.id, param(REGISTER_SPACING));
    go(own);
  }
}

/** T_SPACING: the attempt that waits goes out, if it is still wanted. */
export function spacingOver(own: Binding): void {
  if (own.phase !== SPACED) return;
  arm(T_SPACING, own.id, param(REGISTER_SPACING));
  go(own);
}

function go(own: Binding): void {
  step(own, own.proved !== 0 ? PROVE : ASK);
}

/** Ends whatever is under way, unjudged. */
export function forget(own: Binding): void {
  step(own, OVER);
}

function step(own: Binding, input: u32): void {
  const found = row(TABLE, own.phase, input);
  if (!found) return;
  own.phase = <u8>next(found);
  const done = action(found);
  if (done === FORGET) stepRequest(own, DROP);
  else if (done !== WAIT) send(own, done === SEND_PROVED);
}

function send(own: Binding, proved: bool): void {
  const held = proved ? challengeOf(own) : 0; // a third server may have taken its place
  own.proved = held ? 1 : 0;
  if (held) {
    changetype<Challenge>(held).nc++;
    draw(changetype<usize>(own) + offsetof<Binding>("cnonce"), ID_SIZE);
  }
  const to = server(own.server);
  own.askedSeconds = own.purpose > RETURN ? 0 : max(param(REGISTER_REFRESH_INTERVAL), own.leastSeconds);
  own.sentVersion = to.contactVersion;
  open(own, to.transport !== 0, param(REGISTER_TIMEOUT));
}

/** Takes the final answer that was just read. @returns a verdict; PENDING when the attempt goes on */
export function answered(own: Binding): u8 {
  stepRequest(own, FINAL);
  const status = message().status;
  const challenge = status === 401 || status === 407;
  if (challenge && mayAnswer(own)) {
    own.answers++;
    step(own, CHALLENGED);
    return PENDING;
  }
  if (mayRepeat(own, status)) {
    step(own, AGAIN);
    return PENDING;
  }
  const verdict = challenge ? UNPROVED : judge(own, status);
  forget(own);
  return verdict;
}

// What the status of an attempt's last answer means.
function judge(own: Binding, status: u32): u8 {
  if (status < 300) return accepted(own);
  if (status < 400) return MOVED;
  if (isFailure(status)) return FAILED;
  if (status === 423 || (status >= 500 && status < 600)) return UNWILLING;
  return REJECTED;
}

/** Answers that speak of the server, not of the line: it does not serve now. RFC 3261 §21.5. */
export function isFailure(status: u32): bool {
  return status === 408 || (status >= 502 && status <= 504);
}

function accepted(own: Binding): u8 {
  const held = challengeOf(own);
  if (held) {
    own.trusted |= own.proved;
    adoptNextNonce(held);
  }
  if (own.purpose > RETURN) return GRANTED;
  const seconds = grantedSeconds(own);
  if (seconds === NO_NUMBER) return NO_CONTACT;
  // A lease that ends before it may be renewed would send the line to and fro.
  return <u32>(1000 * seconds) <= param(REGISTER_SPACING) ? UNWILLING : GRANTED;
}

/**
 * Seconds granted by the 2xx just read, at most those asked for; NO_NUMBER: our Contact is not bound.
 * RFC 3261 §10.2.4: the `expires` of our own Contact, else the Expires header, else as asked.
 */
export function grantedSeconds(own: Binding): u32 {
  const answer = message();
  const user = userOf(own.line);
  const mark = markOf(own.server);
  let seconds = ownContact(textFrom(user), textLength(user), textFrom(mark), textLength(mark));
  if (seconds === NO_NUMBER) {
    if (answer.contactCount !== 0 || answer.expires === NO_NUMBER) return NO_NUMBER;
    seconds = answer.expires;
  }
  if (seconds === OWN_NO_EXPIRES) seconds = answer.expires;
  return min(seconds, own.askedSeconds);
}

// Answer once; once more when the nonce is stale, or changed after these credentials were accepted.
function mayAnswer(own: Binding): bool {
  const removal = own.purpose > RETURN;
  if (own.answers > (removal ? 0 : 1)) return false;
  const held = changetype<Challenge>(claimChallenge(own));
  if (pickChallenge(changetype<usize>(held)) !== OK) return false;
  if (own.proved === 0 || held.stale !== 0) return true;
  const changed = held.nc === 0; // the nonce that was used is counted
  return changed && (own.answers === 0 || own.trusted !== 0);
}

/** Why the challenge just read cannot be answered; 0: it can, the credentials are refused. */
export function challengeProblem(own: Binding): i32 {
  return pickChallenge(claimChallenge(own));
}

// 423 and 430: once each in an attempt.
function mayRepeat(own: Binding, status: u32): bool {
  if (own.purpose > RETURN) return false;
  if (status === 430 && own.reflowed === 0) {
    own.reflowed = 1;
    return true;
  }
  const least = message().minExpires; // NO_NUMBER is longer than any
  if (status !== 423 || own.adopted !== 0) return false;
  if (least <= own.askedSeconds || least > LONGEST_MIN_EXPIRES) return false;
  own.adopted = 1;
  own.answers = 0; // whoever says 423 has accepted the credentials, if there were any
  own.leastSeconds = least;
  return true;
}
