// The counting variant of the core: the same sources, but that base/machine.ts counts each row it finds.
//
// The counts lie in a second page of memory, as far into it as the row lies into the first, so no record and no
// table has another address than in the shipped module. Below: ../build/, state-tables.ts. Above: tests, soak.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { type Compiled, compile } from "../build/compile.ts";
import { pageWords } from "../build/core.ts";
import type { Region } from "../build/layout.ts";
import type { Patch } from "../build/sources.ts";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { strip } from "../build/wasm.ts";
import { place } from "../bundle.mjs";
import type { RowPlace } from "./rows.ts";
import { rowsOf, STATE_TABLES } from "./state-tables.ts";

export const COUNTING = { wasm: "build/variant/rows.wasm", places: "build/variant/rows.json" } as const;

const PAGE = 65_536;
const ROW_BYTES = 4;

/** Rows are four bytes and do not overlap, so rounding their addresses down keeps them apart. */
const COUNT_ROWS: Patch = {
  file: "assembly/base/machine.ts",
  old: "if (load<u8>(at) === state && load<u8>(at, 1) === input) return at;",
  new: `if (load<u8>(at) === state && load<u8>(at, 1) === input) {
      const counter: usize = ${PAGE} + (at & ~3);
      store<u32>(counter, load<u32>(counter) + 1);
      return at;
    }`,
};

export type Counting = { readonly wasm: Uint8Array; readonly places: readonly RowPlace[] };

/** Builds the variant unless it is fresh. Throws what the compiler says. */
export async function buildCounting(): Promise<Counting> {
  const print = fingerprint([
    "assembly",
    "asconfig.json",
    "asc-utf8.transform.mjs",
    "package-lock.json",
    "host/tools",
  ]);
  const problems = await unlessFresh("build/variant/rows.stamp", print, Object.values(COUNTING), make);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    wasm: new Uint8Array(readFileSync(COUNTING.wasm)),
    places: JSON.parse(readFileSync(COUNTING.places, "utf8")),
  };
}

async function make(): Promise<string[]> {
  const compiled: Compiled = await compile("release", { patches: [COUNT_ROWS] }, pageWords(2));
  if (compiled.kind === "refused") return [compiled.why];
  await place(COUNTING.wasm, strip(compiled.bytes));
  await place(COUNTING.places, JSON.stringify(placesOf(compiled.regions)));
  return [];
}

function placesOf(regions: readonly Region[]): RowPlace[] {
  return STATE_TABLES.flatMap((file) => {
    const table = regions.find((region) => region.file === file && region.name === "TABLE");
    if (table === undefined) throw new Error(`the memory map has no TABLE of ${file}`);
    return rowsOf(`assembly/${file}.ts`).map(({ state, input }, index) => ({
      table: basename(file),
      state,
      input,
      counter: PAGE + ((table.address + ROW_BYTES * index) & ~3),
    }));
  });
}
