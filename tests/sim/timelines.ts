// The timelines that must hold exactly: events and packets, to the millisecond. DESIGN.md, "Timelines".
//
// Every time is typed here as a literal and comes from no run. Above: timelines.test.ts, tests/firmware/player/.

import assert from "node:assert/strict";
import type { World } from "../../host/sim/world.ts";
import { DECISIONS, type RunOptions, sameEvents, sent, sentAt, told } from "./fixture.ts";

export interface Timeline {
  readonly name: string;
  readonly title: string;
  readonly options: RunOptions;
  readonly untilMs: number;
  readonly check: (world: World) => void;
  /** Moments at which the clock may wrap and something could go wrong, ms. */
  readonly wraps: readonly number[];
}

/** Moments after which something is sent, each once. */
function moments(world: World, match: RegExp): number[] {
  return [...new Set(sentAt(world.packets, match))];
}

function decisions(world: World): string[] {
  return told(world.events, DECISIONS);
}

/** What stands between two moments, both included. */
function between(list: readonly number[], fromMs: number, toMs: number): number[] {
  return list.filter((at) => at >= fromMs && at <= toMs);
}

const FAILED_OVER_AT_122 = [
  "0 inService primary 6000",
  "122000 serverDown primary timeout",
  "122000 outOfService primary 6000 timeout",
  "122000 warningOn 6000",
  "122000 inService backup1 6000",
  "122000 moved backup1 6000 failover",
];

const SILENT_FROM_100 = ["100 primary silent"];
const BACK_AT_400 = ["100 primary silent", "400 primary back"];
const SLOW = { registerRefreshInterval: 1800 };
const HOLD = { registerRefreshInterval: 1800, preferPrimary: false };
const BACK_AT_300 = ["100 primary silent", "300 primary back"];

/** The round of T8 that begins at its n-th place, n from 1: W = min(1800 s, 30 s * 2^n). */
const WAITS_MS = [60_000, 120_000, 240_000, 480_000, 960_000, 1_800_000, 1_800_000, 1_800_000];

