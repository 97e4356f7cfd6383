// Compiles a mutant, or takes it from build/mutants/ when nothing it is made from has moved.
//
// Above: mutants.test.ts.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { compile } from "../../host/tools/build/compile.ts";
import { fingerprint, unlessFresh } from "../../host/tools/build/stamp.ts";
import { place } from "../../host/tools/bundle.mjs";
import type { Mutant } from "./table.ts";

const SOURCES = [
  "assembly",
  "asconfig.json",
  "asc-utf8.transform.mjs",
  "package-lock.json",
  "host/tools/build",
];

/** Throws what the compiler says, and when a patch does not find its place. */
export async function buildMutant({ name, patches }: Mutant): Promise<Uint8Array> {
  const wasm = `build/mutants/${name}.wasm`;
  const print = createHash("sha256")
    .update(fingerprint(SOURCES))
    .update(JSON.stringify(patches))
    .digest("hex");
  const problems = await unlessFresh(`build/mutants/${name}.stamp`, print, [wasm], async () => {
    const compiled = await compile("measure", { patches, isQuick: true });
    if (compiled.kind === "refused") return [`${name}: ${compiled.why}`];
    await place(wasm, compiled.bytes);
    return [];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return new Uint8Array(readFileSync(wasm));
}
