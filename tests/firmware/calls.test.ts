// What the C calls promise beside what the module does: standfast.h. Under the sanitizers, as they handle pointers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { CORE, compileObject, link, NATIVE } from "../../host/tools/firmware/native.ts";

const PROGRAM = `${NATIVE}/calls`;
const SANITIZED = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

await writeDropIn("build/standfast.wasm");
assert.deepEqual(await link(["tests/firmware/calls.c", CORE], PROGRAM, { flags: SANITIZED }), []);

const CASES = [
  ["before_reset", "nothing goes before the first reset"],
  ["trap", "a trap ends the instance: every call says so, until a reset"],
  [
    "snapshots",
    "a snapshot of another length is refused and changes nothing; one of the right length goes on",
  ],
  ["lengths", "more bytes than the buffer holds are cut, never written beyond it"],
  ["secrets", "no seed and no password stays in the input buffer"],
] as const;

for (const [name, title] of CASES)
  test(title, async () => {
    assert.deepEqual(await run(PROGRAM, [name], { limitMs: 10_000 }), { code: 0, output: "" });
  });

test("too little memory is refused by the compiler, more is taken", async () => {
  const compile = (bytes: number) =>
    compileObject(CORE, `${NATIVE}/memory.o`, { flags: [`-DSTANDFAST_MEMORY=${bytes}`] });
  assert.match((await compile(23_000)).join(""), /error: #error "STANDFAST_MEMORY is too small/);
  assert.deepEqual(await compile(65_536), []);
});
