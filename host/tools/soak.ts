// `npm run soak [-- --minutes 15]`: random outages on every core of this machine, and what they took.
//
// Builds, and plays the counting variant, so that every row of the core's tables is known to have been taken; a row that
// no run took fails the soak: idle phone-hours prove nothing. Writes build/soak.json and build/soak.md.
// Below: build/all.ts, mutants/counting.ts, `standfast simulate`.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Found } from "../soak/hunt.ts";
import { missingRows, renderSoak } from "../soak/report.ts";
import { build } from "./build/all.ts";
import { place } from "./bundle.mjs";
import { run } from "./child.ts";
import { buildCounting, COUNTING } from "./mutants/counting.ts";
import type { RowPlace } from "./mutants/rows.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "15" },
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    jobs: { type: "string", default: `${availableParallelism()}` },
  },
});

const problems = await build();
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
await buildCounting();

const length = values.seeds === undefined ? ["--minutes", values.minutes] : ["--seeds", values.seeds];
const words = ["simulate", "--json", ...length, "--from", values.from, "--jobs", values.jobs];
const { code, output } = await run(process.execPath, [
  "build/standfast.mjs",
  ...words,
  ...["--module", COUNTING.wasm, "--rows", COUNTING.places],
]);
const found = readFound(output);
if (found === undefined) {
  console.error(output);
  process.exit(code === 0 ? 1 : code);
}
const places = JSON.parse(readFileSync(COUNTING.places, "utf8")) as readonly RowPlace[];
const page = renderSoak(found, places);
await place("build/soak.json", JSON.stringify(found, undefined, 1));
await place("build/soak.md", page);
console.log(page);
process.exitCode = found.broken.length === 0 && missingRows(found, places).length === 0 ? 0 : 1;

/** The last line of the output that is an object. */
function readFound(text: string): Found | undefined {
  const line = text.split("\n").findLast((one) => one.startsWith("{"));
  return line === undefined ? undefined : (JSON.parse(line) as Found);
}
