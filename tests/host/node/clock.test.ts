// The clock of the host: what it shows, its wrap, and its one timer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeClock } from "../../../host/node/clock.ts";

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test("now is a whole number of milliseconds and never goes back", () => {
  const clock = new NodeClock();
  let last = clock.now();
  for (let n = 0; n < 10_000; n++) {
    const now = clock.now();
    assert.ok(Number.isInteger(now) && now >= last);
    last = now;
  }
});

test("now wraps from 2^32 - 1 to 0", () => {
  const shown = new NodeClock().now();
  const clock = new NodeClock(2 ** 32 - shown);
  assert.ok(clock.now() < 60_000, "the clock has just wrapped");
});

test("a wake-up comes once, not before its time", async () => {
  const clock = new NodeClock();
  const startAt = performance.now();
  let wokeAt = 0;
  let woken = 0;
  clock.wake(30, () => {
    woken += 1;
    wokeAt = performance.now();
  });
  await rest(90);
  assert.equal(woken, 1);
  assert.ok(wokeAt - startAt >= 29, `woken after ${wokeAt - startAt} ms`); // timers count whole ms
});

test("a new wake-up takes the place of the one to come, and cancel drops it", async () => {
  const clock = new NodeClock();
  const woken: string[] = [];
  clock.wake(10, () => woken.push("first"));
  clock.wake(20, () => woken.push("second"));
  await rest(60);
  clock.wake(10, () => woken.push("third"));
  clock.cancel();
  await rest(40);
  assert.deepEqual(woken, ["second"]);
});

test("the same job at the same moment stays one wake-up, and may be asked for again behind it", async () => {
  const clock = new NodeClock();
  let woken = 0;
  const job = () => {
    woken += 1;
  };
  const dueAt = performance.now() + 20;
  for (let n = 0; n < 100; n++) clock.wake(dueAt - performance.now(), job);
  await rest(60);
  assert.equal(woken, 1);
  clock.wake(5, job);
  await rest(40);
  assert.equal(woken, 2);
});

test("a delay longer than a timer can hold does not fire at once", async () => {
  const clock = new NodeClock();
  let woken = false;
  clock.wake(2 ** 32 - 1, () => {
    woken = true;
  });
  await rest(20);
  clock.cancel();
  assert.equal(woken, false);
});
