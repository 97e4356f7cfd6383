// `npm run fuzz -- [--minutes N] [--target reader|sequence]`: fuzzes the core as native code. docs/fuzzing.md.
//
// `--replay FILE` runs the inputs of a file; `--coverage` says which functions of the core the corpus never reaches.
// Ctrl-C ends a run as its time does: with the summary, and the inputs that were found. Below: fuzz/.

import { parseArgs } from "node:util";
import { place } from "./bundle.mjs";
import { buildTargets, TARGETS, type Target } from "./fuzz/checked.ts";
import { unreached, WITH_COVERAGE } from "./fuzz/coverage.ts";
import type { Figures } from "./fuzz/fuzzer.ts";
import { corpusFile, fuzz, minimise, replay, type Summary, targetOf } from "./fuzz/session.ts";

const USAGE = "usage: npm run fuzz -- [--minutes N] [--target reader|sequence] [--replay FILE] [--coverage]";
const SUMMARY_FILE = "build/fuzz.json";
const TELL_EVERY_MS = 2000;

const { minutes, targets, file, wantsCoverage } = readArguments();
console.log("building the checked core: gaps, marks, AddressSanitizer, UndefinedBehaviorSanitizer");
const programs = await buildTargets();
// child.ts ends the whole tool at Ctrl-C; here the fuzzer ends, and the summary follows.
process.removeAllListeners("SIGINT");
if (file !== undefined) await replayFile(file);
else if (wantsCoverage) await showCoverage();
else await fuzzAll();

function readArguments() {
  const options = {
    minutes: { type: "string", default: "2" },
    target: { type: "string" },
    replay: { type: "string" },
    coverage: { type: "boolean", default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    const chosen = TARGETS.filter((target) => values.target === undefined || target === values.target);
    if (chosen.length === 0) throw new Error(`--target ${values.target}: there are ${TARGETS.join(" and ")}`);
    const number = Number(values.minutes);
    if (!(number > 0 && number <= 10_000))
      throw new Error(`--minutes ${values.minutes}: a number above 0, up to 10000`);
    return { minutes: number, targets: chosen, file: values.replay, wantsCoverage: values.coverage };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(USAGE);
    process.exit(2);
  }
}

async function fuzzAll(): Promise<void> {
  const seconds = Math.max(1, Math.round((60 * minutes) / targets.length));
  const summaries: Summary[] = [];
  let isInterrupted = false;
  for (const target of targets) {
    if (isInterrupted) break;
    const session = fuzz(target, programs[target], seconds, progress(target));
    const onInterrupt = () => {
      isInterrupted = true;
      session.interrupt();
    };
    process.once("SIGINT", onInterrupt);
    const summary = await session.ended;
    process.removeListener("SIGINT", onInterrupt);
    summaries.push(summary);
    tellSummary(summary);
    if (!isInterrupted && summary.finds.length === 0)
      console.log(`  fewest inputs for it: ${await minimise(target, programs[target])}`);
  }
  await place(SUMMARY_FILE, `${JSON.stringify(summaries, null, 2)}\n`);
  const finds = summaries.flatMap((summary) => summary.finds);
  console.log(`${finds.length} finds; ${SUMMARY_FILE}`);
  process.exitCode = finds.length === 0 ? 0 : 1;
}

function progress(target: Target): (now: Figures) => void {
  const startedAt = performance.now();
  let toldAt = Number.NEGATIVE_INFINITY;
  return ({ executions, edges, kept }) => {
    const at = performance.now();
    if (at - toldAt < TELL_EVERY_MS) return;
    toldAt = at;
    const seconds = (at - startedAt) / 1000;
    const rate = seconds > 1 ? `${Math.round(executions / seconds)}/s` : "";
    console.log(
      `${target.padEnd(8)} ${seconds.toFixed(0).padStart(5)} s  ${executions} inputs ${rate}, ${edges} edges, ${kept} kept`,
    );
  };
}

function tellSummary({ target, executions, edges, allEdges, kept, seconds, finds }: Summary): void {
  console.log(
    `${target}: ${executions} inputs in ${seconds} s, ${edges} of ${allEdges} edges, ${kept} kept, ${finds.length} finds`,
  );
  for (const find of finds) console.log(`  npm run fuzz -- --replay ${find}`);
}

async function replayFile(path: string): Promise<void> {
  const target = targetOf(path);
  const { code, output } = await replay(target, programs[target], path);
  console.log(output);
  process.exitCode = code === 0 ? 0 : 1;
}

async function showCoverage(): Promise<void> {
  const outputs: string[] = [];
  for (const target of TARGETS)
    outputs.push((await replay(target, programs[target], corpusFile(target), [WITH_COVERAGE])).output);
  const missing = unreached(outputs);
  for (const name of missing) console.log(name);
  console.log(`${missing.length} functions of the core are never reached`);
}
