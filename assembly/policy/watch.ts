// Which server gets a heartbeat and when, and what its answer or its silence means. DESIGN.md D11.
//
// One grid for all servers: its points are start + phase + k*interval for each interval in use.
// Below: policy/health, session/heartbeat. Above: policy/clock, policy/inbox.

import { EV_STANDBY_DOWN, RULE_HEARTBEAT } from "../abi";
import { between } from "../base/random";
import { param, paramMs } from "../base/settings";
import { lateMs } from "../base/timer";
import {
  BACKUP_DETECT_INTERVAL,
  DETECT_PHASE,
  DETECT_RETRY_INTERVAL,
  MAX_DETECT_FAIL_COUNT,
  PRIMARY_DETECT_INTERVAL,
  SIP_OPTIONS,
  SIP_OPTIONS_INTERVAL,
} from "../generated/params";
import { beat, GOOD_ANSWER, LOST_ANSWER, worth } from "../session/heartbeat";
import { NEWS_MOVED, OPENING, SHUT, server } from "../session/server";
import { SUSPECT } from "../session/states";
import {
  arm,
  left,
  leftOrNever,
  stop,
  T_BACKUP_POINT,
  T_OPTIONS_POINT,
  T_POINT,
  T_RETRY,
  timerOf,
} from "../session/timers";
import { FINAL, LIFE_OVER, step } from "../session/transaction";
import { message } from "../wire/scan";
import { becauseOf, tellServer } from "./decision";
import { heartbeatGood, heartbeatMissed, isOut } from "./health";
import { changed, phone } from "./state";
import { lowestServing, serves } from "./usage";

// detectPhase: the first point is one whole interval after the start.
const FIXED: u32 = 1;
/** No grid has this server. */
const NO_GRID: u32 = 0;

/** Lays the grids of the intervals in use; asks the backups when startupCheck wants it. */
export function startWatch(startupCheck: bool): void {
  layGrid(T_POINT);
  layGrid(T_BACKUP_POINT);
  layGrid(T_OPTIONS_POINT);
  if (!startupCheck) return;
  for (let s: u32 = 1; s < phone().servers; s++) beat(s, 1);
}

// The phase is drawn once for a device, so that a house full of phones does not ask in one millisecond.
function layGrid(grid: u32): void {
  const interval = intervalMs(grid);
  if (interval === 0) return;
  arm(grid, 0, param(DETECT_PHASE) === FIXED ? interval : between(1, interval));
}

/** Interval of a grid, ms; 0: not in use. */
function intervalMs(grid: u32): u32 {
  if (grid === T_POINT) return paramMs(PRIMARY_DETECT_INTERVAL);
  if (grid === T_OPTIONS_POINT) return param(SIP_OPTIONS) !== 0 ? paramMs(SIP_OPTIONS_INTERVAL) : 0;
  return param(PRIMARY_DETECT_INTERVAL) !== 0 ? paramMs(BACKUP_DETECT_INTERVAL) : 0;
}

/** A point of `grid`, maybe a while ago: asks every server that belongs to it. The grid does not move. */
export function point(grid: u32): void {
  const interval = intervalMs(grid);
  arm(grid, 0, interval - (<u32>lateMs(timerOf(grid, 0)) % interval));
  if (phone().linked === 0) return;
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (gridOf(s) === grid) ask(s);
  }
}

function ask(at: u32): void {
  stop(T_RETRY, at);
  beat(at, 0);
}

/** The grid a server belongs to now: the shortest interval that applies to it, NO_GRID: none. */
function gridOf(at: u32): u32 {
  const detect = paramMs(PRIMARY_DETECT_INTERVAL);
  let grid = NO_GRID;
  if (detect !== 0) {
    const lowest = lowestServing();
    if (lowest < 0 || <i32>at <= lowest || isOut(at)) grid = T_POINT;
    else if (param(BACKUP_DETECT_INTERVAL) !== 0) grid = T_BACKUP_POINT;
  }
  if (param(SIP_OPTIONS) === 0 || !serves(at)) return grid;
  const shorter = grid === NO_GRID || paramMs(SIP_OPTIONS_INTERVAL) < intervalMs(grid);
  return shorter ? T_OPTIONS_POINT : grid;
}

/** Ms until the next heartbeat to `at`, NO_NUMBER: none is planned. */
export function nextHeartbeatMs(at: u32): u32 {
  const grid = gridOf(at);
  const retryMs = leftOrNever(T_RETRY, at);
  return grid === NO_GRID ? retryMs : min(retryMs, left(grid, 0));
}

/** T_RETRY: a suspected server is asked again before the next point. */
export function retry(at: u32): void {
  if (server(at).health === SUSPECT && phone().linked !== 0) beat(at, 0);
}

/** Takes the final answer to a heartbeat, just read. */
export function heartbeatAnswered(at: u32): void {
  const status = message().status;
  step(server(at), FINAL);
  if (status >= 300 && status < 400 && serves(at)) {
    server(at).news |= NEWS_MOVED;
    changed();
  }
  becauseOf(RULE_HEARTBEAT, status, 0, param(MAX_DETECT_FAIL_COUNT));
  const value = worth(status);
  if (value === GOOD_ANSWER) heartbeatGood(at);
  else if (value === LOST_ANSWER) lost(at, status);
}

/** T_GIVE_UP of a heartbeat, or its transport failed. */
export function heartbeatSilent(at: u32): void {
  const it = server(at);
  step(it, LIFE_OVER);
  if (it.flow === OPENING) it.flow = SHUT; // it had its time
  lost(at, 0);
}

function lost(at: u32, status: u32): void {
  const it = server(at);
  becauseOf(RULE_HEARTBEAT, status, <u32>it.misses + 1, param(MAX_DETECT_FAIL_COUNT));
  if (it.startup !== 0) tellServer(EV_STANDBY_DOWN, at);
  heartbeatMissed(at, status);
  const interval = paramMs(DETECT_RETRY_INTERVAL);
  if (interval === 0 || it.health !== SUSPECT || it.misses === 0) return;
  arm(T_RETRY, at, interval);
}
