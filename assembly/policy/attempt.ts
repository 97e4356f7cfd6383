// A line's try to register at one server, from its start to what its end means. DESIGN.md D9.
//
// Keeps apart what a verdict says of the server and what it says of this line.
// Below: policy/service, policy/health, session/registration. Above: policy/round, policy/inbox.

import {
  EV_CONTACT_MISSING,
  EV_REJECTED,
  EV_RETURN_FAILED,
  EV_UNBOUND,
  RULE_CREDENTIALS,
  RULE_STATUS,
  RULE_TIMEOUT,
  RULE_TRANSPORT,
} from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { between } from "../base/random";
import { param, paramMs } from "../base/settings";
import { now } from "../base/timer";
import {
  FAILOVER_ON_REJECT,
  FULL_REGISTRATION,
  INITIAL_AUTH,
  LINE_COOL,
  OUTBOUND,
  REGISTER_SPACING,
  REGISTER_TIMEOUT,
  REJECT_RETRY,
  RETRY_AFTER_MIN,
} from "../generated/params";
import { Binding, binding, bitOf, isServed, Line, line } from "../session/account";
import { beat } from "../session/heartbeat";
import {
  answered,
  FAILED,
  forget,
  GRANTED,
  grantedSeconds,
  MOVED,
  NO_CONTACT,
  PENDING,
  REJECTED,
  REMOVE,
  RETURN,
  SERVE,
  start,
  UNPROVED,
} from "../session/registration";
import { server } from "../session/server";
import { NONE } from "../session/states";
import {
  arm,
  isArmed,
  left,
  stop,
  T_EXCLUDED,
  T_LIMIT,
  T_RETURN_LIMIT,
  T_SPACING,
  T_WAIT,
} from "../session/timers";
import { totalMs } from "../session/transaction";
import { message } from "../wire/scan";
import { EXCLUDED_HARD, EXCLUDED_HELD, EXCLUDED_NOT, EXCLUDED_SOFT } from "./choice";
import { because, becauseOf, tell } from "./decision";
import { advance, isStream, outlives, sent } from "./flow";
import { isOut, registerBound, registerFailed, registerGood } from "./health";
import { redirectServer } from "./redirect";
import { dropAttempt, dropReturn, release, serve, settleMove, updateWarning } from "./service";
import { changed, phone } from "./state";
import { isServedAt, serves } from "./usage";

/** Longest rest a server may ask for, s. */
const LONGEST_REST: u32 = 86_400;

/** Starts an attempt at `at`; `purpose` RETURN: beside the service the line has. */
export function begin(index: u32, at: u32, purpose: u8): void {
  const limit = purpose === RETURN ? T_RETURN_LIMIT : T_LIMIT;
  // The limit counts from the first sending. A timer may seem far off that a host left unpolled for 24 days.
  const spacingMs = min(left(T_SPACING, binding(index, at).id), param(REGISTER_SPACING));
  const targets = max(1, server(at).targets); // each has its time
  arm(limit, index, spacingMs + 2 * targets * totalMs(param(REGISTER_TIMEOUT)));
  hop(index, at, purpose);
}

// The same attempt goes on at another server: its limit stands.
function hop(index: u32, at: u32, purpose: u8): void {
  const it = line(index);
  if (purpose === RETURN) it.returning = <u8>at;
  else it.asking = <u8>at;
  server(at).tried = ++phone().attempts;
  const refresh = isServedAt(it, at);
  const prove = refresh ? param(FULL_REGISTRATION) === 0 : param(INITIAL_AUTH) !== 0;
  start(binding(index, at), purpose, prove);
}

/** Takes the final answer to a REGISTER, just read. */
export function registerAnswered(own: Binding): void {
  const status = message().status;
  const verdict = answered(own);
  const retryAfter = message().retryAfter;
  becauseOf(RULE_STATUS, status, retryAfter === NO_NUMBER ? 0 : retryAfter, 0);
  if (own.purpose >= REMOVE) {
    if (verdict !== PENDING) removalOver(own, verdict === GRANTED);
    return;
  }
  if (status < 300) registerBound(own.server);
  else if (status < 500 && verdict !== FAILED) registerGood(own.server);
  if (verdict !== PENDING) conclude(own, verdict);
  else if (status === 430 && isStream(own.server)) outlives(own.server); // RFC 5626 §11.5
}

function removalOver(own: Binding, done: bool): void {
  if (done) tellOf(EV_UNBOUND, own);
  if (own.purpose === REMOVE) own.boundVersion = 0;
}

// What a verdict means for the line.
function conclude(own: Binding, verdict: u32): void {
  // A challenge alone is no good word: what answers it may be lost each time.
  if (verdict !== FAILED) server(own.server).spent = 0;
  switch (verdict) {
    case GRANTED:
      granted(own);
      break;
    case MOVED:
      redirected(own);
      break;
    case UNPROVED:
      becauseOf(RULE_CREDENTIALS, message().status, own.problem, 0);
      rejected(own);
      break;
    case REJECTED:
      rejected(own);
      break;
    case FAILED:
      refusedService(own);
      break;
    case NO_CONTACT:
      tellOf(EV_CONTACT_MISSING, own);
      leaveOut(own);
      break;
    default:
      leaveOut(own);
      break;
  }
}

function granted(own: Binding): void {
  const from: u32 = lineOf(own).served;
  const moving = isMoving(own);
  offer(own.server);
  admit(own);
  close(own);
  if (moving) dropAttempt(own.line);
  serve(own, grantedSeconds(own));
  if (moving) settleMove(own.line, from, own.server);
}

