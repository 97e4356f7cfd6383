// How each row of the tables of session/transaction.ts and session/registration.ts is taken, and some of their
// silent cells.
//
// These states have no view. They show in what is sent and when: each case lists every packet of its time.

import { R_LATE } from "../../assembly/abi.ts";
import type { World } from "../../host/sim/world.ts";
import { answerTo } from "./cells-silent.ts";
import { type RunOptions, type Setting, sent, told, world } from "./fixture.ts";

export interface RequestCase {
  /** `STATE INPUT` of the row, or of a silent cell. */
  readonly cell: string;
  readonly title: string;
  readonly options: RunOptions;
  /** From when on packets are listed; default 0. */
  readonly fromMs?: number;
  readonly untilMs: number;
  /** What the phone sends, without the user. */
  readonly sent: readonly string[];
  /** What it decides meanwhile. */
  readonly told: readonly string[];
  /** Answers refused as late; default 0. */
  readonly late?: number;
}

const BARE = "REGISTER expires=120";
const PROVED = "REGISTER expires=120 auth";
/** 64*T1: time to see repeats slow down. */
const LONG: Setting = { registerTimeout: 0 };
const SERVED = "0 inService primary";

/** `100 Trying` (or `statuses`) arrive that many ms after the first copy of the first REGISTER. */
function provisionals(moments: readonly number[], status = "100 Trying"): Pick<RunOptions, "watch"> {
  let first = true;
  return {
    watch: {
      packet: (packet, run) => {
        if (!first || packet.from !== "phone") return;
        first = false;
        for (const delayMs of moments) run.inject(answerTo(packet, status), "primary", delayMs);
      },
    },
  };
}

/** What was sent and decided from `fromMs` on, and how many answers came late. */
export function play(one: RequestCase): Pick<RequestCase, "sent" | "told" | "late"> {
  const { fromMs = 0 } = one;
  const run: World = world(one.options).runTo(one.untilMs);
  const isIn = (line: string) => Number.parseInt(line, 10) >= fromMs;
  return {
    sent: sent(run.packets)
      .filter(isIn)
      .map((line) => line.replace(/ 6000 cseq=\d+/, "")),
    told: told(run.events, ["inService", "outOfService", "moved", "serverDown", "rejected"])
      .filter(isIn)
      .map((line) => line.replace(" 6000", "")),
    late: run.agent.core.refused(R_LATE),
  };
}

