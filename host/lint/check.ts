// The judgement on a configuration before it is used: what it promises, what it costs, what is unwise.

import type { PhoneConfig } from "../config/model.ts";
import { wrongPer600s } from "./ban.ts";
import { type Circumstances, promisesOf } from "./promises.ts";
import { perHourQuiet, perHourWorst } from "./traffic.ts";
import { type Warning, warningsOf } from "./warnings.ts";

/** As `standfast check --json` prints it. */
export interface Judgement {
  /** Until a dead primary is noticed, at worst. */
  readonly detectMs: number;
  /** Until an idle line is back on a primary that recovered, at worst; null: there is no backup. */
  readonly returnMs: number | null;
  /** The same for one that refused meanwhile instead of being silent. */
  readonly returnRefusedMs: number | null;
  /** Requests of one line in an hour in which nothing happens. */
  readonly perHourQuiet: number;
  /** The same in the worst hour. */
  readonly perHourWorst: number;
  /** Wrong answers to challenges that one server gets within 600 s when all passwords are wrong, at worst. */
  readonly wrongPer600s: number;
  readonly warnings: readonly Warning[];
}

/** What is known beside the configuration itself; all of it may be left out. */
export interface Knowledge extends Circumstances {
  /** What the host of each server was resolved to, by rank. */
  readonly addresses?: readonly string[];
  /** Where each setting stands, as the reading of the file gave it. */
  readonly places?: Readonly<Record<string, string>>;
}

export function check(config: PhoneConfig, knowledge: Knowledge = {}): Judgement {
  const { settings, servers, lines } = config;
  const { addresses = [], places = {} } = knowledge;
  const { detectMs, returnMs, returnRefusedMs } = promisesOf(config, knowledge);
  return {
    detectMs,
    returnMs,
    returnRefusedMs,
    perHourQuiet: perHourQuiet(settings, servers.length, lines.length),
    perHourWorst: perHourWorst(settings, servers.length, lines.length),
    wrongPer600s: wrongPer600s(settings, lines.length),
    warnings: warningsOf(config, addresses).map((warning) => placed(warning, places)),
  };
}

function placed(warning: Warning, places: Readonly<Record<string, string>>): Warning {
  const where = places[warning.param];
  return where === undefined ? warning : { ...warning, where };
}
