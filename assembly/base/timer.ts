// The timers of one owner: a bit and a deadline each, and one next wake-up for all.
//
// Moments are host milliseconds, a u32 that wraps every 49.7 days, so deadlines compare by the sign
// of their distance: a delay stays below 2^31 ms, and a timer may be asked up to 2^31 ms too late.

/** Up to 32 timers of one owner. TIMERS_HEAD + 4 bytes per timer. */
@unmanaged
export class Timers {
  /** Bit n: timer n runs. */
  armed: u32;
  // u32 deadlines follow, host ms: see deadline()
}

/** Bytes before the first deadline. */
export const TIMERS_HEAD: u32 = offsetof<Timers>();

/** Starts `timer`, or moves it. `delayMs` below 2^31. */
export function arm(timers: usize, timer: u32, now: u32, delayMs: u32): void {
  assert(timer < 32);
  assert(<i32>delayMs >= 0);
  store<u32>(deadline(timers, timer), now + delayMs);
  changetype<Timers>(timers).armed |= 1 << timer;
}

/** Ends `timer`; one that does not run stays so. */
export function stop(timers: usize, timer: u32): void {
  changetype<Timers>(timers).armed &= ~(1 << timer);
}

export function isArmed(timers: usize, timer: u32): bool {
  return ((changetype<Timers>(timers).armed >> timer) & 1) !== 0;
}

/** Whether `timer` runs and its moment has come. */
export function isDue(timers: usize, timer: u32, now: u32): bool {
  return isArmed(timers, timer) && left(timers, timer, now) === 0;
}

/** Milliseconds until the moment of `timer`, 0 when it has come. Says nothing of a timer that does not run. */
export function left(timers: usize, timer: u32, now: u32): u32 {
  return <u32>max(<i32>(load<u32>(deadline(timers, timer)) - now), 0);
}

/** The lowest timer of `mask` that is due, -1 when none is. It keeps running: the owner stops or moves it. */
export function due(timers: usize, mask: u32, now: u32): i32 {
  for (let rest = changetype<Timers>(timers).armed & mask; rest !== 0; rest &= rest - 1) {
    const timer = ctz(rest);
    if (left(timers, timer, now) === 0) return <i32>timer;
  }
  return -1;
}

/** The shortest of `bestMs` and the time left of each running timer. */
export function soonest(timers: usize, now: u32, bestMs: u32): u32 {
  for (let rest = changetype<Timers>(timers).armed; rest !== 0; rest &= rest - 1) {
    bestMs = min(bestMs, left(timers, ctz(rest), now));
  }
  return bestMs;
}

function deadline(timers: usize, timer: u32): usize {
  return timers + TIMERS_HEAD + (timer << 2);
}
