// A reporter of node:test: counts the tests of a run, as JSON for tests/run/node.ts.
//
// Node tells the end of each file as one more test, under the path of the file; it fails when the file cannot be
// run, and passes when the file holds no test at all.

import type { TestEvent } from "node:test/reporters";

/** What a run of node:test came to. */
export type Tally = {
  passed: number;
  /** Names of tests that failed, and of files that did not run. */
  failed: string[];
  /** Names of tests that did not run, each with the reason it gave. */
  skipped: { name: string; reason: string }[];
  /** Files that held no test. */
  empty: string[];
};

/** The reason Node gives for a test that `--name` leaves out: nobody asked for it, so it is neither run nor skipped. */
const NOT_ASKED_FOR = "test name does not match pattern";

export default async function* reporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const tally: Tally = { passed: 0, failed: [], skipped: [], empty: [] };
  for await (const event of events) {
    if (event.type === "test:pass" || event.type === "test:fail") add(tally, event);
  }
  yield JSON.stringify(tally);
}

function add(tally: Tally, { type, data }: Extract<TestEvent, { type: "test:pass" | "test:fail" }>): void {
  const { name, details, skip, todo } = data;
  if (skip === NOT_ASKED_FOR) return;
  const isFile = name === data.file;
  if (skip !== undefined) tally.skipped.push({ name, reason: typeof skip === "string" ? skip : "" });
  else if (details.type === "suite")
    return; // what fails in it is told by itself
  else if (type === "test:fail") tally.failed.push(name);
  else if (isFile) tally.empty.push(name);
  else if (todo !== undefined) tally.failed.push(`${name} (marked todo)`);
  else tally.passed++;
}
