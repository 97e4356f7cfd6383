// The partial order over a thousand real cores and over random facts.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ServiceEvents } from "../../../../host/node/session/service.ts";
import { ServiceBoard } from "../../../../host/session/events/board.ts";
import { CALL_STATES, OUTAGE_CAUSES, type ServiceEventType } from "../../../../host/session/events/event.ts";
import type { Fact } from "../../../../host/session/events/facts.ts";
import { OrderCheck } from "./order.ts";
import { runTo, VirtualPhone } from "./phones.ts";

const DEVICES = 1000;

/** From 70 to 210 s one server is silent; from 300 to 430 s both are. */
const OUTAGES = [
  "70 primary silent",
  "210 primary back",
  "300 primary silent",
  "300 backup1 silent",
  "430 primary back",
  "430 backup1 back",
];
/** The same outages for phones whose primary is the other server. */
const MIRRORED = OUTAGES.map((step) =>
  step.replace(/primary|backup1/, (name) => (name === "primary" ? "backup1" : "primary")),
);

test(`${DEVICES} devices at two servers: one outage takes the devices of one, the next all and the provider`, () => {
  const service = new ServiceEvents();
  const order = new OrderCheck();
  let gone = new Set<string>();
  service.on("event", (event) => {
    order.hear(event);
    if (event.type === "terminalOutOfService") gone.add(event.terminal ?? "");
  });
  const phones = [...Array(DEVICES).keys()].map((index) => {
    const isOdd = index % 2 === 1;
    const phone = new VirtualPhone({
      scenario: isOdd ? MIRRORED : OUTAGES,
      hosts: isOdd ? ["pbx2", "pbx1"] : ["pbx1", "pbx2"],
      lines: [`${2000 + index}`],
      seed: index + 1,
    });
    service.watch(`T${index}`, phone);
    return phone;
  });
  const runAllTo = (seconds: number): void => {
    for (let now = phones[0]?.world.now ?? 0; now < seconds * 1000; now += 10_000)
      for (const { world } of phones) world.runTo(now + 10_000);
  };
  const seen = (type: ServiceEventType): number => order.seen.get(type) ?? 0;

  runAllTo(50);
  assert.equal(seen("terminalInService"), DEVICES);
  for (let index = 0; index < DEVICES; index += 10) {
    const call = { call: `c${index}`, terminal: `T${index}`, address: `${2000 + index}` };
    service.callBegan({ ...call, state: "connected" });
  }
  runAllTo(200);
  const ofFirst = phones.flatMap((_phone, index) => (index % 2 === 0 ? [`T${index}`] : []));
  assert.deepEqual([...gone].sort(), ofFirst.sort());
  assert.equal(seen("providerOutOfService"), 0);

  gone = new Set();
  runAllTo(420);
  assert.equal(gone.size, DEVICES);
  assert.equal(seen("providerOutOfService"), 1);
  assert.equal(service.provider, "out");

  runAllTo(700);
  assert.equal(service.provider, "in");
  assert.equal(seen("providerInService"), 2);
  assert.equal(service.seats().filter(({ inService }) => inService).length, DEVICES);
  assert.equal(service.calls().filter(({ isObserved }) => isObserved).length, DEVICES / 10);
});

const verb = fc.constantFrom(
  "primary silent",
  "primary back",
  "primary refuses",
  "backup1 silent",
  "backup1 back",
  "primary answers 503 to=REGISTER",
  "backup1 answers 403 to=REGISTER",
  "link down",
  "link up",
  "host crash",
  "host restart",
  "host moveTo backup1",
  "host returnNow",
);
const scenario = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 900 }), verb), { maxLength: 12 })
  .map((steps) => steps.sort(([one], [other]) => one - other).map(([at, what]) => `${at} ${what}`));
/** A call begins, changes or ends, at a phone and a line of it. */
const deed = fc.record({
  atSeconds: fc.nat({ max: 900 }),
  phone: fc.nat({ max: 2 }),
  line: fc.nat({ max: 1 }),
});

