// Ownership by a lease: the table, the timing argument, and random schedules against a model of etcd.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EpochGate } from "../../../../host/session/lease/gate.ts";
import { LeaseOwner, type LeaseTimes, leaseTimes, type Order } from "../../../../host/session/lease/owner.ts";
import {
  OWNER_ROWS,
  type OwnerInput,
  type OwnerState,
  ownerRow,
} from "../../../../host/session/lease/rows.ts";
import { Random } from "../../../../host/sim/random.ts";
import { Lab } from "./etcd-model.ts";

const STATES: readonly OwnerState[] = [
  "idle",
  "looking",
  "waiting",
  "leasing",
  "claiming",
  "owner",
  "renewing",
];
const INPUTS: readonly OwnerInput[] = [
  "start",
  "stop",
  "due",
  "lapsed",
  "free",
  "held",
  "granted",
  "claimed",
  "beaten",
  "renewed",
  "gone",
  "failed",
];

test("the table, whole: start stop due lapsed free held granted claimed beaten renewed gone failed", () => {
  const cell = (state: OwnerState, input: OwnerInput): string => {
    const row = ownerRow(state, input);
    return row === undefined ? "." : `${row[2]}>${row[3]}`;
  };
  assert.deepEqual(
    STATES.map((state) => [state, ...INPUTS.map((input) => cell(state, input))].join(" ")),
    [
      "idle look>looking . . . . . . . . . . .",
      "looking . >idle . . grant>leasing >waiting . . . . . >waiting",
      "waiting . >idle look>looking . . . . . . . . .",
      "leasing . >idle . . . . claim>claiming . . . . >waiting",
      "claiming . giveUp>idle . giveUp>waiting . . . own>owner giveUp>waiting . . giveUp>waiting",
      "owner . release>idle renew>renewing lose>waiting . . . . . . . .",
      "renewing . release>idle . lose>waiting . . . . . extend>owner lose>waiting >owner",
    ],
  );
  assert.equal(new Set(OWNER_ROWS.map(([state, input]) => `${state} ${input}`)).size, OWNER_ROWS.length);
});

/** A node with a lease of 9 s, asked for at 1000 and claimed at 1200, epoch 7. */
function owning(): LeaseOwner {
  const owner = new LeaseOwner(leaseTimes(9));
  const idOf = (orders: readonly Order[]): number => {
    const [asked] = orders;
    return asked === undefined || asked.kind === "tell" ? -1 : asked.id;
  };
  const look = idOf(owner.start(900));
  const grant = idOf(owner.answer(look, { kind: "free" }, 1000));
  const claim = idOf(owner.answer(grant, { kind: "granted", lease: "5", seconds: 9 }, 1100));
  assert.equal(owner.permit(1199), undefined);
  owner.answer(claim, { kind: "claimed", epoch: 7 }, 1200);
  return owner;
}

test("the holder stops 6 s after it asked, a third before etcd's 9 s are over, to the ms", () => {
  const owner = owning();
  assert.equal(owner.permit(1200), 7);
  assert.equal(owner.permit(6999), 7);
  assert.equal(owner.permit(7000), undefined);
});

test("it stops without hearing a timer: a process that was stopped finds no permission", () => {
  const owner = owning();
  assert.equal(owner.permit(3_600_000), undefined); // no tick came in between
  assert.equal(owner.state, "owner");
  const orders = owner.tick(3_600_000);
  assert.deepEqual(
    orders.map((order) => (order.kind === "tell" ? order.event : order.kind)),
    [{ type: "notOwner", epoch: 7, cause: "lapsed" }, "revoke"],
  );
});

test("a renewal counts from when it was asked for; one whose answer comes too late counts for nothing", () => {
  const owner = owning();
  const renewId = (now: number): number => {
    const renew = owner.tick(now).find(({ kind }) => kind === "renew");
    assert.ok(renew?.kind === "renew");
    return renew.id;
  };
  assert.deepEqual(owner.tick(2699), []);
  owner.answer(renewId(2700), { kind: "renewed" }, 3000);
  assert.equal(owner.permit(8699), 7);
  assert.equal(owner.permit(8700), undefined);
  const late = renewId(4500);
  assert.deepEqual(
    owner.answer(late, { kind: "renewed" }, 8700).map((order) => order.kind),
    ["tell", "revoke"],
  );
  assert.equal(owner.permit(8700), undefined);
});

test("a renewal that fails is tried again, and changes nothing before the lease lapses", () => {
  const owner = owning();
  const [renew] = owner.tick(2700);
  assert.ok(renew?.kind === "renew");
  owner.answer(renew.id, { kind: "failed", why: "refused" }, 2800);
  assert.equal(owner.permit(2800), 7);
  assert.equal(owner.wakeInMs(2800), 1500);
  assert.equal(owner.tick(4300)[0]?.kind, "renew");
});

test("who holds, and what is the matter, is told when it is news and not at each look", () => {
  const owner = new LeaseOwner(leaseTimes(9));
  const told: string[] = [];
  const take = (orders: readonly Order[]): void => {
    for (const order of orders) if (order.kind === "tell") told.push(JSON.stringify(order.event));
  };
  take(owner.start(0));
  for (const [look, by] of ["a", "a", "b", "b", "a"].entries()) {
    take(owner.answer(1 + 2 * look, { kind: "held", by }, look * 1500));
    take(owner.tick((look + 1) * 1500));
  }
  take(owner.answer(11, { kind: "failed", why: "refused" }, 7500));
  take(owner.tick(9000));
  take(owner.answer(13, { kind: "failed", why: "refused" }, 9000));
  assert.deepEqual(told, [
    '{"type":"held","by":"a"}',
    '{"type":"held","by":"b"}',
    '{"type":"held","by":"a"}',
    '{"type":"trouble","why":"refused"}',
  ]);
});

