// The counting variant says what the shipped module says, and counts the rows that were taken.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type CompiledModule, compile } from "../../host/core/load.ts";
import type { World } from "../../host/sim/world.ts";
import { buildCounting } from "../../host/tools/mutants/counting.ts";
import { type RowPlace, readCounts, rowName } from "../../host/tools/mutants/rows.ts";
import type { Case } from "../sim/cells.ts";
import { HEALTH } from "../sim/cells-health.ts";
import { LINE } from "../sim/cells-line.ts";
import { type RunOptions, world } from "../sim/fixture.ts";

/** Rows of the four tables, counted by eye: transaction, registration, health, line. */
const ROWS = { transaction: 12, registration: 6, health: 31, line: 23 };

let module: CompiledModule;
let places: readonly RowPlace[];

before(async () => {
  const counting = await buildCounting();
  module = compile(counting.wasm);
  places = counting.places;
});

function countsOf(run: World): ReadonlyMap<string, number> {
  return new Map(readCounts(run.agent.core.memory, places).map((row) => [rowName(row), row.count]));
}

function runBoth(one: Case): { shipped: World; counting: World } {
  const run = (options: RunOptions) => {
    const made = world(options);
    one.prepare?.(made);
    return made.runTo(one.atMs);
  };
  return { shipped: run(one.options), counting: run({ ...one.options, module }) };
}

test("every row of the four tables has a name and a count of its own", () => {
  const tables = Object.keys(ROWS).map((name) => [name, places.filter(({ table }) => table === name).length]);
  assert.deepEqual(Object.fromEntries(tables), ROWS);
  assert.equal(new Set(places.map(rowName)).size, places.length);
  assert.equal(new Set(places.map(({ counter }) => counter)).size, places.length);
});

for (const [table, cases] of Object.entries({ health: HEALTH, line: LINE })) {
  for (const one of cases) {
    test(`${table} ${one.cell} is counted in "${one.title}", and nothing else differs`, () => {
      const { shipped, counting } = runBoth(one);
      assert.deepEqual(counting.trace, shipped.trace);
      assert.deepEqual(counting.packets, shipped.packets);
      const name = `${table} ${one.cell.replace(" ", " + ")}`;
      assert.ok((countsOf(counting).get(name) ?? 0) > 0, name);
    });
  }
}

test("the counts add up: what was sent first, what was repeated, what was answered", () => {
  const run = world({ module, scenario: ["100 primary silent", "400 primary back", "700 backup1 silent"] });
  const counts = countsOf(run.runTo(1_200_000));
  const sumOf = (...names: string[]) =>
    names.reduce((sum, name) => sum + (counts.get(name) ?? Number.NaN), 0);
  const branches = (from: string) =>
    run.packets
      .filter((packet) => packet.from === from)
      .map(({ bytes }) => /branch=(\w+)/.exec(new TextDecoder().decode(bytes))?.[1]);
  const sent = branches("phone");
  const requests = new Set(sent).size;
  assert.ok(requests > 20 && sent.length > requests, "some were sent, some repeated");
  assert.equal(sumOf("transaction FREE + OPEN", "transaction COMPLETED + OPEN"), requests);
  assert.equal(
    sumOf("transaction TRYING + REPEAT_DUE", "transaction PROCEEDING + REPEAT_DUE"),
    sent.length - requests,
  );
  assert.equal(
    sumOf("transaction TRYING + FINAL", "transaction PROCEEDING + FINAL"),
    new Set(branches("server")).size,
  );
  const ended = ["FINAL", "LIFE_OVER", "DROP"].map((input) => `transaction TRYING + ${input}`);
  assert.equal(sumOf(...ended), requests, "nothing is under way");
});