test("random outages of three phones with real cores that share an address, and calls at any time", () => {
  fc.assert(
    fc.property(
      fc.tuple(scenario, scenario, scenario),
      fc.array(deed, { maxLength: 20 }),
      (scenarios, deeds) => {
        const order = new OrderCheck();
        const service = new ServiceEvents();
        service.on("event", (event) => order.hear(event));
        const phones = scenarios.map((steps, index) => {
          const lines = ["6000", `600${index + 1}`];
          return new VirtualPhone({ scenario: steps, lines, seed: index + 1 });
        });
        for (const [index, phone] of phones.entries()) service.watch(`T${index}`, phone);
        const sorted = [...deeds].sort((one, other) => one.atSeconds - other.atSeconds);
        for (const [index, { atSeconds, phone: at, line }] of sorted.entries()) {
          runTo(atSeconds * 1000, ...phones);
          const address = line === 0 ? "6000" : `600${at + 1}`;
          service.callBegan({ call: `c${index}`, terminal: `T${at}`, address, state: "ringing" });
          if (index % 2 === 1) service.callEnded(`c${index - 1}`);
          else service.callChanged(`c${index}`, "connected");
        }
        runTo(1500_000, ...phones);
        service.shutdown();
        assert.equal(order.seen.get("providerShutdown"), 1);
      },
    ),
    { numRuns: 40 },
  );
});

const terminal = fc.constantFrom("T1", "T2", "T3");
const address = fc.constantFrom("6000", "6001");
const call = fc.constantFrom("a", "b", "c", "d");
const seat = fc.record({
  kind: fc.constant("seat" as const),
  terminal,
  address,
  cause: fc.constantFrom(...OUTAGE_CAUSES),
});
const seatIn = fc.record({
  kind: fc.constant("seat" as const),
  terminal,
  address,
  server: fc.constantFrom("s1", "s2"),
});
const up = fc.record({
  kind: fc.constant("call" as const),
  call,
  terminal,
  address,
  state: fc.constantFrom(...CALL_STATES),
});
const fact: fc.Arbitrary<Fact> = fc.oneof(
  seat,
  seatIn,
  up,
  fc.record({ kind: fc.constant("callOver" as const), call }),
  fc.record({ kind: fc.constant("removed" as const), terminal }),
  fc.record({
    kind: fc.constant("reach" as const),
    isReachable: fc.boolean(),
    cause: fc.constantFrom(...OUTAGE_CAUSES),
  }),
  fc.record({
    kind: fc.constant("whole" as const),
    seats: fc.array(fc.oneof(seat, seatIn), { maxLength: 4 }),
    calls: fc.array(up, { maxLength: 3 }),
    isReachable: fc.boolean(),
  }),
);

test("whatever facts come, in any order, the events keep theirs", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fact, fc.constant("lose" as const)), { maxLength: 60 }), (facts) => {
      const order = new OrderCheck();
      const board = new ServiceBoard((event) => order.hear(event));
      for (const [at, one] of facts.entries()) {
        if (one === "lose") board.lose("link", at);
        else board.feed(one, at);
      }
      board.shutdown(facts.length);
    }),
    { numRuns: 3000 },
  );
});

test("a board that is brought up by the whole of another shows what that one shows", () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 40 }), fc.array(fact, { maxLength: 20 }), (ones, others) => {
      const [first, second] = [new ServiceBoard(() => {}), new ServiceBoard(() => {})];
      for (const one of ones) first.feed(one, 0);
      for (const one of others) second.feed(one, 0);
      second.lose("link", 0);
      second.feed(first.whole(), 0);
      assert.deepEqual(view(second), view(first));
    }),
    { numRuns: 2000 },
  );
});

function view(board: ServiceBoard): unknown {
  const byName = (one: object, other: object): number =>
    JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
  const seats = board.seats().map(({ terminal, address, inService }) => ({ terminal, address, inService }));
  return {
    provider: board.provider,
    seats: seats.sort(byName),
    observed: board
      .calls()
      .filter(({ isObserved }) => isObserved)
      .sort(byName),
  };
}

test("the whole of 30,000 devices is taken twice in seconds, and says nothing the second time", () => {
  const told: string[] = [];
  const board = new ServiceBoard(({ type }) => told.push(type));
  const seats = Array.from(
    { length: 30_000 },
    (_, at) => ({ kind: "seat", terminal: `T${at}`, address: `${at}`, server: "a:5060" }) as const,
  );
  const startedAt = performance.now();
  for (const _ of ["once", "twice"]) board.feed({ kind: "whole", seats, calls: [], isReachable: true }, 1);
  assert.equal(told.length, 60_001);
  assert.ok(performance.now() - startedAt < 5000);
});
