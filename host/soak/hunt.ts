// Case after case, and the smallest one of each that breaks an invariant.
//
// Above: host/cli/simulate.ts, host/node/hunters.ts, tests. Below: trial.ts, shrink.ts, draw/.

import type { CompiledModule } from "../core/load.ts";
import type { RowPlace } from "../tools/mutants/rows.ts";
import { type Case, writeCase } from "./case.ts";
import { addCounts, type Counts, NO_COUNTS } from "./counts.ts";
import { drawCase } from "./draw/case.ts";
import { shrinkCase } from "./shrink.ts";
import { runCase, type Violation } from "./trial.ts";

/** What was found, with the smallest case that shows it. */
export interface Broken extends Violation {
  /** undefined: the case came from a file. */
  readonly seed?: number;
  readonly case: string;
}

export interface Found {
  readonly counts: Counts;
  readonly broken: readonly Broken[];
}

export const NOTHING_FOUND: Found = { counts: NO_COUNTS, broken: [] };

/** A core, and where it counts if it does. */
export interface Quarry {
  readonly module: CompiledModule;
  readonly rows?: readonly RowPlace[];
}

export function addFound(a: Found, b: Found): Found {
  return { counts: addCounts(a.counts, b.counts), broken: [...a.broken, ...b.broken] };
}

export function huntSeed(quarry: Quarry, seed: number): Found {
  return huntCase(quarry, drawCase(seed).case, seed);
}

/** @param seed it was drawn from */
export function huntCase({ module, rows = [] }: Quarry, it: Case, seed?: number): Found {
  const { violations, counts } = runCase(module, it, { rows });
  const [first] = violations;
  if (first === undefined) return { counts, broken: [] };
  // It may break later in a smaller case, but hours of calm in which nothing does cost minutes.
  const untilMs = Math.max(it.calmAtMs, 2 * first.atMs);
  const small = shrinkCase(
    it,
    (one) => runCase(module, one, { untilMs }).violations[0]?.invariant === first.invariant,
  );
  const [shown = first] = runCase(module, small).violations;
  const remark = `${shown.invariant} at ${shown.atMs} ms: ${shown.text}`;
  return {
    counts,
    broken: [{ ...shown, ...(seed !== undefined && { seed }), case: writeCase(small, remark) }],
  };
}
