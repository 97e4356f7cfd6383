// What is known of a server, once, whatever the number of lines. DESIGN.md D10.
//
// Heartbeats and REGISTERs are judged into inputs; the table says what follows. The lines hear of it
// through Server.news. Below: policy/damping, policy/usage. Above: policy/watch, policy/attempt.

import {
  EV_FAILBACK_SCHEDULED,
  EV_SERVER_COOLING,
  EV_SERVER_DOWN,
  EV_SERVER_HOLDING,
  EV_SERVER_SUSPECT,
  EV_SERVER_UP,
  RULE_HEARTBEAT,
  RULE_HOLD,
} from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { LINES } from "../base/limits";
import { action, END, next, row } from "../base/machine";
import { param, paramMs } from "../base/settings";
import { now } from "../base/timer";
import {
  BACK_TO_PRIMARY_DELAY,
  MAX_DETECT_FAIL_COUNT,
  PREFER_PRIMARY,
  PRIMARY_DETECT_INTERVAL,
  RECOVER_COUNT,
  RETRY_AFTER_MAX,
  RETRY_AFTER_MIN,
} from "../generated/params";
import { isServed, line } from "../session/account";
import { NEWS_COOLED, NEWS_FELL, NEWS_RECHECK, server } from "../session/server";
import { COOLING, DOWN, HOLDING, SUSPECT, UNKNOWN, UP } from "../session/states";
import { arm, isArmed, stop, T_GRACE, T_LAPSE, T_LONG_DOWN, T_RETURN, T_UNTIL } from "../session/timers";
import { fell } from "./damping";
import { because, becauseOf, tell, tellServer } from "./decision";
import { advance, turn } from "./flow";
import { changed } from "./state";
import { isUsedBelow, lowestServing } from "./usage";

// Inputs.
export const GOOD: u8 = 0; //      a good word that is no recovery
export const RECOVERED: u8 = 1; // enough good heartbeats in a row, no hold needed
export const RETURNED: u8 = 2; //  the same, with a back-to-primary delay to wait
export const BOUND: u8 = 3; //     2xx to a REGISTER
export const MISS: u8 = 4; //      a heartbeat lost, not yet one too many
export const LOST: u8 = 5; //      one too many
export const DEAF: u8 = 6; //      one too many, at a server that never answered one
export const FAIL: u8 = 7; //      a REGISTER failed
export const BUSY: u8 = 8; //      503 with Retry-After to a REGISTER
export const UNTIL: u8 = 9; //     the hold or the cooling is over
export const LAPSE: u8 = 10; //    what was heard is too old to count

// Actions.
const RISE: u8 = 0;
const DOUBT: u8 = 1;
const FALL: u8 = 2;
const COOL: u8 = 3;
const HOLD: u8 = 4;
const RECHECK: u8 = 5;
const THAW: u8 = 6;
const FORGET: u8 = 7;

// biome-ignore format: a row, a line
export const TABLE: usize = memory.data<u8>([
  // state     input      action   next        DESIGN.md D10
  UNKNOWN,     GOOD,      RISE,    UP,
  UNKNOWN,     BOUND,     RISE,    UP,
  UNKNOWN,     MISS,      DOUBT,   SUSPECT,
  UNKNOWN,     LOST,      FALL,    DOWN,
  UNKNOWN,     DEAF,      RECHECK, SUSPECT,
  UNKNOWN,     FAIL,      FALL,    DOWN,
  UNKNOWN,     BUSY,      COOL,    COOLING, // RFC 3261 §21.5.4
  UP,          MISS,      DOUBT,   SUSPECT,
  UP,          LOST,      FALL,    DOWN,
  UP,          DEAF,      RECHECK, SUSPECT,
  UP,          FAIL,      FALL,    DOWN,
  UP,          BUSY,      COOL,    COOLING,
  SUSPECT,     GOOD,      RISE,    UP,
  SUSPECT,     BOUND,     RISE,    UP,
  SUSPECT,     MISS,      DOUBT,   SUSPECT,
  SUSPECT,     LOST,      FALL,    DOWN,
  SUSPECT,     DEAF,      RECHECK, SUSPECT,
  SUSPECT,     FAIL,      FALL,    DOWN,
  SUSPECT,     BUSY,      COOL,    COOLING,
  DOWN,        RECOVERED, RISE,    UP,
  DOWN,        RETURNED,  HOLD,    HOLDING,
  DOWN,        BOUND,     RISE,    UP,
  DOWN,        BUSY,      COOL,    COOLING,
  DOWN,        LAPSE,     FORGET,  UNKNOWN,
  HOLDING,     RECOVERED, RISE,    UP, //      the outage was on our side
  HOLDING,     BOUND,     RISE,    UP, //      taken into use as the last resort
  HOLDING,     LOST,      FALL,    DOWN,
  HOLDING,     FAIL,      FALL,    DOWN,
  HOLDING,     BUSY,      COOL,    COOLING,
  HOLDING,     UNTIL,     RISE,    UP,
  COOLING,     UNTIL,     THAW,    DOWN, //    attempts there ended with its fall: nothing else comes
  END,
]);

const LAPSE_MS: u32 = 300_000;
const LONG_DOWN_MS: u32 = 3_600_000;
const OUT_OF_TURN_MAX: u8 = 3;

