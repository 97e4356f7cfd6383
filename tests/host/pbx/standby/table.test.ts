// The whole grid of the standby's rules, the silent cells too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { StandbyRole } from "../../../../host/pbx/standby/role.ts";
import { DEFAULT_ROLE_SETTINGS } from "../../../../host/pbx/standby/settings.ts";
import { INPUTS, ROLES, ROWS, rowOf } from "../../../../host/pbx/standby/table.ts";

test("every cell of the table of roles", () => {
  const grid = ROLES.map((role) =>
    INPUTS.map((input) => {
      const row = rowOf(role, input);
      return row === undefined ? ".." : `${row.action} ${row.next}`;
    }).join(" | "),
  );
  assert.deepEqual(grid, [
    // registered      | lost             | takeoverDue     | returnDue
    "join STANDBY | note UNREGISTERED | takeOver ACTIVE | ..",
    ".. | wait LOST | .. | ..",
    "resume STANDBY | note LOST | takeOver ACTIVE | ..",
    "watch RETURNING | note ACTIVE | .. | ..",
    ".. | stay ACTIVE | .. | handBack STANDBY",
  ]);
});

test("no row hides another, and each says why and where that stands", () => {
  assert.equal(new Set(ROWS.map(({ role, input }) => `${role} ${input}`)).size, ROWS.length);
  assert.deepEqual(
    ROWS.filter(({ rule, source }) => rule.length < 10 || source.length < 10),
    [],
  );
});

for (const [name, change, message] of [
  ["4.999 s", { takeoverDelayMs: 4_999 }, "takeoverDelay = 4.999 s, allowed 5..600 s; leave it out for 30 s"],
  [
    "600.001 s",
    { takeoverDelayMs: 600_001 },
    "takeoverDelay = 600.001 s, allowed 5..600 s; leave it out for 30 s",
  ],
  ["0", { returnDelayMs: 0 }, "returnDelay = 0 s, allowed 5..600 s; leave it out for 30 s"],
  [
    "no number",
    { returnDelayMs: Number.NaN },
    "returnDelay = NaN s, allowed 5..600 s; leave it out for 30 s",
  ],
] as const) {
  test(`a delay of ${name} is refused, with what is allowed`, () => {
    assert.throws(() => new StandbyRole({ ...DEFAULT_ROLE_SETTINGS, ...change }, 0), new RangeError(message));
  });
}

test("both delays that are wrong are named; the limits themselves are allowed", () => {
  assert.throws(
    () => new StandbyRole({ takeoverDelayMs: 1, returnDelayMs: 2 }, 0),
    /takeoverDelay = 0.001 s.*\nreturnDelay = 0.002 s/,
  );
  assert.equal(new StandbyRole({ takeoverDelayMs: 5_000, returnDelayMs: 600_000 }, 0).wakeInMs(0), 5_000);
  assert.equal(new StandbyRole({ takeoverDelayMs: 600_000, returnDelayMs: 5_000 }, 0).wakeInMs(0), 600_000);
});
