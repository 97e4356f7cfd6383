// Drawn numbers: repeatable, even, and what is built on them keeps its limits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../host/sim/random.ts";

const times = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

test("the same seed gives the same numbers, a neighbour others", () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return times(5, () => random.next());
  };
  assert.deepEqual(draw(7), draw(7));
  assert.deepEqual(draw(2 ** 32 + 7), draw(7));
  assert.equal(new Set([...draw(7), ...draw(8)]).size, 10);
});

test("numbers are from 0 up to and without 1, as many in each tenth", () => {
  const random = new Random(1);
  const tenths = new Array<number>(10).fill(0);
  for (const value of times(100_000, () => random.next())) {
    const tenth = Math.floor(value * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // Five standard deviations of 10,000 of 100,000 are 474.
  for (const count of tenths) assert.ok(Math.abs(count - 10_000) < 475, tenths.join(" "));
});

test("below, between and pick reach each of their values and no other", () => {
  const random = new Random(2);
  const reached = (draw: () => number): number[] => [...new Set(times(200, draw))].sort((a, b) => a - b);
  assert.deepEqual(
    reached(() => random.below(3)),
    [0, 1, 2],
  );
  assert.deepEqual(
    reached(() => random.between(40, 42)),
    [40, 41, 42],
  );
  assert.deepEqual(
    reached(() => random.between(40, 40)),
    [40],
  );
  assert.deepEqual(
    reached(() => random.pick([5, 6, 9])),
    [5, 6, 9],
  );
  assert.throws(() => random.pick([]), /nothing to pick from/);
});

test("a chance of 0 never comes, of 1 always, of 3 % about as often", () => {
  const random = new Random(3);
  const hits = (share: number): number => times(10_000, () => random.chance(share)).filter(Boolean).length;
  assert.equal(hits(0), 0);
  assert.equal(hits(1), 10_000);
  // Five standard deviations are 85.
  assert.ok(Math.abs(hits(0.03) - 300) < 86, `${hits(0.03)}`);
});
