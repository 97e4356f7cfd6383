// Rows of params.test.ts: how a line registers, and what it does with answers.

import { sent, sentAt } from "./fixture.ts";
import { firstTo, OUTAGE, type Row, returns, SILENT } from "./watch.ts";

export const REGISTERING = {
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
} satisfies Record<string, Row>;
