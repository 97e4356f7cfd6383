// The worst moments to die and to come back: what the phone sends tells where they may be, and the runs themselves
// say how bad they are.
//
// Below: probe.ts. Above: the tests of this folder.

import { refreshMs, servingIntervalMs, timeoutMs } from "../../host/lint/clock.ts";
import { byHeartbeatMs } from "../../host/lint/detection.ts";
import { type Promises, promises } from "../../host/lint/promises.ts";
import { Random } from "../../host/sim/random.ts";
import {
  type Asked,
  askedOf,
  downOf,
  type Outage,
  play,
  type Seen,
  scenarioOf,
  type Way,
  watch,
} from "./probe.ts";
import { isStream, RTT_MS, type Setup, settingsOf } from "./setups.ts";

/** The worst of many runs, and how to see it again. */
export interface Found {
  readonly ms: number;
  readonly seed: number;
  readonly outage: Outage;
}

/** Runs of a search: at the moments that look worst, and at random. */
const LIKELY = 4;
const DRAWN = 3;
/** Deaths of which each is followed until it counts as down, to see where a recovery would be worst. */
const FOLLOWED = 10;

export function promisesOf(setup: Setup, rttMs = RTT_MS): Promises {
  const { grants, servers = 2, targets = [] } = setup;
  const granted = grants === undefined ? {} : { grantedSeconds: grants };
  return promises(settingsOf(setup), servers, { rttMs, streams: isStream(setup), targets, ...granted });
}

/** @returns seed 0 when there is none */
export function worst(tries: readonly Found[]): Found {
  const none: Found = { ms: 0, seed: 0, outage: { diesAt: 0, way: "silent" } };
  return tries.reduce((a, b) => (b.ms > a.ms || a === none ? b : a), none);
}

/** Moments just before, at and behind each request to the primary, once its first heartbeat is answered. */
function moments(setup: Setup, seed: number): { at: number[]; asked: readonly Asked[] } {
  const settings = settingsOf(setup);
  const interval = servingIntervalMs(settings);
  const refresh = refreshMs(settings, setup.grants);
  const warmMs = 2 * interval + 100;
  const spanMs = Math.min(12 * Math.max(interval, refresh), 150 * Math.min(interval || Infinity, refresh));
  const asked = askedOf(play(setup, seed, []).runTo(warmMs + 2 * spanMs).packets);
  const at = asked
    .filter((one) => one.at > warmMs && one.at < warmMs + spanMs)
    .flatMap((one) => [one.at - 1, one.at, one.at + 1, one.at + RTT_MS + 1]);
  return { at: [...new Set(at)], asked };
}

/** Deaths, the most promising first: the phone asks late after them, by REGISTER and by OPTIONS. */
export function deaths(setup: Setup, seed: number, way: Way): number[] {
  const settings = settingsOf(setup);
  const { at, asked } = moments(setup, seed);
  const register = way === "silent" ? timeoutMs(settings, "registerTimeout") : 0;
  const options = byHeartbeatMs(settings) - servingIntervalMs(settings);
  const random = new Random(seed);
  const drawn = Array.from({ length: DRAWN }, () => random.pick(at) + random.below(3000));
  const score = (one: number): number =>
    Math.min(nextAt(asked, "REGISTER", one) + register, nextAt(asked, "OPTIONS", one) + options) - one;
  // A connection that breaks makes the line ask when its last attempt is registerSpacing ago.
  const behind = asked.filter(({ method }) => method === "REGISTER").map((one) => one.at + RTT_MS + 1);
  const fresh = isStream(setup) ? at.filter((one) => behind.includes(one)).slice(0, LIKELY) : [];
  return [...highest(at, score, LIKELY), ...fresh, ...drawn];
}

function nextAt(asked: readonly Asked[], method: Asked["method"], at: number): number {
  return asked.find((one) => one.method === method && one.at >= at)?.at ?? Infinity;
}

