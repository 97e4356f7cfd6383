// Every row of the core's state tables, taken in the shipped module by what comes from outside.
//
// The rows are read from the sources: a row without a case fails, and so does a case without a row. What moves is
// seen in the views of the phone, in its events and in its packets.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { World } from "../../host/sim/world.ts";
import { type Case, drive, type Row, rowsOf } from "./cells.ts";
import { HEALTH, healthOf, SILENT_HEALTH } from "./cells-health.ts";

interface Table {
  readonly name: string;
  readonly path: string;
  readonly cases: readonly Case[];
  readonly silent: readonly Case[];
  readonly stateOf: (world: World, who?: string) => string | undefined;
}

const TABLES: readonly Table[] = [
  {
    name: "health",
    path: "assembly/policy/health.ts",
    cases: HEALTH,
    silent: SILENT_HEALTH,
    stateOf: healthOf,
  },
];

const cellOf = ({ state, input }: Row): string => `${state} ${input}`;

for (const { name, path, cases, silent, stateOf } of TABLES) {
  const rows = rowsOf(path);

  test(`${name}: each row has a case, each case a row`, () => {
    assert.deepEqual(cases.map(({ cell }) => cell).sort(), rows.map(cellOf).sort());
    const silentRows = silent.filter(({ cell }) => rows.some((row) => cellOf(row) === cell));
    assert.deepEqual(silentRows, []);
  });

  for (const one of cases) {
    const row = rows.find((candidate) => cellOf(candidate) === one.cell);
    test(`${name}: ${one.cell} -> ${row?.next}: ${one.title}`, () => {
      const { before, after } = drive(one, (world) => stateOf(world, one.who));
      assert.equal(before, row?.state.toLowerCase(), "before");
      assert.equal(after, row?.next.toLowerCase(), "after");
    });
  }

  for (const one of silent) {
    test(`${name}: ${one.cell} is silent: ${one.title}`, () => {
      const { before, after } = drive(one, (world) => stateOf(world, one.who));
      assert.equal(before, one.cell.split(" ")[0]?.toLowerCase());
      assert.equal(after, before);
    });
  }
}
