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
import { arm, isArmed, left, stop } from "../base/timer";
import {
  FAILOVER_ON_REJECT,
  FULL_REGISTRATION,
  INITIAL_AUTH,
  LINE_COOL,
  REGISTER_TIMEOUT,
  REJECT_RETRY,
  RETRY_AFTER_MIN,
} from "../generated/params";
import {
  binding,
  bitOf,
  line,
  requestOf,
  TIMER_EXCLUDED,
  TIMER_LIMIT,
  TIMER_RETURN_LIMIT,
  TIMER_SPACING,
  TIMER_WAIT,
} from "../session/account";
import { beat } from "../session/heartbeat";
import {
  answered,
  BROKEN,
  challengeProblem,
  EMPTY,
  FAILED,
  forget,
  GRANTED,
  grantedSeconds,
  MOVED,
  NO_CONTACT,
  NOT_REMOVED,
  PENDING,
  REJECTED,
  REMOVE,
  REMOVED,
  RETURN,
  SERVE,
  start,
  TOO_BRIEF,
  UNPROVED,
} from "../session/registration";
import { Server, server } from "../session/server";
import { LEAVING, NONE } from "../session/states";
import { totalMs } from "../session/transaction";
import { message } from "../wire/scan";
import { EXCLUDED_HARD, EXCLUDED_HELD, EXCLUDED_NOT, EXCLUDED_SOFT } from "./choice";
import { because, tell } from "./decision";
import { registerBound, registerFailed, registerGood } from "./health";
import { F_STRANDED, F_TRIED, has, set } from "./line";
import { redirectServer } from "./redirect";
import { dropAttempt, dropReturn, serve, settleMove, updateWarning } from "./service";
import { changed, now, phone } from "./state";
import { isServedAt, serves } from "./usage";

/** Longest rest a server may ask for, s. */
const LONGEST_REST: u32 = 86_400;

/** Starts an attempt at `at`; `purpose` RETURN: beside the service the line has. */
export function begin(index: u32, at: u32, purpose: u8): void {
  const it = line(index);
  const limitMs = 2 * totalMs(param(REGISTER_TIMEOUT));
  const timer = purpose === RETURN ? TIMER_RETURN_LIMIT : TIMER_LIMIT;
  arm(changetype<usize>(it), timer, now(), spacingMs(index, at) + limitMs);
  hop(index, at, purpose);
}

// Time until an attempt at `at` may be sent: its limit counts from there.
function spacingMs(index: u32, at: u32): u32 {
  const timers = changetype<usize>(binding(index, at));
  return isArmed(timers, TIMER_SPACING) ? left(timers, TIMER_SPACING, now()) : 0;
}

// The same attempt goes on at another server: its limit stands.
function hop(index: u32, at: u32, purpose: u8): void {
  const it = line(index);
  if (purpose === RETURN) it.returning = <u8>at;
  else it.asking = <u8>at;
  server(at).triedAt = ++phone().attempts;
  const refresh = isServedAt(it, at);
  const prove = refresh ? param(FULL_REGISTRATION) === 0 : param(INITIAL_AUTH) !== 0;
  start(index, at, purpose, prove, now());
}

/** Takes the final answer to a REGISTER of a line, just read. */
export function registerAnswered(index: u32, at: u32): void {
  const it = line(index);
  const own = binding(index, at);
  const status = message().status;
  const removal = own.purpose >= REMOVE;
  const verdict = answered(index, at, it.served, now());
  const retryAfter = message().retryAfter;
  because(RULE_STATUS, status, retryAfter === NO_NUMBER ? 0 : retryAfter, 0);
  if (removal) {
    if (verdict !== PENDING) removalOver(index, at, verdict);
    return;
  }
  if (status < 300) registerBound(at);
  else if (status < 500 && verdict !== FAILED) registerGood(at);
  if (verdict !== PENDING) conclude(index, at, verdict);
}

function removalOver(index: u32, at: u32, verdict: u8): void {
  const own = binding(index, at);
  if (verdict === REMOVED) tell(EV_UNBOUND, index, at);
  if (own.purpose === REMOVE) own.boundVersion = 0;
  if (line(index).state === LEAVING) changed();
}

// What a verdict means for the line.
function conclude(index: u32, at: u32, verdict: u8): void {
  switch (verdict) {
    case GRANTED:
      granted(index, at);
      break;
    case NO_CONTACT:
      tell(EV_CONTACT_MISSING, index, at);
      leaveOut(index, at);
      break;
    case MOVED:
      redirected(index, at);
      break;
    case UNPROVED:
      because(RULE_CREDENTIALS, message().status, challengeProblem(index, at), 0);
      rejected(index, at);
      break;
    case REJECTED:
      rejected(index, at);
      break;
    case FAILED:
      failed(index, at, message().status === 503 ? message().retryAfter : NO_NUMBER);
      break;
    default: // EMPTY, TOO_BRIEF, BROKEN
      leaveOut(index, at);
      break;
  }
}

