// The drop-in files compiled for the machine at hand, with every warning an error.
//
// Needs a C compiler. Below: drop-in.ts. Above: build/targets.ts for sizes, smoke.ts and tests/firmware/ for runs.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type Outcome, run } from "../child.ts";
import { DROP_IN } from "./drop-in.ts";

/** Programs and objects go here. */
export const NATIVE = "build/native";
/** The core and the calls around it. */
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

export type Compile = {
  readonly compiler?: string;
  readonly flags?: readonly string[];
  /** Where standfast.h is. */
  readonly include?: string;
};

/** Compiles one source to an object. @returns what went wrong */
export async function compileObject(source: string, object: string, how: Compile = {}): Promise<string[]> {
  return compile(how, ["-c", source, "-o", object], object);
}

/** Compiles and links a program of some sources. @returns what went wrong */
export async function link(
  sources: readonly string[],
  program: string,
  how: Compile = {},
): Promise<string[]> {
  return compile(how, [...sources, "-Wl,--gc-sections", "-o", program], program);
}

async function compile(
  { compiler = "gcc", flags = [], include = DROP_IN }: Compile,
  words: readonly string[],
  output: string,
): Promise<string[]> {
  mkdirSync(dirname(output), { recursive: true });
  return complaint(await run(compiler, [...FLAGS, ...flags, `-I${include}`, ...words]));
}

function complaint({ code, output }: Outcome): string[] {
  return code === 0 ? [] : [output.trim() || `ended with code ${code}`];
}
