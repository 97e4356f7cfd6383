// The shape of one parameter. The rows themselves stand in table.ts.
//
// A row says all there is to say about a parameter: the core's constants, the C header, the reference page,
// the readers of configuration files and the linter take it from there, and none has a number of its own.

/** Who acts on it: the core, the program around it, or the entry of one line or one server. */
export type Scope = "core" | "host" | "line" | "server";

/** A name that another maker uses for the same thing. Their value times `factor` is ours. `X` stands for a line number. */
export type Alias = readonly [key: string, factor?: number];

interface Common {
  /** Forever: never used again for something else. The core's rows are dense from 0 and below 64. */
  readonly id: number;
  readonly name: string;
  readonly scope: Scope;
  readonly shown: "visible" | "hidden";
  /** What the phone's pages and manual call it. */
  readonly labels?: readonly string[];
  /** Its key in the phone's own settings store. */
  readonly key?: string;
  readonly aliases?: readonly Alias[];
  readonly source: string;
  readonly help: string;
}

export interface NumberShape {
  readonly kind: "number";
  readonly unit: "s" | "ms" | "%" | "";
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What 0 means. It is allowed then, even below `min`. */
  readonly zero?: string;
}

export interface SwitchShape {
  readonly kind: "switch";
  readonly default: boolean;
}

export interface ChoiceShape {
  readonly kind: "choice";
  readonly default: string;
  /** The words, each with the number the core knows it by. */
  readonly choices: Readonly<Record<string, number>>;
}

export interface TextShape {
  readonly kind: "text";
  readonly default: "";
  /** What an empty text means. */
  readonly empty: string;
  /** What it must look like. */
  readonly form?: "host" | "user";
  /** Longest in bytes; the core has no room for more. */
  readonly bytes?: number;
  /** Never printed, never logged. */
  readonly secret?: true;
}

/** What a value may be, whoever has it: keys of other configurations are read by it too. */
export type Shape = NumberShape | SwitchShape | ChoiceShape | TextShape;

export interface NumberRow extends Common, NumberShape {}
export interface SwitchRow extends Common, SwitchShape {}
export interface ChoiceRow extends Common, ChoiceShape {}
export interface TextRow extends Common, TextShape {}

export type Row = NumberRow | SwitchRow | ChoiceRow | TextRow;

/** A value as the configuration holds it. */
export type Value = number | boolean | string;

/** True when its value is never printed, and never stands on a command line. */
export function isSecret(row: Shape): boolean {
  return row.kind === "text" && row.secret === true;
}

/** True when 0 is a value of its own outside of `min`..`max`. */
export function allowsZero(row: NumberShape): boolean {
  return row.zero !== undefined && row.min > 0;
}

/** The allowed values in words, as messages and pages show them: `0 or 500..32000 ms`. */
export function allowed(row: Shape): string {
  switch (row.kind) {
    case "number": {
      const range = `${row.min}..${row.max}${row.unit === "" ? "" : ` ${row.unit}`}`;
      return allowsZero(row) ? `0 or ${range}` : range;
    }
    case "switch":
      return "on or off";
    case "choice":
      return Object.keys(row.choices).join(" or ");
    case "text":
      return "text";
  }
}

/** The default in words: `on`, `1800 s`, `any`, `empty`. */
export function defaultText(row: Shape): string {
  switch (row.kind) {
    case "number":
      return `${row.default}${row.unit === "" ? "" : ` ${row.unit}`}`;
    case "switch":
      return row.default ? "on" : "off";
    case "choice":
      return row.default;
    case "text":
      return "empty";
  }
}

/** The number that stands for a value at the edge of the core: switches are 0 and 1, choices have their own. */
export function coreNumber(row: Row, value: Value): number {
  switch (row.kind) {
    case "number":
      return value as number;
    case "switch":
      return value === true ? 1 : 0;
    case "choice":
      return row.choices[value as string] as number;
    case "text":
      throw new TypeError(`${row.name} is a text and has no number`);
  }
}

/** The least and the greatest number the core may be given for a row. */
export function coreRange(row: Row): readonly [min: number, max: number] {
  switch (row.kind) {
    case "number":
      return [row.min, row.max];
    case "switch":
      return [0, 1];
    case "choice":
      return [0, Math.max(...Object.values(row.choices))];
    case "text":
      throw new TypeError(`${row.name} is a text and has no range`);
  }
}
