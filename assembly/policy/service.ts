// A line enters service, moves, and leaves it; leases, refresh points and the warning. DESIGN.md D9.
//
// Below: policy/line, policy/damping, session/registration. Above: policy/attempt, policy/settle.

import { EV_BOUND, EV_FAILBACK_SCHEDULED, EV_IN_SERVICE, EV_MOVED, EV_OUT_OF_SERVICE, EV_WARNING_OFF, EV_WARNING_ON, RULE_FAILBACK, RULE_FAILOVER, RULE_LEASE, RULE_START } from "../abi";
import { CUT, HOLDING, LEAVING, NONE, OFF, SERVED } from "../session/states";
import { between } from "../base/random";
import { param, paramMs } from "../base/settings";
import { arm, left, stop } from "../base/timer";
import {
  FAILOVER_SPREAD,
  REFRESH_PERCENT,
  REGISTER_SPACING,
  REGISTER_TIMEOUT,
  REMOVE_LAST_REGISTRATION,
} from "../generated/params";
import {
  binding,
  bitOf,
  line,
  requestOf,
  TIMER_LEASE,
  TIMER_LIMIT,
  TIMER_REFRESH,
  TIMER_RETURN_LIMIT,
  TIMER_SPREAD,
} from "../session/account";
import { forget, REMOVE, REMOVE_OLD, SERVE, start } from "../session/registration";
import { server } from "../session/server";
import { Request, totalMs } from "../session/transaction";
import { movedBack } from "./damping";
import { because, tell, tellLine } from "./decision";
import {
  clear,
  F_STRANDED,
  F_TOLD_OUT,
  F_TRIED,
  F_WARNED,
  F_WHOLE,
  has,
  LOSS,
  LOSS_IN_CROWD,
  SERVICE,
  set,
  step,
} from "./line";
import { changed, now } from "./state";

/**
 * When to refresh a lease of `seconds`, ms after the request was first sent: at refreshPercent of it, but
 * early enough for one time-out before it ends. DESIGN.md D9.
 */
export function refreshPointMs(seconds: u32): u32 {
  const leaseMs: u32 = 1000 * seconds;
  const wanted = (leaseMs / 100) * param(REFRESH_PERCENT);
  const timeoutMs = totalMs(param(REGISTER_TIMEOUT));
  const latest = leaseMs > timeoutMs ? leaseMs - timeoutMs : 0;
  return max(max(min(wanted, latest), min(wanted, leaseMs / 2)), param(REGISTER_SPACING));
}

/** A REGISTER at `at` was granted for `seconds`: the line is refreshed, moves, or enters service. */
export function serve(index: u32, at: u32, seconds: u32): void {
  const it = line(index);
  const before = it.served;
  const inService = it.state === SERVED;
  startLease(index, at, seconds);
  it.served = <u8>at;
  it.asked = 0;
  it.rounds = 0;
  set(it, F_TRIED);
  clear(it, F_WHOLE);
  clear(it, F_TOLD_OUT);
  if (!inService) enter(index, at);
  else if (before !== <u8>at) move(index, before, at);
  it.last = <u8>at;
  settleContact(index, at);
  changed();
}

// The lease counts from the first copy of the request that was accepted. RFC 3261 §10.2.4.
function startLease(index: u32, at: u32, seconds: u32): void {
  const it = line(index);
  const timers = changetype<usize>(it);
  const elapsed = now() - requestOf(binding(index, at)).sentAt;
  it.grantedSeconds = seconds;
  arm(timers, TIMER_LEASE, now(), rest(1000 * seconds, elapsed));
  arm(timers, TIMER_REFRESH, now(), rest(refreshPointMs(seconds), elapsed));
}

function rest(wholeMs: u32, elapsedMs: u32): u32 {
  return wholeMs > elapsedMs ? wholeMs - elapsedMs : 0;
}

function enter(index: u32, at: u32): void {
  const it = line(index);
  step(index, SERVICE);
  if (it.last === NONE) because(RULE_START, 0, 0, 0);
  else if (it.last === <u8>at) becauseOfLease(index, at);
  else because(RULE_FAILOVER, 0, it.last, 0);
  tell(EV_IN_SERVICE, index, at);
  if (it.last !== NONE && it.last !== <u8>at) tell(EV_MOVED, index, at);
  updateWarning(index);
  tellBound(index, at);
}

