// `standfast simulate`: random outages around the shipped module, and what must be true whatever happens.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { type CompiledModule, compile } from "../core/load.ts";
import { shippedModule } from "../module.ts";
import { monotonicMs } from "../node/clock.ts";
import { huntAll } from "../node/hunters.ts";
import { type Case, CaseError, readCase } from "../soak/case.ts";
import { addFound, type Found, huntCase, huntSeed, NOTHING_FOUND } from "../soak/hunt.ts";
import type { RowPlace } from "../tools/mutants/rows.ts";
import { Exit, FAILED, USAGE } from "./exit.ts";
import { print, printJson, remark } from "./print.ts";
import { positive, whole } from "./run.ts";

const HELP = `
Examples:
  standfast simulate --seeds 1000            a thousand drawn cases, from seed 1 on
  standfast simulate --minutes 5 --from 1000000 --jobs 2
  standfast simulate --seed 4711             one drawn case
  standfast simulate --case found.case       one case from a file

Exit code 1 when something that must be true was not: the case is made as small as it goes, and printed.
Ctrl-C ends with the summary so far.`;

/** So many broken cases end a run: more of them mostly have the same cause. */
const BROKEN_MAX = 3;
const SEEDS = 200;

interface SimulateOptions {
  readonly seeds?: number;
  readonly from?: number;
  readonly seed?: number;
  readonly case?: string;
  readonly minutes?: number;
  readonly jobs?: number;
  readonly module?: string;
  readonly rows?: string;
  readonly json?: boolean;
}

export function simulateCommand(): Command {
  return new Command("simulate")
    .summary("random outages in virtual time, with invariants")
    .description(
      "Draw cases from seeds, play them around the shipped module in virtual time, and check what must be true.",
    )
    .option("--seeds <number>", `how many cases; default ${SEEDS}`, whole)
    .option("--from <seed>", "first seed; default 1", whole)
    .option("--minutes <minutes>", "for so long, instead of --seeds", positive)
    .option("--seed <seed>", "this one only", whole)
    .option("--case <file>", "a case from a file; - for stdin")
    .option("--jobs <number>", "threads; default 1", whole)
    .option("--module <file>", "another build of the core")
    .option("--rows <file>", "where that build counts the rows of its tables")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", HELP)
    .action(simulate);
}

async function simulate(options: SimulateOptions): Promise<void> {
  const module = options.module === undefined ? shippedModule() : compile(bytesOf(options.module));
  const found = await play(module, options);
  if (options.json) printJson(found);
  else report(found);
  if (found.broken.length > 0) throw new Exit(FAILED);
}

async function play(module: CompiledModule, options: SimulateOptions): Promise<Found> {
  if (options.case !== undefined) return huntCase({ module }, caseFrom(options.case));
  if (options.seed !== undefined) return huntSeed({ module }, options.seed);
  return playMany(module, options);
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

/** Until as many, or as long, as wanted; until Ctrl-C; or until enough was found. */
async function playMany(module: CompiledModule, options: SimulateOptions): Promise<Found> {
  const { seeds = SEEDS, from = 1, minutes, jobs = 1, rows } = options;
  const endsAt = minutes === undefined ? Number.POSITIVE_INFINITY : monotonicMs() + 60_000 * minutes;
  const progress = new Progress();
  let found = NOTHING_FOUND;
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true;
  });
  const task = {
    module,
    jobs,
    from,
    to: minutes === undefined ? from + seeds : Number.POSITIVE_INFINITY,
    rows: rows === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytesOf(rows))) as RowPlace[]),
  };
  await huntAll(new URL(import.meta.url), task, (one) => {
    found = addFound(found, one);
    progress.show(found);
    return isInterrupted || found.broken.length >= BROKEN_MAX || monotonicMs() > endsAt;
  });
  progress.end();
  return found;
}

/** On stderr: one line that is kept up to date on a terminal, elsewhere a line a minute. */
class Progress {
  readonly #isLive = process.stderr.isTTY;
  readonly #startedAt = monotonicMs();
  #shownAt = this.#startedAt;

  show({ counts, broken }: Found): void {
    const now = monotonicMs();
    if (now - this.#shownAt < (this.#isLive ? 500 : 60_000)) return;
    this.#shownAt = now;
    const rate = (1000 * counts.cases) / (now - this.#startedAt);
    const text = `${counts.cases} cases, ${rate.toFixed(1)} a second, ${counts.hours.toFixed(0)} phone-hours, ${broken.length} broken`;
    process.stderr.write(this.#isLive ? `\r${text} ` : `${text}\n`);
  }

  end(): void {
    if (this.#isLive && this.#shownAt > this.#startedAt) process.stderr.write("\n");
  }
}

function report({ counts, broken }: Found): void {
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
