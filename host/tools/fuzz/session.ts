// A session of fuzzing one target: from the kept corpus on, for some minutes, to a smaller corpus and the finds.
//
// Below: fuzzer.ts, vectors.ts. Above: ../fuzz.ts.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { place } from "../bundle.mjs";
import { TARGETS, type Target } from "./checked.ts";
import { type Ended, type Figures, type Run, start } from "./fuzzer.ts";
import { pack, readVectors, toLine, unpack } from "./vectors.ts";

const FOLDER = "build/fuzz";
const DICTIONARY = "host/tools/fuzz/sip.dict";
/** Longest input: a message that fills the input buffer, or hundreds of steps. */
const LENGTH_MAX: Readonly<Record<Target, number>> = { reader: 2600, sequence: 1000 };
/** An input that runs so long has met a loop, s. */
const TIMEOUT_SECONDS = 20;

export type Summary = Figures & {
  readonly target: Target;
  readonly allEdges: number;
  readonly seconds: number;
  /** Files, each with the command that replays it in front. */
  readonly finds: readonly string[];
};

export function corpusFile(target: Target): string {
  return `tests/fuzz/corpus/${target}.txt`;
}

/** Which target a file of inputs is for: its name begins with it. */
export function targetOf(file: string): Target {
  const found = TARGETS.find((target) => basename(file).startsWith(target));
  if (found === undefined) throw new Error(`${file}: the name has to begin with ${TARGETS.join(" or ")}`);
  return found;
}

export type Session = { readonly ended: Promise<Summary>; interrupt(): void };

/** Fuzzes for some seconds from the corpus of the project and what earlier runs have found. */
export function fuzz(
  target: Target,
  program: string,
  seconds: number,
  tell: (now: Figures) => void,
): Session {
  const kept = `${FOLDER}/${target}.kept`;
  const seeds = `${FOLDER}/${target}.seeds`;
  const finds = `${FOLDER}/${target}.finds`;
  mkdirSync(kept, { recursive: true });
  unpack(readVectors(corpusFile(target)), seeds);
  unpack([], finds);
  const limits = [
    `-max_len=${LENGTH_MAX[target]}`,
    `-timeout=${TIMEOUT_SECONDS}`,
    `-max_total_time=${seconds}`,
  ];
  const words = [...limits, `-dict=${DICTIONARY}`, `-artifact_prefix=${finds}/`, "-print_final_stats=1"];
  const startedAt = performance.now();
  const run: Run = start(program, [...words, kept, seeds], tell);
  return { interrupt: run.interrupt, ended: run.ended.then((ended) => conclude(target, ended, startedAt)) };
}

async function conclude(target: Target, ended: Ended, startedAt: number): Promise<Summary> {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const finds = readdirSync(`${FOLDER}/${target}.finds`).map((name) => keepFind(target, name, ended.output));
  const { executions, edges, kept, allEdges } = ended;
  return { target, executions, edges, allEdges, kept, seconds, finds };
}

/** Writes a find as text, with what was said about it. */
function keepFind(target: Target, name: string, output: string): string {
  const file = `${FOLDER}/finds/${target}-${name.slice(0, 14)}.txt`;
  const why = output
    .split("\n")
    .filter((line) => /^(find|redzone|==\d+==ERROR|SUMMARY|ALARM|.*runtime error)/.test(line));
  mkdirSync(`${FOLDER}/finds`, { recursive: true });
  const input = readFileSync(join(`${FOLDER}/${target}.finds`, name));
  writeFileSync(
    file,
    [`# npm run fuzz -- --replay ${file}`, ...why.map((line) => `# ${line}`), toLine(input), ""].join("\n"),
  );
  return file;
}

/** The smallest set of the known inputs that takes the same edges as all of them, as build/fuzz/TARGET.txt. */
export async function minimise(target: Target, program: string): Promise<string> {
  const least = `${FOLDER}/${target}.least`;
  rmSync(least, { recursive: true, force: true });
  mkdirSync(least, { recursive: true });
  const sources = [`${FOLDER}/${target}.seeds`, `${FOLDER}/${target}.kept`];
  const { code, output } = await start(program, [
    "-merge=1",
    `-max_len=${LENGTH_MAX[target]}`,
    least,
    ...sources,
  ]).ended;
  if (code !== 0) throw new Error(`${program} -merge=1 ended with code ${code}\n${output}`);
  const file = `${FOLDER}/${target}.txt`;
  await place(file, `${pack(least).join("\n")}\n`);
  return file;
}

/** Runs every input of a file once. @param words more for libFuzzer */
export async function replay(
  target: Target,
  program: string,
  file: string,
  words: readonly string[] = [],
): Promise<Ended> {
  const folder = `${FOLDER}/${target}.replay`;
  const inputs = readVectors(file);
  unpack(inputs, folder);
  if (inputs.length === 0) throw new Error(`${file} holds no input`);
  return start(program, [
    "-runs=0",
    `-artifact_prefix=${FOLDER}/replayed-`,
    `-max_len=${LENGTH_MAX[target]}`,
    `-timeout=${TIMEOUT_SECONDS}`,
    ...words,
    folder,
  ]).ended;
}
