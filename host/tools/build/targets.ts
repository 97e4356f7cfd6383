// What the core takes once it is native code: translated to C, compiled for size, measured by `size`.
//
// Above: all.ts; the result is `targets` of build/size.json, empty on a machine without gcc.

import { readFileSync } from "node:fs";
import { place } from "../bundle.mjs";
import { has, run } from "../child.ts";
import { writeDropIn } from "../firmware/drop-in.ts";
import { CORE, coreObject, NATIVE } from "../firmware/native.ts";
import { fingerprint, unlessFresh } from "./stamp.ts";

/** Bytes of the object file of the core and the calls around it. */
export type Target = {
  readonly text: number;
  readonly data: number;
  /** The memory of the core, and a little of the calls. */
  readonly bss: number;
};

type Compiler = { readonly name: string; readonly flags: readonly string[] };

/** gcc compiles for the machine it runs on. */
const COMPILERS: readonly Compiler[] = [
  { name: process.arch === "x64" ? "x86-64" : process.arch, flags: ["-Os"] },
];

/** Where the sizes stay until the core or the tools change. */
const MEASURED = `${NATIVE}/sizes.json`;

/** Sizes by target name. @param wasm the shipped module, whose drop-in files are measured */
export async function measureTargets(wasm: string): Promise<Record<string, Target>> {
  if (!(await has("gcc"))) return {};
  await writeDropIn(wasm);
  const print = fingerprint([CORE, "host/tools/firmware", "host/tools/build/targets.ts"]);
  const problems = await unlessFresh(`${NATIVE}/sizes.stamp`, print, [MEASURED], measureAll);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return JSON.parse(readFileSync(MEASURED, "utf8"));
}

async function measureAll(): Promise<string[]> {
  const measured = COMPILERS.map(async (compiler) => [compiler.name, await measure(compiler)] as const);
  await place(MEASURED, JSON.stringify(Object.fromEntries(await Promise.all(measured))));
  return [];
}

async function measure({ flags }: Compiler): Promise<Target> {
  const { output } = await run("size", [await coreObject({ flags })]);
  const [text = 0, data = 0, bss = 0] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s/m.exec(output)?.slice(1).map(Number) ?? [];
  return { text, data, bss };
}
