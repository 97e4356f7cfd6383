// Random outages around the shipped module: what must be true is true, whatever happens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { writeCase } from "../../host/soak/case.ts";
import { drawCase } from "../../host/soak/draw/case.ts";
import { runCase } from "../../host/soak/trial.ts";
import { module } from "../sim/fixture.ts";

const SEEDS = 400;

test(`${SEEDS} drawn cases break no invariant`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { case: it } = drawCase(seed);
    const [first] = runCase(module(), it).violations;
    if (first === undefined) continue;
    const replay = `node build/standfast.mjs simulate --seed ${seed}`;
    assert.fail(`${first.invariant} at ${first.atMs} ms: ${first.text}\n${replay}\n${writeCase(it)}`);
  }
});
