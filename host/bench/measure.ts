// One step in, its time out: nanoseconds of one operation, median and least over many batches.
//
// mitata makes the loop, a new one for each step, so no step is slowed by the types another has seen. A step first
// runs for a while unmeasured, until V8 has compiled it for good. Above: all.ts.

import { measure } from "mitata";

/** Something that can be done again and again; `stepOn` makes one that is given something. */
export interface Step {
  readonly name: string;
  /** Names of steps that do part of the same with other means, or bound it from below. */
  readonly beside: readonly string[];
  /** Operations that are timed together. */
  readonly batch: number;
  /** Makes what one operation works on, before its batch begins; not timed. */
  readonly given?: () => unknown;
  readonly run: (given: never) => unknown;
  /** What `run` has to return, else the step measures something else than it says. */
  readonly result?: unknown;
}

/** A step whose operation gets what `given` makes. */
export function stepOn<Given>(
  step: Step & { readonly given: () => Given; readonly run: (given: Given) => unknown },
): Step {
  return step;
}

export interface Figures {
  readonly name: string;
  readonly beside: readonly string[];
  /** Nanoseconds of one operation. */
  readonly median: number;
  /** The fastest batch; mitata leaves out the two extremes of each turn, as mistakes of the clock. */
  readonly min: number;
  readonly batches: number;
}

/** Every step has its turn so often: a machine is faster in one second than in the next, for all steps alike. */
const ROUNDS = 4;
/** As much of a turn as is spent on warming up. */
const WARM_UP_PART = 0.4;

/**
 * @param budgetMs how long each step is run; what it is given takes time besides
 * @param say      gets a line of progress before each turn
 */
export async function measureSteps(
  steps: readonly Step[],
  budgetMs: number,
  say: (line: string) => void,
): Promise<Figures[]> {
  const samples = steps.map((): number[] => []);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, step] of steps.entries()) {
      say(`time, ${round} of ${ROUNDS}: ${step.name}`);
      samples[index]?.push(...(await takeTurn(step, budgetMs / ROUNDS)));
    }
  }
  return steps.map(({ name, beside }, index) => ({ name, beside, ...summary(samples[index] ?? []) }));
}

function summary(samples: readonly number[]): Pick<Figures, "median" | "min" | "batches"> {
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    median: sorted[sorted.length >> 1] ?? 0,
    min: sorted[0] ?? 0,
    batches: sorted.length,
  };
}

/** @returns nanoseconds of one operation, a number for each batch */
async function takeTurn(step: Step, budgetMs: number): Promise<readonly number[]> {
  const options = {
    min_cpu_time: budgetMs * (1 - WARM_UP_PART) * 1e6,
    batch_samples: step.batch,
    batch_unroll: 1,
    // Everything is timed in batches, however slow its first call was.
    warmup_threshold: Number.MAX_VALUE,
    batch_threshold: Number.MAX_VALUE,
    gc: false,
  };
  check(step);
  warmUp(step, budgetMs * WARM_UP_PART);
  const { samples } = await measure(asBenchmark(step), options);
  check(step);
  return samples;
}

/** mitata prepares what is given for a whole batch before it starts the clock; its types do not know that form. */
function asBenchmark({ given, run }: Step): () => unknown {
  if (given === undefined) return () => run(undefined as never);
  return function* () {
    yield { 0: given, bench: (one: never) => run(one) };
  } as unknown as () => unknown;
}

function warmUp({ given, run, batch }: Step, budgetMs: number): void {
  const endAt = performance.now() + budgetMs;
  do {
    for (let count = 0; count < batch; count++) run(given?.() as never);
  } while (performance.now() < endAt);
}

function check({ name, given, run, result }: Step): void {
  const got = run(given?.() as never);
  if (result !== undefined && got !== result) throw new Error(`${name}: returned ${got}, not ${result}`);
}
