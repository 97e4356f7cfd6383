// Licences: the N+1th registration on N is refused, and a phone that renews has its licence already.
import assert from "node:assert/strict";
import { test } from "node:test";
import { licenceRefusal } from "../../../../host/pbx/directory/licences.ts";

const ROWS: readonly [string, Parameters<typeof licenceRefusal>[0], string | undefined][] = [
  ["the last one is free", { user: "6000", isBound: false, used: 9, limit: 10 }, undefined],
  [
    "all are taken",
    { user: "6000", isBound: false, used: 10, limit: 10 },
    "No licence for 6000: all 10 registrations of this PBX are in use; add licences at the master",
  ],
  ["it renews", { user: "6000", isBound: true, used: 10, limit: 10 }, undefined],
  [
    "it renews while licences were taken away",
    { user: "6000", isBound: true, used: 10, limit: 3 },
    undefined,
  ],
  [
    "there are none",
    { user: "6000", isBound: false, used: 0, limit: 0 },
    "No licence for 6000: all 0 registrations of this PBX are in use; add licences at the master",
  ],
];

for (const [name, demand, expected] of ROWS) {
  test(name, () => assert.equal(licenceRefusal(demand), expected));
}
