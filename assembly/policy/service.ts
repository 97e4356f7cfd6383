// A line enters service, moves, and leaves it; leases, refresh points and the warning. DESIGN.md D9.
//
// Below: policy/line, policy/damping, session/registration. Above: policy/attempt, policy/settle.

import {
  EV_BOUND,
  EV_FAILBACK_SCHEDULED,
  EV_IN_SERVICE,
  EV_MOVED,
  EV_OUT_OF_SERVICE,
  EV_WARNING_OFF,
  EV_WARNING_ON,
  RULE_FAILBACK,
  RULE_FAILOVER,
  RULE_LEASE,
  RULE_START,
} from "../abi";
import { between } from "../base/random";
import { param, paramMs } from "../base/settings";
import { isSame } from "../base/text";
import { now } from "../base/timer";
import {
  FAILOVER_SPREAD,
  REFRESH_PERCENT,
  REGISTER_SPACING,
  REGISTER_TIMEOUT,
  REMOVE_LAST_REGISTRATION,
} from "../generated/params";
import { Binding, binding, bitOf, isAsking, isServed, line } from "../session/account";
import { forget, REMOVE, REMOVE_OLD, SERVE, start } from "../session/registration";
import { contactOf, oldContactOf, server } from "../session/server";
import { HOLDING, NONE } from "../session/states";
import {
  arm,
  left,
  stop,
  T_LEASE,
  T_LIMIT,
  T_REFRESH,
  T_RETURN_LIMIT,
  T_SPREAD,
  T_WAIT,
} from "../session/timers";
import { totalMs } from "../session/transaction";
import { EXCLUDED_SOFT } from "./choice";
import { movedBack } from "./damping";
import { because, tell, tellLine } from "./decision";
import { isOut } from "./health";
import { LOSS, LOSS_IN_CROWD, SERVICE, step } from "./line";
import { changed } from "./state";

/**
 * When to refresh a lease of `seconds`, ms after the request was first sent: at refreshPercent of it, but
 * early enough for one time-out before it ends. DESIGN.md D9.
 */
export function refreshPointMs(seconds: u32): u32 {
  const leaseMs = 1000 * seconds;
  const wanted = 10 * seconds * param(REFRESH_PERCENT);
  const timeoutMs = min(totalMs(param(REGISTER_TIMEOUT)), leaseMs);
  const latest = max(leaseMs - timeoutMs, leaseMs / 2);
  return max(min(wanted, latest), param(REGISTER_SPACING));
}

/** A REGISTER was granted for `seconds`: the line is refreshed, moves, or enters service. */
export function serve(own: Binding, seconds: u32): void {
  const index: u32 = own.line;
  const at: u32 = own.server;
  const it = line(index);
  const before: u32 = it.served;
  const inService = isServed(it);
  startLease(own, seconds);
  stop(T_WAIT, index);
  it.served = <u8>at;
  it.asked = 0;
  it.rounds = 0;
  it.tried = 1;
  it.whole = 0;
  it.toldOut = 0;
  if (!inService) enter(own);
  else if (before !== at) move(own, before);
  else if (own.boundVersion === 0) tellBound(own, false); // somebody had ended it
  it.last = <u8>at;
  settleContact(own);
  changed();
}

// The lease counts from the first copy of the request that was accepted. RFC 3261 §10.2.4.
function startLease(own: Binding, seconds: u32): void {
  const elapsed = now() - own.sentAt;
  line(own.line).grantedSeconds = seconds;
  armRest(T_LEASE, own.line, 1000 * seconds, elapsed);
  armRest(T_REFRESH, own.line, refreshPointMs(seconds), elapsed);
}

function armRest(timer: u32, owner: u32, wholeMs: u32, elapsedMs: u32): void {
  arm(timer, owner, max(wholeMs, elapsedMs) - elapsedMs);
}

function enter(own: Binding): void {
  const index: u32 = own.line;
  const at: u32 = own.server;
  const last: u32 = line(index).last;
  const moved = last !== NONE && last !== at;
  step(index, SERVICE);
  if (last === NONE) because(RULE_START, 0, 0);
  else if (moved) because(RULE_FAILOVER, last, 0);
  else becauseOfLease(own);
  tell(EV_IN_SERVICE, index, at);
  tellBound(own, moved);
}

