// Time, and every timer of the module in one list: a deadline and a mark for each, one next wake-up.
//
// Moments are host milliseconds, a u32 that wraps every 49.7 days, so deadlines compare by the sign of
// their distance: a delay stays below 2^31 ms. A timer has a number; those with a lower one fire first
// when several are due. Whose timers they are is known above, in session/timers.

import { CLOCK, TIMERS, TIMERS_COUNT } from "./memory";

const DEADLINES: usize = TIMERS;
const MARKS: usize = TIMERS + 4 * TIMERS_COUNT; // one byte each: 1, the timer runs

/** Host time of the call under way, ms. */
export function now(): u32 {
  return load<u32>(CLOCK);
}

/** Sets the time; behind the last one it counts as no time passed. */
export function pass(time: u32): void {
  if (<i32>(time - now()) > 0) store<u32>(CLOCK, time);
}

/** Sets the time of a first call, whatever it is. */
export function setTime(time: u32): void {
  store<u32>(CLOCK, time);
}

/** Starts timer `n`, or moves it. `delayMs` below 2^31. */
export function arm(n: u32, delayMs: u32): void {
  assert(n < TIMERS_COUNT && <i32>delayMs >= 0);
  store<u32>(DEADLINES + (n << 2), now() + delayMs);
  store<u8>(MARKS + n, 1);
}

/** Ends timer `n`; one that does not run stays so. */
export function stop(n: u32): void {
  store<u8>(MARKS + n, 0);
}

/** Does timer `n` run? */
export function isArmed(n: u32): bool {
  return load<u8>(MARKS + n) !== 0;
}

/** Ms until timer `n` is due, 0 when it is, or when it does not run. */
export function left(n: u32): u32 {
  return isArmed(n) ? max(-lateMs(n), 0) : 0;
}

/** Ms since timer `n` was due; negative: it is not yet. */
export function lateMs(n: u32): i32 {
  return <i32>(now() - load<u32>(DEADLINES + (n << 2)));
}

/** The first timer that is due, -1: none. It keeps running: whoever takes it stops or moves it. */
export function firstDue(): i32 {
  for (let n = running(0); n < TIMERS_COUNT; n = running(n + 1)) {
    if (lateMs(n) >= 0) return n;
  }
  return -1;
}

/** Ms until the next timer is due, 2^32-1: none runs. */
export function nextMs(): u32 {
  let best: u32 = -1;
  for (let n = running(0); n < TIMERS_COUNT; n = running(n + 1)) best = min(best, left(n));
  return best;
}

// The first timer from `n` on that runs. Most do not, so eight marks are looked at together.
function running(n: u32): u32 {
  while (n < TIMERS_COUNT && !isArmed(n)) n += load<u64>(MARKS + n) === 0 ? 8 : 1;
  return n;
}

/** Ends every timer. */
export function stopAll(): void {
  memory.fill(MARKS, 0, TIMERS_COUNT);
}
