// What a configuration promises: how soon a dead primary is noticed, how soon service is back, and where.
//
// Worst cases in milliseconds, for servers that behave like registrars. The simulator holds the core to them,
// the demonstration prints them beside what it measured. The formulas stand in README.md of this folder.

import type { PhoneConfig } from "../config/model.ts";
import type { Settings } from "../params/table.ts";
import {
  delayMs,
  lastSendingMs,
  recoveryIntervalMs,
  refreshMs,
  servingIntervalMs,
  timeoutMs,
  unansweredIntervalMs,
} from "./clock.ts";

export interface Circumstances {
  /** From a request to its answer, 0 when not known. */
  readonly rttMs?: number;
  /** What the servers grant, where it is less than is asked. */
  readonly grantedSeconds?: number;
  /** A server is reached over TCP or TLS, where nothing is repeated. RFC 3261 §17.1.2.2. */
  readonly streams?: boolean;
}

export interface Promises {
  /** From the death of the serving server, which falls silent, until it counts as down. */
  readonly detectMs: number;
  /** The same when it refuses instead (ICMP, connection refused): no time-out has to pass. */
  readonly detectRefusedMs: number;
  /** The same before the server has answered its first heartbeat. */
  readonly detectColdMs: number;
  /** From its death until the line is in service on a backup; null: there is none. */
  readonly serviceMs: number | null;
  /** From its recovery until an idle line is back, without damping; null: there is no backup to return from. */
  readonly returnMs: number | null;
  /** The same when it refused meanwhile: what is refused is not repeated, so no repeat finds it sooner. */
  readonly returnRefusedMs: number | null;
  /** What damping may add to that. */
  readonly dampingMs: number;
}

/** The promises of a whole configuration. */
export function promisesOf(config: PhoneConfig, circumstances: Circumstances = {}): Promises {
  const { settings, servers } = config;
  const streams = servers.some(({ transport }) => transport !== "udp");
  return promises(settings, servers.length, { streams, ...circumstances });
}

/** @param servers how many the set has, 1..4 */
export function promises(settings: Settings, servers: number, circumstances: Circumstances = {}): Promises {
  const { rttMs = 0, grantedSeconds, streams = false } = circumstances;
  const refresh = refreshMs(settings, grantedSeconds);
  const timeout = timeoutMs(settings, "registerTimeout");
  const heartbeat = byHeartbeatMs(settings);
  const detectMs = Math.min(refresh + timeout, heartbeat);
  const further = Math.max(0, servers - 2);
  const spread = 1000 * settings.failoverSpread;
  const hasBackup = servers > 1;
  const way = { further, refresh, rttMs, streams };
  return {
    detectMs,
    detectRefusedMs: Math.min(refresh, heartbeat),
    detectColdMs: Math.min(refresh + timeout, heartbeat + timeout),
    serviceMs: hasBackup ? detectMs + spread + further * timeout + 2 * rttMs : null,
    returnMs: hasBackup ? returnMs(settings, way) : null,
    returnRefusedMs: hasBackup ? returnRefusedMs(settings, way) : null,
    dampingMs: settings.flapDamping ? 1000 * settings.flapMaxSuppress : 0,
  };
}

/**
 * Detection by heartbeats alone: the server dies just behind one that it answered. With
 * `detectRetryInterval` a miss is followed sooner than by the next point of the grid.
 * @returns Infinity when there are no heartbeats
 */
export function byHeartbeatMs(settings: Settings): number {
  const interval = servingIntervalMs(settings);
  if (interval === 0) return Infinity;
  const timeout = timeoutMs(settings, "optionsTimeout");
  const retry = 1000 * settings.detectRetryInterval;
  let sentAt = interval;
  for (let miss = 0; miss < settings.maxDetectFailCount; miss++) {
    const point = Math.ceil((sentAt + timeout) / interval) * interval;
    sentAt = retry > 0 ? Math.min(sentAt + timeout + retry, point) : point;
  }
  return sentAt + timeout;
}

/** What a return depends on beside the settings. */
interface Way {
  /** Servers behind the primary and the first backup. */
  readonly further: number;
  /** From a grant to its refresh, ms. */
  readonly refresh: number;
  readonly rttMs: number;
  readonly streams: boolean;
}

function returnMs(settings: Settings, way: Way): number {
  const interval = recoveryIntervalMs(settings);
  if (interval === 0) return returnByRefreshMs(settings, way);
  const timeout = timeoutMs(settings, "optionsTimeout");
  const unheard = unansweredIntervalMs(interval, timeout) - lastRepeatMs(settings, timeout, way);
  return (settings.recoverCount - 1) * interval + unheard + delayMs(settings) + 3 * way.rttMs;
}

/** A question that is refused is over at once: the next one comes at the next point, or the next refresh. */
function returnRefusedMs(settings: Settings, { further, refresh, rttMs }: Way): number {
  const interval = recoveryIntervalMs(settings);
  if (interval === 0) return (refreshes(settings, refresh) + further) * refresh + 2 * rttMs;
  return settings.recoverCount * interval + delayMs(settings) + 3 * rttMs;
}

/** Without heartbeats a REGISTER beside each refresh asks one better server, in turn. */
function returnByRefreshMs(settings: Settings, way: Way): number {
  const { further, refresh, rttMs } = way;
  const timeout = timeoutMs(settings, "registerTimeout");
  const unheard = timeout - lastRepeatMs(settings, timeout, way);
  return (refreshes(settings, refresh) + further) * refresh + unheard + 2 * rttMs;
}

function lastRepeatMs(settings: Settings, timeout: number, { streams }: Way): number {
  return streams ? 0 : lastSendingMs(settings, timeout);
}

/** Refreshes until the back-to-primary delay is over. */
function refreshes(settings: Settings, refresh: number): number {
  return Math.max(1, Math.ceil(delayMs(settings) / refresh));
}
