// What becomes of a binding that was handed back, by the answer of the master: it is let go of only when that is final.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf } from "../../../../host/pbx/pair/asker.ts";

const OUTCOMES = [
  ["taken", [200, 202]],
  // Its object or its licence is not there: nobody will ever take it.
  ["refused", [403, 404]],
  // A proof that is not looked at now, a clock, a disk, a start, whatever comes between: it is nobody's to drop.
  ["again", [302, 400, 401, 407, 408, 423, 429, 480, 500, 503, 600]],
] as const;

for (const [outcome, statuses] of OUTCOMES) {
  test(`${outcome}: ${statuses.join(", ")}`, () => {
    for (const status of statuses)
      assert.equal(outcomeOf({ status, headers: [], body: "" }), outcome, String(status));
  });
}

test("again: no answer", () => {
  assert.equal(outcomeOf(undefined), "again");
});
