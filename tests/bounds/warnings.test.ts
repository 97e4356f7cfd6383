// Every warning of the linter warns of something: a run in which it happens, and one of advised settings in which it
// does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneConfig } from "../../host/config/model.ts";
import { check } from "../../host/lint/check.ts";
import type { WarningCode } from "../../host/lint/warnings.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import { World } from "../../host/sim/world.ts";
import { module, OPTIMAL, phoneConfig, type Setting, sentAt } from "../sim/fixture.ts";
import { flap } from "./flap.ts";
import { HOUR_MS, mostWithin, movesOf } from "./hours.ts";

interface Harm {
  /** What the figure is. */
  readonly figure: string;
  readonly unwise: PhoneConfig;
  readonly advised: PhoneConfig;
  readonly see: (config: PhoneConfig) => number;
  /** The figure with the one, and with the other. */
  readonly seen: readonly [unwise: number, advised: number];
}

function phone(params: Setting, lines = 1): PhoneConfig {
  return phoneConfig({ params: { ...OPTIMAL, ...params }, lines });
}

function run(config: PhoneConfig, scenario: string, untilMs: number): World {
  return new World({ module: module(), config, steps: parseScenario(scenario) }).runTo(untilMs);
}

/** How long the first line was without service in a run, ms. */
function gap(scenario: string, untilMs: number): (config: PhoneConfig) => number {
  return (config) => run(config, scenario, untilMs).summary[0]?.totalGapMs ?? 0;
}

/** How many such requests were sent. */
function count(match: RegExp, scenario: string, untilMs: number): (config: PhoneConfig) => number {
  return (config) => sentAt(run(config, scenario, untilMs).packets, match).length;
}

const movesAnHour = (config: PhoneConfig): number =>
  mostWithin(movesOf(flap({ name: "", params: config.settings }, 2 * HOUR_MS)), HOUR_MS);

/** Every 31 s the primary refuses one refresh, and is well again. */
const REFUSES_NOW_AND_THEN = Array.from({ length: 60 }, (_, at) => {
  const turn = 100 + 31 * at;
  return `${turn} primary answers 500 to=REGISTER\n${turn} host refresh\n${turn + 1} primary back`;
}).join("\n");

/** Refused credentials at the primary. */
const wrongPasswords = (config: PhoneConfig): number =>
  run(config, "1000 primary answers 401 to=REGISTER", 1_700_000).packets.filter(
    ({ at, from, bytes }) =>
      at >= 1_000_000 && from === "phone" && /^Authorization:/m.test(new TextDecoder().decode(bytes)),
  ).length;

const withoutBackupPassword: PhoneConfig = {
  ...phone({}),
  lines: phone({}).lines.map((line) => ({ ...line, credentials: [line.credentials[0] ?? null, null] })),
};

const BOTH_DIE = "100 primary silent\n100 backup1 silent";
const QUICK = { primaryDetectInterval: 5, maxDetectFailCount: 0 };