test("a lease that etcd has lost ends the ownership at once", () => {
  const owner = owning();
  const [renew] = owner.tick(2700);
  assert.ok(renew?.kind === "renew");
  const [told] = owner.answer(renew.id, { kind: "gone" }, 2800);
  assert.deepEqual(told, { kind: "tell", event: { type: "notOwner", epoch: 7, cause: "gone" } });
  assert.equal(owner.permit(2800), undefined);
});

test("a lease shorter than asked for is none", () => {
  const owner = new LeaseOwner(leaseTimes(9));
  const [look] = owner.start(0);
  assert.ok(look?.kind === "look");
  const [grant] = owner.answer(look.id, { kind: "free" }, 0);
  assert.ok(grant?.kind === "grant");
  owner.answer(grant.id, { kind: "granted", lease: "1", seconds: 8 }, 0);
  assert.equal(owner.state, "waiting");
});

test("lengths of a lease: whole seconds from 3 to 600", () => {
  for (const refused of [2, 601, 0, -1, 9.5, Number.NaN])
    assert.throws(() => leaseTimes(refused), /allowed are whole/);
  assert.deepEqual(leaseTimes(3), { leaseSeconds: 3, holdMs: 2000, everyMs: 500 });
  assert.deepEqual(leaseTimes(10), { leaseSeconds: 10, holdMs: 6666, everyMs: 1666 });
  assert.deepEqual(leaseTimes(600), { leaseSeconds: 600, holdMs: 400_000, everyMs: 100_000 });
});

test("the gate: the same and higher epochs pass, lower ones never again", () => {
  const gate = new EpochGate();
  const asked = [4, 4, 3, 9, 4, 8, 9, 10, Number.NaN, 10.5, Number.POSITIVE_INFINITY];
  assert.deepEqual(
    asked.map((epoch) => gate.accepts(epoch)),
    [true, true, false, true, false, false, true, true, false, false, false],
  );
  assert.equal(gate.highest, 10);
});

const node = fc.nat({ max: 2 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("pause" as const), node, forMs: fc.integer({ min: 100, max: 30_000 }) }),
  fc.record({ kind: fc.constant("cut" as const), node }),
  fc.record({ kind: fc.constant("heal" as const), node }),
  fc.record({ kind: fc.constant("etcdDown" as const) }),
  fc.record({ kind: fc.constant("etcdUp" as const) }),
  fc.record({ kind: fc.constant("stop" as const), node }),
  fc.record({ kind: fc.constant("start" as const), node }),
);
const schedule = fc.record({
  steps: fc.array(fc.tuple(step, fc.integer({ min: 50, max: 12_000 })), { maxLength: 25 }),
  rates: fc.array(fc.constantFrom(0.8, 0.95, 1, 1.05, 1.25), { minLength: 3, maxLength: 3 }),
  offsets: fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 3, maxLength: 3 }),
  seed: fc.nat(),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer One> ? One : never;

/** Plays a schedule and heals everything at its end. */
function play(times: LeaseTimes, { steps, rates, offsets, seed }: Schedule): Lab {
  const shapes = rates.map((rate, index) => ({ rate, offset: offsets[index] ?? 0 }));
  const random = new Random(seed);
  const lab = new Lab(times, shapes, () => random.next());
  for (const [one, forMs] of steps) {
    const at = "node" in one ? lab.nodes[one.node] : undefined;
    if (one.kind === "etcdDown") lab.etcd.isUp = false;
    if (one.kind === "etcdUp") lab.etcd.restart(lab.now);
    if (at !== undefined && one.kind === "pause") lab.pause(at, one.forMs);
    if (at !== undefined && (one.kind === "cut" || one.kind === "heal")) at.isCut = one.kind === "cut";
    if (at !== undefined && one.kind === "stop") at.whenAwake(() => at.carry(at.owner.stop(at.clock)));
    if (at !== undefined && one.kind === "start") at.whenAwake(() => at.carry(at.owner.start(at.clock)));
    lab.run(forMs);
  }
  lab.etcd.restart(lab.now);
  for (const each of lab.nodes) {
    each.isCut = false;
    each.whenAwake(() => each.carry(each.owner.start(each.clock)));
  }
  return lab;
}

test("never two owners, never two of an epoch, whatever is stopped, cut, killed or late; in the end one owns", () => {
  fc.assert(
    fc.property(schedule, (drawn) => {
      const lab = play(leaseTimes(9), drawn);
      const before = lab.accepted.length;
      lab.run(90_000);
      assert.ok(lab.accepted.length > before, "somebody owns once all is well");
      const owners = new Map<number, string>();
      for (const { epoch, node: by } of lab.accepted) {
        assert.equal(owners.get(epoch) ?? by, by, `epoch ${epoch}`);
        owners.set(epoch, by);
      }
      const epochs = lab.accepted.map(({ epoch }) => epoch);
      assert.deepEqual(
        epochs,
        [...epochs].sort((one, other) => one - other),
      );
    }),
    { numRuns: 300 },
  );
});

test("the model finds two owners as soon as the holder believes in its lease for longer than etcd does", () => {
  const greedy: LeaseTimes = { ...leaseTimes(9), holdMs: 12_000 };
  const property = fc.property(schedule, (drawn) => void play(greedy, drawn));
  const { failed, errorInstance } = fc.check(property, { numRuns: 1000 });
  assert.ok(failed);
  assert.match(String(errorInstance), /two owners/);
});
