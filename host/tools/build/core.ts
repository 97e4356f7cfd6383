// The core: compiled, stripped of its names, and proved. The shipped module and variants of it.
//
// Above: all.ts. Below: compile.ts, ../proof/.

import { mkdirSync, readFileSync } from "node:fs";
import { place } from "../bundle.mjs";
import { BUDGET, type Proof, prove, readExportList } from "../proof/prove.ts";
import type { Limits } from "../proof/rules.ts";
import { compile } from "./compile.ts";
import type { Region } from "./layout.ts";
import type { Sizes } from "./sources.ts";
import { strip } from "./wasm.ts";

/** The outputs of a build of the core, by the path they share: `build/standfast`. */
export type Paths = {
  readonly wasm: string;
  readonly wat: string;
  readonly named: string;
  readonly map: string;
};

export function pathsOf(stem: string): Paths {
  return { wasm: `${stem}.wasm`, wat: `${stem}.wat`, named: `${stem}.named.wasm`, map: `${stem}.map.json` };
}

export const SHIPPED = pathsOf("build/standfast");

const PAGE = 65_536;
/** Budgets of size are a promise of the default build. */
const WITHOUT_BUDGET = { ...BUDGET, moduleBytes: Number.POSITIVE_INFINITY };

/** Compiles the default build. @returns what went wrong */
export async function compileShipped(): Promise<string[]> {
  return compileTo(SHIPPED, {}, []);
}

/**
 * Compiles the same sources for other numbers of lines or servers. The memory has as many pages as that takes, and
 * is fixed all the same. @returns what went wrong, proof included
 */
export async function buildVariant(sizes: Sizes, stem: string): Promise<string[]> {
  const paths = pathsOf(stem);
  const measured = await compile("measure", { ...sizes, isQuick: true }, pageWords(0));
  if (measured.kind === "refused") return [measured.why];
  const end = measured.regions.reduce((last, { address, bytes }) => Math.max(last, address + bytes), 0);
  const pages = Math.ceil((end + STACK_BYTES) / PAGE);
  const problems = await compileTo(paths, sizes, pageWords(pages));
  if (problems.length > 0) return problems;
  const proof = proveAt(paths, { ...WITHOUT_BUDGET, memoryBytes: pages * PAGE, memoryPages: pages });
  return proof.violations.map(({ text }) => `${paths.wasm} ${text}`);
}

/** What asconfig.json sets apart as a stack, which the core never uses, and its alignment. */
const STACK_BYTES = 16;

/** Words for asc: a memory of so many pages, 0: as it takes, and no more. */
export function pageWords(pages: number): string[] {
  return ["--initialMemory", String(pages), "--maximumMemory", String(pages)];
}

async function compileTo(paths: Paths, sizes: Sizes, words: readonly string[]): Promise<string[]> {
  const compiled = await compile("release", sizes, words);
  if (compiled.kind === "refused") return [compiled.why];
  mkdirSync("build", { recursive: true });
  await place(paths.named, compiled.bytes);
  await place(paths.wasm, strip(compiled.bytes));
  await place(paths.wat, compiled.text);
  await place(paths.map, JSON.stringify(compiled.regions));
  return [];
}

/** Proves the module with names, which differs from the shipped one by nothing else. */
export function proveShipped(): Proof {
  return proveAt(SHIPPED, BUDGET);
}

function proveAt(paths: Paths, budget: Omit<Limits, "exports">): Proof {
  return prove(readFileSync(paths.named), { ...budget, exports: readExportList() });
}

/** The memory map that the compiler laid out. */
export function readMap(path = SHIPPED.map): Region[] {
  return JSON.parse(readFileSync(path, "utf8"));
}
