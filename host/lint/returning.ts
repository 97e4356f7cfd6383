// How soon a line is back on a better server that recovered, at worst. All in milliseconds; the formulas stand
// in README.md.
//
// Below: clock.ts. Above: promises.ts.

import type { Settings } from "../params/table.ts";
import {
  delayMs,
  gapMs,
  recoveryIntervalMs,
  servingIntervalMs,
  timeoutMs,
  unansweredIntervalMs,
  unheardMs,
} from "./clock.ts";

/** What a return depends on beside the settings. */
export interface Way {
  /** Servers behind the primary and the first backup. */
  readonly further: number;
  /** Time that those take on the way to the backup that serves, ms. */
  readonly furtherMs: number;
  /** From a grant to its refresh, ms. */
  readonly refresh: number;
  /** Addresses of the server; it may recover at one of them only. */
  readonly targets: number;
  readonly rttMs: number;
  readonly streams: boolean;
}

/** How the server was gone, and when it came back. */
export type Kind =
  /** It was silent, and recovered after it counted as down. */
  | "silent"
  /** It was silent, and recovered between its last chance and the verdict. */
  | "early"
  /** It refused what was sent: that is not repeated, so no repeat finds it sooner. */
  | "refused";

/** Found by heartbeats, where there are any, else by a REGISTER beside each refresh. */
export function backMs(settings: Settings, kind: Kind, way: Way): number {
  return recoveryIntervalMs(settings) === 0
    ? byRefreshMs(settings, kind, way)
    : byBeatsMs(settings, kind, way);
}

function byBeatsMs(settings: Settings, kind: Kind, way: Way): number {
  const interval = recoveryIntervalMs(settings);
  const timeout = kind === "refused" ? 0 : timeoutMs(settings, "optionsTimeout");
  const further = (way.targets - 1) * unansweredIntervalMs(interval, timeout);
  const more = (settings.recoverCount - 1) * interval;
  return firstBeatMs(settings, kind, way) + further + more + delayMs(settings) + 3 * way.rttMs;
}

/** From the recovery to the first heartbeat whose answer counts. */
function firstBeatMs(settings: Settings, kind: Kind, { streams }: Way): number {
  const interval = recoveryIntervalMs(settings);
  if (kind === "refused") return interval;
  const timeout = timeoutMs(settings, "optionsTimeout");
  const unheard = gapMs(settings, interval, timeout, streams);
  const isOffGrid = settings.detectRetryInterval > 0 || servingIntervalMs(settings) < interval;
  if (kind === "silent") return Math.max(unheard, isOffGrid ? interval : 0);
  // One that is answered before the verdict is forgotten with it: the next one is a whole interval later.
  const heartbeat = isOffGrid ? unheardMs(settings, timeout, streams) : 0;
  const register = unheardMs(settings, timeoutMs(settings, "registerTimeout"), streams);
  return Math.max(unheard, interval + Math.max(heartbeat, register));
}

/** Without heartbeats a REGISTER beside each refresh asks one better server, in turn. */
export function byRefreshMs(settings: Settings, kind: Kind, way: Way): number {
  const { further, furtherMs, rttMs, streams, targets } = way;
  const timeout = kind === "refused" ? 0 : timeoutMs(settings, "registerTimeout");
  const period = way.refresh + rttMs; // it counts from the sending that was granted, a challenge later
  const unheard = kind === "refused" ? 0 : unheardMs(settings, timeout, streams);
  const turn = unansweredIntervalMs(period, timeout);
  const first = Math.max(
    unheard + firstTryMs(settings, period, rttMs),
    gapMs(settings, period, timeout, streams),
  );
  return first + Math.max(furtherMs, (further + targets - 1) * turn) + 2 * rttMs;
}

/** From the verdict to the first refresh at the backup that is not before the end of the delay. */
function firstTryMs(settings: Settings, period: number, rttMs: number): number {
  const delay = delayMs(settings);
  const bound = 1000 * settings.failoverSpread + rttMs;
  const refreshes = Math.ceil(delay / period);
  return Math.max(bound + period, Math.min(delay + period, bound + refreshes * period));
}
