// Flap damping of moves back, after RFC 2439 §4: a penalty per server that grows with each bad return
// and halves with time. It delays failback only: never failover, never service.
//
// Below: session/server. Above: policy/health, policy/returning.

import { param, paramMs } from "../base/settings";
import { arm, isArmed, stop } from "../base/timer";
import {
  FLAP_DAMPING,
  FLAP_HALF_LIFE,
  FLAP_MAX_SUPPRESS,
  FLAP_PENALTY,
  FLAP_REUSE,
  FLAP_SUPPRESS,
  FLAP_WINDOW,
} from "../generated/params";
import { Server, server, TIMER_DECAY, TIMER_FLAP, TIMER_SUSPENDED } from "../session/server";
import { changed, now } from "./state";

/** True while moves back to `at` are suspended. */
export function isSuspended(at: u32): bool {
  return isArmed(changetype<usize>(server(at)), TIMER_SUSPENDED);
}

/** A line moved back to `at` of its own accord: a fall from now on counts as flapping for a while. */
export function movedBack(at: u32): void {
  const window = paramMs(FLAP_WINDOW);
  if (window !== 0) arm(changetype<usize>(server(at)), TIMER_FLAP, now(), window);
}

/** `at` went DOWN or COOLING; `failedReturn`: an attempt to move back there made it so. */
export function fell(at: u32, failedReturn: bool): void {
  const it = server(at);
  const timers = changetype<usize>(it);
  if (!failedReturn && !isArmed(timers, TIMER_FLAP)) return;
  stop(timers, TIMER_FLAP);
  if (param(FLAP_DAMPING) === 0) return;
  if (it.penalty === 0) arm(timers, TIMER_DECAY, now(), paramMs(FLAP_HALF_LIFE));
  it.penalty += param(FLAP_PENALTY);
  if (it.penalty > param(FLAP_SUPPRESS) && !isSuspended(at)) {
    arm(timers, TIMER_SUSPENDED, now(), paramMs(FLAP_MAX_SUPPRESS));
  }
}

/** TIMER_DECAY: the penalty halves; below the reuse limit the suspension ends. */
export function decay(at: u32): void {
  const it = server(at);
  it.penalty >>= 1;
  if (it.penalty !== 0) arm(changetype<usize>(it), TIMER_DECAY, now(), paramMs(FLAP_HALF_LIFE));
  if (it.penalty < param(FLAP_REUSE)) endSuspension(it);
}

/** TIMER_SUSPENDED, or the penalty is low enough: lines may move back again. */
export function endSuspension(it: Server): void {
  stop(changetype<usize>(it), TIMER_SUSPENDED);
  changed();
}

/** A command forgives what was. */
export function pardon(at: u32): void {
  const it = server(at);
  it.penalty = 0;
  stop(changetype<usize>(it), TIMER_DECAY);
  stop(changetype<usize>(it), TIMER_FLAP);
  endSuspension(it);
}
