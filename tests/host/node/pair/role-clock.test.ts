// A role with a clock: what it tells, when it is asked to wait, and that its end is the end. The clock is the test's.
import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { type TestContext, test } from "node:test";
import { RoleClock } from "../../../../host/node/pair/role-clock.ts";

const SETTINGS = { takeoverDelayMs: 5000, returnDelayMs: 7000 };

function open(context: TestContext, mayServe?: () => boolean) {
  let now = 1000.5;
  context.mock.method(performance, "now", () => now);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  const fed: number[] = [];
  const clock = new RoleClock({
    settings: SETTINGS,
    tell: (type, text) => told.push(`${type}: ${text}`),
    onFed: (events) => fed.push(events.length),
    ...(mayServe && { mayServe }),
  });
  const pass = (ms: number): void => {
    now += ms;
    context.mock.timers.tick(ms);
  };
  return { clock, told, fed, pass };
}

test("an input is told in words, and one that changes nothing is heard all the same", (t) => {
  const { clock, told, fed } = open(t);
  clock.feed({ kind: "registered" });
  clock.feed({ kind: "registered" });
  assert.deepEqual(told, ["role: UNREGISTERED -> STANDBY: registered at the master"]);
  assert.deepEqual(fed, [1, 0]);
});

test("a delay that is over is an input by itself, to the millisecond", (t) => {
  const { clock, told, pass } = open(t);
  pass(4999);
  assert.equal(clock.role.name, "UNREGISTERED");
  pass(1);
  assert.deepEqual([clock.role.name, clock.role.since], ["ACTIVE", 6000]);
  clock.feed({ kind: "registered" });
  pass(6999);
  assert.equal(clock.role.name, "RETURNING");
  pass(1);
  assert.equal(clock.role.name, "STANDBY");
  assert.equal(told.filter((line) => line.startsWith("alarm:")).length, 2);
});

test("who may not serve yet does not take over, and begins to wait when it may", (t) => {
  let mayServe = false;
  const { clock, pass } = open(t, () => mayServe);
  pass(9000);
  assert.equal(clock.role.name, "UNREGISTERED");
  mayServe = true;
  clock.ready();
  pass(4999);
  assert.equal(clock.role.name, "UNREGISTERED");
  pass(1);
  assert.equal(clock.role.name, "ACTIVE");
});

test("after its end nothing changes any more", (t) => {
  const { clock, told, fed, pass } = open(t);
  clock.close();
  clock.feed({ kind: "registered" });
  clock.ready();
  pass(9000);
  assert.deepEqual([clock.role.name, told, fed], ["UNREGISTERED", [], []]);
});
