// A planted violation is seen, made small, written, read and seen again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CaseError, type PLAIN, readCase, writeCase } from "../../host/soak/case.ts";
import { drawCase } from "../../host/soak/draw/case.ts";
import { shrinkCase } from "../../host/soak/shrink.ts";
import { runCase } from "../../host/soak/trial.ts";
import type { Invariant } from "../../host/soak/watcher.ts";
import { module } from "../sim/fixture.ts";

/** No phone keeps this rule. */
const NEVER_MOVES: Invariant = {
  name: "never-moves",
  source: "this test",
  says: "no line ever moves",
  watch: (_, broken) => ({
    told: ({ type, line, server }) => {
      if (type === "moved") broken(`${line} moved to ${server}`);
    },
  }),
};

const fails = (it: typeof PLAIN): boolean =>
  runCase(module(), it, { invariants: [NEVER_MOVES] }).violations.length > 0;

test("a case that breaks a rule shrinks to the one action that does, and replays from its text", () => {
  let seed = 1;
  while (drawCase(seed).style !== "storm" || !fails(drawCase(seed).case)) seed++;
  const whole = drawCase(seed).case;
  const small = shrinkCase(whole, fails);
  assert.ok(small.scenario.length <= 3, writeCase(small));
  assert.ok(small.scenario.length < whole.scenario.length);
  assert.ok(Object.keys(small.params).length <= 4, writeCase(small));
  const again = readCase(writeCase(small, "never-moves"));
  assert.deepEqual(again, small);
  assert.ok(fails(again));
});

test("the same seed draws the same case, and the same case the same verdict", () => {
  assert.deepEqual(drawCase(7), drawCase(7));
  const it = drawCase(7).case;
  assert.deepEqual(runCase(module(), it), runCase(module(), it));
});

test("a drawn case is written and read back as it was", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const it = drawCase(seed).case;
    assert.deepEqual(readCase(writeCase(it)), it);
  }
});

for (const [text, message] of [
  ["servers 5", /case:1: 5, allowed 1\.\.4/],
  ["seed 1\nfast 3", /case:2: "fast" is no word of a case/],
  ["param rocket=1", /case:1: no parameter "rocket"/],
  ["param t1=99", /case:1: 99, allowed 100\.\.5000/],
  ["param preferPrimary=maybe", /case:1: preferPrimary = maybe, allowed on, off/],
  ["transport smoke", /case:1: transport "smoke", allowed udp, tcp, tls/],
  ["calm 9\n\n5 primary flies", /case:3: a server cannot "flies"/],
  ["5 backup2 silent", /case:1: no server "backup2"/],
] as const) {
  test(`a case is refused with its place: ${message.source}`, () => {
    assert.throws(
      () => readCase(text),
      (error) => error instanceof CaseError && message.test(error.message),
    );
  });
}
