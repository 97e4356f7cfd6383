// Promises that need a story of their own before a run comes near them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneEvent } from "../../host/core/events.ts";
import type { World } from "../../host/sim/world.ts";
import { OPTIMAL } from "../sim/fixture.ts";
import { downOf, play } from "./probe.ts";
import { report, seconds } from "./report.ts";
import { promisesOf } from "./search.ts";
import { RTT_MS, type Setup } from "./setups.ts";

const rows = report("corners");
const LONG = { ...OPTIMAL, registerRefreshInterval: 1800 };
const NO_HEARTBEATS = { ...OPTIMAL, primaryDetectInterval: 0 };

/** The worst of some runs is not above the promise, and not further below it than `withinMs`. */
function holds(
  promise: string,
  setup: Setup,
  promisedMs: number | null,
  runs: readonly (readonly [ms: number, where: string])[],
  withinMs = RTT_MS + 2,
): void {
  const [ms, where] = runs.reduce((a, b) => (b[0] > a[0] ? b : a));
  rows.push({ promise, setup: setup.name, promised: seconds(promisedMs ?? 0), seen: seconds(ms), where });
  const told = `${promise} is ${promisedMs} ms, and ${ms} ms were seen: ${where}`;
  assert.ok(promisedMs !== null && ms <= promisedMs, told);
  assert.ok(ms >= promisedMs - withinMs, told);
}

function servedOf({ summary }: World, fromMs: number): number {
  const gap = summary[0]?.gaps.find((one) => one.fromMs >= fromMs && one.toMs !== undefined);
  return gap?.toMs ?? Infinity;
}

function backOf(events: readonly PhoneEvent[], fromMs: number): number {
  const found = events.find(({ t, type, server }) => t >= fromMs && type === "moved" && server === "primary");
  return found?.t ?? Infinity;
}

/** Deaths, and how long each went unnoticed. */
function detections(
  setup: Setup,
  deaths: readonly number[],
  verbs: readonly string[],
  act?: (world: World) => void,
) {
  return deaths.map((at) => {
    const steps = verbs.map((verb) => `${at / 1000} primary ${verb}`);
    const world = play(setup, 1, steps);
    act?.(world);
    const downAt = downOf(world.runTo(at + 1_000_000).events, at);
    return [downAt - at, steps.join(", ")] as const;
  });
}

test("before the first answered heartbeat a REGISTER decides, and that is a time-out more", () => {
  const setup: Setup = { name: "refresh 1800, cold", params: LONG };
  const deaths = [21, 22, 41, 60, 1000, 45_000, 89_999, 90_000];
  holds("detectColdMs", setup, promisesOf(setup).detectColdMs, detections(setup, deaths, ["silent"]));
});

test("so it is with a server that never answers OPTIONS", () => {
  const setup: Setup = { name: "refresh 1800, deaf", params: LONG };
  const deaths = [21, 182_021, 182_022, 362_021, 500_000];
  const runs = deaths.map((at) => {
    const steps = ["0 primary deaf", `${at / 1000} primary silent`];
    const world = play(setup, 1, steps).runTo(at + 300_000);
    return [downOf(world.events, at) - at, steps.join(", ")] as const;
  });
  holds("detectColdMs", setup, promisesOf(setup).detectColdMs, runs);
});

test("a server that never answers OPTIONS is found again by the REGISTER beside a refresh", () => {
  const setup: Setup = { name: "refresh 1800, deaf", params: LONG };
  const { returnDeafMs } = promisesOf(setup);
  // Down at 272 s: the heartbeats of 90 and 180 s are lost, the REGISTER of 182 s is granted, and so on.
  const deaf = ["0 primary deaf", "200 primary silent"];
  const downAt = downOf(play(setup, 1, deaf).runTo(1_000_000).events, 200_000);
  const recoveries = [downAt - 499, downAt, downAt + 1, downAt + 30_000, downAt + 500_000, downAt + 901_521];
  const runs = recoveries.map((at) => {
    const back = ["back", `latency ${RTT_MS}`, "deaf"].map((verb) => `${at / 1000} primary ${verb}`);
    const world = play(setup, 1, [...deaf, ...back]).runTo(at + 2_000_000);
    return [backOf(world.events, at) - at, [...deaf, ...back].join(", ")] as const;
  });
  holds("returnDeafMs", setup, returnDeafMs, runs);
});

