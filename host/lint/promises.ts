// What a configuration promises: how soon a dead primary is noticed, how soon service is back, and where.
//
// Worst cases in milliseconds, for servers that behave like registrars. The simulator holds the core to them from
// both sides (tests/bounds), the demonstration prints them beside what it measured. The formulas stand in README.md
// of this folder. Below: detection.ts, returning.ts. Above: check.ts, the commands.

import type { PhoneConfig } from "../config/model.ts";
import type { Settings } from "../params/table.ts";
import { refreshMs, timeoutMs } from "./clock.ts";
import { detectColdMs, detectLostMs, detectRefusedMs, detectSilentMs } from "./detection.ts";
import { backMs, byRefreshMs } from "./returning.ts";

export interface Circumstances {
  /** From a request to its answer, 0 when not known. */
  readonly rttMs?: number;
  /** What the servers grant, where it is less than is asked. */
  readonly grantedSeconds?: number;
  /** A server is reached over TCP or TLS, where nothing is repeated. RFC 3261 §17.1.2.2. */
  readonly streams?: boolean;
  /** How many addresses each server has, by rank; what is left out has one. DESIGN.md D23. */
  readonly targets?: readonly number[];
}

export interface Promises {
  /** From the death of the serving server, which falls silent, until it counts as down. */
  readonly detectMs: number;
  /** The same when it refuses instead (ICMP, connection refused): no time-out has to pass. */
  readonly detectRefusedMs: number;
  /** The same when it falls silent and has not answered a heartbeat yet, or never does. */
  readonly detectColdMs: number;
  /** The same when its connection breaks and no other is accepted; null: it has none. */
  readonly detectLostMs: number | null;
  /** From its death in silence until the line is in service on a backup; null: there is none. */
  readonly serviceMs: number | null;
  /**
   * From its recovery until an idle line is back, without damping; null: there is no backup to return from. With
   * heartbeats the recovery comes after it counted as down.
   */
  readonly returnMs: number | null;
  /** The same when it recovers between its last chance and the verdict: nobody saw it go, and it goes all the same. */
  readonly returnEarlyMs: number | null;
  /** The same when it refused meanwhile: what is refused is not repeated, so no repeat finds it sooner. */
  readonly returnRefusedMs: number | null;
  /** The same when it never answers OPTIONS: only a REGISTER finds it. */
  readonly returnDeafMs: number | null;
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
  const { grantedSeconds, rttMs = 0, streams = false, targets = [] } = circumstances;
  const refresh = refreshMs(settings, grantedSeconds);
  const fall = { refresh, targets: targets[0] ?? 1 };
  const furtherMs = askedInVainMs(settings, servers, targets);
  const way = { ...fall, further: Math.max(0, servers - 2), furtherMs, rttMs, streams };
  const returns = <T>(ms: () => T): T | null => (servers > 1 ? ms() : null);
  const detectMs = detectSilentMs(settings, fall);
  return {
    detectMs,
    detectRefusedMs: detectRefusedMs(settings, fall),
    detectColdMs: detectColdMs(settings, fall),
    detectLostMs: streams ? detectLostMs(settings, fall) : null,
    serviceMs: returns(() => serviceMs(settings, detectMs, furtherMs, rttMs)),
    returnMs: returns(() => backMs(settings, settings.primaryDetectInterval === 0 ? "early" : "silent", way)),
    returnEarlyMs: returns(() => backMs(settings, "early", way)),
    returnRefusedMs: returns(() => backMs(settings, "refused", way)),
    returnDeafMs: returns(() => byRefreshMs(settings, "early", way)),
    dampingMs: settings.flapDamping ? 1000 * settings.flapMaxSuppress : 0,
  };
}

/** The backups between the primary and the last one are silent too; each of their addresses has its time. */
function askedInVainMs(settings: Settings, servers: number, targets: readonly number[]): number {
  let asked = 0;
  for (let rank = 1; rank < servers - 1; rank++) asked += targets[rank] ?? 1;
  return asked * timeoutMs(settings, "registerTimeout");
}

/** A backup that the line has just left may be asked again when `registerSpacing` is over. */
function serviceMs(settings: Settings, detectMs: number, furtherMs: number, rttMs: number): number {
  const ready = Math.max(detectMs, settings.registerSpacing);
  return ready + 1000 * settings.failoverSpread + furtherMs + 2 * rttMs;
}
