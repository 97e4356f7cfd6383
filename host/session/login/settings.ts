// The times and counts of an application session: one row each, and nowhere else.
//
// The two limits that they have to keep are those of the queue manager whose behaviour this is: "some seconds
// up to 2 minutes" to the standby server, "up to one minute" back. Above: promises.ts, machine.ts, config.ts.

import type { NumberShape } from "../../params/row.ts";

/** A row of the table below. */
export interface SettingRow extends NumberShape {
  readonly name: SettingName;
  readonly help: string;
}

export type SettingName =
  | "httpTimeout"
  | "pollTimeout"
  | "echoInterval"
  | "echoMisses"
  | "endTimeout"
  | "retryInterval"
  | "rejectedRest"
  | "checkInterval"
  | "checkIntervalMax"
  | "probesInRow"
  | "settleTime";

/** Every setting, in the unit of its row. */
export type Settings = Readonly<Record<SettingName, number>>;

/** The bounds that no settings may exceed, ms: from a loss to service on standby, and back to a main server that serves. */
export const SERVICE_LIMIT_MS = 120_000;
export const RETURN_LIMIT_MS = 60_000;

// biome-ignore format: a row, a line
export const SETTINGS: readonly SettingRow[] = [
  row("httpTimeout",      "ms", 2000,  500, 30_000, "how long a login, an echo or a probe may take, its challenge included"),
  row("pollTimeout",      "s",    60,   10,    300, "how long a poll may stay open; longer than the server keeps one"),
  row("echoInterval",     "s",    10,    1,     60, "from one echo of the open session to the next"),
  row("echoMisses",       "",      2,    1,     10, "echoes, or polls, that fail in a row before the session counts as lost"),
  row("endTimeout",       "ms", 2000,  100, 10_000, "how long the end of a session may take before the next one is opened all the same"),
  row("retryInterval",    "s",     5,    1,     60, "pause after neither server let us in"),
  row("rejectedRest",     "s",    60,   10,   3600, "a server that refused our credentials is left alone for this long"),
  row("checkInterval",    "s",    15,    1,     60, "on the standby server: from one probe of the main one to the next"),
  row("checkIntervalMax", "s",   240,    1,   3600, "what failed returns may double the check interval up to"),
  row("probesInRow",      "",      2,    2,     10, "probes in a row that must find the main server serving before the return"),
  row("settleTime",       "s",    30,    0,   3600, "a return whose session is lost sooner counts as failed; 0: only one that is not let in"),
];

function row(
  name: SettingName,
  unit: SettingRow["unit"],
  standard: number, // `default` is a word of the language
  min: number,
  max: number,
  help: string,
): SettingRow {
  return { kind: "number", name, unit, default: standard, min, max, help };
}

/** The settings with what is given in place of the standard ones. */
export function settingsWith(given: Partial<Settings> = {}): Settings {
  const all = SETTINGS.map((row) => [row.name, given[row.name] ?? row.default] as const);
  return Object.fromEntries(all) as Settings;
}

/** The same in ms where it is a time: what the machine counts in. */
export function inMs(settings: Settings): Settings {
  const all = SETTINGS.map(({ name, unit }) => [name, settings[name] * (unit === "s" ? 1000 : 1)] as const);
  return Object.fromEntries(all) as Settings;
}
