// Rows of params.test.ts: damping, back-off, timers and the wire.

import {
  answers,
  ask,
  contacts,
  FLAPS,
  fromOutage,
  type Row,
  returns,
  SILENT,
  secondRound,
} from "./watch.ts";

export const LIMITS = {
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
      watch: {
        packet: ({ from, bytes }, world) => {
          if (from === "server") world.inject(bytes, "foreign");
        },
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
  natKeepalive: {
    to: { natKeepalive: 20 },
    both: { registerRefreshInterval: 3600, primaryDetectInterval: 0 },
    untilMs: 61_000,
    watch: /keepalive/,
    before: [],
    after: [20_000, 40_000, 60_000],
  },
  outbound: {
    to: { outbound: true },
    untilMs: 10_000,
    watch: ({ packets }) =>
      /^Contact: [^>]*>(.*)$/m.exec(new TextDecoder().decode(packets[0]?.bytes))?.[1]?.trim(),
    before: ";expires=120",
    after: ';expires=120;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-00000a0b0c0d>"',
  },
  rport: {
    to: { rport: false },
    untilMs: 10_000,
    watch: ({ packets }) =>
      /^Via: .*$/m.exec(new TextDecoder().decode(packets[0]?.bytes))?.[0]?.includes(";rport;"),
    before: true,
    after: false,
  },
} satisfies Record<string, Row>;
