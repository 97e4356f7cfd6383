// Every parameter of the core changes something that leaves the phone: a byte, a time or a target.
//
// One row a parameter: two runs that differ in it alone, and what is seen in each. A parameter without
// a row fails, so that no knob is connected to nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CORE, type CoreName } from "../../host/params/table.ts";
import { type Setting, sentAt, world } from "./fixture.ts";
import { DETECTION } from "./params-detection.ts";
import { LIMITS } from "./params-limits.ts";
import { REGISTERING } from "./params-registering.ts";
import type { Row } from "./watch.ts";

const ROWS: Readonly<Record<CoreName, Row>> = { ...DETECTION, ...REGISTERING, ...LIMITS };

for (const row of CORE) {
  test(`${row.name} (${row.id}) changes what leaves the phone`, () => {
    const { to, both, run, prepare, untilMs, watch, before, after } = ROWS[row.name as CoreName];
    assert.deepEqual(Object.keys(to), [row.name], "only this parameter changes");
    assert.notDeepEqual(before, after);
    const see = (params: Setting): unknown => {
      const played = world({ ...run, params: { ...both, ...params } });
      prepare?.(played);
      played.runTo(untilMs);
      return watch instanceof RegExp ? sentAt(played.packets, watch) : watch(played);
    };
    assert.deepEqual(see({}), before, "as it was");
    assert.deepEqual(see(to), after, "changed");
  });
}

test("the table of parameters and these rows name the same", () => {
  assert.deepEqual(Object.keys(ROWS).sort(), CORE.map(({ name }) => name).sort());
  assert.deepEqual(
    CORE.map(({ id }) => id),
    [...Array(CORE.length).keys()],
  );
});
