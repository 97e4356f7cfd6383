// How often lines may move between servers in an hour, and whether damping can ever act.
//
// A server that keeps failing is charged; above a limit moves back to it are suspended. RFC 2439 §4.2.

import type { Settings } from "../params/table.ts";
import { delayMs, recoveryIntervalMs, refreshMs } from "./clock.ts";

const HOUR_S = 3600;
/** Moves an hour to and from one better server that damping lets through, at this window or a longer one. */
const DAMPED_MOVES = 25;
export const DAMPED_WINDOW_S = 600;
/** The shortest heartbeats there are. */
const SHORTEST_S = 5;

/** The shortest time between two moves back to one server, s. */
export function returnCycleSeconds(settings: Settings): number {
  const delay = delayMs(settings);
  const heartbeats = recoveryIntervalMs(settings) * settings.recoverCount;
  if (heartbeats > 0) return (heartbeats + delay) / 1000;
  const refresh = refreshMs(settings);
  return (refresh * Math.max(1, Math.ceil(delay / refresh))) / 1000;
}

/**
 * The most moves of one line in an hour that failing servers can cause: there and back for each cycle, less
 * what damping holds back. A line that a server sends away by itself adds `lineCoolMoves`.
 * @param servers how many the set has
 */
export function movesPerHour(settings: Settings, servers: number): number {
  const undamped = (2 * HOUR_S) / returnCycleSeconds(settings);
  const each = settings.flapDamping ? Math.min(undamped, dampedMoves(settings)) : undamped;
  return Math.ceil(each * (servers - 1));
}

/** A server that stays just longer than the window is never charged. */
function dampedMoves(settings: Settings): number {
  if (settings.flapWindow >= DAMPED_WINDOW_S) return DAMPED_MOVES;
  const uncharged = settings.flapWindow === 0 ? Infinity : (2 * HOUR_S) / settings.flapWindow;
  return Math.max(DAMPED_MOVES, uncharged);
}

/** Moves of one line in an hour that a server can cause by refusing or redirecting that line alone. */
export function lineCoolMoves(settings: Settings): number {
  return Math.round((2 * HOUR_S) / settings.lineCool);
}

/**
 * Whether the charges can ever exceed the limit. With n charges in each half-life they approach, from below,
 * twice n penalties. Where returns are too rare to flap, the question is asked for the shortest heartbeats.
 */
export function canSuppress(settings: Settings): boolean {
  const cycle = returnCycleSeconds(settings);
  const isRare = (2 * HOUR_S) / cycle <= DAMPED_MOVES;
  const charges = Math.floor(settings.flapHalfLife / (isRare ? SHORTEST_S : cycle)) + 1;
  return 2 * charges * settings.flapPenalty > settings.flapSuppress;
}
