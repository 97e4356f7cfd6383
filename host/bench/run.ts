// `npm run bench`: what a step of the phone costs on this machine, beside what others take for the same.
//
// Progress goes to stderr, tables to stdout, figures to build/bench.json. docs/bench.md says what each row means.
// Below: all.ts, table.ts.

import { parseArgs } from "node:util";
import { build } from "../tools/build/all.ts";
import { place } from "../tools/bundle.mjs";
import { type Effort, measureAll } from "./all.ts";
import { tablesOf } from "./table.ts";

const USAGE = "usage: npm run bench [-- --budget MS --datagrams COUNT --out FILE]";

const { effort, out } = readArguments();
for (const problem of await build()) console.error(problem);
const report = await measureAll(effort, (line) => console.error(line));
await place(out, `${JSON.stringify(report, null, 2)}\n`);
console.log(tablesOf(report));
console.log(`figures: ${out}; once more: npm run bench`);

function readArguments(): { readonly effort: Effort; readonly out: string } {
  try {
    const { values } = parseArgs({
      options: {
        budget: { type: "string", default: "1000" },
        datagrams: { type: "string", default: "20000" },
        out: { type: "string", default: "build/bench.json" },
      },
    });
    const effort = { budgetMs: positive(values.budget), datagrams: positive(values.datagrams) };
    return { effort, out: values.out };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(USAGE);
    process.exit(2);
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) throw new Error(`"${text}" is no count`);
  return value;
}
