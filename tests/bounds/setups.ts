// The configurations whose worst cases are looked for: those of the manual, one for each term of the linter's
// formulas, and some that are drawn from a seed.
//
// Above: probe.ts and the tests of this folder.

import { refreshMs, timeoutMs } from "../../host/lint/clock.ts";
import type { Promises } from "../../host/lint/promises.ts";
import { defaultSettings, type Settings } from "../../host/params/table.ts";
import { Random } from "../../host/sim/random.ts";
import { OPTIMAL, type Setting } from "../sim/fixture.ts";

/** Between a request and its answer, ms. */
export const RTT_MS = 20;

export interface Setup {
  readonly name: string;
  /** All of them; what is left out is the default. */
  readonly params: Setting;
  readonly servers?: number;
  /** What every server grants, s; left out: as asked. */
  readonly grants?: number;
  /** How many addresses each server has, by rank; left out: one. */
  readonly targets?: readonly number[];
  /** Promises that no run of this setup is expected to reach, and why. */
  readonly unreached?: Partial<Record<keyof Promises, string>>;
  /** Deaths worked out by hand, ms: two clocks meet there. */
  readonly diesAt?: readonly number[];
}

/** Why a promise is proven and not reached. */
export const APART = "two clocks would have to meet";
const KNOCKS = "the system's own repeats open the connection sooner";
const CORNER = "a case of its own: corners.test.ts";

const LONG: Setting = { ...OPTIMAL, registerRefreshInterval: 1800 };
const NO_HEARTBEATS: Setting = { ...OPTIMAL, primaryDetectInterval: 0 };
const MINUTE: Setting = { ...OPTIMAL, preferPrimary: false, backToPrimaryDelay: 60 };

export const SETUPS: readonly Setup[] = [
  { name: "defaults of the phone", params: {} },
  { name: "optimal settings", params: OPTIMAL },
  { name: "optimal, random phase", params: { ...OPTIMAL, detectPhase: "random" } },
  { name: "optimal, refresh 1800", params: LONG },
  { name: "refresh 1800, random phase", params: { ...LONG, detectPhase: "random" } },
  { name: "sipOptions", params: { ...OPTIMAL, sipOptions: true }, unreached: { returnMs: APART } },
  // The verdict of 450.001 s falls just behind a point of the other grid, at which the primary is not asked.
  {
    name: "sipOptions, refresh 1800",
    params: { ...LONG, sipOptions: true, optionsTimeout: 2001 },
    diesAt: [420_001],
    unreached: { returnMs: APART },
  },
  { name: "sipOptions alone", params: { ...LONG, primaryDetectInterval: 0, sipOptions: true } },
  { name: "retry after 5 s", params: { ...LONG, detectRetryInterval: 5 }, unreached: { returnMs: APART } },
  // Asked again at 178.001 s: the point of 180 s is skipped, and the verdict falls just behind it.
  {
    name: "retry over the next point",
    params: { ...LONG, detectRetryInterval: 86, optionsTimeout: 2001 },
    diesAt: [],
    unreached: { returnMs: APART },
  },
  {
    name: "three retries",
    params: { ...LONG, primaryDetectInterval: 10, maxDetectFailCount: 3, detectRetryInterval: 1 },
    unreached: { returnMs: APART },
  },
  {
    name: "heartbeats wait longer than their interval",
    params: { ...LONG, primaryDetectInterval: 5, optionsTimeout: 8000 },
  },
  {
    name: "optionsTimeout 0",
    params: { ...LONG, primaryDetectInterval: 7, optionsTimeout: 0 },
    unreached: { returnMs: APART },
  },
  // The heartbeat of 270 s is answered at the moment of the verdict on the REGISTER of 240.02 s.
  {
    name: "registerTimeout 30 s",
    params: { ...OPTIMAL, registerTimeout: 30_000 },
    diesAt: [240_019],
  },
  { name: "registerTimeout 0", params: { ...NO_HEARTBEATS, registerTimeout: 0 } },
  { name: "first miss is enough", params: { ...LONG, maxDetectFailCount: 0 } },
  { name: "three misses forgiven", params: { ...LONG, maxDetectFailCount: 3 } },
  { name: "recoverCount 3", params: { ...OPTIMAL, recoverCount: 3 } },
  { name: "no heartbeats", params: NO_HEARTBEATS },
  { name: "no heartbeats, delay 60", params: { ...MINUTE, primaryDetectInterval: 0 } },
  // Each refresh is challenged, so it takes a round trip more.
  {
    name: "no heartbeats, delay 2000",
    params: { ...MINUTE, registerRefreshInterval: 1800, primaryDetectInterval: 0, backToPrimaryDelay: 2000 },
  },
  { name: "delay 60", params: MINUTE },
  { name: "delay 600", params: { ...MINUTE, backToPrimaryDelay: 600 } },
  { name: "delay 43200", params: { ...LONG, preferPrimary: false } },
  { name: "one server", params: OPTIMAL, servers: 1 },
  { name: "three servers", params: OPTIMAL, servers: 3 },
  { name: "four servers", params: LONG, servers: 4 },
  {
    name: "three servers, no heartbeats",
    params: NO_HEARTBEATS,
    servers: 3,
    unreached: { returnMs: CORNER, returnEarlyMs: CORNER, returnRefusedMs: CORNER },
  },
  { name: "failoverSpread 30", params: { ...OPTIMAL, failoverSpread: 30 }, unreached: { serviceMs: CORNER } },
  {
    name: "failoverSpread 30, no heartbeats",
    params: { ...NO_HEARTBEATS, failoverSpread: 30 },
    unreached: { serviceMs: CORNER, returnMs: CORNER, returnEarlyMs: CORNER, returnRefusedMs: CORNER },
  },
  { name: "grants of 60 s", params: OPTIMAL, grants: 60 },
  { name: "grants of 60 s, no heartbeats", params: NO_HEARTBEATS, grants: 60 },
  { name: "refresh at 80 percent", params: { ...OPTIMAL, refreshPercent: 80 } },
  {
    name: "registerSpacing 30 s",
    params: { ...LONG, primaryDetectInterval: 5, registerSpacing: 30_000 },
    unreached: { serviceMs: CORNER, returnMs: APART, returnEarlyMs: APART, returnRefusedMs: APART },
  },
  { name: "TCP", params: { ...OPTIMAL, transport: "TCP" }, unreached: { returnMs: KNOCKS } },
  {
    name: "TCP, refresh 1800",
    params: { ...LONG, transport: "TCP" },
    unreached: { detectLostMs: "each grant is challenged, so it is a round trip old", returnMs: KNOCKS },
  },
  { name: "TCP, no heartbeats", params: { ...NO_HEARTBEATS, transport: "TCP" } },
];

