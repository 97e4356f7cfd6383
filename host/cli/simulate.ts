// `standfast simulate`: random outages around the shipped module, and what must be true whatever happens.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type CompiledModule, compile } from "../core/load.ts";
import { shippedModule } from "../module.ts";
import { monotonicMs } from "../node/clock.ts";
import { type Case, CaseError, readCase, writeCase } from "../soak/case.ts";
import { addCounts, type Counts, NO_COUNTS } from "../soak/counts.ts";
import { drawCase } from "../soak/draw/case.ts";
import { shrinkCase } from "../soak/shrink.ts";
import { runCase, type Verdict, type Violation } from "../soak/trial.ts";
import { Exit, FAILED, USAGE } from "./exit.ts";
import { print, printJson, remark } from "./print.ts";
import { positive, whole } from "./run.ts";

const HELP = `
Examples:
  standfast simulate --seeds 1000            a thousand drawn cases, from seed 1 on
  standfast simulate --minutes 5 --from 1000000
  standfast simulate --seed 4711             one drawn case, printed
  standfast simulate --case found.case       one case from a file

Exit code 1 when something that must be true was not: the case is made as small as it goes, and printed.`;

interface SimulateOptions {
  readonly seeds?: number;
  readonly from?: number;
  readonly seed?: number;
  readonly case?: string;
  readonly minutes?: number;
  readonly module?: string;
  readonly json?: boolean;
}

export function simulateCommand(): Command {
  return new Command("simulate")
    .summary("random outages in virtual time, with invariants")
    .description(
      "Draw cases from seeds, play them around the shipped module in virtual time, and check what must be true.",
    )
    .option("--seeds <number>", "how many cases; default 200", whole)
    .option("--from <seed>", "first seed; default 1", whole)
    .option("--minutes <minutes>", "for so long, instead of --seeds", positive)
    .option("--seed <seed>", "this one only", whole)
    .option("--case <file>", "a case from a file; - for stdin")
    .option("--module <file>", "another build of the core")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", HELP)
    .action(simulate);
}

function simulate(options: SimulateOptions): void {
  const module = options.module === undefined ? shippedModule() : compile(bytesOf(options.module));
  const single = singleCase(options);
  const run = single === undefined ? playMany(module, options) : playOne(module, single);
  if (options.json) printJson(run);
  else report(run);
  if (run.broken.length > 0) throw new Exit(FAILED);
}

/** What is found, with the smallest case that shows it. */
interface Broken extends Violation {
  /** undefined: the case came from a file. */
  readonly seed: number | undefined;
  readonly case: string;
}

interface Run {
  readonly counts: Counts;
  readonly broken: readonly Broken[];
}

function singleCase({
  seed,
  case: file,
}: SimulateOptions): { readonly it: Case; readonly seed?: number } | undefined {
  if (file !== undefined) return { it: caseFrom(file) };
  return seed === undefined ? undefined : { it: drawCase(seed).case, seed };
}

function caseFrom(file: string): Case {
  try {
    return readCase(new TextDecoder().decode(bytesOf(file === "-" ? 0 : file)));
  } catch (error) {
    if (!(error instanceof CaseError)) throw error;
    throw new Exit(USAGE, `${file}: ${error.message}`);
  }
}

function bytesOf(file: string | number): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Exit(USAGE, `${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

function playOne(module: CompiledModule, { it, seed }: { readonly it: Case; readonly seed?: number }): Run {
  const verdict = runCase(module, it);
  return { counts: verdict.counts, broken: brokenOf(module, it, seed, verdict) };
}

/** Cases until as many, or as long, as wanted; the first three that fail end it. */
function playMany(module: CompiledModule, { seeds = 200, from = 1, minutes }: SimulateOptions): Run {
  const startedAt = monotonicMs();
  let counts = NO_COUNTS;
  const broken: Broken[] = [];
  const goesOn = (seed: number): boolean =>
    minutes === undefined ? seed < from + seeds : monotonicMs() - startedAt < 60_000 * minutes;
  for (let seed = from; goesOn(seed) && broken.length < 3; seed++) {
    const { case: it } = drawCase(seed);
    const verdict = runCase(module, it);
    counts = addCounts(counts, verdict.counts);
    broken.push(...brokenOf(module, it, seed, verdict));
  }
  return { counts, broken };
}

function brokenOf(
  module: CompiledModule,
  it: Case,
  seed: number | undefined,
  verdict: Verdict,
): readonly Broken[] {
  const [first] = verdict.violations;
  if (first === undefined) return [];
  const { invariant } = first;
  const small = shrinkCase(it, (one) => runCase(module, one).violations[0]?.invariant === invariant);
  const [shown = first] = runCase(module, small).violations;
  return [{ ...shown, seed, case: writeCase(small, `${shown.invariant}: ${shown.text}`) }];
}

function report({ counts, broken }: Run): void {
  for (const { invariant, atMs, text, seed, case: shown } of broken) {
    print(`${invariant} does not hold at ${atMs} ms: ${text}`, "", shown);
    if (seed !== undefined) remark(`the whole case: standfast simulate --seed ${seed}`);
    remark("the smallest one: save it, then standfast simulate --case FILE");
  }
  const { cases, hours, datagrams, moves } = counts;
  print(
    `${cases} cases, ${hours.toFixed(1)} phone-hours, ${datagrams} datagrams, ${moves} moves, ${broken.length} broken`,
  );
}
