// The checked build of the core as native code: gaps between all records, a mark on every byte, sanitizers, and the
// fuzz targets around it. docs/fuzzing.md.
//
// Below: ../build/compile.ts, wasm2c of the package wabt, clang with libFuzzer. Above: fuzz.ts, tests/fuzz/.

import { mkdirSync, readFileSync } from "node:fs";
import { compile } from "../build/compile.ts";
import type { Patch } from "../build/sources.ts";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { place } from "../bundle.mjs";
import { run } from "../child.ts";
import { layoutHeader } from "./layout-header.ts";

export const TARGETS = ["reader", "sequence"] as const;
export type Target = (typeof TARGETS)[number];
export type Programs = Readonly<Record<Target, string>>;

/** Bytes of nobody behind each record. */
const GAP = 64;
/** Of Debian, not the one of npm, which writes other C. */
const WASM2C = "/usr/bin/wasm2c";
const HERE = "host/tools/fuzz";
const RUNTIME = "host/firmware/runtime";
/** What the programs are made from. */
const MADE_FROM = [
  "assembly",
  "asconfig.json",
  "asc-utf8.transform.mjs",
  "package-lock.json",
  "host/tools",
  RUNTIME,
];
/** What both targets share. */
const HARNESS = ["phone", "setup", "text", "deliver", "answer", "situations", "redzone"].map(
  (name) => `${HERE}/${name}.c`,
);

const FLAGS = [
  ...["-O1", "-g1", "-w", "-DNDEBUG", "-D_GNU_SOURCE", "-fno-omit-frame-pointer"],
  ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  ...[`-I${RUNTIME}`, "-Ihost/firmware/include", `-I${HERE}`],
];
/**
 * Without a call at each comparison twice as many inputs run; the dictionary has the words it would find. Functions stay
 * apart, so that each is told as reached or not.
 */
const COVERAGE = [
  "-fno-inline",
  "-fsanitize=fuzzer-no-link",
  "-fno-sanitize-coverage=trace-cmp,trace-div,trace-gep,indirect-calls",
];
/** Only the core is instrumented for coverage, so the edges that are counted are its own. */
const NO_COVERAGE = "-fno-sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp,indirect-calls";

/**
 * Builds the targets, unless they are fresh.
 * @param patches faults to plant in the core
 * @throws Error when something is missing or does not compile
 */
export async function buildTargets(folder = "build/fuzz", patches: readonly Patch[] = []): Promise<Programs> {
  const programs = Object.fromEntries(TARGETS.map((target) => [target, `${folder}/${target}`])) as Programs;
  const print = fingerprint(MADE_FROM) + JSON.stringify(patches);
  await unlessFresh(`${folder}/programs.stamp`, print, Object.values(programs), async () => {
    mkdirSync(folder, { recursive: true });
    await compileCore(folder, patches);
    for (const target of TARGETS) await link(folder, target, programs[target]);
    return [];
  });
  return programs;
}

async function compileCore(folder: string, patches: readonly Patch[]): Promise<void> {
  const compiled = await compile("release", { gap: GAP, keepsFunctions: true, patches });
  if (compiled.kind === "refused") throw new Error(compiled.why);
  await place(`${folder}/core.wasm`, compiled.bytes);
  await place(`${folder}/layout.h`, layoutHeader(compiled.regions, GAP));
  await must(WASM2C, [`${folder}/core.wasm`, "-n", "standfast", "-o", `${folder}/standfast.c`]);
  await place(`${folder}/checked.c`, withMarks(readFileSync(`${folder}/standfast.c`, "utf8")));
  await must("clang", [
    ...FLAGS,
    ...COVERAGE,
    `-I${folder}`,
    "-c",
    `${folder}/checked.c`,
    "-o",
    `${folder}/core.o`,
  ]);
}

/** The translation, with accessors that look at the marks. */
function withMarks(translation: string): string {
  const [before, after, ...more] = translation.split(FIRST_ACCESSOR);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `the translation of wasm2c has not one line "${FIRST_ACCESSOR}": another version than 1.0.32?`,
    );
  return `${before}#include "redzone.h"\n${FIRST_ACCESSOR}${after}`;
}

const FIRST_ACCESSOR = "DEFINE_LOAD(i32_load, u32, u32, u32)";

async function link(folder: string, target: Target, program: string): Promise<void> {
  const main = `${HERE}/${target}.c`;
  const sources = [main, ...HARNESS, `${RUNTIME}/runtime.c`, `${folder}/core.o`];
  const memory = ["-include", `${folder}/layout.h`, "-DSTANDFAST_MEMORY=MEMORY_BYTES"];
  await must("clang", [
    ...FLAGS,
    `-I${folder}`,
    ...memory,
    ...sources,
    "-fsanitize=fuzzer",
    NO_COVERAGE,
    "-lm",
    "-o",
    program,
  ]);
}

async function must(command: string, words: readonly string[]): Promise<void> {
  const { code, output } = await run(command, words);
  if (code === 127)
    throw new Error(`${command} is missing: Debian packages wabt, clang, libclang-rt-14-dev, llvm`);
  if (code !== 0) throw new Error(`${command} ended with code ${code}\n${output.trim()}`);
}
