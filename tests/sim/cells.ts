// What it takes to drive a row of a state table from outside.
//
// Above: cells.test.ts; the cases are in cells-health.ts, cells-silent.ts, cells-line.ts and cells-requests.ts.

import assert from "node:assert/strict";
import type { World } from "../../host/sim/world.ts";
import { type RunOptions, world } from "./fixture.ts";

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
  /** The state that shows before, where that of the row is only passed through. */
  readonly from?: string;
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
