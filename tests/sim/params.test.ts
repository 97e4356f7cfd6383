// Every parameter of the core changes something that leaves the phone: a byte, a time or a target.
//
// One row a parameter: two runs that differ in it alone, and what is seen in each. A parameter without
// a row fails, so that no knob is connected to nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CORE, type CoreName } from "../../host/params/table.ts";
import type { World } from "../../host/sim/world.ts";
import { type RunOptions, type Setting, sent, sentAt, world } from "./fixture.ts";

/** What is compared: the moments at which something like this is sent, or anything else of a run. */
type Watch = RegExp | ((world: World) => unknown);

interface Row {
  /** The one value that changes. */
  readonly to: Setting;
  /** What holds in both runs, beside the optimal settings. */
  readonly both?: Setting;
  readonly run?: Omit<RunOptions, "params">;
  readonly prepare?: (world: World) => void;
  readonly untilMs: number;
  readonly watch: Watch;
  readonly before: unknown;
  readonly after: unknown;
}

const SILENT = ["100 primary silent"];
const OUTAGE = ["100 primary silent", "400 primary back"];
const FLAPS = [
  ...OUTAGE,
  "500 primary silent",
  "530 primary back",
  "590 primary silent",
  "620 primary back",
  "680 primary silent",
  "710 primary back",
];

/** When a line moved to the primary. */
function returns({ events }: World): number[] {
  return events.filter(({ type, server }) => type === "moved" && server === "primary").map(({ t }) => t);
}

/** When the first REGISTER went to that server. */
function firstTo(server: string): (world: World) => number | undefined {
  return ({ packets }) => sentAt(packets, new RegExp(` ${server} REGISTER`))[0];
}

/** REGISTERs of the time in which something goes wrong. */
function fromOutage({ packets }: World): number[] {
  return sentAt(packets, /REGISTER/).filter((at) => at >= 100_000);
}

/** Which of these spans the second round of attempts begins in. */
function secondRound({ packets }: World): readonly (readonly number[])[] {
  const spans = [
    [7000, 12_000],
    [12_001, 22_000],
    [32_000, 62_000],
  ] as const;
  const at = sentAt(packets, /REGISTER/).find((one) => one > 2000) ?? Number.NaN;
  return spans.filter(([from, to]) => at >= from && at <= to);
}

/** Each address the phone gave in Contact, and when first. */
function contacts({ packets }: World): string[] {
  const seen = new Map<string, number>();
  for (const { at, from, bytes } of packets) {
    const [, contact] = /^Contact: <sip:6000@([\d.:]+)/m.exec(new TextDecoder().decode(bytes)) ?? [];
    if (from === "phone" && contact !== undefined && !seen.has(contact)) seen.set(contact, at);
  }
  return [...seen].map(([contact, at]) => `${at} ${contact}`);
}

/** Lets the primary ask whether `user` is there. */
function ask(user: string): (world: World) => void {
  const lines = [
    `OPTIONS sip:${user}@192.0.2.100:5060 SIP/2.0`,
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKasked",
    "Max-Forwards: 70",
    "From: <sip:pbx1.example>;tag=asks",
    `To: <sip:${user}@192.0.2.100>`,
    "Call-ID: asked",
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
  ];
  const bytes = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  return (world) => world.at(5000, () => world.inject(bytes, "primary"));
}

/** What the phone answered: statuses. */
function answers({ packets }: World): string[] {
  return sent(packets, /^5000 primary \d{3} OPTIONS/).map((line) => line.split(" ")[2] ?? "");
}

