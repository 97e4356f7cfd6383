// A core that goes on in a copy of its memory says the same as before; one that is lost goes on from its last state.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OUT_SLEEP } from "../../assembly/abi.ts";
import { instantiate } from "../../host/core/load.ts";
import { mirror } from "../../host/sim/mirror.ts";
import { Random } from "../../host/sim/random.ts";
import { DECISIONS, module, sameEvents, sent, told, world } from "./fixture.ts";

const OUTAGES = [
  "100 primary silent",
  "400 primary back",
  "700 network loss 20",
  "900 network loss 0",
  "1000 backup1 refuses",
  "1100 primary restarts",
  "1300 primary answers 503 to=REGISTER retry-after=60",
  "1400 primary back",
  "1500 link down",
  "1530 link up",
  "1600 host reboot",
  "1700 primary silent",
  "1700 backup1 silent",
  "2500 backup1 back",
  "2600 primary back",
];

for (const transport of ["UDP", "TCP"] as const) {
  test(`${transport}: two hundred copies over a run with outages change nothing`, () => {
    const run = (scenario: readonly string[]): readonly string[] => {
      const { trace } = world({ lines: 3, params: { transport }, scenario }).runTo(3_000_000);
      return trace.filter((line) => !line.endsWith("host copy"));
    };
    const random = new Random(1);
    const copies = Array.from({ length: 200 }, () => `${random.between(0, 2_999_999) / 1000} host copy`);
    // No moment of theirs is one at which something else happens anyway.
    assert.deepEqual(run([...OUTAGES, ...copies]), run(OUTAGES));
  });
}

test("two that differ are told apart, by what they say or by what they keep", () => {
  const [leading, following] = [instantiate(module()), instantiate(module())];
  const both = mirror(leading, following);
  new Uint8Array(both.memory.buffer, both.buffer(), 32).fill(7);
  assert.equal(both.setSeed(), 0);
  assert.equal(both.poll(), OUT_SLEEP);
  assert.equal(following.setParam(1, 3000), 0);
  assert.throws(() => both.poll(), /^Error: the memory at \d+: \d+, and \d+ in the copy$/);
  const contrary = mirror(leading, { ...following, wake: () => -1 });
  assert.throws(() => contrary.wake(5), /^Error: wake\(5\): 0, and -1 in the copy$/);
});

test("crash: the line is told lost, and is in service again at once under a new Call-ID", () => {
  const run = world({ scenario: ["100 host crash"] }).runTo(119_999);
  sameEvents(told(run.events, DECISIONS), [
    "0 inService primary 6000",
    "100000 outOfService primary 6000 start",
    "100000 warningOn 6000",
    "100000 inService primary 6000",
    "100000 warningOff 6000",
  ]);
  assert.deepEqual(
    sent(run.packets.filter(({ at }) => at === 100_000)).map((line) => line.slice(0, 27)),
    ["100000 primary REGISTER 600", "100000 primary REGISTER 600"],
  );
});

test("crash and copy wait while the device sleeps", () => {
  const run = world({ scenario: ["90 host suspend 10", "95 host copy", "96 host crash"] }).runTo(119_999);
  assert.deepEqual(told(run.events, ["outOfService"]), ["100000 outOfService primary 6000 start"]);
});