export const TRANSACTION: readonly RequestCase[] = [
  {
    cell: "FREE OPEN",
    title: "the first request of all",
    options: { servers: 1, scenario: ["0 primary silent"] },
    untilMs: 499,
    sent: [`0 primary ${BARE}`],
    told: [],
  },
  {
    cell: "TRYING REPEAT_DUE",
    title: "no answer: again, each time after twice as long, and every T2 in the end",
    options: { servers: 1, params: LONG, scenario: ["0 primary silent"] },
    untilMs: 12_000,
    sent: [0, 500, 1500, 3500, 7500, 11_500].map((at) => `${at} primary ${BARE}`),
    told: [],
  },
  {
    cell: "TRYING LIFE_OVER",
    title: "no answer in its time",
    options: { servers: 1, scenario: ["0 primary silent"] },
    untilMs: 10_000,
    sent: [0, 500, 1500].map((at) => `${at} primary ${BARE}`),
    told: ["2000 serverDown primary timeout", "2000 outOfService start"],
  },
  {
    cell: "TRYING PROVISIONAL",
    title: "the server says that it works on it: the repeat after the next comes T2 later",
    options: { servers: 1, params: LONG, scenario: ["0 primary silent"], ...provisionals([100]) },
    untilMs: 9000,
    sent: [0, 500, 4500, 8500].map((at) => `${at} primary ${BARE}`),
    told: [],
  },
  {
    cell: "TRYING FINAL",
    title: "an answer ends it: nothing is repeated",
    options: { servers: 1, scenario: ["0 primary silent"], ...provisionals([400], "403 Forbidden") },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`],
    told: ["400 rejected primary 403", "400 outOfService start"],
  },
  {
    cell: "TRYING DROP",
    title: "an error of the transport ends it at once",
    options: { servers: 1, scenario: ["0 primary refuses"] },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`],
    told: ["0 serverDown primary transport", "0 outOfService start"],
  },
  {
    cell: "PROCEEDING REPEAT_DUE",
    title: "the server works on it for long: every T2",
    options: {
      servers: 1,
      params: { ...LONG, t2: 1000 },
      scenario: ["0 primary silent"],
      ...provisionals([10]),
    },
    untilMs: 4000,
    sent: [0, 500, 1500, 2500, 3500].map((at) => `${at} primary ${BARE}`),
    told: [],
  },
  {
    cell: "PROCEEDING LIFE_OVER",
    title: "the server works on it for too long: its word does not extend the time",
    options: { servers: 1, scenario: ["0 primary silent"], ...provisionals([1900]) },
    untilMs: 10_000,
    sent: [0, 500, 1500].map((at) => `${at} primary ${BARE}`),
    told: ["2000 serverDown primary timeout", "2000 outOfService start"],
  },
  {
    cell: "PROCEEDING PROVISIONAL",
    title: "the server says so again and again: nothing moves",
    options: { servers: 1, params: LONG, scenario: ["0 primary silent"], ...provisionals([100, 200, 4600]) },
    untilMs: 9000,
    sent: [0, 500, 4500, 8500].map((at) => `${at} primary ${BARE}`),
    told: [],
  },
  {
    cell: "PROCEEDING FINAL",
    title: "the answer comes after a provisional one",
    options: { scenario: ["0 primary latency 450"], ...provisionals([100]) },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`, `450 primary ${PROVED}`],
    told: ["900 inService primary"],
  },
  {
    cell: "PROCEEDING DROP",
    title: "the transport fails after a provisional answer: the repeat finds a closed port",
    options: {
      servers: 1,
      scenario: ["0 primary silent", "0.4 primary refuses"],
      ...provisionals([100]),
    },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`, `500 primary ${BARE}`],
    told: ["500 serverDown primary transport", "500 outOfService start"],
  },
  {
    cell: "COMPLETED OPEN",
    title: "the next request of the same binding",
    options: {},
    untilMs: 60_000,
    sent: [`0 primary ${BARE}`, `0 primary ${PROVED}`, `60000 primary ${PROVED}`],
    told: [SERVED],
  },
];

