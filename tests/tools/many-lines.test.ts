// A module for 2000 lines, built from the same sources: a dead server is left by all of them, spread
// evenly over failoverSpread, and by all at once without it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { type CompiledModule, compile } from "../../host/core/load.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import { World } from "../../host/sim/world.ts";
import { buildVariant } from "../../host/tools/build/core.ts";
import { temporaryFolder } from "../host/folder.ts";
import { OPTIMAL, phoneConfig } from "../sim/fixture.ts";

const LINES = 2000;
let module: CompiledModule;

before(async () => {
  const stem = join(temporaryFolder(), "many");
  assert.deepEqual(await buildVariant({ lines: LINES }, stem), []);
  module = compile(new Uint8Array(readFileSync(`${stem}.wasm`)));
});

/** When each line was served by the backup, ms after the primary was given up at 122 s (timeline T2). */
function moves(failoverSpread: number): number[] {
  const config = phoneConfig({ lines: LINES, params: { ...OPTIMAL, failoverSpread } });
  const steps = parseScenario("100 primary silent");
  const { events } = new World({ module, config, steps }).runTo(122_000 + 1000 * failoverSpread);
  const served = events.filter(({ type, server }) => type === "inService" && server === "backup1");
  assert.equal(new Set(served.map(({ line }) => line)).size, LINES, "no line is lost");
  return served.map(({ t }) => t - 122_000);
}

test("2000 lines leave a dead server at once", () => {
  assert.ok(moves(0).every((at) => at === 0));
});

test("2000 lines leave a dead server evenly within 10 s", () => {
  const at = moves(10);
  assert.equal(at.length, LINES, "none twice");
  assert.ok(at.every((one) => one >= 0 && one <= 10_000));
  // 200 in each second, standard deviation 13.4: five of them either way.
  for (let second = 0; second < 10; second++) {
    const count = at.filter((one) => Math.min(9, Math.floor(one / 1000)) === second).length;
    assert.ok(count >= 133 && count <= 267, `second ${second}: ${count}`);
  }
});
