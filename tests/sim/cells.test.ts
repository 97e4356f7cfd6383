// Every row of the core's state tables, taken in the shipped module by what comes from outside.
//
// The rows are read from the sources: a row without a case fails, and so does a case without a row. What moves is
// seen in the views of the phone, in its events and in its packets.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { World } from "../../host/sim/world.ts";
import { type Row, rowsOf } from "../../host/tools/mutants/state-tables.ts";
import { type Case, drive } from "./cells.ts";
import { HEALTH, healthOf } from "./cells-health.ts";
import { LINE, SILENT_LINE, stateOfLine } from "./cells-line.ts";
import {
  play,
  REGISTRATION,
  type RequestCase,
  SILENT_REGISTRATION,
  SILENT_TRANSACTION,
  TRANSACTION,
} from "./cells-requests.ts";
import { SILENT_HEALTH } from "./cells-silent.ts";

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
  {
    name: "line",
    path: "assembly/policy/line.ts",
    cases: LINE,
    silent: SILENT_LINE,
    stateOf: stateOfLine,
  },
];

/** Tables whose states show in what is sent only. */
const REQUEST_TABLES = [
  {
    name: "transaction",
    path: "assembly/session/transaction.ts",
    cases: TRANSACTION,
    silent: SILENT_TRANSACTION,
  },
  {
    name: "registration",
    path: "assembly/session/registration.ts",
    cases: REGISTRATION,
    silent: SILENT_REGISTRATION,
  },
] as const;

const cellOf = ({ state, input }: Row): string => `${state} ${input}`;

for (const { name, path, cases, silent } of [...TABLES, ...REQUEST_TABLES]) {
  const cells = rowsOf(path).map(cellOf);

  test(`${name}: each row has a case or several, each case a row`, () => {
    assert.deepEqual([...new Set(cases.map(({ cell }) => cell))].sort(), [...cells].sort());
  });

  test(`${name}: what is called silent has no row`, () => {
    assert.deepEqual(
      silent.map(({ cell }) => cell).filter((cell) => cells.includes(cell)),
      [],
    );
  });
}

for (const { name, path, cases, silent, stateOf } of TABLES) {
  const rows = rowsOf(path);

  for (const one of cases) {
    const row = rows.find((candidate) => cellOf(candidate) === one.cell);
    test(`${name}: ${one.cell} -> ${row?.next}: ${one.title}`, () => {
      const { before, after } = drive(one, (world) => stateOf(world, one.who));
      assert.equal(before, one.from ?? row?.state.toLowerCase(), "before");
      assert.equal(after, row?.next.toLowerCase(), "after");
    });
  }

  for (const one of silent) {
    test(`${name}: ${one.cell} moves nothing: ${one.title}`, () => {
      const { before, after } = drive(one, (world) => stateOf(world, one.who));
      assert.equal(before, one.cell.split(" ")[0]?.toLowerCase());
      assert.equal(after, before);
    });
  }
}

for (const { name, path, cases, silent } of REQUEST_TABLES) {
  const rows = rowsOf(path);

  for (const one of cases) {
    const row = rows.find((candidate) => cellOf(candidate) === one.cell);
    test(`${name}: ${one.cell} -> ${row?.next}: ${one.title}`, () => compare(one));
  }
  for (const one of silent) {
    test(`${name}: ${one.cell} moves nothing: ${one.title}`, () => compare(one));
  }
}

function compare(one: RequestCase): void {
  const { sent, told, late = 0 } = one;
  assert.deepEqual(play(one), { sent, told, late });
}