function granted(index: u32, at: u32): void {
  const it = line(index);
  const seconds = grantedSeconds(index, at);
  const own = binding(index, at);
  own.excluded = EXCLUDED_NOT;
  stop(changetype<usize>(own), TIMER_EXCLUDED);
  if (it.returning !== <u8>at) {
    close(index, at);
    serve(index, at, seconds);
    return;
  }
  const from = it.served;
  close(index, at);
  dropAttempt(index);
  serve(index, at, seconds);
  settleMove(index, from, at);
}

// The attempt at `at` is over.
function close(index: u32, at: u32): void {
  if (line(index).returning === <u8>at) dropReturn(index);
  else dropAttempt(index);
  changed();
}

/** The attempt at `at` ended without a binding: its server had its turn, a pin there is void. */
export function spend(index: u32, at: u32): void {
  const it = line(index);
  const back = it.returning === <u8>at;
  close(index, at);
  if (it.pinned === <u8>at) it.pinned = NONE;
  set(it, F_TRIED);
  if (back) {
    if (at < it.served) tell(EV_RETURN_FAILED, index, at);
  } else if (!isArmed(changetype<usize>(it), TIMER_WAIT)) {
    it.asked |= bitOf(at); // asking out of turn, while a wait runs, is no turn
  }
  updateWarning(index);
}

/** The server failed: that is for everybody to know. */
function failed(index: u32, at: u32, retryAfter: u32): void {
  const it = line(index);
  const failedReturn = it.returning === <u8>at && at < it.served;
  spend(index, at);
  registerFailed(at, retryAfter, failedReturn);
}

/** The server refused this line for now: it is left out for Retry-After or lineCool. */
function leaveOut(index: u32, at: u32): void {
  const retryAfter = message().retryAfter;
  spend(index, at);
  if (retryAfter === NO_NUMBER) exclude(index, at, EXCLUDED_SOFT, paramMs(LINE_COOL));
  else exclude(index, at, EXCLUDED_HARD, 1000 * longRest(retryAfter));
}

function longRest(retryAfter: u32): u32 {
  return min(max(retryAfter, param(RETRY_AFTER_MIN)), LONGEST_REST);
}

/** The server refused this line for good: it rests there. */
function rejected(index: u32, at: u32): void {
  const it = line(index);
  const back = it.returning === <u8>at;
  tell(EV_REJECTED, index, at);
  spend(index, at);
  const restMs = 100 * between(10 * param(REJECT_RETRY), 11 * param(REJECT_RETRY));
  const retryAfter = message().retryAfter;
  const asked = retryAfter === NO_NUMBER ? 0 : 1000 * longRest(retryAfter);
  const held = at === 0 && !back && param(FAILOVER_ON_REJECT) === 0;
  exclude(index, at, held ? EXCLUDED_HELD : EXCLUDED_HARD, max(restMs, asked));
}

function exclude(index: u32, at: u32, kind: u8, forMs: u32): void {
  const own = binding(index, at);
  own.excluded = kind;
  arm(changetype<usize>(own), TIMER_EXCLUDED, now(), forMs);
}

/** TIMER_EXCLUDED, or new credentials: the line may ask there again. */
export function admit(index: u32, at: u32): void {
  const own = binding(index, at);
  own.excluded = EXCLUDED_NOT;
  stop(changetype<usize>(own), TIMER_EXCLUDED);
  line(index).asked &= ~bitOf(at);
  changed();
}

// 3xx: the server sends the line elsewhere. The sender is left out, so a loop ends by itself.
function redirected(index: u32, at: u32): void {
  const it = line(index);
  const back = it.returning === <u8>at;
  const to = redirectServer(index, back);
  const timers = changetype<usize>(it);
  exclude(index, at, EXCLUDED_SOFT, paramMs(LINE_COOL));
  if (to < 0 || to === <i32>at) {
    spend(index, at);
    return;
  }
  if (back) it.returning = NONE;
  else it.asked |= bitOf(at);
  if (it.pinned === <u8>at) it.pinned = NONE;
  set(it, F_TRIED);
  hop(index, to, back ? RETURN : SERVE);
}

/** TIMER_F of a REGISTER, or the limit of its attempt: silence. */
export function timedOut(index: u32, at: u32): void {
  const own = binding(index, at);
  const asked = own.purpose;
  forget(own, now());
  because(RULE_TIMEOUT, 0, totalMs(param(REGISTER_TIMEOUT)), 0);
  if (asked >= REMOVE) {
    removalOver(index, at, NOT_REMOVED);
  } else if (isServedAt(line(index), at) || !serves(at)) {
    failed(index, at, NO_NUMBER);
  } else {
    // Others are in service there: it may swallow this account only. A heartbeat settles the question.
    spend(index, at);
    exclude(index, at, EXCLUDED_SOFT, paramMs(LINE_COOL));
    beat(at, false, now());
  }
}

/** The transport failed while a REGISTER was under way. */
export function cutOff(index: u32, at: u32): void {
  const own = binding(index, at);
  const asked = own.purpose;
  forget(own, now());
  because(RULE_TRANSPORT, 0, 0, 0);
  if (asked >= REMOVE) removalOver(index, at, NOT_REMOVED);
  else failed(index, at, NO_NUMBER);
}
