// Every timeline, recorded in virtual time and replayed: the same outputs and the same decisions.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Setting } from "../../sim/fixture.ts";
import { recorded, replayed } from "./recording.ts";

interface Case {
  readonly name: string;
  readonly servers: number;
  readonly lines: number;
  readonly params: Setting;
  readonly scenario: readonly string[];
  readonly until: number;
}

const CASES = JSON.parse(readFileSync("tests/sim/timelines.json", "utf8")) as readonly Case[];

/** The clock of the core wraps here: while the phone registers, and later. */
const WRAPS_MS = [undefined, 1, 122_000] as const;

for (const { name, until, ...phone } of CASES) {
  test(`${name} replays the same, also while the clock wraps`, () => {
    for (const wrapMs of WRAPS_MS) {
      const clock = wrapMs === undefined ? {} : { clockAtMs: 2 ** 32 - wrapMs };
      const { bytes, world } = recorded({ ...phone, untilMs: until * 1000, ...clock });
      const { difference, ending, events, outputs } = replayed(bytes);
      assert.equal(difference, undefined);
      assert.deepEqual(ending, { kind: "whole" });
      assert.deepEqual(events, world.events);
      assert.ok(outputs > world.events.length, `${outputs} outputs`);
    }
  });
}

test("all forty are there", () => {
  assert.equal(CASES.length, 40);
});
