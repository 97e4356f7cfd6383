// The bench runs and reports every row. How fast anything was is no matter of a test.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { measureAll, type Report } from "../../../host/bench/all.ts";
import { BESIDE } from "../../../host/bench/beside.ts";
import { measureSteps, stepOn } from "../../../host/bench/measure.ts";
import { tablesOf } from "../../../host/bench/table.ts";

const CORE = [
  "idle wake-up: nothing is due",
  "heartbeat: due, OPTIONS written, 200 taken",
  "401 with MD5: taken, REGISTER with digest written",
  "401 with SHA-256: the same",
  "refresh, MD5: due, REGISTER with digest written, 200 taken",
  "refresh, SHA-256: the same",
  "hostile: our Call-ID, another branch",
  "hostile: an answer with another Call-ID",
  "hostile: 600 random bytes",
  "hostile: a stranger's INVITE, handed back",
  "compile the module",
  "start an instance",
];
const DATAGRAMS = 200;

let report: Report;
const progress: string[] = [];

before(async () => {
  report = await measureAll({ budgetMs: 4, datagrams: DATAGRAMS }, (line) => progress.push(line));
});

test("every step of the core and everything beside it is timed", () => {
  assert.deepEqual(
    report.core.map(({ name }) => name),
    CORE,
  );
  assert.deepEqual(
    report.beside.map(({ name }) => name),
    Object.values(BESIDE),
  );
  for (const { name, median, min, batches } of [...report.core, ...report.beside]) {
    assert.ok(min > 0 && min <= median && Number.isFinite(median), `${name}: ${min} <= ${median}`);
    assert.ok(batches > 0, name);
  }
});

test("what a step is compared with was timed in the same run", () => {
  const timed = report.beside.map(({ name }) => name);
  const named = report.core.flatMap(({ beside }) => beside);
  assert.deepEqual(
    named.filter((name) => !timed.includes(name)),
    [],
  );
  assert.deepEqual(
    timed.filter((name) => !named.includes(name)),
    [],
  );
});

test("the heap of each listener is measured over the same count, and nothing is collected meanwhile", () => {
  assert.deepEqual(
    report.heap.map(({ who, datagrams, collections }) => ({ who, datagrams, collections })),
    ["bare", "refused", "handedBack"].map((who) => ({ who, datagrams: DATAGRAMS, collections: 0 })),
  );
  for (const { who, heapBytes, externalBytes } of report.heap) {
    assert.ok(heapBytes > 0 && externalBytes > 200, `${who}: ${heapBytes} and ${externalBytes}`);
  }
});

test("the table has every row, and progress was told before each turn", () => {
  const text = tablesOf(report);
  for (const name of [...CORE, ...Object.values(BESIDE)]) {
    assert.ok(text.includes(name), name);
    assert.ok(progress.includes(`time, 1 of 4: ${name}`), name);
  }
});

test("a step that does something else than it says is not timed", async () => {
  const step = { name: "liar", beside: [], batch: 4, run: () => 1, result: 2 };
  await assert.rejects(
    measureSteps([step], 1, () => {}),
    /liar: returned 1, not 2/,
  );
});

test("what a step is given is made once for each operation, before its batch", async () => {
  let made = 0;
  let used = 0;
  const step = stepOn({
    name: "given",
    beside: [],
    batch: 4,
    given: () => {
      made += 1;
      return made;
    },
    run: (one: number) => {
      used += 1;
      return one > 0;
    },
    result: true,
  });
  const [figures] = await measureSteps([step], 1, () => {});
  assert.equal(used, made);
  assert.ok(figures !== undefined && figures.batches * 4 <= made);
});
