// What the C calls promise beside what the module does: standfast.h. Under the sanitizers, as they handle pointers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { interpretedObjects } from "../../host/tools/firmware/interpreter.ts";
import {
  CORE,
  compileObject,
  coreObject,
  link,
  NATIVE,
  SANITIZED,
} from "../../host/tools/firmware/native.ts";

const PROGRAM = `${NATIVE}/calls`;

await writeDropIn("build/standfast.wasm");
const core = await coreObject({ flags: SANITIZED });
assert.deepEqual(await link(["tests/firmware/calls.c", core], PROGRAM, { flags: SANITIZED }), []);

/** The same calls, on the module in wasm3. */
async function onWasm3(program: string, more: readonly string[] = []): Promise<string> {
  const { sources, flags, include } = await interpretedObjects({ flags: ["-O2"] });
  const how = { flags: ["-O2", ...flags, ...more], include };
  assert.deepEqual(await link(["tests/firmware/calls.c", ...sources], program, how), []);
  return program;
}
const WASM3 = await onWasm3(`${NATIVE}/calls-wasm3`);

const CASES = [
  ["before_reset", "nothing goes before the first reset"],
  ["trap", "a trap ends the instance: every call says so, until a reset"],
  [
    "snapshots",
    "a snapshot of another length is refused and changes nothing; one of the right length goes on",
  ],
  ["lengths", "more bytes than the buffer holds are cut, never written beyond it"],
  ["wrap", "the clock may pass 2^32: what follows comes as soon as anywhere else"],
  ["secrets", "no seed and no password stays in the input buffer"],
] as const;

for (const program of [PROGRAM, WASM3])
  for (const [name, title] of CASES)
    test(`${program === WASM3 ? "wasm3: " : ""}${title}`, async () => {
      assert.deepEqual(await run(program, [name], { limitMs: 120_000 }), { code: 0, output: "" });
    });

test("wasm3: a heap too small for the instance, or for what a call compiles, counts as a trap", async () => {
  for (const [bytes, first] of [
    [1024, "standfast_abi_version"],
    [65_536, "standfast_set_seed|standfast_start|drain"],
  ] as const) {
    const program = await onWasm3(`${NATIVE}/calls-wasm3-${bytes}`, [`-DSTANDFAST_HEAP=${bytes}`]);
    const name = bytes === 1024 ? "before_reset" : "snapshots";
    const { code, output } = await run(program, [name], { limitMs: 120_000 });
    assert.match(output, new RegExp(`^line \\d+: (${first})`));
    assert.equal(code, 1);
  }
});

test("too little memory is refused by the compiler, more is taken", async () => {
  const compile = (bytes: number) =>
    compileObject(CORE, `${NATIVE}/memory.o`, { flags: [`-DSTANDFAST_MEMORY=${bytes}`] });
  assert.match((await compile(23_000)).join(""), /error: #error "STANDFAST_MEMORY is too small/);
  assert.deepEqual(await compile(65_536), []);
});
