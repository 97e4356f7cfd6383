// The order of what is to come, against a sorted list.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Queue } from "../../host/sim/queue.ts";

test("gives back what was planned by time, then rank, then order of planning", () => {
  const some = fc.array(fc.record({ at: fc.nat(5), rank: fc.nat(2), takes: fc.nat(2) }), { maxLength: 60 });
  fc.assert(
    fc.property(some, (plans) => {
      const queue = new Queue();
      const waiting: { at: number; rank: number; order: number }[] = [];
      const taken: number[] = [];
      plans.forEach(({ at, rank, takes }, order) => {
        queue.add({ at, rank, run: () => taken.push(order) });
        waiting.push({ at, rank, order });
        waiting.sort((a, b) => a.at - b.at || a.rank - b.rank || a.order - b.order);
        for (let count = 0; count < takes; count++) {
          const expected = waiting.shift();
          assert.equal(queue.first?.at, expected?.at);
          queue.take()?.run();
          if (expected !== undefined) assert.equal(taken.at(-1), expected.order);
        }
      });
    }),
  );
  assert.equal(new Queue().take(), undefined);
});
