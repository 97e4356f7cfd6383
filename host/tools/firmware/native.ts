// The drop-in files compiled for the machine at hand, with every warning an error.
//
// Needs a C compiler. Below: drop-in.ts. Above: build/targets.ts for sizes, smoke.ts and tests/firmware/ for runs.

import { createHash } from "node:crypto";
import { mkdirSync, renameSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { run } from "../child.ts";
import { DROP_IN } from "./drop-in.ts";

/** Programs and objects go here. */
export const NATIVE = "build/native";
/** The core and the calls around it: coreObject() is that compiled. */
export const CORE = `${DROP_IN}/standfast.c`;

/** As strict as a firmware may be. */
const FLAGS = [
  "-std=c99",
  "-Wall",
  "-Wextra",
  "-pedantic",
  "-Werror",
  "-ffunction-sections",
  "-fdata-sections",
];

/** For what handles pointers: a wild access or undefined behaviour ends the program. */
export const SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

export type Compile = {
  readonly compiler?: string;
  readonly flags?: readonly string[];
  /** Where standfast.h is. */
  readonly include?: string;
};

/** Compiles one source to an object. @returns what went wrong */
export async function compileObject(source: string, object: string, how: Compile = {}): Promise<string[]> {
  return compile(how, ["-c", source], object);
}

/** Compiles and links a program of some sources. @returns what went wrong */
export async function link(
  sources: readonly string[],
  program: string,
  how: Compile = {},
): Promise<string[]> {
  return compile(how, [...sources, "-Wl,--gc-sections"], program);
}

/**
 * One source as an object, compiled once for each compiler and its flags.
 * @param madeFrom files and folders: when one has changed it is compiled again
 * @returns its path; @throws Error with what the compiler said
 */
export async function keptObject(source: string, madeFrom: readonly string[], how: Compile): Promise<string> {
  const words = createHash("sha256")
    .update(JSON.stringify([source, how]))
    .digest("hex")
    .slice(0, 12);
  const object = `${NATIVE}/objects/${basename(source, ".c")}-${words}.o`;
  const print = fingerprint([source, ...madeFrom, "host/tools/firmware/native.ts"]);
  const problems = await unlessFresh(`${object}.stamp`, print, [object], () =>
    compileObject(source, object, how),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return object;
}

/** The core, or another one in the folder `include`, as keptObject() gives it. */
export function coreObject(how: Compile = {}): Promise<string> {
  return keptObject(`${how.include ?? DROP_IN}/standfast.c`, [], how);
}

let drafts = 0;

/** Into a file of its own first: another run may be using the one before. */
async function compile(
  { compiler = "gcc", flags = [], include = DROP_IN }: Compile,
  words: readonly string[],
  output: string,
): Promise<string[]> {
  mkdirSync(dirname(output), { recursive: true });
  const draft = `${output}.${process.pid}.${drafts++}.draft`;
  const { code, output: said } = await run(compiler, [
    ...FLAGS,
    ...flags,
    `-I${include}`,
    ...words,
    "-o",
    draft,
  ]);
  if (code !== 0) return [said.trim() || `ended with code ${code}`];
  renameSync(draft, output);
  return [];
}
