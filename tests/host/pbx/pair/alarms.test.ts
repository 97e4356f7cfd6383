// What is told of things that are wrong: when they begin, when their text changes, when they are over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Alarms } from "../../../../host/pbx/pair/alarms.ts";

const LOST = { name: "masterLost", text: "this standby serves" };

test("a thing that is wrong is told once, and its age counts from the first look", () => {
  const alarms = new Alarms();
  assert.deepEqual(alarms.take([LOST], 1000), [{ ...LOST, on: true }]);
  assert.deepEqual(alarms.take([LOST], 2000), []);
  assert.deepEqual(alarms.list(3999), [{ ...LOST, sinceSeconds: 2 }]);
});

test("another text is told, and is no new alarm", () => {
  const alarms = new Alarms();
  alarms.take([{ name: "licencesShort", text: "1 for 2" }], 0);
  const more = { name: "licencesShort", text: "1 for 3" };
  assert.deepEqual(alarms.take([more], 5000), [{ ...more, on: true }]);
  assert.deepEqual(alarms.list(5000), [{ ...more, sinceSeconds: 5 }]);
});

test("what is over is told by its name, and begins anew when it comes again", () => {
  const alarms = new Alarms();
  alarms.take([LOST], 0);
  assert.deepEqual(alarms.take([], 1000), [{ name: "masterLost", text: "over", on: false }]);
  assert.deepEqual(alarms.list(1000), []);
  alarms.take([LOST], 9000);
  assert.deepEqual(alarms.list(9000), [{ ...LOST, sinceSeconds: 0 }]);
});
