// Runs the core as C: in exactly the memory that the module uses.

import { has, run } from "../child.ts";
import { writeDropIn } from "./drop-in.ts";
import { coreObject, link, NATIVE } from "./native.ts";

const HARNESS = "tests/firmware/smoke.c";

export type Smoke = { readonly code: number; readonly lines: readonly string[] };

/** @param flags for gcc; @throws Error when something is missing or does not compile */
export async function runSmoke(wasm: string, flags: readonly string[] = ["-Os"]): Promise<Smoke> {
  if (!(await has("gcc"))) throw new Error("the core as C needs gcc: Debian packages gcc, libc6-dev");
  await writeDropIn(wasm);
  const program = `${NATIVE}/smoke${flags.join("").replace(/\W/g, "")}`;
  const problems = await link([HARNESS, await coreObject({ flags })], program, { flags });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const { code, output } = await run(program, [], { limitMs: 60_000 });
  return { code, lines: output.trimEnd().split("\n") };
}
