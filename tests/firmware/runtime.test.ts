// What the translation stands on: the last byte of each access, the first that traps, and both orders of bytes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { link, NATIVE, SANITIZED } from "../../host/tools/firmware/native.ts";
import { POSIX_TARGETS } from "../../host/tools/firmware/posix.ts";

for (const { name, prefix, emulator } of POSIX_TARGETS)
  test(`${name}: no access leaves the memory, and each takes its bytes in the order of WebAssembly`, async () => {
    const program = `${NATIVE}/memory-${name}`;
    const flags = ["-Ihost/firmware/runtime", ...(prefix === "" ? SANITIZED : ["-Os"])];
    assert.deepEqual(
      await link(["tests/firmware/memory.c"], program, { compiler: `${prefix}gcc`, flags }),
      [],
    );
    const [command = "", ...words] = [...emulator, program];
    assert.deepEqual(await run(command, words, { limitMs: 120_000 }), { code: 0, output: "" });
  });
