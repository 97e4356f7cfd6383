// How soon a server that died counts as down, at worst. All in milliseconds; the formulas stand in README.md.
//
// Below: clock.ts. Above: promises.ts.

import type { Settings } from "../params/table.ts";
import { servingIntervalMs, timeoutMs } from "./clock.ts";

/**
 * Detection by heartbeats alone: the server dies just behind one that it answered. With
 * `detectRetryInterval` a miss is followed sooner than by the next point of the grid.
 * @param timeout how long one is waited for, 0: it is refused at once
 * @returns Infinity when there are no heartbeats
 */
export function byHeartbeatMs(settings: Settings, timeout = timeoutMs(settings, "optionsTimeout")): number {
  const interval = servingIntervalMs(settings);
  if (interval === 0) return Infinity;
  const retry = 1000 * settings.detectRetryInterval;
  let sentAt = interval;
  for (let miss = 0; miss < settings.maxDetectFailCount; miss++) {
    const point = Math.ceil((sentAt + Math.max(timeout, 1)) / interval) * interval;
    sentAt = retry > 0 ? Math.min(sentAt + timeout + retry, point) : point;
  }
  return sentAt + timeout;
}

/** What detection depends on beside the settings. */
export interface Fall {
  /** From a grant to its refresh, ms. */
  readonly refresh: number;
  /** Addresses of the server: each has a time-out of its own (RFC 3263 §4.3), one that refuses needs none. */
  readonly targets: number;
}

/** It falls silent. */
export function detectSilentMs(settings: Settings, { refresh, targets }: Fall): number {
  const timeout = timeoutMs(settings, "registerTimeout");
  const further = (targets - 1) * timeout;
  return Math.min(refresh + timeout, hurried(settings, byHeartbeatMs(settings), targets)) + further;
}

/** It refuses what is sent. */
export function detectRefusedMs(settings: Settings, { refresh, targets }: Fall): number {
  return Math.min(refresh, hurried(settings, byHeartbeatMs(settings, 0), targets));
}

/** It falls silent, and has never answered a heartbeat: too many misses only hurry the refresh that decides. */
export function detectColdMs(settings: Settings, { refresh, targets }: Fall): number {
  const heartbeat = Math.max(byHeartbeatMs(settings), settings.registerSpacing);
  return Math.min(refresh, heartbeat) + targets * timeoutMs(settings, "registerTimeout");
}

/**
 * Its connection breaks, as that of a program that ends: the lines register again at once, over a connection
 * that is refused. One that stood for less than two minutes may be opened later: RFC 5626 §4.5.
 */
export function detectLostMs(settings: Settings, { refresh }: Fall): number {
  return Math.min(refresh, settings.registerSpacing);
}

// Lost heartbeats of a server with several addresses make a line ask at the next one, which is spaced.
function hurried(settings: Settings, heartbeat: number, targets: number): number {
  return targets > 1 ? Math.max(heartbeat, settings.registerSpacing) : heartbeat;
}
