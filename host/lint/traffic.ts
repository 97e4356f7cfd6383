// How many requests one line sends in an hour. Answers are not counted: each request has one at most.
//
// Heartbeats are sent once for a set of servers, so the lines that use it share them.

import type { Settings } from "../params/table.ts";
import {
  recoveryIntervalMs,
  refreshMs,
  sendings,
  servingIntervalMs,
  timeoutMs,
  unansweredIntervalMs,
} from "./clock.ts";
import { lineCoolMoves, movesPerHour } from "./flapping.ts";

const HOUR_MS = 3_600_000;

/** Nothing happens: refreshes with a nonce that is still good, and heartbeats that are answered. */
export function perHourQuiet(settings: Settings, servers: number, lines = 1): number {
  const registers = (HOUR_MS / refreshMs(settings)) * (settings.fullRegistration ? 2 : 1);
  const serving = perHour(servingIntervalMs(settings));
  const backups = (servers - 1) * perHour(backupIntervalMs(settings));
  return Math.ceil(registers + (serving + backups) / lines);
}

/**
 * The worst of an hour in which servers die, hang and come back as they like, but grant what is asked:
 * heartbeats to all are repeated until they time out, every REGISTER is challenged, and either nobody
 * answers or the line moves as often as damping allows. A 503 with Retry-After, an account that is refused
 * and a network that changes our address come on top.
 */
export function perHourWorst(settings: Settings, servers: number, lines = 1): number {
  const registers = Math.max(deadHour(settings, servers), flappingHour(settings, servers));
  const heartbeats = heartbeatHour(settings, servingIntervalMs(settings));
  const others = (servers - 1) * heartbeatHour(settings, watchIntervalMs(settings));
  return Math.ceil(registers + (heartbeats + others) / lines);
}

/** Rounds at every server, with the shortest waits there are; and one more ask for each good heartbeat. */
function deadHour(settings: Settings, servers: number): number {
  const timeout = timeoutMs(settings, "registerTimeout");
  const outOfTurn = servers * perHour(recoveryIntervalMs(settings));
  const asks = roundsPerHour(settings, servers * timeout) * servers + outOfTurn;
  return asks * sendings(settings, timeout).length;
}

/** Rounds of which each lasts `roundMs`. RFC 5626 §4.5: waits of half of W to W, W doubling. */
function roundsPerHour(settings: Settings, roundMs: number): number {
  let rounds = 0;
  for (let now = 0; now < HOUR_MS; rounds++) {
    const doubled = settings.retryBase * 2 ** Math.min(rounds + 1, 31);
    now += roundMs + 500 * Math.min(settings.retryMax, doubled);
  }
  return rounds;
}

/**
 * Refreshes, each challenged; and with each move the REGISTER that failed, a challenged one where the line
 * goes, and a challenged removal where it was.
 */
function flappingHour(settings: Settings, servers: number): number {
  const refreshes = 2 * (HOUR_MS / refreshMs(settings) + recheckHour(settings));
  const failed = sendings(settings, timeoutMs(settings, "registerTimeout")).length;
  const moves = servers < 2 ? 0 : movesPerHour(settings, servers) + lineCoolMoves(settings);
  return refreshes + moves * (failed + 4);
}

/** A server that serves and never answers a heartbeat well is asked by REGISTER after each row of misses. */
function recheckHour(settings: Settings): number {
  const misses = missesHour(settings, servingIntervalMs(settings));
  return Math.min(misses / (settings.maxDetectFailCount + 1), perHour(settings.registerSpacing));
}

/** Heartbeats to one server: answered each time, well or not, or repeated each time, whichever is more. */
function heartbeatHour(settings: Settings, intervalMs: number): number {
  if (intervalMs === 0) return 0;
  const timeout = timeoutMs(settings, "optionsTimeout");
  const grid = unansweredIntervalMs(intervalMs, timeout);
  const retry = settings.detectRetryInterval > 0 ? timeout + 1000 * settings.detectRetryInterval : grid;
  const unanswered = perHour(Math.min(grid, retry)) * sendings(settings, timeout).length;
  return Math.max(missesHour(settings, intervalMs), unanswered);
}

/** Answers that count as misses need no time-out: 408, or 503. */
function missesHour(settings: Settings, intervalMs: number): number {
  const retry = 1000 * settings.detectRetryInterval;
  return perHour(intervalMs > 0 && retry > 0 ? Math.min(intervalMs, retry) : intervalMs);
}

/** Interval to an unused, healthy backup; it needs detection to be on. */
function backupIntervalMs(settings: Settings): number {
  return settings.primaryDetectInterval === 0 ? 0 : 1000 * settings.backupDetectInterval;
}

/** The shortest interval that may apply to a server that does not serve. */
function watchIntervalMs(settings: Settings): number {
  const recovery = recoveryIntervalMs(settings);
  const backup = backupIntervalMs(settings);
  return backup === 0 ? recovery : Math.min(recovery, backup);
}

function perHour(intervalMs: number): number {
  return intervalMs === 0 ? 0 : HOUR_MS / intervalMs;
}