export const TIMELINES: readonly Timeline[] = [
  {
    name: "T1",
    title: "both servers up: registered at once, refreshed at half, asked every 90 s",
    options: {},
    untilMs: 300_000,
    wraps: [1, 60_000, 90_000, 100_000],
    check: (world) => {
      const { packets } = world;
      assert.deepEqual(
        packets.slice(0, 4).map(({ at, from, bytes }) => {
          const [start = ""] = new TextDecoder().decode(bytes).split("\r\n");
          return `${at} ${from} ${start.replace(/sip:\S+ /, "")}`;
        }),
        [
          "0 phone REGISTER SIP/2.0",
          "0 server SIP/2.0 401 Unauthorized",
          "0 phone REGISTER SIP/2.0",
          "0 server SIP/2.0 200 OK",
        ],
      );
      sameEvents(decisions(world), ["0 inService primary 6000"]);
      assert.deepEqual(moments(world, /REGISTER/), [0, 60_000, 120_000, 180_000, 240_000, 300_000]);
      assert.deepEqual(sentAt(packets, /OPTIONS/), [90_000, 180_000, 270_000]);
      assert.deepEqual(sent(packets, /backup1/), []);
    },
  },
  {
    name: "T2",
    title: "a silent primary: three REGISTERs, then the backup at 122.0",
    options: { scenario: SILENT_FROM_100 },
    untilMs: 170_000,
    wraps: [1, 119_999, 120_000, 120_250, 121_500, 122_000, 150_000],
    check: (world) => {
      sameEvents(decisions(world), FAILED_OVER_AT_122);
      const primary = sentAt(world.packets, /primary REGISTER/);
      assert.deepEqual(between(primary, 100_000, 170_000), [120_000, 120_500, 121_500]);
      assert.deepEqual(sentAt(world.packets, /backup1 REGISTER/), [122_000, 122_000]);
    },
  },
  {
    name: "T3",
    title: "the primary is back: moved at 450.0, the binding at the backup removed after that",
    options: { scenario: BACK_AT_400 },
    untilMs: 520_000,
    wraps: [1, 121_000, 300_000, 449_999, 450_000],
    check: (world) => {
      sameEvents(decisions(world), [
        ...FAILED_OVER_AT_122,
        "450000 moved primary 6000 failback",
        "450000 warningOff 6000",
      ]);
      const { packets } = world;
      assert.deepEqual(between(moments(world, /primary OPTIONS/), 400_000, 460_000), [450_000]);
      assert.deepEqual(between(moments(world, /primary REGISTER/), 200_000, 520_000), [450_000, 510_000]);
      const order = sent(packets, /^450000 .*REGISTER/);
      const removal = order.findIndex((line) => /backup1 .*expires=0/.test(line));
      const binding = order.findLastIndex((line) => /primary .*expires=120.* auth/.test(line));
      assert.ok(binding >= 0 && removal > binding, order.join("\n"));
      const removals = sent(packets, /expires=0/);
      assert.ok(
        removals.every((line) => line.startsWith("450000 backup1 ")),
        removals.join("\n"),
      );
      assert.match(removals.at(-1) ?? "", / auth$/);
      assert.equal(world.servers.get("backup1")?.table.of("6000", 450_000).length, 0);
      assert.equal(world.servers.get("primary")?.table.of("6000", 450_000).length, 1);
    },
  },
  {
    name: "T4",
    title: "long refresh: two heartbeats missed, down at 272.0",
    options: { params: SLOW, scenario: SILENT_FROM_100 },
    untilMs: 300_000,
    wraps: [1, 180_000, 181_000, 271_000, 272_000],
    check: (world) => {
      sameEvents(decisions(world), [
        "0 inService primary 6000",
        "272000 serverDown primary heartbeat",
        "272000 outOfService primary 6000 heartbeat",
        "272000 warningOn 6000",
        "272000 inService backup1 6000",
        "272000 moved backup1 6000 failover",
      ]);
      assert.deepEqual(told(world.events, ["serverSuspect"]), ["182000 serverSuspect primary"]);
      assert.deepEqual(
        sentAt(world.packets, /primary OPTIONS/),
        [90_000, 180_000, 180_500, 181_500, 270_000, 270_500, 271_500],
      );
      assert.deepEqual(moments(world, /backup1/), [272_000]);
    },
  },
  {
    name: "T5",
    title: "prefer primary off: held for 43200 s, moved at 43560.0",
    options: { params: HOLD, scenario: BACK_AT_300 },
    untilMs: 43_600_000,
    wraps: [1, 272_000, 360_000, 20_000_000, 43_559_999, 43_560_000],
    check: (world) => {
      assert.deepEqual(told(world.events, ["serverHolding", "failbackScheduled", "moved"]), [
        "272000 moved backup1 6000 failover",
        "360000 serverHolding primary",
        "360000 failbackScheduled primary 6000",
        "43560000 moved primary 6000 failback",
      ]);
      const scheduled = world.events.find(({ type }) => type === "failbackScheduled");
      assert.equal(scheduled?.next?.at, 43_560_000);
      assert.deepEqual(told(world.events, ["warningOn", "warningOff"]), [
        "272000 warningOn 6000",
        "43560000 warningOff 6000",
      ]);
      assert.deepEqual(between(moments(world, /primary REGISTER/), 1000, 43_559_999), []);
    },
  },
  {
    name: "T6",
    title: "two misses in a row end the hold; the next recovery starts a new one",
    options: {
      params: HOLD,
      scenario: [...BACK_AT_300, "10000 primary silent", "10200 primary back"],
    },
    untilMs: 53_500_000,
    wraps: [1, 10_081_000, 10_172_000, 43_560_000, 53_460_000],
    check: (world) => {
      assert.deepEqual(told(world.events, ["serverHolding", "serverDown", "moved"]), [
        "272000 serverDown primary heartbeat",
        "272000 moved backup1 6000 failover",
        "360000 serverHolding primary",
        "10172000 serverDown primary heartbeat",
        "10260000 serverHolding primary",
        "53460000 moved primary 6000 failback",
      ]);
    },
  },
  {
    name: "T6b",
    title: "one miss does not disturb the hold",
    options: {
      params: HOLD,
      scenario: [...BACK_AT_300, "10000 primary silent", "10100 primary back"],
    },
    untilMs: 43_600_000,
    wraps: [1, 10_081_000, 10_170_000, 43_560_000],
    check: (world) => {
      assert.deepEqual(told(world.events, ["serverHolding", "serverDown", "moved"]), [
        "272000 serverDown primary heartbeat",
        "272000 moved backup1 6000 failover",
        "360000 serverHolding primary",
        "43560000 moved primary 6000 failback",
      ]);
      assert.deepEqual(
        between(sentAt(world.packets, /primary OPTIONS/), 10_000_000, 10_170_000),
        [10_080_000, 10_080_500, 10_081_500, 10_170_000],
      );
    },
  },
  {
    name: "T7",
    title: "the backup dies during the hold: on the primary at 20074.0",
    options: { params: HOLD, scenario: [...BACK_AT_300, "20000 backup1 silent"] },
    untilMs: 20_100_000,
    wraps: [1, 20_072_000, 20_073_000, 20_074_000],
    check: (world) => {
      const late = world.events.filter(({ t }) => t >= 20_000_000);
      sameEvents(told(late, DECISIONS), [
        "20074000 serverDown backup1 timeout",
        "20074000 outOfService backup1 6000 timeout",
        "20074000 inService primary 6000",
        "20074000 moved primary 6000 failover",
        "20074000 warningOff 6000",
      ]);
      const asked = between(sentAt(world.packets, /backup1 REGISTER/), 20_000_000, 20_100_000);
      assert.deepEqual(asked, [20_072_000, 20_072_500, 20_073_500]);
      assert.deepEqual(between(moments(world, /primary REGISTER/), 1000, 20_100_000), [20_074_000]);
    },
  },
  {
    name: "T8",
    title: "both silent for long: out of service once, rounds further and further apart",
    options: {
      scenario: ["100 primary silent", "100 backup1 silent", "5000 primary back", "5000 backup1 back"],
    },
    untilMs: 5_200_000,
    wraps: [1, 122_000, 124_000, 200_000, 1_000_000, 5_000_000, 5_040_000],
    check: checkRounds,
  },
  {
    name: "T9",
    title: "a call defers the return: moved at 500.0, when it ends",
    options: { scenario: [...BACK_AT_400, "440 call begin", "500 call end"] },
    untilMs: 540_000,
    wraps: [1, 450_000, 499_999, 500_000],
    check: (world) => {
      sameEvents(decisions(world), [
        ...FAILED_OVER_AT_122,
        "450000 failbackDeferred primary 6000 calls",
        "500000 moved primary 6000 failback",
        "500000 warningOff 6000",
      ]);
      assert.deepEqual(between(moments(world, /primary REGISTER/), 200_000, 540_000), [500_000]);
      assert.deepEqual(moments(world, /expires=0/), [500_000]);
    },
  },
  {
    name: "T10",
    title: "a refusing primary is down in the same millisecond",
    options: { scenario: ["100 primary refuses"] },
    untilMs: 170_000,
    wraps: [1, 119_999, 120_000],
    check: (world) => {
      sameEvents(decisions(world), [
        "0 inService primary 6000",
        "120000 serverDown primary transport",
        "120000 outOfService primary 6000 transport",
        "120000 warningOn 6000",
        "120000 inService backup1 6000",
        "120000 moved backup1 6000 failover",
      ]);
      const asked = sentAt(world.packets, /primary REGISTER/);
      assert.deepEqual(between(asked, 100_000, 170_000), [120_000]);
    },
  },
  {
    name: "T11",
    title: "start with the primary dead: on the backup at 2.0",
    options: { scenario: ["0 primary silent"] },
    untilMs: 30_000,
    wraps: [1, 500, 1500, 1999, 2000],
    check: (world) => {
      sameEvents(decisions(world), [
        "2000 serverDown primary timeout",
        "2000 warningOn 6000",
        "2000 inService backup1 6000",
      ]);
      assert.deepEqual(sentAt(world.packets, /primary/), [0, 500, 1500]);
      assert.deepEqual(sentAt(world.packets, /backup1/), [2000, 2000]);
    },
  },
  {
    name: "T12",
    title: "a dead standby is told at 2.0, and service is not delayed",
    options: { params: { startupCheck: true }, scenario: ["0 backup1 silent"] },
    untilMs: 30_000,
    wraps: [1, 500, 1999, 2000],
    check: (world) => {
      sameEvents(decisions(world), ["0 inService primary 6000", "2000 standbyDown backup1"]);
      const event = world.events.find(({ type }) => type === "standbyDown");
      assert.equal(event?.text, "standby server is down");
      assert.deepEqual(sentAt(world.packets, /backup1 OPTIONS/), [0, 500, 1500]);
    },
  },
];

