// What the core takes once it is native code: translated to C, compiled for size, measured by `size`.
//
// Above: all.ts; the result is `targets` of build/size.json, empty on a machine without wasm2c or gcc.

import { mkdirSync, readFileSync } from "node:fs";
import { place } from "../bundle.mjs";
import { run } from "../child.ts";
import { canTranslate, compileObject, FOLDER, SOURCES, translate } from "../native/translate.ts";
import { fingerprint, unlessFresh } from "./stamp.ts";

/** Bytes of an object file, core and runtime together. */
export type Target = {
  readonly text: number;
  readonly data: number;
  /** The memory of the core. */
  readonly bss: number;
};

type Compiler = { readonly name: string; readonly flags: readonly string[] };

/** gcc compiles for the machine it runs on. */
const COMPILERS: readonly Compiler[] = [
  { name: process.arch === "x64" ? "x86-64" : process.arch, flags: ["-Os"] },
];

/** Where the sizes stay until the module or the tools change. */
const MEASURED = `${FOLDER}/sizes.json`;

/** Sizes by target name. @param memoryBytes what the core uses */
export async function measureTargets(wasm: string, memoryBytes: number): Promise<Record<string, Target>> {
  if (!(await canTranslate())) return {};
  const print = fingerprint([
    wasm,
    "host/firmware/runtime",
    "host/tools/native",
    "host/tools/build/targets.ts",
  ]);
  const problems = await unlessFresh(`${FOLDER}/sizes.stamp`, print, [MEASURED], () =>
    measureAll(wasm, memoryBytes),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return JSON.parse(readFileSync(MEASURED, "utf8"));
}

async function measureAll(wasm: string, memoryBytes: number): Promise<string[]> {
  const problems = await translate(wasm);
  if (problems.length > 0) return problems;
  const measured = COMPILERS.map(
    async (compiler) => [compiler.name, await measure(compiler, memoryBytes)] as const,
  );
  await place(MEASURED, JSON.stringify(Object.fromEntries(await Promise.all(measured))));
  return [];
}

async function measure({ name, flags }: Compiler, memoryBytes: number): Promise<Target> {
  const folder = `${FOLDER}/${name}`;
  mkdirSync(folder, { recursive: true });
  const objects = SOURCES.map((source) => `${folder}/${source.split("/").at(-1)?.replace(/c$/, "o")}`);
  const compiled = SOURCES.map((source, index) =>
    compileObject(source, objects[index] ?? "", memoryBytes, flags),
  );
  const problems = (await Promise.all(compiled)).flat();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { output } = await run("size", objects);
  const rows = [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s/gm)].map((row) => row.slice(1).map(Number));
  const sumOf = (column: number) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0);
  return { text: sumOf(0), data: sumOf(1), bss: sumOf(2) };
}
