// Ten thousand random outages of an application session in virtual time, and nothing that must be true is broken.
//
// STANDFAST_SEED=N plays one case and prints its story.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawCase } from "./draw.ts";
import { hunt, play } from "./hunt.ts";

const CASES = 10_000;

test(`${CASES} random outages: one session, the warning, both bounds, no second host`, () => {
  const given = process.env.STANDFAST_SEED;
  if (given !== undefined) {
    const one = drawCase(Number(given));
    console.log(JSON.stringify(one, undefined, 1));
    assert.deepEqual(play(one), []);
    return;
  }
  const found = hunt(1, CASES);
  const again = `STANDFAST_SEED=${found?.seed} npm test -- tests/host/session/login/random`;
  assert.equal(found, undefined, `seed ${found?.seed}: ${JSON.stringify(found?.breaches)}\nagain: ${again}`);
});

test("the cases are not all alike: each mode, restarts, a standby that is cleared, settings of all sizes", () => {
  const cases = Array.from({ length: 500 }, (_, seed) => drawCase(seed + 1));
  const kinds = cases.flatMap(({ faults }) =>
    faults.map((fault) => (fault.kind === "mode" ? `${fault.server} ${fault.mode}` : fault.kind)),
  );
  assert.equal(new Set(kinds).size, 15); // six modes of each server, and latency, restart, clearStandby
  assert.ok(new Set(cases.map(({ settings }) => JSON.stringify(settings))).size > 100);
  assert.ok(cases.some(({ hasStandby }) => !hasStandby));
});
