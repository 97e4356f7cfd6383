// build/size.json: what the module costs, as measured. Its names are read by others and only ever added to.

import { readFileSync, statSync } from "node:fs";
import { place } from "../bundle.mjs";
import { type CortexM, readCortexM } from "../firmware/images.ts";
import { type Costs, readKnobs } from "../firmware/knobs.ts";
import { type PosixFigures, readPosix } from "../firmware/posix.ts";
import { BUDGET, type Proof } from "../proof/prove.ts";
import { readMap, SHIPPED } from "./core.ts";
import type { Target } from "./targets.ts";

export const SIZE_FILE = "build/size.json";

/** Writes build/size.json. @param targets sizes of translations, by name; empty when no compiler is there */
export async function writeSizes(proof: Proof, targets: Readonly<Record<string, Target>>): Promise<void> {
  const sizes = {
    module: statSync(SHIPPED.wasm).size,
    memoryUsed: proof.memoryBytes,
    memoryMap: readMap(),
    stack: Object.fromEntries(
      proof.depths.map(({ export: name, bytes, calls, path }) => [name, { bytes, calls, path }]),
    ),
    exports: proof.exports,
    targets,
  };
  await write({ ...sizes, cortexM: readCortexM(), knobs: readKnobs(), posix: readPosix() });
}

/** Adds what no build measures, as it takes too long: it is there until something it was measured of changes. */
export async function addSizes(measured: {
  readonly cortexM?: CortexM;
  readonly knobs?: Costs;
  readonly posix?: readonly PosixFigures[];
}): Promise<void> {
  await write({ ...readSizes(), ...measured });
}

async function write(sizes: object): Promise<void> {
  const text = `${JSON.stringify(sizes, null, 2)}\n`;
  if (`${JSON.stringify(readSizes(), null, 2)}\n` !== text) await place(SIZE_FILE, text);
}

function readSizes(): object | undefined {
  try {
    return JSON.parse(readFileSync(SIZE_FILE, "utf8"));
  } catch {
    return undefined;
  }
}

/** The short report of a build: each figure beside its budget. */
export function report(proof: Proof): string[] {
  const deepest = proof.depths.reduce((worst, each) => (each.bytes > worst.bytes ? each : worst), NO_DEPTH);
  const budget = (value: number, limit: number) => `${amount(value)} of ${amount(limit)} bytes`;
  return [
    `module  ${budget(proof.moduleBytes, BUDGET.moduleBytes)}, ${proof.functions} functions`,
    `memory  ${budget(proof.memoryBytes, BUDGET.memoryBytes)}`,
    `stack   ${budget(deepest.bytes, BUDGET.stackBytes)}, deepest below ${deepest.export || "none"}`,
    `exports ${amount(proof.exports.length)}`,
  ];
}

const NO_DEPTH = { export: "", bytes: 0 };

function amount(value: number): string {
  return value.toLocaleString("en").padStart(7);
}
