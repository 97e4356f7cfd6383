// What a master says of itself, as its standby reads and compares it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { differences, readFacts } from "../../../../host/pbx/pair/facts.ts";

test("each general setting that differs is named with both values; one that only one node knows too", () => {
  const own = { realm: "a.example", maxExpires: "1800", newKey: "1" };
  const master = { realm: "a.example", maxExpires: "3600", oldKey: "2" };
  assert.deepEqual(differences(own, master), [
    "maxExpires is 1800 here and 3600 at the master",
    "newKey is 1 here and unknown at the master",
    "oldKey is unknown here and 2 at the master",
  ]);
  assert.deepEqual(differences(own, own), []);
});

test("what is no text of a master is nothing, not a difference", () => {
  const said = { general: { realm: "a" }, objects: 2, used: 1 };
  assert.deepEqual(readFacts(JSON.stringify(said)), said);
  const broken = [{ objects: "2" }, { used: 0.5 }, { general: { realm: 1 } }, { used: undefined }];
  for (const part of broken) assert.equal(readFacts(JSON.stringify({ ...said, ...part })), undefined);
  for (const text of ["", "{", "null", "[]", "7"]) assert.equal(readFacts(text), undefined, text);
});
