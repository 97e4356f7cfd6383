// Which server a line should use: a pure function of health, rank and what the line itself leaves out.
//
// It changes nothing and asks nothing. DESIGN.md D8. Below: policy/health. Above: policy/round.

import { binding, line } from "../session/account";
import { server } from "../session/server";
import { COOLING, HOLDING, NONE, SUSPECT } from "../session/states";
import { phone } from "./state";

// Why a line leaves a server out: Binding.excluded.
export const EXCLUDED_NOT: u8 = 0; //
export const EXCLUDED_SOFT: u8 = 1; // refused for a while; a whole round may ask earlier
export const EXCLUDED_HARD: u8 = 2; // refused until a time the server or the rule named
export const EXCLUDED_HELD: u8 = 3; // rejected by the primary: the line rests there, and does not leave it

/** choose(): no server is alive for this line. */
export const NOBODY: i32 = -1;
/** choose(): the primary is the choice, and it rejected the line. */
export const REST: i32 = -2;

/** UNKNOWN, UP, SUSPECT: the states a server is used in without further thought. */
export function isPreferred(at: u32): bool {
  return server(at).health <= SUSPECT;
}

/**
 * The server for a line: the highest-ranked preferred one, else the highest-ranked HOLDING.
 * @returns an index, NOBODY or REST
 */
export function choose(index: u32): i32 {
  const pinned = line(index).pinned;
  if (pinned !== NONE) return pinned;
  const preferred = scan(index, false);
  return preferred === NOBODY ? scan(index, true) : preferred;
}

function scan(index: u32, holding: bool): i32 {
  const servers: u32 = phone().servers;
  const asked: u32 = line(index).asked;
  for (let s: u32 = 0; s < servers; s++) {
    const fit = holding ? server(s).health === HOLDING : isPreferred(s);
    const excluded = binding(index, s).excluded;
    if (fit && excluded === EXCLUDED_HELD) return REST;
    if (fit && excluded === EXCLUDED_NOT && ((asked >> s) & 1) === 0) return s;
  }
  return NOBODY;
}

/**
 * The next server of a round in rank order, whatever its health: not asked yet, not COOLING, and not
 * left out until a named time. NOBODY: the round is over.
 */
export function nextInRank(index: u32): i32 {
  const servers: u32 = phone().servers;
  const asked: u32 = line(index).asked;
  for (let s: u32 = 0; s < servers; s++) {
    if (((asked >> s) & 1) !== 0 || server(s).health === COOLING) continue;
    if (binding(index, s).excluded <= EXCLUDED_SOFT) return s;
  }
  return NOBODY;
}

/** Is every server DOWN or COOLING? */
export function isAllOut(): bool {
  const servers: u32 = phone().servers;
  for (let s: u32 = 0; s < servers; s++) {
    if (isPreferred(s) || server(s).health === HOLDING) return false;
  }
  return true;
}
