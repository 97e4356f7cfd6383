// The runner: nothing that was not tested is ever counted as passed.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { bundleOne } from "../../host/tools/bundle.mjs";
import { has, run } from "../../host/tools/child.ts";
import { judge } from "../run/node.ts";
import type { Tally } from "../run/reporter.ts";
import { countLine, type Result, sum } from "../run/suite.ts";
import { countSpecs } from "../run/unit.ts";

let folder = "";
const leave = process.env.STANDFAST_ALLOW_SKIP;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standfast-"));
  delete process.env.STANDFAST_ALLOW_SKIP;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (leave !== undefined) process.env.STANDFAST_ALLOW_SKIP = leave;
});

const GREEN: Tally = { passed: 3, failed: [], skipped: [], empty: [] };

function counts({ passed, failed, skipped }: Result): [number, number, number] {
  return [passed, failed, skipped];
}

test("tests that pass are counted, tests that fail are named", () => {
  assert.deepEqual(counts(judge(GREEN, 0, false)), [3, 0, 0]);
  const red = judge({ ...GREEN, failed: ["adds"] }, 1, false);
  assert.deepEqual(counts(red), [3, 1, 0]);
  assert.deepEqual(red.notes, ["failed: adds"]);
});

test("a skip is a failure unless STANDFAST_ALLOW_SKIP names what is lacking", () => {
  const tally = { ...GREEN, skipped: [{ name: "cuts a link", reason: "net: no namespaces here" }] };
  assert.deepEqual(counts(judge(tally, 0, false)), [3, 1, 0]);
  process.env.STANDFAST_ALLOW_SKIP = "net";
  assert.deepEqual(counts(judge(tally, 0, false)), [3, 0, 1]);
  assert.deepEqual(judge(tally, 0, false).notes, ["skipped: cuts a link (net: no namespaces here)"]);
});

test("leave for one lack is no leave for another, nor for a skip without a reason", () => {
  process.env.STANDFAST_ALLOW_SKIP = "net";
  for (const reason of ["", "slow: takes a minute", "network is down"]) {
    assert.deepEqual(
      counts(judge({ ...GREEN, skipped: [{ name: "x", reason }] }, 0, false)),
      [3, 1, 0],
      reason,
    );
  }
});

test("no report, no test, an empty file, and an exit code that nobody explains are failures", () => {
  assert.deepEqual(counts(judge(undefined, 0, false)), [0, 1, 0]);
  assert.deepEqual(counts(judge({ ...GREEN, passed: 0 }, 0, false)), [0, 1, 0]);
  assert.deepEqual(counts(judge({ ...GREEN, empty: ["a.test.mjs"] }, 0, false)), [3, 1, 0]);
  assert.deepEqual(counts(judge(GREEN, 1, false)), [3, 1, 0]);
});

/** Runs a file of tests with the reporter and gives what it counted. */
async function tallyOf(source: string, ...options: string[]): Promise<Tally> {
  const file = join(folder, "a.test.mjs");
  writeFileSync(file, source);
  const reporter = await bundleOne("tests/run/reporter.ts", join(folder, "reporter.mjs"));
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = [
    "--test",
    ...options,
    `--test-reporter=${reporter}`,
    "--test-reporter-destination=stdout",
    file,
  ];
  const { output } = await run("env", ["-i", `PATH=${env.PATH}`, process.execPath, ...words]);
  return JSON.parse(output);
}

test("the reporter tells tests from suites, files, skips and todos", async () => {
  const tally = await tallyOf(`
    import { describe, test } from "node:test";
    describe("a suite", () => {
      test("passes", () => {});
      test("fails", () => { throw new Error("no"); });
    });
    test("is skipped", { skip: "net: none" }, () => {});
    test("is to do", { todo: true }, () => {});
    describe.skip("a skipped suite", () => { test("inside", () => {}); });
  `);
  assert.equal(tally.passed, 1);
  assert.deepEqual(tally.failed, ["fails", "is to do (marked todo)"]);
  assert.deepEqual(tally.skipped, [
    { name: "is skipped", reason: "net: none" },
    { name: "a skipped suite", reason: "" },
  ]);
});

test("the reporter leaves out the tests that nobody asked for by name", async () => {
  const source = `
    import { test } from "node:test";
    test("moves back", () => {});
    test("stays", () => { throw new Error("not asked for"); });
    test("moves on", { skip: "net: none" }, () => {});
  `;
  const tally = await tallyOf(source, "--test-name-pattern=moves");
  assert.equal(tally.passed, 1);
  assert.deepEqual(tally.failed, []);
  assert.deepEqual(tally.skipped, [{ name: "moves on", reason: "net: none" }]);
});

test("the reporter names a file without tests, and one that does not run", async () => {
  assert.equal((await tallyOf("export {};")).empty.length, 1);
  assert.equal((await tallyOf("throw new Error('at once');")).failed.length, 1);
});

test("as-pect: failures, todos, and specs that ran nothing or did not compile are failures", () => {
  const output = [
    "✔ tests/unit/base/a.spec.ts Pass: 4 / 4 Todo: 0 Time: 2ms",
    "❌ tests/unit/base/b.spec.ts Pass: 2 / 3 Todo: 0 Time: 2ms",
    "✔ tests/unit/base/c.spec.ts Pass: 1 / 1 Todo: 2 Time: 2ms",
    "✔ tests/unit/base/d.spec.ts Pass: 0 / 0 Todo: 0 Time: 2ms",
  ].join("\n");
  const specs = ["a", "b", "c", "d", "e"].map((name) => `tests/unit/base/${name}.spec.ts`);
  assert.deepEqual(counts(countSpecs(specs, output)), [7, 4, 0]);
  assert.deepEqual(countSpecs(specs, output).notes, [
    "tests/unit/base/c.spec.ts: 2 tests are marked todo",
    "tests/unit/base/d.spec.ts: no test ran",
    "tests/unit/base/e.spec.ts: no test ran",
  ]);
});

test("the last line adds up every suite", () => {
  const one: Result = { passed: 2, failed: 1, skipped: 0, notes: ["x"] };
  const two: Result = { passed: 5, failed: 0, skipped: 3, notes: [] };
  assert.equal(countLine(sum([one, two])), "7 passed, 1 failed, 3 skipped");
});

test("a child that outlives its limit is ended with all it started", async () => {
  const { code, output } = await run("sh", ["-c", "sleep 600 & echo $!; wait"], { limitMs: 1500 });
  assert.equal(code, 137);
  const [pid] = output.split("\n");
  assert.match(pid ?? "", /^\d+$/, "it had begun");
  assert.equal(await isRunning(Number(pid)), false);
});

test("a program that is not there is an outcome, not an exception", async () => {
  assert.equal((await run("no-such-program", [])).code, 127);
  assert.equal(await has("no-such-program"), false);
  assert.equal(await has("sh"), true);
});

/** Whether a process lives; a killed one may stay for a moment until it is reaped. */
async function isRunning(pid: number): Promise<boolean> {
  const { output } = await run("ps", ["-o", "stat=", "-p", String(pid)]);
  return /^[^Z]/.test(output.trim());
}
