// Runs the core as C: in exactly the memory that the module uses.

import { readFileSync } from "node:fs";
import { SIZE_FILE } from "../build/size.ts";
import { run } from "../child.ts";
import { canTranslate, FOLDER, link, translate } from "./translate.ts";

const HARNESS = "tests/firmware/smoke.c";

export type Smoke = { readonly code: number; readonly lines: readonly string[] };

/** @param flags more for gcc, such as sanitizers; @throws Error when something is missing or does not compile */
export async function runSmoke(wasm: string, flags: readonly string[] = []): Promise<Smoke> {
  if (!(await canTranslate()))
    throw new Error("the C translation needs wasm2c and gcc: Debian packages wabt, gcc, libc6-dev");
  const program = `${FOLDER}/smoke${flags.join("").replace(/\W/g, "")}`;
  const problems = await translate(wasm);
  if (problems.length === 0)
    problems.push(...(await link(HARNESS, program, memoryUsed(), ["-Os", ...flags])));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { code, output } = await run(program, [], { limitMs: 60_000 });
  return { code, lines: output.trimEnd().split("\n") };
}

function memoryUsed(): number {
  return JSON.parse(readFileSync(SIZE_FILE, "utf8")).memoryUsed;
}
