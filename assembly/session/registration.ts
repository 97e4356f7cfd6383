// One attempt to register a line at one server, until a verdict. RFC 3261 §10.2, §22.
//
// Answers challenges, adopts a longer expiry, starts over on a new flow; what a verdict means for the
// line is decided above. Below: session/account, wire/. Above: policy/attempt.

import { E_NO_ACCOUNT, E_NO_CHALLENGE, OK } from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { action, END as NO_MORE_ROWS, next, row } from "../base/machine";
import { CHALLENGES } from "../base/memory";
import { draw } from "../base/random";
import { param } from "../base/settings";
import { textFrom, textLength } from "../base/text";
import { OUTBOUND, REGISTER_REFRESH_INTERVAL, REGISTER_SPACING, REGISTER_TIMEOUT } from "../generated/params";
import {
  adoptNextNonce,
  Challenge,
  findChallenge,
  keepChallenge,
  NO_ALGORITHM,
  PROXY_ASKS,
  SERVER_ASKS,
} from "../wire/challenge";
import { OWN_NO_EXPIRES, ownContact } from "../wire/fields";
import { message } from "../wire/scan";
import { accountOf, Binding, challengeAt, claimChallenge, userOf } from "./account";
import { markOf } from "./device";
import { contactOf, oldContactOf, server } from "./server";
import { arm, isArmed, T_SPACING } from "./timers";
import { DROP, FINAL, ID_SIZE, open, step as stepRequest } from "./transaction";

// What a request is for.
export const SERVE: u8 = 0; //      to be in service there
export const RETURN: u8 = 1; //     to move there while served elsewhere
export const REMOVE: u8 = 2; //     to end the binding there
export const REMOVE_OLD: u8 = 3; // to end the binding of an earlier public address there

// States.
export const IDLE: u8 = 0; //
export const SPACED: u8 = 1; // waits until the last attempt there is long enough ago
export const ASKING: u8 = 2; // a REGISTER is under way, with credentials or without

// Inputs.
export const TOO_SOON: u8 = 0; //
export const ASK: u8 = 1; //   it may go out
export const AGAIN: u8 = 2; // a challenge that may be answered; 423, its Min-Expires adopted; 430
export const OVER: u8 = 3; //  a verdict, or nobody wants one any more

// Actions.
const WAIT: u8 = 0;
const SEND: u8 = 1;
const FORGET: u8 = 2;

