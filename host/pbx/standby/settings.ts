// The two delays of a standby, and what they may be. DESIGN.md D34.
//
// Damping has the names, defaults and ranges that it has in the phone: host/params. Above: role.ts.

import type { NumberRow } from "../../params/row.ts";
import { defaultSettings, type Settings } from "../../params/table.ts";

export type DelayRow = Pick<NumberRow, "name" | "unit" | "default" | "min" | "max" | "help" | "source">;

/** How long a loss of the master is borne, and how long its return is watched. */
export const DELAYS = [
  {
    name: "takeoverDelay",
    unit: "s",
    default: 30,
    min: 5,
    max: 600,
    source: "DESIGN.md D34",
    help: "From the loss of the registration at the master, or from the start, until the standby serves.",
  },
  {
    name: "returnDelay",
    unit: "s",
    default: 30,
    min: 5,
    max: 600,
    source: "DESIGN.md D34",
    help: "How long the standby must have been registered at the master again before it stops serving.",
  },
] as const satisfies readonly DelayRow[];

/** How returns are damped: the parameters of the same names. */
export type Damping = Pick<
  Settings,
  | "flapDamping"
  | "flapWindow"
  | "flapPenalty"
  | "flapSuppress"
  | "flapReuse"
  | "flapHalfLife"
  | "flapMaxSuppress"
>;

export interface RoleSettings {
  /** 5000..600,000 ms. */
  readonly takeoverDelayMs: number;
  /** 5000..600,000 ms. */
  readonly returnDelayMs: number;
  /** What differs from the phone's defaults; `flapDamping: false` turns it off. */
  readonly damping?: Partial<Damping>;
}

/** The delays as they are when nobody says anything. */
export const DEFAULT_ROLE_SETTINGS: RoleSettings = {
  takeoverDelayMs: DELAYS[0].default * 1000,
  returnDelayMs: DELAYS[1].default * 1000,
};

export function dampingOf({ damping }: RoleSettings): Damping {
  return { ...defaultSettings(), ...damping };
}

/**
 * What is wrong with a delay, with what is allowed and the way out; undefined: nothing.
 * @param seconds as it was configured, s
 */
export function delayMistake(name: DelayRow["name"], seconds: number): string | undefined {
  const row = DELAYS.find((one) => one.name === name);
  if (row === undefined) return `${name} is no delay; there are ${DELAYS.map((one) => one.name).join(", ")}`;
  if (seconds >= row.min && seconds <= row.max) return undefined;
  return `${name} = ${seconds} s, allowed ${row.min}..${row.max} s; leave it out for ${row.default} s`;
}

/** @throws RangeError that names each delay outside of its range */
export function checkDelays({ takeoverDelayMs, returnDelayMs }: RoleSettings): void {
  const mistakes = [
    delayMistake("takeoverDelay", takeoverDelayMs / 1000),
    delayMistake("returnDelay", returnDelayMs / 1000),
  ].filter((one) => one !== undefined);
  if (mistakes.length > 0) throw new RangeError(mistakes.join("\n"));
}
