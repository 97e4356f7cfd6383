// Words of the command line that make a variant of the core: --lines, --servers. Above: build.ts, firmware.ts.

import { parseArgs } from "node:util";
import type { Sizes } from "./sources.ts";

/** Each with the greatest number it takes. STANDFAST_LINES and STANDFAST_SERVERS stand for the options. */
const LARGEST = { lines: 10_000, servers: 4 } as const;

export type Words = {
  /** Empty: the default build. */
  readonly sizes: Sizes;
  /** Such as `-2-lines-1-servers`; empty for the default build. */
  readonly suffix: string;
  readonly out: string | undefined;
};

/** Reads the words; ends the program with 2 where one is wrong. */
export function readWords(): Words {
  const { values } = parseArgs({
    options: { lines: { type: "string" }, servers: { type: "string" }, out: { type: "string" } },
  });
  const lines = count("lines", values.lines ?? process.env.STANDFAST_LINES);
  const servers = count("servers", values.servers ?? process.env.STANDFAST_SERVERS);
  return {
    sizes: { ...(lines && { lines }), ...(servers && { servers }) },
    suffix: part(lines, "lines") + part(servers, "servers"),
    out: values.out,
  };
}

function part(value: number | undefined, unit: string): string {
  return value === undefined ? "" : `-${value}-${unit}`;
}

function count(name: keyof typeof LARGEST, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= LARGEST[name]) return value;
  console.error(`--${name} ${text}: a whole number, 1..${LARGEST[name]}`);
  process.exit(2);
}