export const SILENT_TRANSACTION: readonly RequestCase[] = [
  {
    cell: "COMPLETED FINAL",
    title: "the same answer comes again",
    options: {
      servers: 1,
      scenario: ["0 primary silent"],
      ...provisionals([100, 200, 300], "403 Forbidden"),
    },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`],
    told: ["100 rejected primary 403", "100 outOfService start"],
    late: 2,
  },
  {
    cell: "FREE FINAL",
    title: "an answer comes after the request was given up",
    options: { servers: 1, scenario: ["0 primary silent"], ...provisionals([2500], "403 Forbidden") },
    untilMs: 10_000,
    sent: [0, 500, 1500].map((at) => `${at} primary ${BARE}`),
    told: ["2000 serverDown primary timeout", "2000 outOfService start"],
    late: 1,
  },
  {
    cell: "FREE PROVISIONAL",
    title: "a provisional answer comes after the request was given up",
    options: { servers: 1, scenario: ["0 primary silent"], ...provisionals([2500]) },
    untilMs: 10_000,
    sent: [0, 500, 1500].map((at) => `${at} primary ${BARE}`),
    told: ["2000 serverDown primary timeout", "2000 outOfService start"],
    late: 1,
  },
];

export const REGISTRATION: readonly RequestCase[] = [
  {
    cell: "IDLE TOO_SOON",
    title: "less than a second after the last attempt there",
    options: { scenario: ["0.4 host refresh"] },
    untilMs: 999,
    sent: [`0 primary ${BARE}`, `0 primary ${PROVED}`],
    told: [SERVED],
  },
  {
    cell: "IDLE ASK",
    title: "without a nonce, without credentials",
    options: { scenario: ["0 primary silent"] },
    untilMs: 0,
    sent: [`0 primary ${BARE}`],
    told: [],
  },
  {
    cell: "IDLE ASK",
    title: "with the nonce that is held",
    options: {},
    fromMs: 1,
    untilMs: 60_000,
    sent: [`60000 primary ${PROVED}`],
    told: [],
  },
  {
    cell: "SPACED ASK",
    title: "the second has passed; each registration is a full one",
    options: { params: { fullRegistration: true }, scenario: ["0.4 host refresh"] },
    fromMs: 1,
    untilMs: 1000,
    sent: [`1000 primary ${BARE}`, `1000 primary ${PROVED}`],
    told: [],
  },
  {
    cell: "SPACED ASK",
    title: "the second has passed",
    options: { scenario: ["0.4 host refresh"] },
    fromMs: 1,
    untilMs: 1000,
    sent: [`1000 primary ${PROVED}`],
    told: [],
  },
  {
    cell: "SPACED OVER",
    title: "the link goes down before the second has passed: nothing goes out",
    options: { scenario: ["0.4 host refresh", "0.6 link down"] },
    fromMs: 1,
    untilMs: 10_000,
    sent: [],
    told: ["600 outOfService primary link"],
  },
  {
    cell: "ASKING AGAIN",
    title: "the server wants credentials",
    options: { scenario: ["0 primary latency 10"] },
    untilMs: 100,
    sent: [`0 primary ${BARE}`, `10 primary ${PROVED}`],
    told: ["20 inService primary"],
  },
  {
    cell: "ASKING AGAIN",
    title: "the server wants a new flow: once more without credentials",
    options: { servers: 1, scenario: ["0 primary answers 430 to=REGISTER", "0 primary latency 10"] },
    untilMs: 1000,
    sent: [`0 primary ${BARE}`, `10 primary ${BARE}`],
    told: ["20 rejected primary 430", "20 outOfService start"],
  },
  {
    cell: "ASKING OVER",
    title: "a verdict on a request without credentials",
    options: { servers: 1, scenario: ["0 primary answers 404 to=REGISTER"] },
    untilMs: 10_000,
    sent: [`0 primary ${BARE}`],
    told: ["0 rejected primary 404", "0 outOfService start"],
  },
  {
    cell: "ASKING AGAIN",
    title: "the server has forgotten its nonce",
    options: { scenario: ["30 primary restarts"] },
    fromMs: 1,
    untilMs: 60_000,
    sent: [`60000 primary ${PROVED}`, `60000 primary ${PROVED}`],
    told: [],
  },
  {
    cell: "ASKING AGAIN",
    title: "the server wants a longer expiry: once more, with credentials",
    options: { scenario: ["30 primary min-expires 200"] },
    fromMs: 1,
    untilMs: 60_000,
    sent: [`60000 primary ${PROVED}`, "60000 primary REGISTER expires=200 auth"],
    told: [],
  },
  {
    cell: "ASKING OVER",
    title: "a verdict on a request with credentials",
    options: { servers: 1, scenario: ["30 primary answers 403 to=REGISTER"] },
    fromMs: 1,
    untilMs: 89_000,
    sent: [`60000 primary ${PROVED}`],
    told: ["60000 rejected primary 403"],
  },
];

export const SILENT_REGISTRATION: readonly RequestCase[] = [
  {
    cell: "IDLE OVER",
    title: "the link goes down while nothing is asked",
    options: { scenario: ["10 link down"] },
    fromMs: 1,
    untilMs: 50_000,
    sent: [],
    told: ["10000 outOfService primary link"],
  },
  {
    cell: "SPACED TOO_SOON",
    title: "asked again and again before the second has passed: once",
    options: { scenario: ["0.2 host refresh", "0.4 host refresh", "0.6 host refresh"] },
    fromMs: 1,
    untilMs: 50_000,
    sent: [`1000 primary ${PROVED}`],
    told: [],
  },
  {
    cell: "ASKING ASK",
    title: "a refresh is asked for while a request is under way",
    options: { scenario: ["0 primary latency 300", "0.1 host refresh"] },
    untilMs: 50_000,
    sent: [`0 primary ${BARE}`, `300 primary ${PROVED}`],
    told: ["600 inService primary"],
  },
];
