// The sets of parameters and of inputs that are explored, each to its end.
//
// One grid of 30 s holds them all: with every time a multiple of it the moments come round again and the states
// are finite. A set leaves out what another one has: all inputs at once would be millions of states that show
// nothing new. Above: model.test.ts, run.ts.

import type { Setting } from "../sim/fixture.ts";
import type { Params } from "./state.ts";
import type { Word } from "./step.ts";

export interface ModelSet {
  readonly name: string;
  readonly settings: Setting;
  /** What may come in beside the passing of time and a request that nobody answers. */
  readonly words: readonly Word[];
  /** Answers come at once only, or also when the next thing is due: an answer at the instant of its time-out. */
  readonly late: boolean;
  /** States with a server that is DOWN for so long are looked at, and not gone on from, s. */
  readonly longestSeconds: number;
}

const ALWAYS = {
  primaryDetectInterval: 60,
  maxDetectFailCount: 1,
  registerTimeout: 30_000,
  optionsTimeout: 30_000,
  t1: 5000,
  t2: 32_000,
  registerRefreshInterval: 120,
  retryBase: 60,
  retryMax: 60,
  lineCool: 60,
  rejectRetry: 120,
  registerSpacing: 30_000,
  detectPhase: "fixed",
  preferPrimary: true,
  flapDamping: false,
  removeLastRegistration: false,
} as const;
const HOLD = { preferPrimary: false, backToPrimaryDelay: 120 } as const;

export const SETS: readonly ModelSet[] = [
  set("silence, the primary preferred", {}, ["granted", "good"], 360),
  set("silence, with a hold", HOLD, ["granted", "good"], 360),
  set("answers at the last moment", HOLD, ["granted", "good"], 120, true),
  set("calls", { ...HOLD, maxDetectFailCount: 0 }, ["granted", "good", "call"], 240),
  set("refusals", { recoverCount: 2 }, ["granted", "refused", "good"], 90),
  set("lost and odd heartbeats", HOLD, ["granted", "good", "miss", "neutral"], 120),
  set("coolings", HOLD, ["granted", "busy", "good"], 120),
  set("no heartbeats", { ...HOLD, primaryDetectInterval: 0 }, ["granted", "refused", "good", "call"], 360),
  set("refused for now", HOLD, ["granted", "error", "good"], 60),
  set("rejected", { maxDetectFailCount: 0 }, ["granted", "rejected", "good"], 60),
];

function set(
  name: string,
  settings: Setting,
  words: readonly Word[],
  longestSeconds: number,
  late = false,
): ModelSet {
  return { name, settings: { ...ALWAYS, ...settings }, words, late, longestSeconds };
}

/** What the rules make of the settings. DESIGN.md D9: the refresh at half, the least of each wait between rounds. */
export function paramsOf({ settings }: ModelSet): Params {
  const seconds = (value: number | undefined): number => 1000 * (value ?? 0);
  return {
    detect: seconds(settings.primaryDetectInterval),
    maxMisses: settings.maxDetectFailCount ?? 0,
    recoverCount: settings.recoverCount ?? 1,
    hold: settings.preferPrimary ? 0 : seconds(settings.backToPrimaryDelay),
    timeout: settings.registerTimeout ?? 0,
    lease: seconds(settings.registerRefreshInterval),
    refresh: seconds(settings.registerRefreshInterval) / 2,
    wait: seconds(settings.retryMax) / 2,
    spacing: settings.registerSpacing ?? 0,
    lineCool: seconds(settings.lineCool),
    rest: seconds(settings.rejectRetry),
    returnsInCall: settings.failbackInCall ?? false,
  };
}