const ROWS: Readonly<Record<CoreName, Row>> = {
  registerRefreshInterval: {
    to: { registerRefreshInterval: 240 },
    untilMs: 130_000,
    watch: ({ packets }) => sent(packets, /REGISTER .*auth/),
    before: [
      "0 primary REGISTER 6000 cseq=2 expires=120 auth",
      "60000 primary REGISTER 6000 cseq=3 expires=120 auth",
      "120000 primary REGISTER 6000 cseq=4 expires=120 auth",
    ],
    after: [
      "0 primary REGISTER 6000 cseq=2 expires=240 auth",
      "120000 primary REGISTER 6000 cseq=3 expires=240 auth",
    ],
  },
  registerTimeout: {
    to: { registerTimeout: 4000 },
    run: { scenario: SILENT },
    untilMs: 130_000,
    watch: firstTo("backup1"),
    before: 122_000,
    after: 124_000,
  },
  optionsTimeout: {
    to: { optionsTimeout: 4000 },
    both: { registerRefreshInterval: 1800 },
    run: { scenario: SILENT },
    untilMs: 280_000,
    watch: firstTo("backup1"),
    before: 272_000,
    after: 274_000,
  },
  primaryDetectInterval: {
    to: { primaryDetectInterval: 40 },
    untilMs: 100_000,
    watch: /OPTIONS/,
    before: [90_000],
    after: [40_000, 80_000],
  },
  maxDetectFailCount: {
    to: { maxDetectFailCount: 0 },
    both: { registerRefreshInterval: 1800 },
    run: { scenario: SILENT },
    untilMs: 280_000,
    watch: firstTo("backup1"),
    before: 272_000,
    after: 182_000,
  },
  preferPrimary: {
    to: { preferPrimary: false },
    run: { scenario: OUTAGE },
    untilMs: 600_000,
    watch: returns,
    before: [450_000],
    after: [],
  },
  backToPrimaryDelay: {
    to: { backToPrimaryDelay: 600 },
    both: { preferPrimary: false, backToPrimaryDelay: 300 },
    run: { scenario: OUTAGE },
    untilMs: 1_100_000,
    watch: returns,
    before: [750_000],
    after: [1_050_000],
  },
  sipOptions: {
    to: { sipOptions: true },
    untilMs: 30_000,
    watch: /OPTIONS/,
    before: [],
    after: [14_000, 28_000],
  },
  sipOptionsInterval: {
    to: { sipOptionsInterval: 20 },
    both: { sipOptions: true },
    untilMs: 30_000,
    watch: /OPTIONS/,
    before: [14_000, 28_000],
    after: [20_000],
  },
  backupDetectInterval: {
    to: { backupDetectInterval: 60 },
    untilMs: 130_000,
    watch: /backup1 OPTIONS/,
    before: [],
    after: [60_000, 120_000],
  },
  detectRetryInterval: {
    to: { detectRetryInterval: 5 },
    both: { registerRefreshInterval: 1800 },
    run: { scenario: SILENT },
    untilMs: 280_000,
    watch: firstTo("backup1"),
    before: 272_000,
    after: 189_000,
  },
  detectAnswer: {
    to: { detectAnswer: "2xx" },
    both: { registerRefreshInterval: 1800 },
    run: { scenario: ["100 primary answers 404 to=OPTIONS"] },
    untilMs: 280_000,
    watch: firstTo("backup1"),
    before: undefined,
    after: 270_000,
  },
  detectPhase: {
    to: { detectPhase: "random" },
    untilMs: 180_000,
    watch: ({ packets }) => {
      const [first = 0, second = 0] = sentAt(packets, /OPTIONS/);
      return { first: first === 90_000, within: first > 0 && first <= 90_000, step: second - first };
    },
    before: { first: true, within: true, step: 90_000 },
    after: { first: false, within: true, step: 90_000 },
  },
  recoverCount: {
    to: { recoverCount: 2 },
    run: { scenario: OUTAGE },
    untilMs: 600_000,
    watch: returns,
    before: [450_000],
    after: [540_000],
  },
  startupCheck: {
    to: { startupCheck: true },
    untilMs: 10_000,
    watch: /backup1 OPTIONS/,
    before: [],
    after: [0],
  },
  removeLastRegistration: {
    to: { removeLastRegistration: false },
    run: { scenario: OUTAGE },
    untilMs: 460_000,
    watch: ({ packets }) => new Set(sentAt(packets, /backup1 .*expires=0/)),
    before: new Set([450_000]),
    after: new Set(),
  },
  initialAuth: {
    to: { initialAuth: true },
    run: { scenario: ["100 primary refuses", "130 primary back"] },
    untilMs: 200_000,
    watch: ({ packets }) => sent(packets, /^180000 primary REGISTER/),
    before: [
      "180000 primary REGISTER 6000 cseq=5 expires=120",
      "180000 primary REGISTER 6000 cseq=6 expires=120 auth",
    ],
    after: ["180000 primary REGISTER 6000 cseq=5 expires=120 auth"],
  },
  fullRegistration: {
    to: { fullRegistration: true },
    untilMs: 70_000,
    watch: ({ packets }) => sent(packets, /^60000 .*REGISTER/),
    before: ["60000 primary REGISTER 6000 cseq=3 expires=120 auth"],
    after: [
      "60000 primary REGISTER 6000 cseq=3 expires=120",
      "60000 primary REGISTER 6000 cseq=4 expires=120 auth",
    ],
  },
  startSpread: {
    to: { startSpread: 60 },
    untilMs: 61_000,
    watch: ({ packets }) => {
      const first = sentAt(packets, /REGISTER/)[0] ?? Number.NaN;
      return first === 0 ? "at once" : first <= 60_000 ? "within 60 s" : first;
    },
    before: "at once",
    after: "within 60 s",
  },
  failoverSpread: {
    to: { failoverSpread: 60 },
    run: { scenario: SILENT },
    untilMs: 190_000,
    watch: (world) => {
      const first = firstTo("backup1")(world) ?? Number.NaN;
      return first === 122_000 ? "at once" : first > 122_000 && first <= 182_000 ? "within 60 s" : first;
    },
    before: "at once",
    after: "within 60 s",
  },
  retryAfterMin: {
    to: { retryAfterMin: 10 },
    run: { servers: 1, scenario: ["0 primary answers 503 to=REGISTER retry-after=1"] },
    untilMs: 14_000,
    watch: /REGISTER/,
    before: [0, 5000, 10_000],
    after: [0, 10_000],
  },
  retryAfterMax: {
    to: { retryAfterMax: 20 },
    run: { servers: 1, scenario: ["0 primary answers 503 to=REGISTER retry-after=50"] },
    untilMs: 24_000,
    watch: /REGISTER/,
    before: [0],
    after: [0, 20_000],
  },
  lineCool: {
    to: { lineCool: 100 },
    run: { lines: 2, scenario: ["0 primary mute line=6001", "50 primary back"] },
    untilMs: 310_000,
    watch: returns,
    before: [302_000],
    after: [102_000],
  },
  rejectRetry: {
    to: { rejectRetry: 600 },
    run: { servers: 1, scenario: ["0 primary answers 403 to=REGISTER", "10 primary back"] },
    untilMs: 1_330_000,
    watch: ({ packets }) => {
      const second = sentAt(packets, /REGISTER/)[1] ?? Number.NaN;
      return [600, 1200].filter((rest) => second >= rest * 1000 && second <= rest * 1100);
    },
    before: [1200],
    after: [600],
  },
  registerSpacing: {
    to: { registerSpacing: 5000 },
    run: { scenario: ["10 host refresh", "10.5 host refresh"] },
    untilMs: 20_000,
    watch: ({ packets }) => sentAt(packets, /REGISTER/).filter((at) => at > 0),
    before: [10_000, 11_000],
    after: [10_000, 15_000],
  },
  refreshPercent: {
    to: { refreshPercent: 80 },
    untilMs: 100_000,
    watch: ({ packets }) => sentAt(packets, /REGISTER/).filter((at) => at > 0),
    before: [60_000],
    after: [96_000],
  },
  redirect: {
    to: { redirect: "never" },
    run: { servers: 3, scenario: ["100 primary answers 302 to=REGISTER contact=backup2"] },
    untilMs: 130_000,
    watch: ({ packets }) => sent(packets, /backup. REGISTER/)[0]?.split(" ")[1],
    before: "backup2",
    after: "backup1",
  },
  failoverOnReject: {
    to: { failoverOnReject: true },
    run: { scenario: ["100 primary answers 403 to=REGISTER"] },
    untilMs: 130_000,
    watch: firstTo("backup1"),
    before: undefined,
    after: 120_000,
  },
  failbackInCall: {
    to: { failbackInCall: true },
    run: { scenario: [...OUTAGE, "440 call begin", "500 call end"] },
    untilMs: 510_000,
    watch: returns,
    before: [500_000],
    after: [450_000],
  },
  flapDamping: {
    to: { flapDamping: false },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 720_000],
  },
  flapWindow: {
    to: { flapWindow: 60 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 720_000],
  },
  flapPenalty: {
    to: { flapPenalty: 800 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 720_000],
  },
  flapSuppress: {
    to: { flapSuppress: 1500 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 1_112_000],
  },
  flapReuse: {
    to: { flapReuse: 751 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 1_112_000],
  },
  flapHalfLife: {
    to: { flapHalfLife: 200 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 1_112_000],
  },
  flapMaxSuppress: {
    to: { flapMaxSuppress: 200 },
    run: { scenario: FLAPS },
    untilMs: 1_500_000,
    watch: returns,
    before: [450_000, 540_000, 630_000, 1_412_000],
    after: [450_000, 540_000, 630_000, 892_000],
  },
  retryBase: {
    to: { retryBase: 10 },
    run: { servers: 1, scenario: ["0 primary silent"] },
    untilMs: 63_000,
    watch: secondRound,
    before: [[32_000, 62_000]],
    after: [[12_001, 22_000]],
  },
  retryMax: {
    to: { retryMax: 10 },
    run: { servers: 1, scenario: ["0 primary silent"] },
    untilMs: 63_000,
    watch: secondRound,
    before: [[32_000, 62_000]],
    after: [[7000, 12_000]],
  },
  natSettle: {
    to: { natSettle: 90 },
    run: { scenario: ["10 host refresh"] },
    prepare: (world) => {
      for (const [atMs, port] of [
        [9000, 1000],
        [20_000, 2000],
      ] as const) {
        world.at(atMs, () => {
          world.publicEndpoint = { address: "198.51.100.7", port };
        });
      }
    },
    untilMs: 140_000,
    watch: contacts,
    before: ["0 192.0.2.100:5060", "11000 198.51.100.7:1000", "72000 198.51.100.7:2000"],
    after: ["0 192.0.2.100:5060", "11000 198.51.100.7:1000", "132000 198.51.100.7:2000"],
  },
  t1: {
    to: { t1: 300 },
    run: { scenario: SILENT },
    untilMs: 121_900,
    watch: fromOutage,
    before: [120_000, 120_500, 121_500],
    after: [120_000, 120_300, 120_900],
  },
  t2: {
    to: { t2: 2000 },
    both: { registerTimeout: 0 },
    run: { scenario: SILENT },
    untilMs: 132_000,
    watch: fromOutage,
    before: [120_000, 120_500, 121_500, 123_500, 127_500, 131_500],
    after: [120_000, 120_500, 121_500, 123_500, 125_500, 127_500, 129_500, 131_500],
  },
  acceptOnlyFromServer: {
    to: { acceptOnlyFromServer: true },
    run: {
      scenario: ["0 primary latency 400"],
      tap: ({ from, bytes }, world) => {
        if (from === "server") world.inject(bytes, "foreign");
      },
    },
    untilMs: 3000,
    watch: /REGISTER .*auth/,
    before: [0],
    after: [400],
  },
  requestUserCheck: {
    to: { requestUserCheck: false },
    both: { answerOptions: true },
    prepare: ask("7777"),
    untilMs: 10_000,
    watch: answers,
    before: ["404"],
    after: ["200"],
  },
  answerOptions: {
    to: { answerOptions: true },
    prepare: ask("6000"),
    untilMs: 10_000,
    watch: answers,
    before: [],
    after: ["200"],
  },
  rport: {
    to: { rport: false },
    untilMs: 10_000,
    watch: ({ packets }) =>
      /^Via: .*$/m.exec(new TextDecoder().decode(packets[0]?.bytes))?.[0]?.includes(";rport;"),
    before: true,
    after: false,
  },
};

for (const row of CORE) {
  test(`${row.name} (${row.id}) changes what leaves the phone`, () => {
    const { to, both, run, prepare, untilMs, watch, before, after } = ROWS[row.name as CoreName];
    assert.deepEqual(Object.keys(to), [row.name], "only this parameter changes");
    assert.notDeepEqual(before, after);
    const see = (params: Setting): unknown => {
      const played = world({ ...run, params: { ...both, ...params } });
      prepare?.(played);
      played.runTo(untilMs);
      return watch instanceof RegExp ? sentAt(played.packets, watch) : watch(played);
    };
    assert.deepEqual(see({}), before, "as it was");
    assert.deepEqual(see(to), after, "changed");
  });
}

test("the table of parameters and these rows name the same", () => {
  assert.deepEqual(Object.keys(ROWS).sort(), CORE.map(({ name }) => name).sort());
  assert.deepEqual(
    CORE.map(({ id }) => id),
    [...Array(45).keys()],
  );
});