function move(index: u32, from: u32, to: u32): void {
  because(to < from ? RULE_FAILBACK : RULE_FAILOVER, 0, from, 0);
  tell(EV_MOVED, index, to);
  updateWarning(index);
  tellBound(index, to);
}

function becauseOfLease(index: u32, at: u32): void {
  because(RULE_LEASE, 0, line(index).grantedSeconds, binding(index, at).askedSeconds);
}

function tellBound(index: u32, at: u32): void {
  becauseOfLease(index, at);
  tell(EV_BOUND, index, at);
  for (let s: u32 = 0; s < at; s++) {
    if (server(s).health === HOLDING) tell(EV_FAILBACK_SCHEDULED, index, s);
  }
}

// A binding under an earlier public address is removed; a later change of address is told at once.
function settleContact(index: u32, at: u32): void {
  const it = binding(index, at);
  const before = it.boundVersion;
  it.boundVersion = it.sentVersion;
  if (it.sentVersion !== server(at).contactVersion) {
    arm(changetype<usize>(line(index)), TIMER_REFRESH, now(), 0);
  } else if (before !== 0 && before !== it.sentVersion) {
    start(index, at, REMOVE_OLD, true, now());
  }
}

/** A line came to `at` of its own will: what it left is removed, and a fall counts for a while. */
export function settleMove(index: u32, from: u32, at: u32): void {
  if (at < from) movedBack(at);
  if (param(REMOVE_LAST_REGISTRATION) !== 0) start(index, from, REMOVE, true, now());
}

/** The server a line uses is gone, or its lease is: out of service, with the cause said before. */
export function lose(index: u32): void {
  const it = line(index);
  const from = it.served;
  tell(EV_OUT_OF_SERVICE, index, from);
  set(it, F_TOLD_OUT);
  release(index);
  it.asked = bitOf(from);
  if (it.asking === from) dropAttempt(index);
  if (it.returning !== NONE) promoteReturn(index);
  const spread = paramMs(FAILOVER_SPREAD);
  if (spread === 0 || it.asking !== NONE) {
    step(index, LOSS);
  } else {
    step(index, LOSS_IN_CROWD);
    arm(changetype<usize>(it), TIMER_SPREAD, now(), between(0, spread));
  }
  updateWarning(index);
}

/** Forgets the lease. */
export function release(index: u32): void {
  const it = line(index);
  stop(changetype<usize>(it), TIMER_LEASE);
  it.served = NONE;
}

/** Ends the attempt under way, unjudged. */
export function dropAttempt(index: u32): void {
  const it = line(index);
  if (it.asking === NONE) return;
  forget(binding(index, it.asking), now());
  it.asking = NONE;
  stop(changetype<usize>(it), TIMER_LIMIT);
}

/** Ends the attempt to return, unjudged. */
export function dropReturn(index: u32): void {
  const it = line(index);
  if (it.returning === NONE) return;
  forget(binding(index, it.returning), now());
  it.returning = NONE;
  stop(changetype<usize>(it), TIMER_RETURN_LIMIT);
}

// A REGISTER under way is never given up for another: it now decides the service.
function promoteReturn(index: u32): void {
  const it = line(index);
  const timers = changetype<usize>(it);
  dropAttempt(index);
  it.asking = it.returning;
  it.returning = NONE;
  binding(index, it.asking).purpose = SERVE;
  arm(timers, TIMER_LIMIT, now(), left(timers, TIMER_RETURN_LIMIT, now()));
  stop(timers, TIMER_RETURN_LIMIT);
}

/** The warning is on while a line is out of service or served elsewhere than on its primary. */
export function updateWarning(index: u32): void {
  const it = line(index);
  if (it.state === OFF || it.state === LEAVING) return;
  const on = it.state === SERVED ? it.served !== 0 : has(it, F_TRIED);
  if (on === has(it, F_WARNED)) return;
  it.flags ^= F_WARNED;
  tellLine(on ? EV_WARNING_ON : EV_WARNING_OFF, index);
}

/** Registers again where the line is served, now or as soon as the spacing allows. */
export function refreshNow(index: u32): void {
  const it = line(index);
  if (it.state !== SERVED || it.asking !== NONE) return;
  arm(changetype<usize>(it), TIMER_REFRESH, now(), 0);
}