/** T8: each wait lies between half of W and W, counted from the end of a round to the next one. */
function checkRounds(world: World): void {
  assert.deepEqual(told(world.events, ["outOfService"]), ["122000 outOfService primary 6000 timeout"]);
  const asked = sentAt(world.packets, /primary REGISTER/).filter((at) => at >= 100_000 && at < 5_000_000);
  const starts = asked.filter((at, index) => at - (asked[index - 1] ?? 0) > 2000);
  assert.equal(starts[0], 120_000);
  assert.deepEqual(asked.length, 3 * starts.length, "each turn is sent at 0, 500 and 1500 ms");
  assert.ok(starts.length >= 6, `${starts.length} rounds`);
  for (const [index, startMs] of starts.slice(1).entries()) {
    const mostMs = WAITS_MS[index] ?? 0;
    const waitedMs = startMs - ((starts[index] ?? 0) + 4000);
    assert.ok(waitedMs >= mostMs / 2 && waitedMs <= mostMs, `wait ${index + 1}: ${waitedMs} of ${mostMs}`);
    assert.deepEqual(between(sentAt(world.packets, /backup1 REGISTER/), startMs, startMs + 4000), [
      startMs + 2000,
      startMs + 2500,
      startMs + 3500,
    ]);
  }
  const back = world.events.filter(
    ({ t, type }) => t > 124_000 && (type === "inService" || type === "moved"),
  );
  const [first, last] = [back[0], back.at(-1)];
  assert.ok(first !== undefined && first.t >= 5_000_000 && first.t <= 5_092_000, `${first?.t}`);
  assert.ok(last?.server === "primary" && last.t <= first.t + 2000, `${last?.server} ${last?.t}`);
  assert.equal(told(world.events, ["warningOff"]).length, 1);
}
