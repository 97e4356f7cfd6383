// How often lines may move between servers in an hour, and whether damping can ever act.
//
// A server that keeps failing is charged; above a limit moves back to it are suspended. RFC 2439 §4.2.

import type { Settings } from "../params/table.ts";
import { delayMs, recoveryIntervalMs, refreshMs } from "./clock.ts";
import { dampedReturns } from "./damping.ts";

const HOUR_S = 3600;
/** Falls within it are charged; a shorter window lets more through than the rules were made for. */
export const DAMPED_WINDOW_S = 600;
/** Moves an hour that nobody calls flapping. */
const RARE_MOVES = 25;
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
 * The most moves of one line in an hour that failing better servers can cause while those below are well: away,
 * and there and back for each return that damping lets through. A server that sends the line away by itself adds
 * `lineCoolMoves`; where the servers below fail too, each of their failures moves the line as well.
 * @param servers how many the set has
 */
export function movesPerHour(settings: Settings, servers: number): number {
  const cycle = returnCycleSeconds(settings);
  const undamped = (2 * HOUR_S) / cycle;
  const isDamped = settings.flapDamping && canSuppress(settings);
  const each = isDamped ? Math.min(undamped, 2 * dampedReturns(settings, cycle) + 1) : undamped;
  return Math.ceil(each * (servers - 1));
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
  const isRare = (2 * HOUR_S) / cycle <= RARE_MOVES;
  const charges = Math.floor(settings.flapHalfLife / (isRare ? SHORTEST_S : cycle)) + 1;
  return 2 * charges * settings.flapPenalty > settings.flapSuppress;
}
