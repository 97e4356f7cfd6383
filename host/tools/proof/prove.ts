// The proof: reads the module that is shipped and says what it is, and what of it breaks a promise of ABI.md.
//
// Above: build/all.ts, tests/tools/. Below: facts.ts, rules.ts, stack.ts.

import { existsSync, readFileSync } from "node:fs";
import { strip } from "../build/wasm.ts";
import { readFacts } from "./facts.ts";
import { judge, type Limits, type Violation } from "./rules.ts";
import { type Depth, depthsOf, loopsOf } from "./stack.ts";

export type Proof = {
  readonly violations: readonly Violation[];
  /** Size of the module as it is shipped: without names. */
  readonly moduleBytes: number;
  readonly memoryBytes: number;
  readonly functions: number;
  readonly exports: readonly string[];
  /** Empty when the call graph has a loop. */
  readonly depths: readonly Depth[];
};

/** The budgets of the default build. */
export const BUDGET = {
  moduleBytes: 28 * 1024,
  memoryBytes: 24 * 1024,
  memoryPages: 1,
  stackBytes: 2_048,
} as const;

/** @param bytes the module with or without names; with them the texts name functions */
export function prove(bytes: Uint8Array, limits: Limits): Proof {
  try {
    const facts = readFacts(bytes);
    const moduleBytes = strip(bytes).length;
    return {
      violations: judge(facts, limits, moduleBytes),
      moduleBytes,
      memoryBytes: Math.max(facts.constants.__heap_base ?? 0, facts.dataEnd),
      functions: facts.functions.size,
      exports: facts.exports.map(({ name }) => name),
      depths: loopsOf(facts).length === 0 ? depthsOf(facts) : [],
    };
  } catch (error) {
    const text = `is no WebAssembly that can be read: ${error instanceof Error ? error.message : error}`;
    return { ...NOTHING, violations: [{ rule: "unreadable", text }] };
  }
}

const NOTHING: Proof = {
  violations: [],
  moduleBytes: 0,
  memoryBytes: 0,
  functions: 0,
  exports: [],
  depths: [],
};

/**
 * The exports that ABI.md lists between its markers: the first name in each code span, of table rows only in the
 * first cell. Nothing when there is no such list.
 */
export function readExportList(abi = "ABI.md"): string[] | undefined {
  const text = existsSync(abi) ? readFileSync(abi, "utf8") : "";
  const part = /<!-- exports -->([\s\S]*?)<!-- \/exports -->/.exec(text)?.[1];
  if (part === undefined) return undefined;
  const cells = part.split("\n").map((line) => (line.startsWith("|") ? (line.split("|")[1] ?? "") : line));
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)[^`]*`/g)].map(([, name = ""]) => name));
}
