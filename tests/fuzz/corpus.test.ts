// What fuzzing found, run again: under the sanitizers, with a mark on every byte that the core may not touch.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { buildTargets, TARGETS } from "../../host/tools/fuzz/checked.ts";
import { unreached, WITH_COVERAGE } from "../../host/tools/fuzz/coverage.ts";
import { corpusFile, replay, targetOf } from "../../host/tools/fuzz/session.ts";
import { readVectors } from "../../host/tools/fuzz/vectors.ts";

const FINDS = "tests/fuzz/finds";

const programs = await buildTargets();
/** What each corpus printed. */
const outputs: string[] = [];

for (const target of TARGETS) {
  test(`${target}: no input of the corpus leaves its records, traps or loops`, async () => {
    const { code, output, executions } = await replay(target, programs[target], corpusFile(target), [
      WITH_COVERAGE,
    ]);
    outputs.push(output);
    assert.equal(code, 0, output);
    assert.ok(executions >= readVectors(corpusFile(target)).length, `${executions} inputs ran`);
  });
}

test("every function of the core is reached by one of them", () => {
  assert.equal(outputs.length, TARGETS.length);
  assert.deepEqual(unreached(outputs), []);
});

for (const name of readdirSync(FINDS).filter((each) => each.endsWith(".txt"))) {
  test(`a find stays mended: ${name}`, async () => {
    const { code, output } = await replay(targetOf(name), programs[targetOf(name)], `${FINDS}/${name}`);
    assert.equal(code, 0, output);
  });
}