/** A configuration that nobody thought of. */
export function drawSetup(seed: number): Setup {
  const random = new Random(seed);
  const params: Setting = {
    registerRefreshInterval: random.pick([10, 20, 60, 120, 300, 900, 1800]),
    refreshPercent: random.pick([50, 50, 30, 80, 90]),
    registerTimeout: random.pick([2000, 2000, 500, 5000, 0]),
    registerSpacing: random.pick([1000, 1000, 200, 9000]),
    primaryDetectInterval: random.pick([0, 5, 7, 30, 90]),
    optionsTimeout: random.pick([2000, 2000, 500, 8000, 0]),
    maxDetectFailCount: random.pick([0, 1, 2, 3]),
    detectRetryInterval: random.pick([0, 0, 1, 4]),
    recoverCount: random.pick([1, 1, 2, 3]),
    sipOptions: random.chance(0.3),
    sipOptionsInterval: random.pick([2, 14, 60]),
    detectPhase: random.pick(["fixed", "random"] as const),
    preferPrimary: random.chance(0.6),
    backToPrimaryDelay: random.pick([0, 45, 200]),
    failoverSpread: random.pick([0, 0, 0, 5]),
    transport: random.pick(["UDP", "UDP", "UDP", "TCP"] as const),
  };
  const setup = { name: `drawn from ${seed}`, params, servers: random.pick([2, 2, 3, 4]) };
  // A lease that ends under its refresh is warned of; nothing is promised then.
  const settings = settingsOf(setup);
  const doneMs = refreshMs(settings) + timeoutMs(settings, "registerTimeout");
  const isSound = doneMs < 1000 * settings.registerRefreshInterval;
  const sound: Setting = { registerTimeout: 500, registerSpacing: 1000, refreshPercent: 50 };
  return isSound ? setup : { ...setup, params: { ...params, ...sound } };
}

export function settingsOf({ params }: Setup): Settings {
  const { transport: _, ...settings } = params;
  return { ...defaultSettings(), natKeepalive: 0, ...settings };
}

export function isStream({ params }: Setup): boolean {
  return params.transport === "TCP";
}
