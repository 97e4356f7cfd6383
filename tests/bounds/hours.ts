// Hours of trouble: servers that do their worst for a phone that must not flood them, and what it sent meanwhile.
//
// Below: probe.ts. Above: hours.test.ts.

import { Random } from "../../host/sim/random.ts";
import { packetText } from "../../host/sim/trace.ts";
import type { World } from "../../host/sim/world.ts";
import { RTT_MS, type Setup, settingsOf } from "./setups.ts";

export const HOUR_MS = 3_600_000;
/** How long the trouble lasts. */
export const TROUBLE_MS = 1.25 * HOUR_MS;

/** What may be wrong with a server for a while, as verbs of a scenario. */
const FAULTS = [
  ["silent"],
  ["refuses"],
  ["deaf"],
  ["mute"],
  ["deaf", "restarts"],
  ["answers 500 to=REGISTER"],
  ["answers 408 to=OPTIONS"],
  ["answers 503 to=REGISTER"],
] as const;

/** A way to be a nuisance for more than an hour: lines of a scenario. */
export type Trouble = (setup: Setup, seed: number) => string[];

function names({ servers = 2 }: Setup): string[] {
  return ["primary", "backup1", "backup2", "backup3"].slice(0, servers);
}

/** From a moment on the server has these faults and no others. */
export function turn(name: string, atMs: number, verbs: readonly string[]): string[] {
  return ["back", `latency ${RTT_MS}`, ...verbs].map((verb) => `${Math.round(atMs) / 1000} ${name} ${verb}`);
}

/** Every `periodMs` a server is well for a share of it, then has its faults. */
function pulse(
  name: string,
  periodMs: number,
  wellMs: number,
  verbs: readonly string[],
  fromMs = 60_000,
): string[] {
  const lines: string[] = [];
  for (let at = fromMs; at < TROUBLE_MS; at += periodMs)
    lines.push(...turn(name, at, []), ...turn(name, at + wellMs, verbs));
  return lines;
}

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  "all are dead": (setup) => names(setup).flatMap((name) => turn(name, 100_000, ["silent"])),
  "all answer OPTIONS and never REGISTER": (setup) =>
    names(setup).flatMap((name) => turn(name, 100_000, ["mute"])),
  "the same, and each misses a heartbeat now and then": (setup) => {
    const { primaryDetectInterval } = settingsOf(setup);
    const period = 4000 * (primaryDetectInterval || 30);
    return names(setup).flatMap((name) =>
      Array.from({ length: Math.floor(TROUBLE_MS / period) }, (_, at) => [
        ...turn(name, at * period + 500, ["mute"]),
        ...turn(name, at * period + 0.75 * period + 500, ["silent"]),
      ]).flat(),
    );
  },
  "new nonces at each request": (setup) =>
    names(setup).flatMap((name) => everySecond((at) => [`${at} ${name} restarts`])),
  "deaf, with new nonces": (setup) =>
    names(setup).flatMap((name) => [`0 ${name} deaf`, ...everySecond((at) => [`${at} ${name} restarts`])]),
  "408 to OPTIONS, with new nonces": (setup) =>
    names(setup).flatMap((name) => [
      `0 ${name} answers 408 to=OPTIONS`,
      ...everySecond((at) => [`${at} ${name} restarts`]),
    ]),
  "the primary flaps": (setup) => {
    const { primaryDetectInterval } = settingsOf(setup);
    const period = 2000 * (primaryDetectInterval || 120);
    return pulse("primary", period, period / 2, ["silent"]);
  },
  "all flap together": (setup) => {
    const { primaryDetectInterval } = settingsOf(setup);
    const period = 2000 * (primaryDetectInterval || 60);
    return names(setup).flatMap((name) => pulse(name, period, period / 2, ["silent"]));
  },
  "the primary is well for just longer than flapWindow": (setup) => {
    const { flapWindow, primaryDetectInterval } = settingsOf(setup);
    const downMs = 2000 * (primaryDetectInterval || 120);
    const wellMs = 1000 * flapWindow + 1000 * (primaryDetectInterval || 120);
    return pulse("primary", downMs + wellMs, wellMs, ["silent"]);
  },
  "whoever serves refuses the line": (setup) =>
    names(setup).flatMap((name, rank) =>
      pulse(name, 60_000 * (2 + rank), 30_000, ["answers 500 to=REGISTER"]),
    ),
  "as chance wills": (setup, seed) => {
    const random = new Random(seed);
    const meanMs = random.pick([3000, 20_000, 100_000]);
    const lines: string[] = [];
    for (let at = 1000; at < TROUBLE_MS; at += 1 + random.below(2 * meanMs)) {
      lines.push(...turn(random.pick(names(setup)), at, random.chance(0.5) ? [] : random.pick(FAULTS)));
    }
    return lines;
  },
};

function everySecond(lines: (atSeconds: number) => string[]): string[] {
  return Array.from({ length: TROUBLE_MS / 1000 }, (_, at) => lines(at)).flat();
}

/** The most of these moments within any span as long. */
export function mostWithin(moments: readonly number[], spanMs: number): number {
  let most = 0;
  for (let from = 0, to = 0; to < moments.length; to++) {
    while ((moments[to] ?? 0) - (moments[from] ?? 0) >= spanMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** When the phone sent requests, retransmissions among them. */
export function requestsOf({ packets }: World): number[] {
  return packets
    .filter(({ from, bytes }) => from === "phone" && /^(REGISTER|OPTIONS)/.test(packetText(bytes)))
    .map(({ at }) => at);
}

/** When a line went to another server than it was at last. */
export function movesOf({ events }: World): number[] {
  let last: string | undefined;
  return events.flatMap(({ t, type, server }) => {
    if (type !== "inService" && type !== "moved") return [];
    const isMove = last !== undefined && server !== last;
    last = server;
    return isMove ? [t] : [];
  });
}
