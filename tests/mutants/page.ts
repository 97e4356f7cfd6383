// docs/mutants.md: which planted faults the simulation finds, by what and how soon.
//
// Seeds and hours are measured: they move with every change of the core or of what is drawn, and the tests hold
// only that each mutant is found. Above: write.ts, mutants.test.ts.

import { type Find, SEEDS } from "./hunt.ts";
import type { Mutant } from "./table.ts";

export type Found = { readonly mutant: Mutant; readonly find: Find };

export function page(found: readonly Found[]): string {
  return `# Mutants: faults planted in the core, and what finds them

Written by \`npm run mutants\`; do not edit. Each row is the core with one text of its sources exchanged
(\`tests/mutants/table.ts\`) and run through the drawn cases of [the simulation](simulating.md), seed 1, 2, 3 .., until an
invariant breaks. A mutant that ${SEEDS} cases do not find fails \`npm test -- --suite mutants\`. Seed and hours are those of
the last run: they move whenever the core or the drawing does, and no invariant knows of a mutant.

| mutant | a phone that .. | rule | found by | seed | after hours of a phone |
|---|---|---|---|--:|--:|
${found.map(row).join("\n")}

Of ${found.length} mutants ${found.filter(({ find }) => find.seed <= 10).length} are found within ten cases, and all within ${Math.max(...found.map(({ find }) => find.seed))}.
`;
}

function row({ mutant: { name, fault, rule }, find: { invariant, seed, hours } }: Found): string {
  return `| \`${name}\` | ${fault} | DESIGN.md ${rule} | \`${invariant}\` | ${seed} | ${hours.toFixed(1)} |`;
}
