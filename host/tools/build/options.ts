// Words of the command line that make a variant of the core. Above: build.ts, firmware.ts.

import { parseArgs } from "node:util";
import type { Sizes } from "./sources.ts";

/** The numbers that each takes; `input` in steps of 8. */
const RANGES = { lines: [1, 10_000, 1], servers: [1, 4, 1], input: [1024, 2048, 8] } as const;
const OPTIONS = {
  lines: { type: "string" },
  servers: { type: "string" },
  input: { type: "string" },
  "no-streams": { type: "boolean" },
  "no-sha256": { type: "boolean" },
  out: { type: "string" },
} as const;

export type Words = {
  /** Empty: the default build. */
  readonly sizes: Sizes;
  /** Such as `-2-lines-no-streams`; empty for the default build. */
  readonly suffix: string;
  readonly out: string | undefined;
};

/** Reads the words, STANDFAST_LINES and STANDFAST_SERVERS; ends the program with 2 where one is wrong. */
export function readWords(): Words {
  const { values } = parseArgs({ options: OPTIONS });
  const lines = count("lines", values.lines ?? process.env.STANDFAST_LINES);
  const servers = count("servers", values.servers ?? process.env.STANDFAST_SERVERS);
  const input = count("input", values.input);
  const sizes = {
    ...(lines && { lines }),
    ...(servers && { servers }),
    ...(input && { input }),
    ...(values["no-streams"] && { streams: false }),
    ...(values["no-sha256"] && { sha256: false }),
  };
  return { sizes, suffix: suffixOf(sizes), out: values.out };
}

/** What the files of a variant are called by. */
export function suffixOf(sizes: Sizes): string {
  return Object.entries(sizes)
    .map(([name, value]) => (value === false ? `-no-${name}` : `-${value}-${name}`))
    .join("");
}

function count(name: keyof typeof RANGES, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [least, most, step] = RANGES[name];
  const value = Number(text);
  if (Number.isInteger(value / step) && value >= least && value <= most) return value;
  const steps = step === 1 ? "" : ` in steps of ${step}`;
  console.error(`--${name} ${text}: a whole number, ${least}..${most}${steps}`);
  process.exit(2);
}
