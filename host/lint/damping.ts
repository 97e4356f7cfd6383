// How often damping lets lines return to a server that fails as cleverly as it can. DESIGN.md D14.
//
// The server may fall at once after a return, which is charged, or stay for flapWindow and fall uncharged, or wait
// until the charges have halved. All of these are tried; of two ways to the same moment with as many returns the
// one with fewer charges is kept. Below: the settings. Above: flapping.ts.

import type { Settings } from "../params/table.ts";

const HOUR_S = 3600;

/** Where a server is that is well again and not suspended: charges by the number of returns so far. */
type Ways = Map<number, number>;

/**
 * The most returns within an hour, which may begin anywhere before the charges halve.
 * @param cycleSeconds the shortest time between two returns, s
 */
export function dampedReturns(settings: Settings, cycleSeconds: number): number {
  const cycle = Math.max(1, Math.floor(cycleSeconds));
  // Nothing but a failed return is charged.
  if (settings.flapWindow <= cycle) return Math.ceil(HOUR_S / cycleSeconds);
  const halvesAt = [1, 2, 3, 4].map((cycles) => Math.min(cycles * cycle, settings.flapHalfLife));
  return Math.max(...halvesAt.map((first) => mostReturns(settings, cycle, first)));
}

/** @param first when the charges halve for the first time, s */
function mostReturns(settings: Settings, cycle: number, first: number): number {
  const { flapHalfLife, flapPenalty, flapSuppress, flapWindow } = settings;
  const clock = { first, flapHalfLife };
  const at: Ways[] = Array.from({ length: HOUR_S }, () => new Map());
  at[0]?.set(0, 0);
  let most = 0;
  for (let now = 0; now < HOUR_S; now++) {
    for (const [returns, penalty] of worthwhile(at[now])) {
      most = Math.max(most, returns + 1);
      const fallen = now + Math.max(cycle, flapWindow);
      reach(fallen, returns + 1, decayed(clock, penalty, now, fallen));
      const charged = decayed(clock, penalty, now, now + cycle) + flapPenalty;
      const free = charged > flapSuppress ? freeAt(settings, clock, charged, now + cycle) : now + cycle;
      reach(free, returns + 1, decayed(clock, charged, now + cycle, free));
      const halved = nextHalving(clock, now);
      reach(halved, returns, decayed(clock, penalty, now, halved));
    }
  }
  return most;

  function reach(when: number, returns: number, penalty: number): void {
    const ways = at[when];
    if (ways !== undefined && penalty < (ways.get(returns) ?? Infinity)) ways.set(returns, penalty);
  }
}

/** Without those that lead to no more returns than another, with no fewer charges. */
function worthwhile(ways: Ways = new Map()): readonly (readonly [returns: number, penalty: number])[] {
  let fewest = Number.POSITIVE_INFINITY;
  return [...ways]
    .sort(([one], [other]) => other - one)
    .filter(([, penalty]) => {
      const isWorth = penalty < fewest;
      if (isWorth) fewest = penalty;
      return isWorth;
    });
}

/** The charges halve at `first` and each half-life later, s. */
interface Clock {
  readonly first: number;
  readonly flapHalfLife: number;
}

function halvings({ first, flapHalfLife }: Clock, now: number): number {
  return Math.floor((now - first) / flapHalfLife) + 1;
}

function nextHalving(clock: Clock, now: number): number {
  return clock.first + halvings(clock, now) * clock.flapHalfLife;
}

function decayed(clock: Clock, penalty: number, from: number, to: number): number {
  return Math.floor(penalty / 2 ** (halvings(clock, to) - halvings(clock, from)));
}

/** When a server that is suspended from `from` on may be returned to. */
function freeAt(settings: Settings, clock: Clock, charges: number, from: number): number {
  let free = from;
  for (
    let penalty = charges;
    penalty > 0 && penalty >= settings.flapReuse;
    penalty = Math.floor(penalty / 2)
  ) {
    free = nextHalving(clock, free);
  }
  return Math.min(free, from + settings.flapMaxSuppress);
}
