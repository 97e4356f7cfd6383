// `npm run build [-- --lines N] [--servers N] [--out STEM]`: everything below build/, or one variant of the core.
//
// A variant goes to build/variant/, such as standfast-2000-lines.wasm. Below: build/options.ts.

import { build } from "./build/all.ts";
import { buildVariant } from "./build/core.ts";
import { readWords } from "./build/options.ts";

const { sizes, suffix, out } = readWords();
const problems = await (suffix === "" ? build(console.log) : variant());
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

async function variant(): Promise<string[]> {
  const stem = out ?? `build/variant/standfast${suffix}`;
  const found = await buildVariant(sizes, stem);
  if (found.length === 0) console.log(`wrote ${stem}.wasm`);
  return found;
}