function move(own: Binding, from: u32): void {
  because(own.server < <u8>from ? RULE_FAILBACK : RULE_FAILOVER, from, 0);
  tellBound(own, true);
}

function becauseOfLease(own: Binding): void {
  because(RULE_LEASE, line(own.line).grantedSeconds, own.askedSeconds);
}

function tellBound(own: Binding, moved: bool): void {
  const index: u32 = own.line;
  const at: u32 = own.server;
  if (moved) tell(EV_MOVED, index, at);
  updateWarning(index);
  becauseOfLease(own);
  tell(EV_BOUND, index, at);
  for (let s: u32 = 0; s < at; s++) {
    if (server(s).health === HOLDING) tell(EV_FAILBACK_SCHEDULED, index, s);
  }
}

// A binding under an earlier public address is removed; a later change of address is told at once.
function settleContact(own: Binding): void {
  const at: u32 = own.server;
  const before = own.boundVersion;
  own.boundVersion = own.sentVersion;
  if (own.sentVersion !== server(at).contactVersion) {
    arm(T_REFRESH, own.line, 0);
  } else if (before !== 0 && before !== own.sentVersion && !isSame(oldContactOf(at), contactOf(at))) {
    start(own, REMOVE_OLD, true);
  }
}

/** A line came to `at` of its own will: what it left is removed, and a fall counts for a while. */
export function settleMove(index: u32, from: u32, at: u32): void {
  if (at < from) movedBack(at);
  if (param(REMOVE_LAST_REGISTRATION) !== 0) start(binding(index, from), REMOVE, true);
}

/** The server a line uses is gone, or its lease is: out of service, with the cause said before. */
export function lose(index: u32): void {
  const it = line(index);
  tell(EV_OUT_OF_SERVICE, index, it.served);
  it.toldOut = 1;
  if (isOut(it.served)) {
    it.asked = bitOf(it.served); // the failure was its turn
    if (it.asking === it.served) dropAttempt(index);
  }
  release(index);
  if (it.returning !== NONE) promoteReturn(index);
  const spreadMs = paramMs(FAILOVER_SPREAD);
  if (spreadMs === 0 || isAsking(it)) {
    step(index, LOSS);
  } else {
    step(index, LOSS_IN_CROWD);
    it.asked = 0; // a whole round follows, and whoever failed may be well by then
    arm(T_SPREAD, index, between(0, spreadMs));
  }
  updateWarning(index);
}

/** Forgets the lease. */
export function release(index: u32): void {
  stop(T_LEASE, index);
  line(index).served = NONE;
}

/** Ends the attempt under way, unjudged. */
export function dropAttempt(index: u32): void {
  const it = line(index);
  if (!isAsking(it)) return;
  forget(binding(index, it.asking));
  it.asking = NONE;
  stop(T_LIMIT, index);
}

/** Ends the attempt to return, unjudged. */
export function dropReturn(index: u32): void {
  const it = line(index);
  if (it.returning === NONE) return;
  forget(binding(index, it.returning));
  it.returning = NONE;
  stop(T_RETURN_LIMIT, index);
}

// A REGISTER under way is never given up for another: it now decides the service.
function promoteReturn(index: u32): void {
  const it = line(index);
  dropAttempt(index);
  it.asking = it.returning;
  it.returning = NONE;
  binding(index, it.asking).purpose = SERVE;
  arm(T_LIMIT, index, left(T_RETURN_LIMIT, index));
  stop(T_RETURN_LIMIT, index);
}

/** The warning is on while a line is out of service or served elsewhere than on its primary. */
export function updateWarning(index: u32): void {
  const it = line(index);
  const on: u8 = isServed(it) ? (it.served !== 0 ? 1 : 0) : it.tried;
  if (on === it.warned) return;
  it.warned = on;
  tellLine(on !== 0 ? EV_WARNING_ON : EV_WARNING_OFF, index);
}

/**
 * Registers again where the line is served, now or as soon as the spacing allows; not where it is left out until a
 * named time, for it would only repeat what was rejected. Servers count wrong passwords, and ban who sends many.
 * @returns false: the line is not served, or left out
 */
export function refreshNow(index: u32): bool {
  const it = line(index);
  if (!isServed(it) || binding(index, it.served).excluded > EXCLUDED_SOFT) return false;
  if (!isAsking(it)) arm(T_REFRESH, index, 0);
  return true;
}
