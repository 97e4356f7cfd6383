// The phone of a drawn case: its size and its parameters.
//
// One pace, the interval at which it is heard of, sets the scale of all other times: a phone that asks every five
// seconds is not watched for days. Parameters near the edges of their ranges are drawn on purpose.
// Above: case.ts. Below: sim/random.ts, params/.

import { CORE, type CoreName, defaultSettings, type Settings } from "../../params/table.ts";
import type { Random } from "../../sim/random.ts";
import type { Case } from "../case.ts";

/** s between two signs of life. */
const PACES = [5, 5, 10, 30, 30, 90, 90, 90, 300, 900] as const;
/** Where the clock of the core wraps, or its sign changes, within the first minutes. */
const CLOCKS = [0, 0, 0, 2 ** 32 - 60_000, 2 ** 32 - 700_000, 2 ** 31 - 60_000, 2 ** 31 - 900_000] as const;

export interface DrawnPhone extends Omit<Case, "seed" | "calmAtMs" | "scenario"> {
  /** s. */
  readonly pace: number;
}

/** @param wanted the pace, where it is not to be drawn */
export function drawPhone(random: Random, wanted?: number): DrawnPhone {
  const pace = wanted ?? random.pick(PACES);
  return {
    pace,
    servers: random.pick([1, 2, 2, 2, 3, 3, 4]),
    lines: random.pick([1, 1, 1, 2, 3]),
    transport: random.pick(["udp", "udp", "udp", "tcp", "tls"]),
    targets: random.pick([1, 1, 1, 2, 3]),
    clockAtMs: random.pick(CLOCKS),
    params: drawParams(random, pace),
  };
}

function drawParams(random: Random, pace: number): Partial<Settings> {
  const drawn = { ...timing(random, pace), ...manners(random), ...oddities(random) };
  const defaults = defaultSettings();
  return Object.fromEntries(
    Object.entries(drawn).filter(([name, value]) => defaults[name as CoreName] !== value),
  );
}

/** Times, in proportion to the pace. */
function timing(random: Random, pace: number): Partial<Settings> {
  const upTo = (least: number, most: number): number =>
    random.between(least, Math.max(least, Math.min(most, 10 * pace)));
  return {
    registerRefreshInterval: Math.max(10, random.pick([1, 2, 4, 10]) * pace),
    primaryDetectInterval: random.chance(0.25) ? 0 : Math.max(5, pace),
    backupDetectInterval: random.chance(0.2) ? Math.max(5, random.pick([1, 2, 5]) * pace) : 0,
    sipOptions: random.chance(0.2),
    sipOptionsInterval: random.pick([1, 2, 3]) * pace,
    maxDetectFailCount: random.pick([0, 0, 1, 1, 2, 3]),
    preferPrimary: random.chance(0.5),
    backToPrimaryDelay: random.pick([0, pace, 3 * pace, 10 * pace]),
    detectPhase: random.pick(["fixed", "random"]),
    detectRetryInterval: random.chance(0.3) ? random.pick([1, 3, Math.ceil(pace / 2)]) : 0,
    failoverSpread: random.pick([0, 0, 0, 5, pace]),
    startSpread: random.pick([0, 0, 0, 5, pace]),
    retryBase: upTo(1, 30),
    retryMax: upTo(5, 1800),
    lineCool: upTo(1, 300),
    rejectRetry: upTo(30, 1200),
    flapMaxSuppress: upTo(10, 1200),
    flapHalfLife: upTo(10, 300),
    retryAfterMax: upTo(5, 600),
    natKeepalive: random.chance(0.2) && pace <= 30 ? random.pick([10, 15, 60]) : 0,
  };
}

/** What a provisioning file would set. */
function manners(random: Random): Partial<Settings> {
  return {
    registerTimeout: random.pick([500, 1000, 2000, 2000, 2000, 4000, 0]),
    optionsTimeout: random.pick([500, 1000, 2000, 2000, 2000, 4000, 0]),
    recoverCount: random.pick([1, 1, 1, 2, 3]),
    startupCheck: random.chance(0.3),
    removeLastRegistration: random.chance(0.7),
    failoverOnReject: random.chance(0.4),
    detectAnswer: random.pick(["any", "any", "2xx"]),
    redirect: random.pick(["set", "set", "never"]),
    flapDamping: random.chance(0.7),
    fullRegistration: random.chance(0.2),
    initialAuth: random.chance(0.3),
    outbound: random.chance(0.2),
  };
}

/** Parameters that nobody touches, at an edge of their range. Long times would only mean that nothing happens. */
const ODD = ["t1", "t2", "registerSpacing", "refreshPercent", "natSettle", "flapWindow", "flapPenalty"];

function oddities(random: Random): Partial<Settings> {
  const chosen = CORE.filter((row) => ODD.includes(row.name) && random.chance(0.1));
  return Object.fromEntries(
    chosen.map((row) => [
      row.name,
      row.kind === "number" ? random.pick([row.min, Math.min(row.max, 4 * row.min + 1)]) : row.default,
    ]),
  );
}
