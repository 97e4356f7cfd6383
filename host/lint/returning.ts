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
  const isAsked = recoveryIntervalMs(settings) > 0;
  const back = isAsked ? byBeatsMs(settings, kind, way) : byRefreshMs(settings, kind, way);
  return Math.max(back, settings.registerSpacing + 2 * way.rttMs); // the last attempt there may be as recent
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
  const registerTimeout = timeoutMs(settings, "registerTimeout");
  // Beside the grid a heartbeat may still be waited for when a point comes: that one is passed.
  const isOffGrid = settings.detectRetryInterval > 0 || servingIntervalMs(settings) < interval;
  const waited = isOffGrid ? unheardMs(settings, timeout, streams) : -registerTimeout;
  const late = Math.max(gapMs(settings, interval, timeout, streams), interval + waited);
  if (kind === "silent") return late;
  // One that is answered before the verdict is forgotten with it: the next one is a whole interval later.
  return Math.max(late, interval + unheardMs(settings, registerTimeout, streams));
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
