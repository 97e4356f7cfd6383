// The module as C: translated by wasm2c, compiled by gcc with the runtime of host/firmware/runtime/.
//
// Above: build/targets.ts for sizes, smoke.ts for a run. Needs the Debian packages wabt and gcc.

import { mkdirSync } from "node:fs";
import { has, type Outcome, run } from "../child.ts";

const RUNTIME = "host/firmware/runtime";
const INCLUDE = "host/firmware/include";
/** Where the translation goes. */
export const FOLDER = "build/native";

/** Translations are not written for human eyes nor for the warnings of gcc; without NDEBUG they pull in stdio. */
const FLAGS = [
  "-w",
  "-DNDEBUG",
  "-ffunction-sections",
  "-fdata-sections",
  `-I${FOLDER}`,
  `-I${RUNTIME}`,
  `-I${INCLUDE}`,
];

/** Whether this machine can translate and compile. */
export async function canTranslate(): Promise<boolean> {
  return (await has("wasm2c")) && (await has("gcc"));
}

/** Writes standfast.c and standfast.h. @returns what went wrong */
export async function translate(wasm: string): Promise<string[]> {
  mkdirSync(FOLDER, { recursive: true });
  return complaint(await run("wasm2c", [wasm, "-n", "standfast", "-o", `${FOLDER}/standfast.c`]));
}

/** Compiles one source of the core to an object. @param memoryBytes size of the array that is its memory */
export async function compileObject(
  source: string,
  object: string,
  memoryBytes: number,
  flags: readonly string[],
) {
  const words = [...FLAGS, `-DSTANDFAST_MEMORY=${memoryBytes}`, ...flags, "-c", source, "-o", object];
  return complaint(await run("gcc", words));
}

/** The C sources that make the core. */
export const SOURCES = [`${FOLDER}/standfast.c`, `${RUNTIME}/runtime.c`];

/** Compiles and links a program around the core. @returns what went wrong */
export async function link(main: string, program: string, memoryBytes: number, flags: readonly string[]) {
  const words = [
    ...FLAGS,
    `-DSTANDFAST_MEMORY=${memoryBytes}`,
    ...flags,
    main,
    ...SOURCES,
    "-Wl,--gc-sections",
    "-lm",
  ];
  return complaint(await run("gcc", [...words, "-o", program]));
}

function complaint({ code, output }: Outcome): string[] {
  return code === 0 ? [] : [output.trim() || `ended with code ${code}`];
}
