// `npm run build [-- --lines N] [--servers N] [--out STEM]`: everything below build/, or one variant of the core.
//
// STANDFAST_LINES and STANDFAST_SERVERS stand for the options. A variant goes to
// build/variant/, such as standfast-2000-lines.wasm.

import { parseArgs } from "node:util";
import { build } from "./build/all.ts";
import { buildVariant } from "./build/core.ts";

const { values } = parseArgs({
  options: { lines: { type: "string" }, servers: { type: "string" }, out: { type: "string" } },
});
const lines = count("lines", values.lines ?? process.env.STANDFAST_LINES, 10_000);
const servers = count("servers", values.servers ?? process.env.STANDFAST_SERVERS, 4);

const problems = await (lines === undefined && servers === undefined ? build(console.log) : variant());
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function variant(): Promise<string[]> {
  const stem = values.out ?? `build/variant/standfast${part(lines, "lines")}${part(servers, "servers")}`;
  const found = await buildVariant({ ...(lines && { lines }), ...(servers && { servers }) }, stem);
  if (found.length === 0) console.log(`wrote ${stem}.wasm`);
  return found;
}

function part(value: number | undefined, unit: string): string {
  return value === undefined ? "" : `-${value}-${unit}`;
}

function count(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  console.error(`--${name} ${text}: a whole number, 1..${max}`);
  process.exit(2);
}
