// Plays each timeline, and with T13 again with the clock of the core wrapping in the middle.

import assert from "node:assert/strict";
import { test } from "node:test";
import { world } from "./fixture.ts";
import { TIMELINES } from "./timelines.ts";

for (const { name, title, options, untilMs, check } of TIMELINES) {
  test(`${name}: ${title}`, () => {
    check(world(options).runTo(untilMs));
  });
}

for (const { name, options, untilMs, check, wraps } of TIMELINES) {
  test(`T13: the clock wraps at ${wraps.join(", ")} ms of ${name}, and nothing changes`, () => {
    const straight = world(options).runTo(untilMs);
    for (const wrapMs of wraps) {
      const wrapped = world({ ...options, clockAtMs: 2 ** 32 - wrapMs }).runTo(untilMs);
      check(wrapped);
      assert.deepEqual(wrapped.trace, straight.trace, `wrap at ${wrapMs} ms`);
    }
  });
}
