// Time: which timer is due, and whom it concerns. One instant has three parts, in this order: what was
// waited for in vain, what ends, what is due to be sent. DESIGN.md D6.
//
// Below: policy/settle and all that has timers. Above: policy/phone.

import { RULE_HOLD, RULE_LEASE } from "../abi";
import { COOLING, CUT, HOLDING, NONE, SERVED } from "../session/states";
import { LINES } from "../base/limits";
import { param } from "../base/settings";
import { due, isArmed, left, soonest, stop } from "../base/timer";
import { BACK_TO_PRIMARY_DELAY } from "../generated/params";
import {
  BINDING_DUES,
  BINDING_ENDS,
  binding,
  LINE_DUES,
  LINE_ENDS,
  LINE_LIMITS,
  line,
  requestOf,
  TIMER_EXCLUDED,
  TIMER_LEASE,
  TIMER_LIMIT,
  TIMER_REFRESH,
  TIMER_SPREAD,
  TIMER_WAIT,
} from "../session/account";
import { spacingOver } from "../session/registration";
import {
  heartbeatOf,
  SERVER_ENDS,
  server,
  TIMER_DECAY,
  TIMER_LAPSE,
  TIMER_LONG_DOWN,
  TIMER_RETRY,
  TIMER_SUSPENDED,
  TIMER_UNTIL,
} from "../session/server";
import { REPEAT_DUE, REPEATS, Request, step as stepRequest, TIME_OUTS } from "../session/transaction";
import { admit, timedOut } from "./attempt";
import { decay, endSuspension } from "./damping";
import { because } from "./decision";
import { judge, lapse, UNTIL } from "./health";
import { step, TURN } from "./line";
import { lose, release } from "./service";
import { refresh } from "./settle";
import {
  changed,
  now,
  PHONE_DUES,
  PHONE_ENDS,
  PHONE_LIMITS,
  Phone,
  phone,
  TIMER_POINT,
  TIMER_STOP,
} from "./state";
import { heartbeatSilent, point, retry } from "./watch";

const TIME_OUT_PART: u32 = 0;
const END_PART: u32 = 1;
const SEND_PART: u32 = 2;

/** Lets one due timer fire; false when none is due. */
export function fireOne(): bool {
  for (let part = TIME_OUT_PART; part <= SEND_PART; part++) {
    if (firePhone(part)) return true;
    for (let s: u32 = 0; s < phone().servers; s++) {
      if (fireServer(s, part)) return true;
    }
    for (let i: u32 = 0; i < LINES; i++) {
      if (fireLine(i, part)) return true;
    }
  }
  return false;
}

/** Ms until the next timer is due; NO_NUMBER when none runs. */
export function nextMs(): u32 {
  let best = soonest(changetype<usize>(phone()), now(), -1);
  for (let s: u32 = 0; s < phone().servers; s++) {
    best = soonest(changetype<usize>(server(s)), now(), best);
    best = soonest(changetype<usize>(heartbeatOf(s)), now(), best);
  }
  for (let i: u32 = 0; i < LINES; i++) {
    best = soonest(changetype<usize>(line(i)), now(), best);
    for (let s: u32 = 0; s < phone().servers; s++) {
      best = soonest(changetype<usize>(binding(i, s)), now(), best);
      best = soonest(changetype<usize>(requestOf(binding(i, s))), now(), best);
    }
  }
  return best;
}

// The timers of an owner that belong to a part of the instant.
function ofPart(part: u32, timeOuts: u32, ends: u32, dues: u32): u32 {
  return part === TIME_OUT_PART ? timeOuts : part === END_PART ? ends : dues;
}

// Takes the first due timer of `mask` from its owner, -1: none.
function take(timers: usize, mask: u32): i32 {
  const timer = due(timers, mask, now());
  if (timer >= 0) stop(timers, timer);
  return timer;
}

