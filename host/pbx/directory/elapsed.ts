// How much time has passed since something was written down, though clocks were set and machines booted in between.
//
// Within one boot the uptime says it, whatever happened to the time of day. Over a boot only the time of day is left, and
// it counts when both of its readings can be true. A machine without a battery starts in 1970 until somebody tells it the
// time; then nothing is known, and that is told apart from "no time". Above: host/node/pair/store.ts.

/** A moment as one machine knew it. */
export interface Stamp {
  /** Time of day, ms since 1970; may be wrong. */
  readonly wallMs: number;
  /** Since the machine was booted, ms, with the time it was suspended. */
  readonly uptimeMs: number;
  /** Names the boot; two boots never have one name. "": the machine does not tell. */
  readonly boot: string;
}

/** A machine that shows a time before this was never told the time: 2024-01-01 00:00 UTC. */
const EARLIEST_WALL_MS = 1_704_067_200_000;

/** ms from `written` to `now`, 0 or more; undefined: nobody knows. */
export function elapsedMs(written: Stamp, now: Stamp): number | undefined {
  if (written.boot !== "" && written.boot === now.boot) return Math.max(0, now.uptimeMs - written.uptimeMs);
  const isTold = written.wallMs >= EARLIEST_WALL_MS && now.wallMs >= written.wallMs;
  return isTold ? now.wallMs - written.wallMs : undefined;
}

/**
 * What is left of a time that had `leftMs` to go when it was written.
 *
 * A binding of which nothing is known keeps all of it: held too long it costs a call that rings nowhere until it lapses,
 * dropped too early it costs a phone that believes it can be called. It is never more than there was.
 * @returns ms, 0 or more
 */
export function leftOf(leftMs: number, written: Stamp, now: Stamp): number {
  return Math.max(0, leftMs - (elapsedMs(written, now) ?? 0));
}
