// Rules of failover that the timelines do not touch, one scenario each, times as literals.

import assert from "node:assert/strict";
import { test } from "node:test";
import { R_LATE } from "../../assembly/abi.ts";
import type { PhoneEvent } from "../../host/core/events.ts";
import type { World } from "../../host/sim/world.ts";
import { DECISIONS, type RunOptions, sameEvents, sent, sentAt, told, world } from "./fixture.ts";

const SLOW = { registerRefreshInterval: 1800 };

interface Rule {
  readonly title: string;
  readonly options: RunOptions;
  readonly untilMs: number;
  /** Types beside DECISIONS that are compared too. */
  readonly also?: readonly PhoneEvent["type"][];
  readonly expected: readonly string[];
  readonly wire?: (world: World) => void;
}

const SERVED = "0 inService primary 6000";

/** The line left the primary without a gap, for a reason of its own. */
const MOVED_AT_120 = [SERVED, "120000 moved backup1 6000 failover", "120000 warningOn 6000"];

/** The primary was found dead at 120.0 and the backup serves. */
function downAt120(reason: string): string[] {
  return [
    SERVED,
    `120000 serverDown primary ${reason}`,
    `120000 outOfService primary 6000 ${reason}`,
    "120000 warningOn 6000",
    "120000 inService backup1 6000",
    "120000 moved backup1 6000 failover",
  ];
}

/** What was sent, without the running number. */
function asked(world: World, match: RegExp): string[] {
  return sent(world.packets, match).map((line) => line.replace(/ cseq=\d+/, ""));
}