function highest<T>(list: readonly T[], score: (one: T) => number, count: number): T[] {
  return list
    .map((one) => ({ one, worth: score(one) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, count)
    .map(({ one }) => one);
}

/** The slowest detection and the slowest service on a backup. */
export function searchFall(setup: Setup, seeds: readonly number[], way: Way): { down: Found; served: Found } {
  const { servers = 2 } = setup;
  const { serviceMs, detectMs } = promisesOf(setup);
  const limitMs = 1.2 * (serviceMs ?? detectMs) + 5000;
  // Those between the primary and the last one are silent too.
  const dead = Array.from({ length: Math.max(0, servers - 2) }, (_, at) => `backup${at + 1}`);
  const tries = seeds.flatMap((seed) =>
    deaths(setup, seed, way).map((diesAt) => {
      const outage = { diesAt, way, dead };
      return { seed, outage, seen: watch(setup, seed, outage, diesAt + limitMs) };
    }),
  );
  const of = (at: (seen: Seen) => number): Found =>
    worst(tries.map(({ seed, outage, seen }) => ({ seed, outage, ms: at(seen) - outage.diesAt })));
  return { down: of(({ downAt }) => downAt), served: of(({ servedAt }) => servedAt) };
}

/** The slowest return of those that recover after they count as down, and of those before. */
export function searchReturn(
  setup: Setup,
  seeds: readonly number[],
  way: Way,
): { late: Found; early: Found } {
  const late: Found[] = [];
  const early: Found[] = [];
  for (const { seed, outage } of seeds.flatMap((seed) => recoveries(setup, seed, way))) {
    const { backAt = 0 } = outage;
    const seen = watch(setup, seed, outage, backAt + longestReturnMs(setup));
    if (seen.downAt === Infinity) continue; // back before anybody noticed
    (backAt < seen.downAt ? early : late).push({ seed, outage, ms: seen.backAt - backAt });
  }
  return { late: worst(late), early: worst(early) };
}

function longestReturnMs(setup: Setup): number {
  const { returnEarlyMs, returnRefusedMs } = promisesOf(setup);
  return 1.1 * Math.max(returnEarlyMs ?? 0, returnRefusedMs ?? 0) + 5000;
}

interface Recovery {
  readonly seed: number;
  readonly outage: Outage;
  /** How long nothing asks after it. */
  readonly unaskedMs: number;
}

/** Recoveries, the most promising of either kind, and some at random. */
function recoveries(setup: Setup, seed: number, way: Way): Recovery[] {
  const { at } = moments(setup, seed);
  const step = Math.max(1, Math.floor(at.length / FOLLOWED));
  const followed = [...at.filter((_, index) => index % step === 2 % step), ...(setup.diesAt ?? [])];
  const found = followed.map((diesAt) => follow(setup, seed, { diesAt, way }));
  const random = new Random(seed);
  const count = longestReturnMs(setup) > 10_000_000 ? 1 : LIKELY;
  const likely = (list: readonly Recovery[]): Recovery[] =>
    highest(list, ({ unaskedMs }) => unaskedMs, count);
  const drawn = found.flatMap(({ late }) => late).map((one) => nudged(one, random.below(90_000)));
  return [
    ...likely(found.flatMap(({ late }) => late)),
    ...likely(found.flatMap(({ early }) => early)),
    ...drawn.slice(0, count - 1),
  ].filter(({ outage }) => (outage.backAt ?? 0) > outage.diesAt);
}

function nudged({ seed, outage, unaskedMs }: Recovery, byMs: number): Recovery {
  return { seed, unaskedMs, outage: { ...outage, backAt: (outage.backAt ?? 0) + byMs } };
}

/** Lets the primary stay dead, and sees when it is asked. */
function follow(setup: Setup, seed: number, outage: Outage): { late: Recovery[]; early: Recovery[] } {
  const settings = settingsOf(setup);
  const { diesAt, way } = outage;
  const turnMs = 1000 * settings.primaryDetectInterval || refreshMs(settings, setup.grants);
  const untilMs = diesAt + promisesOf(setup).detectMs + 3 * turnMs + 1000 * settings.failoverSpread;
  const world = play(setup, seed, scenarioOf(setup, outage)).runTo(untilMs);
  const downAt = downOf(world.events, diesAt);
  const sent = askedOf(world.packets);
  const asked = [...sent.map(({ at }) => at), ...unseen(setup, sent, turnMs, untilMs)].sort((a, b) => a - b);
  const recovery = (backAt: number, next = asked.find((at) => at >= backAt)): Recovery => {
    return { seed, outage: { ...outage, backAt }, unaskedMs: (next ?? untilMs) - backAt };
  };
  const behind = asked.filter((at) => at > downAt && at < untilMs - turnMs - 1);
  const late = [...(way === "silent" ? [downAt] : []), downAt + 1, ...behind.map((at) => at + 1)];
  return { late: late.map((at) => recovery(at)), early: way === "silent" ? lastChances().map(early) : [] };

  // What is asked between the last chance and the verdict is answered, and forgotten.
  function early(chance: number): Recovery {
    return recovery(chance + 1, sent.find(({ at, repeated }) => at > downAt && !repeated)?.at);
  }

  function lastChances(): number[] {
    const chances = sent.filter(({ at }) => at >= diesAt && at < downAt);
    const last = (["REGISTER", "OPTIONS"] as const).map((of) =>
      chances.findLast(({ method }) => method === of),
    );
    return last.flatMap((one) => (one === undefined ? [] : [one.at]));
  }
}

/** Heartbeats over a connection that nobody accepts: they show no packet. */
function unseen(setup: Setup, sent: readonly Asked[], turnMs: number, untilMs: number): number[] {
  const first = isStream(setup) ? sent.find(({ method }) => method === "OPTIONS")?.at : undefined;
  if (first === undefined) return [];
  return Array.from({ length: Math.floor((untilMs - first) / turnMs) }, (_, at) => first + at * turnMs);
}
