// Looks for a mutant with the simulation: drawn cases, in the order of their seeds, until an invariant breaks.
//
// The invariants are those of the soak and know no mutant. Below: build.ts, host/soak. Above: mutants.test.ts, page.ts.

import { type CompiledModule, compile } from "../../host/core/load.ts";
import { drawCase } from "../../host/soak/draw/case.ts";
import { runCase } from "../../host/soak/trial.ts";
import { buildMutant } from "./build.ts";
import type { Mutant } from "./table.ts";

/** What is not found by then is not found. */
export const SEEDS = 500;

export type Find = {
  /** The first that broke. */
  readonly invariant: string;
  readonly text: string;
  /** The case it broke in; the ones before broke nothing. */
  readonly seed: number;
  /** Hours of a phone up to there, in virtual time. */
  readonly hours: number;
};

/** @returns undefined: no invariant breaks in any of the cases */
export function hunt(module: CompiledModule, seeds = SEEDS): Find | undefined {
  let hours = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations, counts } = runCase(module, drawCase(seed).case);
    hours += counts.hours;
    const [first] = violations;
    if (first !== undefined) return { invariant: first.invariant, text: first.text, seed, hours };
  }
  return undefined;
}

export async function huntMutant(mutant: Mutant): Promise<Find | undefined> {
  return hunt(compile(await buildMutant(mutant)));
}