// The headers of the grant are the host's to read, and how often to knock is the server's to say.
function offer(at: u32): void {
  const timer = message().flowTimer;
  server(at).flowTimer = param(OUTBOUND) === 0 || timer === NO_NUMBER ? 0 : <u16>min(timer, 65_535);
  sent(at); // from this grant on
  phone().offers = <u8>(at + 1);
  phone().offering = 0;
}

/** The registrar says that the binding is gone, and is not wanted again. RFC 3680 §5.3. */
export function barred(own: Binding): void {
  tellOf(EV_REJECTED, own);
  passOver(own, false);
  rest(own, false);
}

function lineOf(own: Binding): Line {
  return line(own.line);
}

function tellOf(type: i32, own: Binding): void {
  tell(type, own.line, own.server);
}

// Is it the attempt to move, beside the service the line has?
function isMoving(own: Binding): bool {
  return lineOf(own).returning === own.server;
}

// Is it the attempt to move to a better server?
function isReturn(own: Binding): bool {
  return isMoving(own) && own.server < lineOf(own).served;
}

// The attempt is over.
function close(own: Binding): void {
  if (isMoving(own)) dropReturn(own.line);
  else dropAttempt(own.line);
  changed();
}

/** The attempt ended without a binding: its server had its turn, a pin there is void. */
export function spend(own: Binding): void {
  if (isReturn(own)) tellOf(EV_RETURN_FAILED, own);
  const moving = isMoving(own);
  close(own);
  passOver(own, moving);
}

// Asking out of turn, while a wait runs, is no turn.
function passOver(own: Binding, moving: bool): void {
  const it = lineOf(own);
  if (it.pinned === own.server) it.pinned = NONE;
  if (it.served === own.server && !isServed(it)) release(own.line); // verified, in vain
  if (!moving && !isArmed(T_WAIT, own.line)) it.asked |= bitOf(own.server);
  it.tried = 1;
  updateWarning(own.line);
}

// 503 without a Retry-After: another address of the server may do better. RFC 3263 §4.3.
function refusedService(own: Binding): void {
  const unavailable = message().status === 503;
  const retryAfter = unavailable ? message().retryAfter : NO_NUMBER;
  if (!unavailable || retryAfter !== NO_NUMBER || !advance(own.server)) failed(own, retryAfter);
}

/** The server failed: that is for everybody to know. */
function failed(own: Binding, retryAfter: u32): void {
  const failedReturn = isReturn(own) && !isOut(own.server);
  spend(own);
  registerFailed(own.server, retryAfter, failedReturn);
}

/** The server refused this line for now: it is left out for Retry-After or lineCool. */
function leaveOut(own: Binding): void {
  spend(own);
  const restMs = wantedRestMs();
  if (restMs === 0) exclude(own, EXCLUDED_SOFT, paramMs(LINE_COOL));
  else exclude(own, EXCLUDED_HARD, restMs);
}

// Retry-After of the answer just read, ms, within its bounds; 0: none.
function wantedRestMs(): u32 {
  const retryAfter = message().retryAfter;
  return retryAfter === NO_NUMBER ? 0 : 1000 * min(max(retryAfter, param(RETRY_AFTER_MIN)), LONGEST_REST);
}

/** The server refused this line for good: it rests there. */
function rejected(own: Binding): void {
  const moving = isMoving(own);
  tellOf(EV_REJECTED, own);
  spend(own);
  rest(own, moving);
}

function rest(own: Binding, moving: bool): void {
  const held = own.server === 0 && !moving && param(FAILOVER_ON_REJECT) === 0;
  const restMs = between(1000 * param(REJECT_RETRY), 1100 * param(REJECT_RETRY));
  exclude(own, held ? EXCLUDED_HELD : EXCLUDED_HARD, max(restMs, wantedRestMs()));
}

function exclude(own: Binding, kind: u8, forMs: u32): void {
  own.excluded = kind;
  arm(T_EXCLUDED, own.id, forMs);
}

/** T_EXCLUDED, a grant, or new credentials: the line may ask there again. */
export function admit(own: Binding): void {
  own.excluded = EXCLUDED_NOT;
  stop(T_EXCLUDED, own.id);
  lineOf(own).asked &= ~bitOf(own.server);
  changed();
}

// 3xx: the server sends the line elsewhere. The sender is left out, so a loop ends by itself.
function redirected(own: Binding): void {
  const moving = isMoving(own);
  const to = redirectServer(own, moving);
  if (to < 0) {
    spend(own);
  } else {
    passOver(own, moving);
    hop(own.line, to, moving ? RETURN : SERVE);
  }
  exclude(own, EXCLUDED_SOFT, paramMs(LINE_COOL));
}

/** T_GIVE_UP of a REGISTER, or the limit of its attempt: silence. */
export function timedOut(own: Binding): void {
  const timeoutMs = totalMs(param(REGISTER_TIMEOUT));
  forget(own);
  because(RULE_TIMEOUT, timeoutMs, 0);
  if (own.purpose >= REMOVE) {
    removalOver(own, false);
  } else if (isServedAt(lineOf(own), own.server) || !serves(own.server)) {
    if (!advance(own.server)) failed(own, NO_NUMBER);
  } else {
    // Others are in service there: it may swallow this account only. A heartbeat settles the question. What was sent
    // while it was DOWN proves nothing.
    spend(own);
    if (now() - own.sentAt <= now() - server(own.server).backAt)
      exclude(own, EXCLUDED_SOFT, paramMs(LINE_COOL));
    beat(own.server, 0);
  }
}

/** The transport failed while a REGISTER was under way, for a reason FLOW_* or 0. */
export function cutOff(own: Binding, why: u32): void {
  forget(own);
  because(RULE_TRANSPORT, why, 0);
  if (own.purpose >= REMOVE) removalOver(own, false);
  else failed(own, NO_NUMBER);
}
