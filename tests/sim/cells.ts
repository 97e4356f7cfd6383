// The rows of the core's state tables as they stand in its sources, and what it takes to drive one from outside.
//
// Above: cells.test.ts; the cases are in cells-health.ts, cells-line.ts and cells-requests.ts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { World } from "../../host/sim/world.ts";
import { type RunOptions, world } from "./fixture.ts";

export interface Row {
  readonly state: string;
  readonly input: string;
  readonly action: string;
  readonly next: string;
}

/** The rows of `TABLE` in a source of the core, in their order. */
export function rowsOf(path: string): readonly Row[] {
  const source = readFileSync(path, "utf8");
  const [, table] = /export const TABLE: usize = memory\.data<u8>\(\[\n([\s\S]*?)\n\]\);/.exec(source) ?? [];
  assert.ok(table !== undefined, `${path} holds no TABLE`);
  const words = table
    .replace(/\/\/.*$/gm, "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  assert.equal(words.length % 4, 1, `${path}: rows of four words, then the end`);
  return Array.from({ length: (words.length - 1) / 4 }, (_, index) => {
    const [state = "", input = "", action = "", next = ""] = words.slice(4 * index);
    return { state, input, action, next };
  });
}

/** A scenario in which a row is taken at a known moment. */
export interface Case {
  /** `STATE INPUT` of the row, or of a silent cell. */
  readonly cell: string;
  readonly title: string;
  readonly options: RunOptions;
  readonly atMs: number;
  /** The server or the line that moves; the first of its kind unless said. */
  readonly who?: string;
  /** What the phone says at that moment: parts of lines of the trace, in their order. */
  readonly shows: readonly string[];
  /** What it must not say then. */
  readonly never?: readonly string[];
  /** What cannot be said in a scenario: called before the run. */
  readonly prepare?: (world: World) => void;
}

/** Runs a case; `stateOf` shows where its subject is before and after that moment. */
export function drive(
  one: Case,
  stateOf: (world: World) => string | undefined,
): { before: string; after: string } {
  const run = world(one.options);
  one.prepare?.(run);
  if (one.atMs > 0) run.runTo(one.atMs - 1);
  const before = stateOf(run) ?? "none";
  const from = run.trace.length;
  run.runTo(one.atMs);
  shows(run.trace.slice(from), one);
  return { before, after: stateOf(run) ?? "none" };
}

function shows(lines: readonly string[], { shows, never = [] }: Case): void {
  const said = lines.join("\n");
  let at = 0;
  for (const part of shows) {
    const found = lines.findIndex((line, index) => index >= at && line.includes(part));
    assert.ok(found >= 0, `"${part}" is missing in\n${said}`);
    at = found + 1;
  }
  for (const part of never) assert.ok(!said.includes(part), `"${part}" stands in\n${said}`);
}