// The primary was tried last, so the first refresh at backup2 asks backup1, which is down since 242 s.
test("without heartbeats better servers are asked in turn", () => {
  const setup: Setup = { name: "three servers, no heartbeats", params: NO_HEARTBEATS, servers: 3 };
  const first = [
    "0 backup1 silent",
    "200 primary silent",
    "250 primary back",
    `250 primary latency ${RTT_MS}`,
  ];
  for (const [verb, lead, promise] of [
    ["silent", 499, "returnMs"],
    ["refuses", -1, "returnRefusedMs"],
  ] as const) {
    const second = [...first, `320 primary ${verb}`];
    const downAt = downOf(play(setup, 1, second).runTo(600_000).events, 320_000);
    const at = downAt - lead;
    const steps = [...second, `${at / 1000} primary back`, `${at / 1000} primary latency ${RTT_MS}`];
    const { events } = play(setup, 1, steps).runTo(at + 400_000);
    // Here nonces are still good: two refreshes of a round trip less each.
    const runs = [[backOf(events, at) - at, steps.join(", ")]] as const;
    holds(promise, setup, promisesOf(setup)[promise], runs, 3 * RTT_MS + 2);
  }
});

test("failoverSpread is a draw: of eighty phones one is unlucky enough", () => {
  const spreadMs = 30_000;
  const setup: Setup = {
    name: "failoverSpread 30, no heartbeats",
    params: { ...NO_HEARTBEATS, failoverSpread: 30 },
  };
  const { serviceMs, returnMs } = promisesOf(setup);
  const seeds = [...Array(80).keys()].map((at) => at + 1);
  // The refresh of 60.02 s was answered; that of 120.02 s is lost.
  const died = 60_021;
  const served = seeds.map((seed) => {
    const world = play(setup, seed, ["60.021 primary silent"]).runTo(died + 100_000);
    return [servedOf(world, died) - died, `seed ${seed}: 60.021 primary silent`] as const;
  });
  holds("serviceMs", setup, serviceMs, served, spreadMs / 20);
  const [, where] = served.reduce((a, b) => (b[0] > a[0] ? b : a));
  const seed = Number(/\d+/.exec(where)?.[0]);
  const steps = ["60.021 primary silent", "121.521 primary back", `121.521 primary latency ${RTT_MS}`];
  const { events } = play(setup, seed, steps).runTo(400_000);
  const back = [[backOf(events, 121_521) - 121_521, `seed ${seed}: ${steps.join(", ")}`]] as const;
  holds("returnMs", setup, returnMs, back, spreadMs / 20);
});

// The line asks its backup at 59.999 s, is back at 60.06 s, and its primary dies then.
test("a backup that was asked just before is asked again when registerSpacing is over", () => {
  const params = { ...LONG, primaryDetectInterval: 5, registerSpacing: 30_000 };
  const setup: Setup = { name: "registerSpacing 30 s", params };
  const at = 60_061;
  const steps = [
    ...["10 primary silent", "57 primary back", `57 primary latency ${RTT_MS}`],
    ...["59.999 host refresh", `${at / 1000} primary silent`],
  ];
  const world = play(setup, 1, steps).runTo(at + 200_000);
  const runs = [[servedOf(world, at) - at, steps.join(", ")]] as const;
  holds("serviceMs", setup, promisesOf(setup).serviceMs, runs, 3 * RTT_MS + 4);
});

for (const [name, params, withinMs] of [
  ["optimal", OPTIMAL, RTT_MS + 2],
  ["refresh 1800", LONG, RTT_MS + 2],
  // While the REGISTER is spaced, heartbeats use up one address more.
  ["registerSpacing 30 s", { ...LONG, primaryDetectInterval: 5, registerSpacing: 30_000 }, 2100],
] as const) {
  test(`three addresses, ${name}: each further one takes a time-out of its own`, () => {
    const setup: Setup = { name: `three addresses, ${name}`, params, targets: [3] };
    const { detectMs, detectRefusedMs } = promisesOf(setup);
    const several = (world: World): void => world.agent.targets(0, 3, 0);
    const deaths = [240_021, 270_001, 270_021, 300_021, 90_021, 900_041, 900_061];
    holds("detectMs", setup, detectMs, detections(setup, deaths, ["silent"], several), withinMs);
    holds(
      "detectRefusedMs",
      setup,
      detectRefusedMs,
      detections(setup, deaths, ["refuses"], several),
      withinMs,
    );
  });
}

for (const [name, verbs] of [
  ["no other is accepted", ["restarts", "silent"]],
  ["another one is accepted, and says nothing", ["restarts", "deaf", "mute"]],
] as const) {
  test(`a connection breaks and ${name}: a time-out after registerSpacing`, () => {
    const setup: Setup = { name: `TCP, ${name}`, params: { ...OPTIMAL, transport: "TCP" } };
    const { detectLostMs } = promisesOf(setup);
    const deaths = [180_041, 180_100, 240_041, 250_000, 271_000];
    const promisedMs = (detectLostMs ?? 0) + 2000;
    holds("detectLostMs + registerTimeout", setup, promisedMs, detections(setup, deaths, verbs));
  });
}
