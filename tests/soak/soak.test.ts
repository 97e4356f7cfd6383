// Random outages around the shipped module: what must be true is true, whatever happens.
//
// `npm run soak` plays more of them, and asks that every row of the core's tables is taken.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Case, readCase, writeCase } from "../../host/soak/case.ts";
import { addCounts, NO_COUNTS } from "../../host/soak/counts.ts";
import { drawCase } from "../../host/soak/draw/case.ts";
import { runCase } from "../../host/soak/trial.ts";
import { module } from "../sim/fixture.ts";

/** Seeds of one test; all together 2,000. */
const SEEDS = 200;
const TESTS = 10;
const CASES = "tests/soak/cases";
/** What a kept case is about shows itself no later than so long after its calm, ms. */
const KEPT_MS = 600_000;

/** @param replay the command that plays it again */
function holds(it: Case, replay: string, untilMs = Number.POSITIVE_INFINITY) {
  const { violations, counts } = runCase(module(), it, { untilMs });
  const [first] = violations;
  if (first !== undefined)
    assert.fail(`${first.invariant} at ${first.atMs} ms: ${first.text}\n${replay}\n${writeCase(it)}`);
  return counts;
}

function seedHolds(seed: number) {
  return holds(drawCase(seed).case, `node build/standfast.mjs simulate --seed ${seed}`);
}

for (let part = 0; part < TESTS; part++) {
  const from = 1 + part * SEEDS;
  test(`the cases of seeds ${from} to ${from + SEEDS - 1} break no invariant`, () => {
    let counts = NO_COUNTS;
    for (let seed = from; seed < from + SEEDS; seed++) counts = addCounts(counts, seedHolds(seed));
    // Cases in which nothing happens would prove nothing.
    assert.ok(counts.hours > SEEDS && counts.moves > SEEDS, `${counts.hours} hours, ${counts.moves} moves`);
    for (const type of [
      "outOfService",
      "moved",
      "serverCooling",
      "rejected",
      "contactMissing",
      "returnFailed",
    ])
      assert.ok((counts.events[type] ?? 0) > 0, `no event ${type}`);
  });
}

for (const file of readdirSync(CASES)) {
  test(`kept case ${file}`, () => {
    const it = readCase(readFileSync(`${CASES}/${file}`, "utf8"));
    holds(it, `node build/standfast.mjs simulate --case ${CASES}/${file}`, it.calmAtMs + KEPT_MS);
  });
}