const RULES: readonly Rule[] = [
  {
    title: "423: the least time is adopted at once, and asked for from then on",
    options: { scenario: ["50 primary min-expires 200"] },
    untilMs: 200_000,
    expected: [SERVED],
    wire: (world) => {
      assert.deepEqual(asked(world, /^[1-9]\d* primary REGISTER/), [
        "60000 primary REGISTER 6000 expires=120 auth",
        "60000 primary REGISTER 6000 expires=200 auth",
        "160000 primary REGISTER 6000 expires=200 auth",
      ]);
    },
  },
  ...([408, 502, 503, 504] as const).map(
    (status): Rule => ({
      title: `${status} to a REGISTER: the server is down, without a pause of its own`,
      options: { scenario: [`100 primary answers ${status} to=REGISTER`] },
      untilMs: 130_000,
      also: ["serverCooling"],
      expected: downAt120(`${status}`),
    }),
  ),
  {
    title: "500: the line is left out there for lineCool, then it returns",
    options: { scenario: ["100 primary answers 500 to=REGISTER", "200 primary back"] },
    untilMs: 430_000,
    expected: [...MOVED_AT_120, "420000 moved primary 6000 failback", "420000 warningOff 6000"],
  },
  {
    title: "500 with Retry-After: left out for that long",
    options: { scenario: ["100 primary answers 500 to=REGISTER retry-after=60", "130 primary back"] },
    untilMs: 430_000,
    expected: [...MOVED_AT_120, "180000 moved primary 6000 failback", "180000 warningOff 6000"],
  },
  {
    title: "200 without our Contact: told, and left out there",
    options: { scenario: ["100 primary answers 200 to=REGISTER"] },
    untilMs: 130_000,
    also: ["contactMissing"],
    expected: [...MOVED_AT_120, "120000 contactMissing primary 6000"],
  },
  {
    title: "a grant of no time: left out there",
    options: { scenario: ["100 primary grants 0"] },
    untilMs: 130_000,
    expected: MOVED_AT_120,
  },
  {
    title: "heartbeats refused by ICMP are misses at once",
    options: { params: SLOW, scenario: ["100 primary refuses"] },
    untilMs: 280_000,
    also: ["serverSuspect"],
    expected: [
      SERVED,
      "180000 serverSuspect primary",
      "270000 serverDown primary heartbeat",
      "270000 outOfService primary 6000 heartbeat",
      "270000 warningOn 6000",
      "270000 inService backup1 6000",
      "270000 moved backup1 6000 failover",
    ],
    wire: ({ packets }) => {
      const moments = sentAt(packets, /primary OPTIONS/);
      assert.deepEqual(moments, [90_000, 180_000, 270_000], "nothing is repeated after an ICMP error");
    },
  },
  {
    title: "answers that come after the time-out are late: misses, and counted",
    options: { params: SLOW, scenario: ["100 primary latency 2500"] },
    untilMs: 290_000,
    expected: [
      SERVED,
      "272000 serverDown primary heartbeat",
      "272000 outOfService primary 6000 heartbeat",
      "272000 warningOn 6000",
      "272000 inService backup1 6000",
      "272000 moved backup1 6000 failover",
    ],
    wire: ({ agent }) => assert.equal(agent.core.refused(R_LATE), 6, "three copies of two heartbeats"),
  },
  {
    title: "answers just before the time-out are as good as quick ones",
    options: { scenario: ["100 primary latency 1999"] },
    untilMs: 400_000,
    expected: [SERVED],
  },
  {
    title: "a pin lasts until its server fails, and not longer",
    options: { scenario: ["100 host moveTo backup1", "150 backup1 silent", "300 backup1 back"] },
    untilMs: 600_000,
    expected: [
      SERVED,
      "100000 moved backup1 6000 failover",
      "100000 warningOn 6000",
      "162000 serverDown backup1 timeout",
      "162000 outOfService backup1 6000 timeout",
      "162000 inService primary 6000",
      "162000 moved primary 6000 failover",
      "162000 warningOff 6000",
    ],
  },
  {
    title: "start with all servers dead: out of service after the first round, not before",
    options: { scenario: ["0 primary silent", "0 backup1 silent"] },
    untilMs: 20_000,
    expected: [
      "2000 serverDown primary timeout",
      "2000 warningOn 6000",
      "4000 serverDown backup1 timeout",
      "4000 outOfService 6000 start",
    ],
  },
  {
    title: "the link comes up: the binding in use is verified first, the return follows the grid",
    options: {
      scenario: ["100 primary silent", "400 primary back", "440 link down", "460 link up"],
    },
    untilMs: 550_000,
    expected: [
      SERVED,
      "122000 serverDown primary timeout",
      "122000 outOfService primary 6000 timeout",
      "122000 warningOn 6000",
      "122000 inService backup1 6000",
      "122000 moved backup1 6000 failover",
      "440000 outOfService backup1 6000 link",
      "460000 inService backup1 6000",
      "540000 moved primary 6000 failback",
      "540000 warningOff 6000",
    ],
    wire: ({ packets }) => {
      assert.deepEqual([...new Set(sentAt(packets, /^4[4-9]\d{4} /))], [460_000]);
    },
  },
  {
    title:
      "the link comes up while a call keeps the line at the backup: the backup is verified, not the primary",
    options: {
      scenario: ["100 primary silent", "400 primary back", "440 call begin", "460 link down", "470 link up"],
    },
    untilMs: 480_000,
    expected: [
      SERVED,
      "122000 serverDown primary timeout",
      "122000 outOfService primary 6000 timeout",
      "122000 warningOn 6000",
      "122000 inService backup1 6000",
      "122000 moved backup1 6000 failover",
      "450000 failbackDeferred primary 6000 calls",
      "460000 outOfService backup1 6000 link",
      "470000 inService backup1 6000",
    ],
  },
  {
    title: "the link comes up and the server in use is gone: the next choice, without a wait",
    options: {
      scenario: [
        "100 primary silent",
        "400 primary back",
        "440 call begin",
        "460 link down",
        "465 backup1 silent",
        "470 link up",
      ],
    },
    untilMs: 480_000,
    expected: [
      SERVED,
      "122000 serverDown primary timeout",
      "122000 outOfService primary 6000 timeout",
      "122000 warningOn 6000",
      "122000 inService backup1 6000",
      "122000 moved backup1 6000 failover",
      "450000 failbackDeferred primary 6000 calls",
      "460000 outOfService backup1 6000 link",
      "472000 serverDown backup1 timeout",
      "472000 inService primary 6000",
      "472000 moved primary 6000 failover",
      "472000 warningOff 6000",
    ],
  },
  {
    title: "failed calls on a rejected line send no further REGISTER",
    options: {
      scenario: [
        "100 primary answers 403 to=REGISTER",
        ...[130, 140, 150].map((second) => `${second} host callFailed`),
      ],
    },
    untilMs: 170_000,
    expected: [SERVED, "120000 rejected primary 6000 403"],
    wire: ({ packets }) => {
      assert.deepEqual(
        sentAt(packets, /REGISTER/).filter((at) => at > 60_000),
        [120_000],
      );
    },
  },
  {
    title: "a move back that fails is told, and its server is down again",
    options: {
      scenario: ["100 primary silent", "400 primary back", "400 primary mute", "500 primary back"],
    },
    untilMs: 460_000,
    also: ["returnFailed"],
    expected: [
      SERVED,
      "122000 serverDown primary timeout",
      "122000 outOfService primary 6000 timeout",
      "122000 warningOn 6000",
      "122000 inService backup1 6000",
      "122000 moved backup1 6000 failover",
      "452000 serverDown primary timeout",
      "452000 returnFailed primary 6000",
    ],
  },
  {
    title: "an account rejected by the primary rests there, in service while its lease lasts",
    options: { scenario: ["100 primary answers 403 to=REGISTER"] },
    untilMs: 179_000,
    expected: [SERVED, "120000 rejected primary 6000 403"],
    wire: ({ packets }) => assert.deepEqual(sent(packets, /backup1/), []),
  },
  {
    title: "wrong credentials are refused once and not sent again",
    options: { scenario: ["0 primary answers 401 to=REGISTER"] },
    untilMs: 100_000,
    expected: ["0 rejected primary 6000 credentials", "0 warningOn 6000"],
    wire: (world) => {
      assert.deepEqual(asked(world, /REGISTER/), [
        "0 primary REGISTER 6000 expires=120",
        "0 primary REGISTER 6000 expires=120 auth",
      ]);
    },
  },
  {
    title: "stop with a dead server ends within one register timeout",
    options: { scenario: ["100 primary silent", "110 host stop"] },
    untilMs: 200_000,
    expected: [SERVED, "110000 outOfService primary 6000 command"],
    wire: (world) => {
      assert.equal(world.stoppedAt, 112_000);
      assert.deepEqual(asked(world, /^11\d{4} /), [
        "110000 primary REGISTER 6000 expires=0 auth",
        "110500 primary REGISTER 6000 expires=0 auth",
        "111500 primary REGISTER 6000 expires=0 auth",
      ]);
    },
  },
  {
    title: "a boot without memory: a new Call-ID, and no credentials until asked",
    options: { scenario: ["30 host restart"] },
    untilMs: 40_000,
    expected: [SERVED, "30000 inService primary 6000"],
    wire: ({ packets }) => {
      const callIds = packets
        .filter(({ from }) => from === "phone")
        .map(({ bytes }) => /^Call-ID: (.*)\r$/m.exec(new TextDecoder().decode(bytes))?.[1]);
      assert.equal(callIds.length, 4);
      assert.equal(callIds[0], callIds[1]);
      assert.equal(callIds[2], callIds[3]);
      assert.notEqual(callIds[0], callIds[2]);
    },
  },
  {
    title: "a refresh is sent once at a time, however often the host asks",
    options: { scenario: [...Array(40).keys()].map((index) => `${10 + index / 4} host refresh`) },
    untilMs: 25_000,
    expected: [SERVED],
    wire: ({ packets }) => {
      const moments = sentAt(packets, /REGISTER/).filter((at) => at > 0);
      assert.deepEqual(
        moments,
        [10_000, 11_000, 12_000, 13_000, 14_000, 15_000, 16_000, 17_000, 18_000, 19_000, 20_000],
      );
    },
  },
];

test("a grant that ends before it may be renewed does not send the line to and fro", () => {
  for (const [grantSeconds, registerSpacing] of [
    [1, 1000],
    [5, 5000],
  ] as const) {
    const run = world({
      params: { registerSpacing },
      scenario: [`100 primary grants ${grantSeconds}`],
    }).runTo(700_000);
    const moves = told(run.events, ["moved"]);
    assert.ok(moves.length <= 3, moves.join("\n"));
    assert.equal(run.agent.lines()[0]?.state, "served");
  }
});

for (const { title, options, untilMs, also = [], expected, wire } of RULES) {
  test(title, () => {
    const run = world(options).runTo(untilMs);
    sameEvents(told(run.events, [...DECISIONS, ...also]), expected);
    wire?.(run);
  });
}
