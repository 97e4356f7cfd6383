// The check of one start in virtual time: the whole table, the timeout to the ms, late success, and double failure.

import assert from "node:assert/strict";
import { test } from "node:test";
import { COMPONENTS, type PartName, SIP_PORT } from "../../../../host/pbx/readiness/components.ts";
import { DEFAULT_READINESS } from "../../../../host/pbx/readiness/options.ts";
import { Readiness, type ReadinessEvent } from "../../../../host/pbx/readiness/readiness.ts";
import {
  type ReadinessInput,
  type ReadinessState,
  readinessRow,
} from "../../../../host/pbx/readiness/table.ts";

const STATES: readonly ReadinessState[] = ["STARTING", "CHECKING", "OK", "SERVICE_UNAVAILABLE"];
const INPUTS: readonly ReadinessInput[] = [
  "unchecked",
  "checked",
  "complete",
  "failed",
  "timeOver",
  "promoted",
  "demoted",
];

test("the whole grid", () => {
  const cells = STATES.map((state) =>
    INPUTS.map((input) => {
      const { action, next } = readinessRow(state, input);
      return action === "none" && next === state ? "-" : `${action} ${next}`;
    }),
  );
  assert.deepEqual(cells, [
    ["pass OK", "arm CHECKING", "-", "-", "-", "-", "-"],
    [
      "-",
      "-",
      "pass OK",
      "refuse SERVICE_UNAVAILABLE",
      "refuse SERVICE_UNAVAILABLE",
      "doubleFailure CHECKING",
      "relieve CHECKING",
    ],
    ["-", "-", "-", "-", "-", "-", "-"],
    [
      "-",
      "-",
      "pass OK",
      "refuse SERVICE_UNAVAILABLE",
      "-",
      "doubleFailure SERVICE_UNAVAILABLE",
      "relieve SERVICE_UNAVAILABLE",
    ],
  ]);
});

/** A backup that checks its components and its port, started at 1000. */
function started(seconds = 60): Readiness {
  const options = { ...DEFAULT_READINESS, backupInitCheck: true, backupInitCheckTimeoutSeconds: seconds };
  const readiness = new Readiness(options, { mode: "standby", isSameHost: false });
  readiness.start(1000);
  return readiness;
}

const PARTS: readonly PartName[] = [...COMPONENTS, SIP_PORT];
const initialise = (readiness: Readiness, but: readonly PartName[], now: number): readonly ReadinessEvent[] =>
  PARTS.filter((name) => !but.includes(name)).flatMap((name) => readiness.initialised(name, now));
const changes = (events: readonly ReadinessEvent[]) => events.filter(({ kind }) => kind === "readiness");

test("all there in time: OK, and told once", () => {
  const readiness = started();
  assert.deepEqual(changes(initialise(readiness, [], 1012)), [
    { kind: "readiness", at: 1012, from: "CHECKING", to: "OK", missing: [], isRecovered: false },
  ]);
  assert.deepEqual(initialise(readiness, [], 1013), [], "the same words say nothing new");
  assert.equal(readiness.wakeInMs(2000), undefined);
});

for (const seconds of [15, 60, 3600]) {
  test(`at ${seconds} s and not a millisecond before, what is missing is told`, () => {
    const readiness = started(seconds);
    initialise(readiness, ["event log"], 1020);
    const dueAt = 1000 + seconds * 1000;
    assert.deepEqual(readiness.tick(dueAt - 1), []);
    assert.equal(readiness.report(dueAt - 1).state, "CHECKING");
    assert.equal(readiness.report(dueAt - 1).leftSeconds, 1);
    assert.deepEqual(readiness.tick(dueAt), [
      {
        kind: "readiness",
        at: dueAt,
        from: "CHECKING",
        to: "SERVICE_UNAVAILABLE",
        missing: ["event log"],
        isRecovered: false,
      },
    ]);
    assert.equal(readiness.report(dueAt).eligible, false);
    assert.equal(readiness.report(dueAt).leftSeconds, 0);
  });
  test(`the last one a millisecond before ${seconds} s is in time, at the timeout it is late and counts`, () => {
    const [early, late] = [started(seconds), started(seconds)];
    const dueAt = 1000 + seconds * 1000;
    for (const each of [early, late]) initialise(each, ["replication"], 1020);
    const [inTime] = changes(early.initialised("replication", dueAt - 1));
    assert.ok(inTime?.kind === "readiness" && inTime.to === "OK" && !inTime.isRecovered);
    assert.deepEqual(early.tick(dueAt), []);
    late.tick(dueAt);
    assert.deepEqual(changes(late.initialised("replication", dueAt + 1)), [
      {
        kind: "readiness",
        at: dueAt + 1,
        from: "SERVICE_UNAVAILABLE",
        to: "OK",
        missing: [],
        isRecovered: true,
      },
    ]);
    assert.equal(late.report(dueAt + 1).eligible, true);
  });
}

for (const name of PARTS) {
  test(`${name} that fails is named at once, and comes late`, () => {
    const readiness = started();
    initialise(readiness, [name], 1010);
    const [, change] = readiness.failed(name, "it broke", 1500);
    assert.ok(change?.kind === "readiness" && change.to === "SERVICE_UNAVAILABLE");
    assert.deepEqual(readiness.report(1500).missing, [`${name}: it broke`]);
    const [recovered] = changes(readiness.initialised(name, 9000));
    assert.ok(recovered?.kind === "readiness" && recovered.isRecovered);
    assert.deepEqual(readiness.report(9000).missing, []);
  });
}

test("one that waits with a reason is not failed, and the reason is in the report", () => {
  const readiness = started();
  initialise(readiness, ["replication"], 1010);
  assert.deepEqual(changes(readiness.waits("replication", "the master cannot be reached", 1500)), []);
  assert.equal(readiness.state, "CHECKING");
  assert.deepEqual(readiness.report(1500).missing, ["replication: the master cannot be reached"]);
});

test("what fails after the check is told and changes nothing: it is a check of the start", () => {
  const readiness = started();
  initialise(readiness, [], 1010);
  const told = readiness.failed("replication", "cut", 5000);
  assert.deepEqual(told, [{ kind: "part", at: 5000, name: "replication", state: "failed", why: "cut" }]);
  assert.deepEqual([readiness.report(5000).state, readiness.report(5000).eligible], ["OK", true]);
});

test("promoted while it is not ready: double failure, until it is ready or gives up", () => {
  const readiness = started();
  initialise(readiness, ["replication"], 1010);
  const double = (at: number, on: boolean) => ({ kind: "doubleFailure", at, on, missing: ["replication"] });
  assert.deepEqual(readiness.promoted(2000), [double(2000, true)]);
  assert.deepEqual(readiness.promoted(2001), [], "once");
  assert.equal(readiness.report(2000).doubleFailure, true);
  assert.equal(readiness.tick(61_000).length, 1, "the check goes on");
  assert.equal(readiness.report(61_000).doubleFailure, true);
  assert.deepEqual(readiness.demoted(62_000), [double(62_000, false)]);
  readiness.promoted(63_000);
  const [, , over] = readiness.initialised("replication", 64_000);
  assert.deepEqual(over, { kind: "doubleFailure", at: 64_000, on: false, missing: [] });
});

test("promoted while it is ready: nothing to tell", () => {
  const readiness = started();
  initialise(readiness, [], 1010);
  assert.deepEqual(readiness.promoted(2000), []);
  assert.equal(readiness.report(2000).doubleFailure, false);
});
