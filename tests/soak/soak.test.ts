// Random outages around the shipped module: what must be true is true, whatever happens.
//
// `npm run soak` plays more of them, and asks that every row of the core's tables is taken.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import { readCase, writeCase } from "../../host/soak/case.ts";
import type { Found } from "../../host/soak/hunt.ts";
import { runCase } from "../../host/soak/trial.ts";
import { run } from "../../host/tools/child.ts";
import { module } from "../sim/fixture.ts";

const SEEDS = 2000;
const CASES = "tests/soak/cases";
/** What a kept case is about shows itself no later than so long after its calm, ms. */
const KEPT_MS = 600_000;
/** What a run in which nothing happens would not tell. */
const EVENTS = ["outOfService", "moved", "serverCooling", "rejected", "contactMissing", "returnFailed"];

test(`the cases of ${SEEDS} seeds break no invariant`, async () => {
  const words = ["simulate", "--seeds", `${SEEDS}`, "--jobs", `${availableParallelism()}`, "--json"];
  const { output } = await run(process.execPath, ["build/standfast.mjs", ...words]);
  const line = output.split("\n").find((one) => one.startsWith("{"));
  assert.ok(line !== undefined, output);
  const { broken, counts } = JSON.parse(line) as Found;
  const [first] = broken;
  if (first !== undefined)
    assert.fail(
      `${first.invariant} at ${first.atMs} ms: ${first.text}\n` +
        `node build/standfast.mjs simulate --seed ${first.seed}\n${first.case}`,
    );
  assert.equal(counts.cases, SEEDS);
  assert.ok(counts.hours > SEEDS && counts.moves > SEEDS, `${counts.hours} hours, ${counts.moves} moves`);
  for (const type of EVENTS) assert.ok((counts.events[type] ?? 0) > 0, `no event ${type}`);
});

for (const file of readdirSync(CASES)) {
  test(`kept case ${file}`, () => {
    const it = readCase(readFileSync(`${CASES}/${file}`, "utf8"));
    const { violations } = runCase(module(), it, { untilMs: it.calmAtMs + KEPT_MS });
    const [first] = violations;
    if (first !== undefined)
      assert.fail(
        `${first.invariant} at ${first.atMs} ms: ${first.text}\n` +
          `node build/standfast.mjs simulate --case ${CASES}/${file}\n${writeCase(it)}`,
      );
  });
}
