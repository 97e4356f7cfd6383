// What is said to a Kamailio in each role, and what becomes of its table.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Call, type Order, orderOf, Steering } from "../../../../host/pbx/kamailio/steering.ts";
import type { RoleName } from "../../../../host/pbx/standby/role.ts";
import { down, live, type Step, up } from "../standby/timeline.ts";

const SETTINGS = { takeoverDelayMs: 30_000, returnDelayMs: 30_000 };
const LOST: readonly Step[] = [up(0), down(10_000)];
const UNIX_MS = 1_763_812_345_250;

for (const [role, steps, at, order] of [
  ["UNREGISTERED", [], 5_000, undefined],
  ["STANDBY", [up(0)], 5_000, { conduct: "divert", untilMs: UNIX_MS + 30_000 }],
  ["LOST", LOST, 15_000, { conduct: "wait", untilMs: UNIX_MS + 25_000 }],
  ["ACTIVE", LOST, 50_000, { conduct: "serve", untilMs: 0 }],
  ["RETURNING", [...LOST, up(50_000)], 55_000, { conduct: "serve", untilMs: 0 }],
] as const satisfies readonly (readonly [RoleName, readonly Step[], number, Order | undefined])[]) {
  test(`${role} orders ${order?.conduct ?? "nothing"}`, () => {
    const machine = live(SETTINGS, steps, at).role;
    assert.equal(machine.name, role);
    assert.deepEqual(orderOf(machine, SETTINGS.takeoverDelayMs, at, UNIX_MS), order);
  });
}

/** A Kamailio that holds these addresses of record, and takes down what it is told. */
function kamailio(...held: readonly string[]): { readonly steering: Steering; readonly calls: string[] } {
  const calls: string[] = [];
  const call: Call = async (method, params) => {
    calls.push([method, ...params].join(" "));
    const of = (name: string, aors: readonly string[]): object => ({
      Domain: { Domain: name, AoRs: aors.map((AoR) => ({ AoR })) },
    });
    return { Domains: [of("others", ["7000"]), of("location", held)] };
  };
  const options = { table: "location", master: "sip:192.0.2.1:5061", takeoverDelayMs: 30_000 };
  return { steering: new Steering({ ...options, call }), calls };
}

test("divert: said with its end, _ACTIVE_ listed as long, and everything else of that table handed back", async () => {
  const { steering, calls } = kamailio("_ACTIVE_", "6000", "6001");
  assert.deepEqual(await steering.look({ conduct: "divert", untilMs: UNIX_MS }), ["6000", "6001"]);
  assert.deepEqual(calls, [
    "pv.shvSet standfast str divert/1763812345/250000",
    "ul.add location _ACTIVE_ sip:192.0.2.1:5061 30 1  0 0 0",
    "ul.dump brief",
    "ul.rm location 6000",
    "ul.rm location 6001",
  ]);
});

for (const [conduct, untilMs, said] of [
  ["wait", UNIX_MS, "wait/1763812345/250000"],
  ["serve", 0, "serve/0/0"],
] as const) {
  test(`${conduct}: said, _ACTIVE_ taken off the list, and no binding touched`, async () => {
    const { steering, calls } = kamailio("_ACTIVE_", "6000");
    assert.deepEqual(await steering.look({ conduct, untilMs }), []);
    assert.deepEqual(calls, [`pv.shvSet standfast str ${said}`, "ul.rm location _ACTIVE_"]);
  });
}

test("an answer that is no dump holds nobody", async () => {
  for (const answer of [undefined, null, 7, {}, { Domains: 1 }, { Domains: [null] }]) {
    const options = { table: "location", master: "sip:192.0.2.1:5061", takeoverDelayMs: 30_000 };
    assert.deepEqual(await new Steering({ ...options, call: async () => answer }).bound(), []);
  }
});