function firePhone(part: u32): bool {
  const timers = changetype<usize>(phone());
  const timer = due(timers, ofPart(part, PHONE_LIMITS, PHONE_ENDS, PHONE_DUES), now());
  if (timer < 0) return false;
  const lateMs = lateness(timers, timer);
  stop(timers, timer);
  if (timer >= <i32>TIMER_POINT) point(timer, lateMs);
  return true;
}

function lateness(timers: usize, timer: u32): u32 {
  return now() - load<u32>(timers + 4 + 4 * timer);
}

function fireServer(at: u32, part: u32): bool {
  const request = heartbeatOf(at);
  if (part === TIME_OUT_PART) {
    if (due(changetype<usize>(request), TIME_OUTS, now()) < 0) return false;
    heartbeatSilent(at);
    return true;
  }
  const timer = take(changetype<usize>(server(at)), ofPart(part, 0, SERVER_ENDS, 1 << TIMER_RETRY));
  if (timer >= 0) {
    serverTimer(at, timer);
    return true;
  }
  return part === SEND_PART && repeat(changetype<usize>(request));
}

function serverTimer(at: u32, timer: u32): void {
  switch (timer) {
    case TIMER_UNTIL:
      because(RULE_HOLD, 0, param(BACK_TO_PRIMARY_DELAY), 0);
      judge(at, UNTIL, 0, false);
      break;
    case TIMER_SUSPENDED:
      endSuspension(server(at));
      break;
    case TIMER_DECAY:
      decay(at);
      break;
    case TIMER_LAPSE:
      lapse(at);
      break;
    case TIMER_LONG_DOWN:
      server(at).longDown = 1;
      break;
    case TIMER_RETRY:
      retry(at);
      break;
    default: // TIMER_FLAP, TIMER_GRACE, TIMER_RETURN, TIMER_SETTLE: to have run out is all they say
      break;
  }
}

// A repeat due at the instant of its time-out is not sent: time-outs come first.
function repeat(request: usize): bool {
  if (due(request, REPEATS, now()) < 0) return false;
  stepRequest(changetype<Request>(request), REPEAT_DUE, now());
  return true;
}

function fireLine(index: u32, part: u32): bool {
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (fireBinding(index, s, part)) return true;
  }
  const timers = changetype<usize>(line(index));
  const timer = take(timers, ofPart(part, LINE_LIMITS, LINE_ENDS, LINE_DUES));
  if (timer < 0) return false;
  lineTimer(index, timer);
  return true;
}

function lineTimer(index: u32, timer: u32): void {
  const it = line(index);
  switch (timer) {
    case TIMER_LIMIT:
      if (it.asking !== NONE) timedOut(index, it.asking);
      break;
    case TIMER_LEASE:
      leaseOver(index);
      break;
    case TIMER_WAIT:
      changed();
      break;
    case TIMER_SPREAD:
      step(index, TURN);
      break;
    case TIMER_REFRESH:
      refresh(index);
      break;
    default: // TIMER_RETURN_LIMIT
      if (it.returning !== NONE) timedOut(index, it.returning);
      break;
  }
}

// RFC 3261 §10.3: the registrar has forgotten the binding by now.
function leaseOver(index: u32): void {
  const it = line(index);
  const at = it.served;
  binding(index, at).boundVersion = 0;
  because(RULE_LEASE, 0, it.grantedSeconds, 0);
  if (it.state === SERVED) lose(index);
  else release(index);
}

function fireBinding(index: u32, at: u32, part: u32): bool {
  const own = binding(index, at);
  const request = changetype<usize>(requestOf(own));
  if (part === TIME_OUT_PART) {
    if (due(request, TIME_OUTS, now()) < 0) return false;
    timedOut(index, at);
    return true;
  }
  const timer = take(changetype<usize>(own), ofPart(part, 0, BINDING_ENDS, BINDING_DUES));
  if (timer >= 0) {
    if (timer === <i32>TIMER_EXCLUDED) admit(index, at);
    else spacingOver(index, at, now());
    return true;
  }
  return part === SEND_PART && repeat(request);
}
