// The whole build, in order: the core, its proof, its sizes, the programs around it. What is fresh is not made again.
//
// Above: build.ts (npm run build) and tests/run.ts.

import { compileShipped, proveShipped, SHIPPED } from "./core.ts";
import { BESIDE, bundlePrograms, DECLARATIONS, declareApi, PROGRAMS } from "./programs.ts";
import { report, writeSizes } from "./size.ts";
import { fingerprint, unlessFresh } from "./stamp.ts";
import { measureTargets } from "./targets.ts";

/** What the module is made from. */
const CORE = ["assembly", "asconfig.json", "asc-utf8.transform.mjs", "package-lock.json", "host/tools"];
/** What the programs are made from, besides the module. */
const HOST = ["assembly/abi.ts", "assembly/generated", "host", "package-lock.json", "tsconfig.json"];

/** @returns what went wrong; the report goes to `say` */
export async function build(say: (line: string) => void = () => {}): Promise<string[]> {
  const core = fingerprint(CORE);
  const problems = await unlessFresh("build/core.stamp", core, Object.values(SHIPPED), compileShipped);
  if (problems.length > 0) return problems;
  const proof = proveShipped();
  await writeSizes(proof, await measureTargets(SHIPPED.wasm));
  for (const line of report(proof)) say(line);
  const violations = proof.violations.map(({ rule, text }) => `${SHIPPED.wasm} [${rule}] ${text}`);
  return [...violations, ...(await buildPrograms())];
}

async function buildPrograms(): Promise<string[]> {
  const host = fingerprint([...HOST, SHIPPED.wasm]);
  const files = [...PROGRAMS, ...BESIDE].map(({ out }) => out);
  const outputs = [...files, "build/NOTICES.txt", ...DECLARATIONS];
  return unlessFresh("build/programs.stamp", host, outputs, async () => [
    ...(await bundlePrograms()),
    ...(await declareApi()),
  ]);
}
