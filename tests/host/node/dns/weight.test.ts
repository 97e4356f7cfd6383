// Priorities and weights of SRV records, RFC 2782: the order of each draw, and the share of many.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Srv } from "../../../../host/node/dns/records.ts";
import { ordered } from "../../../../host/node/dns/weight.ts";
import { seededDraw } from "./zone.ts";

function srv(target: string, priority: number, weight: number): Srv {
  return { target, priority, weight, port: 5060 };
}

function firsts(records: readonly Srv[], draws: number): Readonly<Record<string, number>> {
  const draw = seededDraw(2782);
  const counts: Record<string, number> = {};
  for (let drawn = 0; drawn < draws; drawn += 1) {
    const [first] = ordered(records, draw);
    counts[first?.target ?? ""] = (counts[first?.target ?? ""] ?? 0) + 1;
  }
  return counts;
}

test("a lower priority comes first, whatever the weights", () => {
  const records = [srv("c", 30, 65_535), srv("a", 0, 0), srv("b", 10, 1)];
  for (let seed = 1; seed < 50; seed += 1) {
    const names = ordered(records, seededDraw(seed)).map(({ target }) => target);
    assert.deepEqual(names, ["a", "b", "c"]);
  }
});

test("the draw decides: each number of the running sums, RFC 2782's row of 0, 10, 30", () => {
  const records = [srv("thirty", 1, 30), srv("zero", 1, 0), srv("ten", 1, 10)];
  const firstOf = (drawn: number) => ordered(records, (end) => (end === 41 ? drawn : 0))[0]?.target;
  assert.deepEqual([0, 1, 30, 31, 40].map(firstOf), ["zero", "thirty", "thirty", "ten", "ten"]);
});

test("of 10,000 draws each target gets its share: 60, 30 and 10 in 100", () => {
  const counts = firsts([srv("a", 1, 60), srv("b", 1, 30), srv("c", 1, 10)], 10_000);
  // Four standard deviations of a binomial draw are below 200.
  for (const [name, share] of [
    ["a", 6_000],
    ["b", 3_000],
    ["c", 1_000],
  ] as const) {
    assert.ok(Math.abs((counts[name] ?? 0) - share) < 200, JSON.stringify(counts));
  }
});

test("a weight of 0 beside others is drawn seldom and not never", () => {
  const counts = firsts([srv("heavy", 1, 99), srv("zero", 1, 0)], 10_000);
  assert.ok((counts.zero ?? 0) > 40 && (counts.zero ?? 0) < 200, JSON.stringify(counts));
});

test("every record comes once, in whatever order it was given", () => {
  const record = fc.record({
    target: fc.string({ minLength: 1, maxLength: 3 }),
    priority: fc.integer({ min: 0, max: 3 }),
    weight: fc.integer({ min: 0, max: 65_535 }),
    port: fc.integer({ min: 1, max: 65_535 }),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), fc.integer(), (records, seed) => {
      const order = ordered(records, seededDraw(seed));
      assert.deepEqual(new Set(order), new Set(records));
      assert.equal(order.length, records.length);
      const priorities = order.map(({ priority }) => priority);
      assert.deepEqual(
        priorities,
        [...priorities].sort((a, b) => a - b),
      );
    }),
  );
});
