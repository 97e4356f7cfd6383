// The times that a phone's own clock gives: repeats, time-outs, refreshes, heartbeats. All in milliseconds.
//
// Every formula of this folder is made of these. Pure; the settings are the only input.

import type { Settings } from "../params/table.ts";

/** Settings of `registerTimeout` or `optionsTimeout` as a time: 0 is 64 times T1. RFC 3261 §17.1.2.2. */
export function timeoutMs(settings: Settings, name: "registerTimeout" | "optionsTimeout"): number {
  return settings[name] === 0 ? 64 * settings.t1 : settings[name];
}

/**
 * When a request is sent over UDP, counted from its first sending: at 0, T1, 3·T1, 7·T1 …, the gap doubling
 * up to T2. A repeat due at the instant of the time-out is not sent. RFC 3261 §17.1.2.2, timer E.
 */
export function sendings(settings: Settings, timeout: number): readonly number[] {
  const at = [0];
  let gap = settings.t1;
  for (let next = gap; next < timeout; next += gap) {
    at.push(next);
    gap = Math.min(2 * gap, settings.t2);
  }
  return at;
}

/** How long before it is given up a request is sent for the last time. */
export function unheardMs(settings: Settings, timeout: number, streams: boolean): number {
  return timeout - (streams ? 0 : lastSendingMs(settings, timeout));
}

function lastSendingMs(settings: Settings, timeout: number): number {
  return sendings(settings, timeout).at(-1) ?? 0;
}

/**
 * The longest time between two sendings to a server that answers none: from the last repeat to the next request,
 * or between two repeats.
 * @param streams nothing is repeated
 */
export function gapMs(settings: Settings, intervalMs: number, timeout: number, streams: boolean): number {
  const turn = unansweredIntervalMs(intervalMs, timeout);
  const sent = streams || timeout === 0 ? [0] : sendings(settings, timeout);
  return Math.max(...[...sent.slice(1), turn].map((at, before) => at - (sent[before] ?? 0)));
}

/**
 * When a binding is renewed, counted from the sending that was granted.
 * @param grantedSeconds what the server grants; more than was asked does not count
 */
export function refreshMs(settings: Settings, grantedSeconds = Infinity): number {
  const granted = 1000 * Math.min(settings.registerRefreshInterval, grantedSeconds);
  const share = (settings.refreshPercent * granted) / 100;
  const early = granted - timeoutMs(settings, "registerTimeout");
  return Math.max(Math.min(share, early), Math.min(share, granted / 2), settings.registerSpacing);
}

/** Interval of heartbeats to the serving server, the shortest that applies; 0: there are none. */
export function servingIntervalMs(settings: Settings): number {
  const intervals = [
    settings.primaryDetectInterval,
    settings.sipOptions ? settings.sipOptionsInterval : 0,
  ].filter((seconds) => seconds > 0);
  return intervals.length === 0 ? 0 : 1000 * Math.min(...intervals);
}

/** Interval of heartbeats to a server that is down, by which a recovery is noticed; 0: there are none. */
export function recoveryIntervalMs(settings: Settings): number {
  return 1000 * settings.primaryDetectInterval;
}

/** Time between two heartbeats that stay unanswered: points of the grid are skipped while one is pending. */
export function unansweredIntervalMs(intervalMs: number, timeout: number): number {
  return intervalMs * Math.max(1, Math.ceil(timeout / intervalMs));
}

/** How long a server must stay well before lines return to it. */
export function delayMs(settings: Settings): number {
  return settings.preferPrimary ? 0 : 1000 * settings.backToPrimaryDelay;
}