/** Moves server `at` by one row of TABLE; what has no row changes nothing. */
export function judge(at: u32, input: u32, retryAfterSeconds: u32, failedReturn: bool): void {
  const it = server(at);
  const found = row(TABLE, it.health, input);
  if (!found) return;
  leave(at);
  if (it.health === DOWN) it.backAt = now();
  it.health = <u8>next(found);
  changed();
  switch (action(found)) {
    case RISE:
      tellServer(EV_SERVER_UP, at);
      break;
    case DOUBT:
      tellServer(EV_SERVER_SUSPECT, at);
      break;
    case FALL:
      enterDown(at);
      tellFall(at, EV_SERVER_DOWN, failedReturn);
      break;
    case COOL:
      arm(T_UNTIL, at, 1000 * coolSeconds(retryAfterSeconds));
      tellFall(at, EV_SERVER_COOLING, failedReturn);
      break;
    case HOLD:
      hold(at);
      break;
    case RECHECK:
      it.news |= NEWS_RECHECK;
      break;
    case THAW:
      enterDown(at);
      it.news |= NEWS_COOLED;
      break;
  }
}

// The timers of a state end with it.
function leave(at: u32): void {
  stop(T_UNTIL, at);
  stop(T_LAPSE, at);
  stop(T_LONG_DOWN, at);
  stop(T_RETURN, at);
  server(at).longDown = 0;
}

function enterDown(at: u32): void {
  const it = server(at);
  it.misses = 0;
  it.goods = 0;
  arm(T_LAPSE, at, LAPSE_MS);
  arm(T_LONG_DOWN, at, LONG_DOWN_MS);
  const delayMs = returnDelayMs();
  if (delayMs !== 0) arm(T_RETURN, at, delayMs);
}

function tellFall(at: u32, event: i32, failedReturn: bool): void {
  fell(at, failedReturn);
  server(at).news |= NEWS_FELL;
  tellServer(event, at);
}

// Every line served below will return when the hold ends.
function hold(at: u32): void {
  because(RULE_HOLD, param(BACK_TO_PRIMARY_DELAY), 0);
  arm(T_UNTIL, at, paramMs(BACK_TO_PRIMARY_DELAY));
  tellServer(EV_SERVER_HOLDING, at);
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    if (isServed(it) && <u32>it.served > at) tell(EV_FAILBACK_SCHEDULED, i, at);
  }
}

function coolSeconds(retryAfter: u32): u32 {
  return min(max(retryAfter, param(RETRY_AFTER_MIN)), param(RETRY_AFTER_MAX));
}

/** The back-to-primary delay in force, ms; 0 when the primary is preferred. */
export function returnDelayMs(): u32 {
  return param(PREFER_PRIMARY) !== 0 ? 0 : paramMs(BACK_TO_PRIMARY_DELAY);
}

/** DOWN or COOLING: not to be used while another may serve. */
export function isOut(at: u32): bool {
  const health = server(at).health;
  return health === DOWN || health === COOLING;
}

/** A heartbeat was answered well. */
export function heartbeatGood(at: u32): void {
  const it = server(at);
  it.misses = 0;
  it.spent = 0;
  it.resent = 0;
  it.heard = 1;
  if (it.health === DOWN) {
    it.goods++;
    if (<u32>it.goods >= param(RECOVER_COUNT) || isArmed(T_GRACE, at)) recover(at);
  } else {
    judge(at, it.health === HOLDING && isArmed(T_GRACE, at) ? RECOVERED : GOOD, 0, false);
  }
}

// Nobody in service: a server that answers heartbeats but no REGISTER is asked out of turn three times.
function recover(at: u32): void {
  const it = server(at);
  it.goods--; // counts up to recoverCount again
  if (lowestServing() < 0) {
    if (it.outOfTurn >= OUT_OF_TURN_MAX) return;
    it.outOfTurn++;
  }
  const hold = returnDelayMs() !== 0 && !isArmed(T_GRACE, at) && isUsedBelow(at);
  judge(at, hold ? RETURNED : RECOVERED, 0, false);
}

/** A heartbeat was lost, or refused with `status`. */
export function heartbeatMissed(at: u32, status: u32): void {
  const it = server(at);
  it.goods = 0;
  it.outOfTurn = 0;
  if (isOut(at)) {
    if (status === 0) turn(at);
    return;
  }
  const allowed = param(MAX_DETECT_FAIL_COUNT);
  it.misses++;
  becauseOf(RULE_HEARTBEAT, status, it.misses, allowed);
  let input = MISS;
  if (<u32>it.misses > allowed) {
    it.misses = 0;
    if (it.heard === 0) input = DEAF;
    else if (!advance(at)) input = LOST;
  }
  judge(at, input, 0, false);
}

/** A REGISTER was answered 2xx. */
export function registerBound(at: u32): void {
  const it = server(at);
  if (it.health === DOWN) it.heard = 0; // it serves, and yet was thought dead: heartbeats prove little
  it.misses = 0;
  it.outOfTurn = 0;
  it.resent = 0;
  judge(at, BOUND, 0, false);
}

/** A REGISTER was answered by a server that works. */
export function registerGood(at: u32): void {
  const it = server(at);
  it.misses = 0;
  judge(at, GOOD, 0, false);
}

/** A REGISTER failed; `retryAfter` s, NO_NUMBER: none given. */
export function registerFailed(at: u32, retryAfter: u32, failedReturn: bool): void {
  judge(at, retryAfter === NO_NUMBER ? FAIL : BUSY, retryAfter, failedReturn);
}

/** Do heartbeats say nothing of this server, so that only a REGISTER can find it again? */
export function isSlow(at: u32): bool {
  const it = server(at);
  return param(PRIMARY_DETECT_INTERVAL) === 0 || it.heard === 0 || it.longDown !== 0;
}

/** T_LAPSE: an idle backup that only a REGISTER could find is forgotten while somebody is in service. */
export function lapse(at: u32): void {
  const lowest = lowestServing();
  if (isSlow(at) && lowest >= 0 && <i32>at > lowest) judge(at, LAPSE, 0, false);
  else arm(T_LAPSE, at, LAPSE_MS);
}
