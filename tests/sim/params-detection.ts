// Rows of params.test.ts: intervals, time-outs, heartbeats and the return.

import { sent, sentAt } from "./fixture.ts";
import { firstTo, OUTAGE, type Row, returns, SILENT } from "./watch.ts";

export const DETECTION = {
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
} satisfies Record<string, Row>;