const HARMS: Readonly<Record<WarningCode, readonly Harm[]>> = {
  "slow-detection": [
    {
      figure: "ms without service",
      unwise: phone({ registerRefreshInterval: 1800, primaryDetectInterval: 0 }),
      advised: phone({ registerRefreshInterval: 1800 }),
      see: gap("0.1 primary silent", 2_000_000),
      // The advised one has not answered a heartbeat yet: 90, 180, given up at 182, and a REGISTER.
      seen: [901_900, 183_900],
    },
  ],
  "timeout-zero": [
    {
      figure: "ms without service",
      unwise: phone({ registerTimeout: 0, primaryDetectInterval: 0 }),
      advised: phone({ primaryDetectInterval: 0 }),
      see: gap("60 primary silent", 200_000),
      seen: [32_000, 2000],
    },
  ],
  "timeout-not-shorter": [
    {
      // Points of 5 s: each second one is passed.
      figure: "heartbeats to a server that is down, in 100 s",
      unwise: phone({ primaryDetectInterval: 5, optionsTimeout: 8000, t1: 3000, t2: 32_000 }),
      advised: phone({ primaryDetectInterval: 5, t1: 3000, t2: 32_000 }),
      see: (config) => {
        const { packets } = run(config, "30 primary silent", 200_000);
        const beats = sentAt(packets, /primary OPTIONS/).filter((at) => at > 100_000 && at <= 200_000);
        return beats.filter((at) => at % 5000 === 0).length;
      },
      seen: [10, 20],
    },
    {
      figure: "moments at which a lease ended under its refresh",
      unwise: phone({ registerRefreshInterval: 10, registerTimeout: 6000, primaryDetectInterval: 0 }),
      advised: phone({ registerRefreshInterval: 10, primaryDetectInterval: 0 }),
      see: (config) => {
        const { events } = run(config, "12 primary silent", 40_000);
        return events.filter(({ type, reason }) => type === "outOfService" && reason?.rule === "lease")
          .length;
      },
      seen: [1, 0],
    },
  ],
  "same-address": [
    {
      figure: "ms without service",
      unwise: phone({}),
      advised: phone({}),
      // One address is one machine: both die.
      see: gap(BOTH_DIE, 1_000_000),
      seen: [900_000, 900_000],
    },
  ],
  "missing-credentials": [
    {
      figure: "ms without service",
      unwise: withoutBackupPassword,
      advised: phone({}),
      see: gap("100 primary silent", 1_000_000),
      seen: [900_000, 22_000],
    },
  ],
  "undamped-return": [
    {
      figure: "moves an hour",
      unwise: phone({ ...QUICK, flapDamping: false }),
      advised: phone(QUICK),
      see: movesAnHour,
      seen: [720, 32],
    },
  ],
  "never-suppresses": [
    {
      figure: "moves an hour",
      unwise: phone({ flapDamping: true, flapPenalty: 312 }),
      advised: phone({}),
      see: movesAnHour,
      seen: [80, 24],
    },
  ],
  "short-flap-window": [
    {
      figure: "moves an hour",
      unwise: phone({ ...QUICK, flapWindow: 60 }),
      advised: phone(QUICK),
      see: movesAnHour,
      seen: [126, 32],
    },
  ],
  "short-lease": [
    {
      figure: "ms in service in 100 s",
      unwise: phone({ registerRefreshInterval: 10, registerSpacing: 10_000 }),
      advised: phone({ registerRefreshInterval: 10, registerSpacing: 1000 }),
      see: (config) => (run(config, "", 100_000).summary[0]?.firstServedMs === 0 ? 100_000 : 0),
      seen: [0, 100_000],
    },
  ],
  "short-line-cool": [
    {
      figure: "moves in half an hour",
      unwise: phone({ lineCool: 30 }),
      advised: phone({}),
      see: (config) => movesOf(run(config, REFUSES_NOW_AND_THEN, 1_900_000)).length,
      // Away 59 times and back 30 s later; away at 100, 410, 720 .. 1650 s, and back 300 s later.
      seen: [117, 11],
    },
  ],
  "no-effect": [
    {
      figure: "heartbeats to the backup",
      unwise: phone({ backupDetectInterval: 60, primaryDetectInterval: 0 }),
      advised: phone({ backupDetectInterval: 60 }),
      see: count(/backup1 OPTIONS/, "", 600_000),
      seen: [0, 10],
    },
    {
      figure: "heartbeats to a primary that is silent",
      unwise: phone({ detectRetryInterval: 5, primaryDetectInterval: 0 }),
      advised: phone({ detectRetryInterval: 5, registerRefreshInterval: 1800 }),
      // Those of 180 and 187 s, each sent three times.
      see: count(/primary OPTIONS/, "100 primary silent", 189_000),
      seen: [0, 7],
    },
  ],
  "may-be-banned": [
    {
      figure: "wrong passwords in 600 s and more",
      unwise: phone({}, 3),
      advised: phone({}),
      see: wrongPasswords,
      seen: [6, 2],
    },
  ],
};

for (const [code, harms] of Object.entries(HARMS)) {
  harms.forEach(({ figure, unwise, advised, see, seen }) => {
    test(`${code}: ${figure} are ${seen.join(" and ")}`, () => {
      // Two names for one address, which only a name server knows.
      const addresses = code === "same-address" ? ["192.0.2.1", "192.0.2.1"] : [];
      const told = check(unwise, { addresses }).warnings.map((warning) => warning.code);
      assert.ok(told.includes(code as WarningCode), told.join(", "));
      assert.deepEqual(
        check(advised)
          .warnings.map((warning) => warning.code)
          .filter((one) => one === code),
        [],
      );
      assert.deepEqual([see(unwise), see(advised)], seen);
    });
  });
}