// biome-ignore format: a row, a line
export const TABLE: usize = memory.data<u8>([
  // state input     action  next
  IDLE,    TOO_SOON, WAIT,   SPACED, // DESIGN.md D9: one attempt a second at most
  IDLE,    ASK,      SEND,   ASKING, // RFC 3261 §10.2; RFC 7616 §3.6: a nonce may be used again
  SPACED,  ASK,      SEND,   ASKING,
  SPACED,  OVER,     FORGET, IDLE,
  ASKING,  AGAIN,    SEND,   ASKING, // RFC 3261 §22.2, §22.3, §10.2.8, RFC 5626 §11.5
  ASKING,  OVER,     FORGET, IDLE,
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
  own.proved = prove ? own.trusted : 0;
  if (purpose > RETURN) {
    step(own, ASK);
  } else if (isArmed(T_SPACING, own.id)) {
    step(own, TOO_SOON);
  } else {
    arm(T_SPACING, own.id, param(REGISTER_SPACING));
    step(own, ASK);
  }
}

/** T_SPACING: the attempt that waits goes out, if it is still wanted. */
export function spacingOver(own: Binding): void {
  if (own.phase !== SPACED) return;
  arm(T_SPACING, own.id, param(REGISTER_SPACING));
  step(own, ASK);
}

/**
 * The same attempt once more, over another flow: spacing is between attempts. It is a new request, for the nonce
 * count of the old one may be spent.
 */
export function again(own: Binding): void {
  forget(own);
  step(own, ASK);
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
  else if (done !== WAIT) send(own);
}

/** The challenge in place `i` of the line, when the request under way answers it; else 0. */
export function answeredAt(own: Binding, i: u32): usize {
  const held = challengeAt(own, i);
  return held !== 0 && (changetype<Challenge>(held).asker & own.proved) !== 0 ? held : 0;
}

function send(own: Binding): void {
  own.proved = countUses(own);
  if (own.proved !== 0) draw(changetype<usize>(own) + offsetof<Binding>("cnonce"), ID_SIZE);
  const to = server(own.server);
  own.askedSeconds = own.purpose > RETURN ? 0 : max(param(REGISTER_REFRESH_INTERVAL), own.leastSeconds);
  own.sentVersion = to.contactVersion;
  open(own, to.transport !== 0, param(REGISTER_TIMEOUT));
}

// One use more of each nonce that goes out again. @returns the askers; another server may have taken the
// place of one.
function countUses(own: Binding): u8 {
  let askers: u8 = 0;
  for (let i: u32 = 0; i < CHALLENGES; i++) {
    const held = changetype<Challenge>(answeredAt(own, i));
    if (changetype<usize>(held) === 0) continue;
    held.nc++;
    askers |= held.asker;
  }
  return askers;
}

/** Takes the final answer that was just read. @returns a verdict; PENDING when the attempt goes on */
export function answered(own: Binding): u8 {
  stepRequest(own, FINAL);
  const status = message().status;
  const challenge = status === 401 || status === 407;
  if (challenge ? mayAnswer(own) : mayRepeat(own, status)) {
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
  own.trusted |= own.proved;
  for (let i: u32 = 0; i < CHALLENGES; i++) {
    const held = answeredAt(own, i);
    if (held !== 0 && changetype<Challenge>(held).asker === <u8>SERVER_ASKS) adoptNextNonce(held);
  }
  if (own.purpose > RETURN) return GRANTED;
  const seconds = grantedSeconds(own);
  if (seconds === NO_NUMBER) return NO_CONTACT;
  // A lease that ends before it may be renewed would send the line to and fro.
  return <u32>(1000 * seconds) <= param(REGISTER_SPACING) ? UNWILLING : GRANTED;
}

/** The Contact of the REGISTER under way, whatever our address is by now: a repeat is the same request. RFC 3261 §17.1.2.2. */
export function contactSent(own: Binding): usize {
  const old = own.purpose === REMOVE_OLD || own.sentVersion !== server(own.server).contactVersion;
  return old ? oldContactOf(own.server) : contactOf(own.server);
}

/**
 * Seconds granted by the 2xx just read, at most those asked for; NO_NUMBER: our Contact is not bound.
 * RFC 3261 §10.2.4: the `expires` of our own Contact, else the Expires header, else as asked.
 */
export function grantedSeconds(own: Binding): u32 {
  const answer = message();
  const user = userOf(own.line);
  const mark = markOf(own.server);
  const contact = contactSent(own);
  let seconds = ownContact(
    textFrom(user),
    textLength(user),
    textFrom(mark),
    textLength(mark),
    textFrom(contact),
    textLength(contact),
  );
  if (seconds === NO_NUMBER) {
    if (answer.contactCount !== 0 || answer.expires === NO_NUMBER) return NO_NUMBER;
    seconds = answer.expires;
  }
  if (seconds === OWN_NO_EXPIRES) seconds = answer.expires;
  return min(seconds, own.askedSeconds);
}

// Every asker of the answer just read gets its answer, or nobody does: half of what is asked is refused.
function mayAnswer(own: Binding): bool {
  const account = accountOf(own.line, own.server);
  own.problem = <i8>(textLength(account) === 0 ? E_NO_ACCOUNT : E_NO_CHALLENGE);
  if (own.problem === <i8>E_NO_ACCOUNT) return false;
  for (let asker: u32 = SERVER_ASKS; asker <= PROXY_ASKS; asker++) {
    const found = findChallenge(asker);
    if (found === E_NO_CHALLENGE) continue;
    own.problem = <i8>found;
    if (found !== OK || !mayAnswerTo(own, asker)) return false;
  }
  return own.problem === OK;
}

// Answer once; once more when the nonce is stale, or changed after these credentials were accepted.
function mayAnswerTo(own: Binding, asker: u32): bool {
  const held = changetype<Challenge>(claimChallenge(own, asker));
  const refused = held.algorithm !== NO_ALGORITHM && (own.proved & asker) !== 0;
  own.problem = <i8>keepChallenge(changetype<usize>(held));
  const again = own.answers & asker;
  const spent = own.purpose > RETURN ? again : own.answers & (asker << 2);
  if (own.problem !== OK || spent !== 0) return false;
  own.answers |= <u8>(again !== 0 ? asker << 2 : asker);
  own.proved |= <u8>asker;
  if (!refused || held.stale !== 0) return true;
  const trusted = own.trusted & asker;
  own.trusted ^= <u8>trusted;
  return held.nc === 0 && (again === 0 || trusted !== 0); // the nonce that was used is counted
}

// 423 and 430: once each in an attempt. 439: a server that does not do outbound is asked without, RFC 5626 §11.6.
function mayRepeat(own: Binding, status: u32): bool {
  if (own.purpose > RETURN) return false;
  if (status === 430 && own.reflowed === 0) {
    own.reflowed = 1;
    return true;
  }
  if (status === 439 && param(OUTBOUND) !== 0 && own.plain === 0) {
    own.plain = 1;
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
