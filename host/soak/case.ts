// A case: everything one simulated run is made of, and its text, so that a run that failed is a file.
//
//   # what it found
//   seed 17
//   servers 2
//   param primaryDetectInterval=90
//   calm 2500
//   100 primary silent
//
// A line is a word with its value, or an action of the scenario (host/sim/README.md); "calm" is the second from
// which on nothing is wrong any more. Below: params/, sim/scenario.ts. Above: trial.ts, shrink.ts, draw/.

import { CORE, type CoreName, defaultSettings, type Settings } from "../params/table.ts";
import { parseScenario, ScenarioError } from "../sim/scenario.ts";
import { namesOf } from "./phone.ts";

export type Transport = "udp" | "tcp" | "tls";

export interface Case {
  /** What the phone and the network draw comes from it. */
  readonly seed: number;
  /** 1..4. */
  readonly servers: number;
  /** 1..8. */
  readonly lines: number;
  readonly transport: Transport;
  /** Addresses of each server, 1..8. RFC 3263 §4. */
  readonly targets: number;
  /** What the core's clock shows at the start, ms, 0..2^32-1. */
  readonly clockAtMs: number;
  /** Only what differs from the default. */
  readonly params: Partial<Settings>;
  /** When everything is well again, ms; steps from then on are not carried out. */
  readonly calmAtMs: number;
  /** One action a line, in any order. */
  readonly scenario: readonly string[];
}

/** A phone with two servers to which nothing happens. */
export const PLAIN: Case = {
  seed: 1,
  servers: 2,
  lines: 1,
  transport: "udp",
  targets: 1,
  clockAtMs: 0,
  params: {},
  calmAtMs: 0,
  scenario: [],
};

export class CaseError extends Error {
  constructor(lineNumber: number, message: string) {
    super(`case:${lineNumber}: ${message}`);
    this.name = "CaseError";
  }
}

/** The words of a case that hold one whole number, and its bounds. */
const NUMBERS = {
  seed: ["seed", 0, 4_294_967_295],
  servers: ["servers", 1, 4],
  lines: ["lines", 1, 8],
  targets: ["targets", 1, 8],
  clock: ["clockAtMs", 0, 4_294_967_295],
} as const;

const TRANSPORTS: readonly Transport[] = ["udp", "tcp", "tls"];

/** As text that readCase() reads back; a remark becomes comments at its top. */
export function writeCase(it: Case, remark = ""): string {
  const words = Object.entries(NUMBERS)
    .filter(([, [name]]) => it[name] !== PLAIN[name] || name === "seed")
    .map(([word, [name]]) => `${word} ${it[name]}`);
  const params = Object.entries(it.params).map(([name, value]) => `param ${name}=${wordOf(value)}`);
  return [
    ...remark.split("\n").flatMap((line) => (line === "" ? [] : [`# ${line}`])),
    ...words,
    ...(it.transport === PLAIN.transport ? [] : [`transport ${it.transport}`]),
    ...params,
    `calm ${it.calmAtMs / 1000}`,
    ...it.scenario,
    "",
  ].join("\n");
}

function wordOf(value: Settings[CoreName]): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : `${value}`;
}

/** @throws CaseError with the line, and what is allowed there */
export function readCase(text: string): Case {
  let it: Case = PLAIN;
  const numbered: (readonly [number, string])[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const bare = line.replace(/#.*/, "").trim();
    if (/^\d/.test(bare)) numbered.push([at + 1, bare]);
    else if (bare !== "") it = { ...it, ...wordRead(bare, at + 1, it) };
  }
  checkScenario(numbered, it);
  return { ...it, scenario: numbered.map(([, line]) => line) };
}

function wordRead(bare: string, lineNumber: number, it: Case): Partial<Case> {
  const [word = "", value = ""] = bare.split(/\s+(.*)/, 2);
  if (word === "param") return { params: { ...it.params, ...paramRead(value, lineNumber) } };
  if (word === "calm") return { calmAtMs: Math.round(1000 * numberIn(value, lineNumber, 0, 100_000_000)) };
  if (word === "transport") {
    const transport = TRANSPORTS.find((one) => one === value);
    if (transport === undefined)
      throw new CaseError(lineNumber, `transport "${value}", allowed ${TRANSPORTS.join(", ")}`);
    return { transport };
  }
  if (!Object.hasOwn(NUMBERS, word)) {
    const known = [...Object.keys(NUMBERS), "transport", "param", "calm"].join(", ");
    throw new CaseError(lineNumber, `"${word}" is no word of a case; there are ${known}, or an action`);
  }
  const [name, least, most] = NUMBERS[word as keyof typeof NUMBERS];
  return { [name]: numberIn(value, lineNumber, least, most) };
}

function numberIn(text: string, lineNumber: number, least: number, most: number): number {
  const value = /^\d+(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CaseError(lineNumber, `${text === "" ? "nothing" : text}, allowed ${least}..${most}`);
}

function paramRead(text: string, lineNumber: number): Partial<Settings> {
  const [name = "", value = ""] = text.split("=", 2);
  const row = CORE.find((one) => one.name === name);
  if (row === undefined) throw new CaseError(lineNumber, `no parameter "${name}" of the core`);
  if (row.kind === "number") {
    const least = row.zero === undefined ? row.min : 0;
    const number = numberIn(value, lineNumber, least, row.max);
    if (number !== 0 && number < row.min)
      throw new CaseError(lineNumber, `${name} = ${value}, allowed 0, ${row.min}..${row.max}`);
    return { [name]: number };
  }
  const words = row.kind === "choice" ? Object.keys(row.choices) : ["on", "off"];
  if (!words.includes(value))
    throw new CaseError(lineNumber, `${name} = ${value}, allowed ${words.join(", ")}`);
  return { [name]: row.kind === "choice" ? value : value === "on" };
}

/** Each line by itself, so that a mistake is told where it stands in the case. */
function checkScenario(lines: readonly (readonly [number, string])[], it: Case): void {
  for (const [lineNumber, line] of lines) {
    try {
      parseScenario(line, namesOf(it));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      throw new CaseError(lineNumber, error.message.replace(/^scenario:\d+: /, ""));
    }
  }
}

/** Every parameter, those of the case over the defaults. */
export function settingsOf(it: Case): Settings {
  return { ...defaultSettings(), ...it.params };
}
