// Flap damping of moves back, after RFC 2439 §4: a penalty per server that grows with each bad return
// and halves with time. It delays failback only: never failover, never service. DESIGN.md D14.
//
// Below: session/server. Above: policy/health, policy/returning.

import { param, paramMs } from "../base/settings";
import { lateMs } from "../base/timer";
import {
  FLAP_DAMPING,
  FLAP_HALF_LIFE,
  FLAP_MAX_SUPPRESS,
  FLAP_PENALTY,
  FLAP_REUSE,
  FLAP_SUPPRESS,
  FLAP_WINDOW,
} from "../generated/params";
import { server } from "../session/server";
import { arm, isArmed, stop, T_DECAY, T_FLAP, T_SUSPENDED, timerOf } from "../session/timers";
import { changed } from "./state";

/** True while moves back to `at` are suspended. */
export function isSuspended(at: u32): bool {
  return isArmed(T_SUSPENDED, at);
}

/** A line moved back to `at` of its own accord: a fall from now on counts as flapping for a while. */
export function movedBack(at: u32): void {
  const windowMs = paramMs(FLAP_WINDOW);
  if (windowMs !== 0) arm(T_FLAP, at, windowMs);
}

/** `at` went DOWN or COOLING; `failedReturn`: an attempt to move back there made it so. */
export function fell(at: u32, failedReturn: bool): void {
  const it = server(at);
  if (!failedReturn && !isArmed(T_FLAP, at)) return;
  stop(T_FLAP, at);
  if (param(FLAP_DAMPING) === 0) return;
  if (it.penalty === 0) arm(T_DECAY, at, paramMs(FLAP_HALF_LIFE));
  it.penalty += param(FLAP_PENALTY);
  if (it.penalty > param(FLAP_SUPPRESS) && !isSuspended(at)) {
    arm(T_SUSPENDED, at, paramMs(FLAP_MAX_SUPPRESS));
  }
}

/** T_DECAY, maybe a while ago: the penalty halves; below the reuse limit the suspension ends. */
export function decay(at: u32): void {
  const it = server(at);
  const lifeMs = paramMs(FLAP_HALF_LIFE);
  const late = <u32>lateMs(timerOf(T_DECAY, at));
  it.penalty >>= min(1 + late / lifeMs, 31);
  if (it.penalty !== 0) arm(T_DECAY, at, lifeMs - (late % lifeMs));
  if (it.penalty < param(FLAP_REUSE)) endSuspension(at);
}

/** T_SUSPENDED, or the penalty is low enough: lines may move back again. */
export function endSuspension(at: u32): void {
  stop(T_SUSPENDED, at);
  changed();
}

/** A command forgives what was. */
export function pardon(at: u32): void {
  server(at).penalty = 0;
  stop(T_DECAY, at);
  stop(T_FLAP, at);
  endSuspension(at);
}
