// `npm run mutants`: hunts every mutant and writes docs/mutants.md.

import { writeFileSync } from "node:fs";
import { huntMutant, SEEDS } from "./hunt.ts";
import { type Found, page } from "./page.ts";
import { MUTANTS } from "./table.ts";

const found: Found[] = [];
for (const mutant of MUTANTS) {
  const find = await huntMutant(mutant);
  if (find === undefined) throw new Error(`${mutant.name}: no invariant breaks in ${SEEDS} cases`);
  console.log(`${mutant.name}: ${find.invariant}, seed ${find.seed}: ${find.text}`);
  found.push({ mutant, find });
}
writeFileSync("docs/mutants.md", page(found));
