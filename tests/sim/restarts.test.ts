// The instance is lost at every step of a run, and goes on from its last state: what must hold whatever the step.
//
// Exact copies are in copies.test.ts, the rules of resume one by one in unit/policy/link.spec.ts. DESIGN.md D30.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type CompiledModule, compile } from "../../host/core/load.ts";
import type { LineState } from "../../host/core/view.ts";
import { Random } from "../../host/sim/random.ts";
import type { World } from "../../host/sim/world.ts";
import { trappingAtWord } from "../tools/trapping.ts";
import { type RunOptions, sent, sentAt, told, world } from "./fixture.ts";

interface Story {
  readonly title: string;
  readonly options: RunOptions;
  readonly untilMs: number;
}

const SLOW = { registerRefreshInterval: 1800 };
const HOLD = { registerRefreshInterval: 1800, preferPrimary: false, backToPrimaryDelay: 100 };

const STORIES: readonly Story[] = [
  { title: "T1", options: { lines: 2 }, untilMs: 200_000 },
  { title: "T3", options: { scenario: ["100 primary silent", "400 primary back"] }, untilMs: 600_000 },
  {
    title: "T5",
    options: { params: HOLD, scenario: ["100 primary silent", "300 primary back"] },
    untilMs: 600_000,
  },
  {
    title: "T8",
    options: {
      scenario: ["100 primary silent", "100 backup1 silent", "400 primary back", "400 backup1 back"],
    },
    untilMs: 600_000,
  },
  {
    title: "T10",
    options: { params: SLOW, scenario: ["0 primary refuses", "100 primary back"] },
    untilMs: 300_000,
  },
  {
    title: "over TCP",
    options: { params: { transport: "TCP" }, scenario: ["100 primary silent", "300 primary back"] },
    untilMs: 500_000,
  },
];

/** registerSpacing: an attempt may have started just before. */
const SPACING_MS = 1000;
const REMOVAL = / expires=0/;

/** Every moment at which the phone sent something, and the one after it. */
function steps(run: World, untilMs: number): readonly number[] {
  const moments = sentAt(run.packets, /./).filter((at) => at < untilMs - 5 * SPACING_MS);
  return [...new Set(moments.flatMap((at) => [at, at + 1]))];
}

/** Where each line ends. */
function ends(run: World): readonly string[] {
  return run.agent.lines().map(({ line, state, server }) => `${line} ${state} ${server}`);
}

/** Where a caller reaches each line: bindings at the server that serves it. */
function reached(run: World): readonly number[] {
  return run.agent
    .lines()
    .map(({ line, server = "" }) => run.servers.get(server)?.table.of(line, run.now).length ?? 0);
}

/** What was served, and could be reached, is in service there again a second later. */
function lose(run: World, atMs: number): void {
  let before: readonly LineState[] = [];
  run.at(atMs, () => {
    before = run.agent.lines();
    run.crash();
  });
  run.at(atMs + SPACING_MS + 1, () => {
    for (const { line, state, server = "" } of before) {
      if (state !== "served" || !run.serves(server, line)) continue;
      const now = run.agent.lines().find((one) => one.line === line);
      assert.equal(now?.state, "served", `${line} after ${atMs}`);
    }
    const asked = sent(run.packets.filter(({ at }) => at === atMs)).filter((one) => one.includes("REGISTER"));
    const bare = asked.filter((one) => !one.includes(" auth"));
    assert.equal(new Set(bare).size, bare.length, `no line asks a server twice at ${atMs}: ${asked.join()}`);
  });
}

for (const { title, options, untilMs } of STORIES) {
  test(`${title}: lost at any step, it ends as it would have, with one binding, and removes nothing`, () => {
    const whole = world(options).runTo(untilMs);
    for (const atMs of steps(whole, untilMs)) {
      const run = world(options);
      lose(run, atMs);
      run.runTo(untilMs);
      assert.deepEqual(ends(run), ends(whole), `lost at ${atMs}`);
      assert.deepEqual(
        reached(run),
        ends(whole).map(() => 1),
        `lost at ${atMs}`,
      );
      const [removed, usual] = [sent(run.packets, REMOVAL), sent(whole.packets, REMOVAL)];
      assert.ok(removed.length <= usual.length, `lost at ${atMs}: ${removed.join()}`);
    }
  });
}

test("a call that is up still defers the return, and its end still brings it", () => {
  const scenario = ["100 primary silent", "400 primary back", "440 call begin", "500 call end"];
  for (const at of [440.5, 449.999, 450, 450.001, 460, 499.999]) {
    const run = world({ scenario: [...scenario, `${at} host crash`] }).runTo(600_000);
    const moves = told(run.events, ["moved"]);
    assert.deepEqual(
      moves,
      ["122000 moved backup1 6000 failover", "500000 moved primary 6000 failback"],
      `${at}`,
    );
  }
});

test("a hold goes on: it ends when it would have", () => {
  const scenario = ["100 primary silent", "300 primary back"];
  for (const at of [361, 400, 455]) {
    const run = world({ params: HOLD, scenario: [...scenario, `${at} host crash`] }).runTo(600_000);
    assert.equal(told(run.events, ["moved"]).at(-1), "460000 moved primary 6000 failback", `${at}`);
  }
});

test("a server that died unnoticed before the crash is left as in any failover", () => {
  const run = world({ scenario: ["100 primary silent", "110 host crash"] }).runTo(119_999);
  assert.deepEqual(told(run.events, ["outOfService", "serverDown", "inService", "moved"]), [
    "0 inService primary 6000",
    "110000 outOfService primary 6000 start",
    "112000 serverDown primary timeout",
    "112000 inService backup1 6000",
    "112000 moved backup1 6000 failover",
  ]);
  assert.deepEqual(sentAt(run.packets, /primary REGISTER/).slice(-3), [110_000, 110_500, 111_500]);
});

test("no state of any run holds a password, or its hash", () => {
  const scenario = ["100 primary silent", "400 primary back", "410 host refresh", "500 primary restarts"];
  const looked = { states: 0 };
  const secrets = [0, 1].flatMap((rank) => {
    const password = `secret-${rank}`;
    const hashes = ["md5", "sha256"].map((kind) =>
      createHash(kind).update(`6000:sip.example:${password}`).digest(),
    );
    return [password, ...hashes, ...hashes.map((hash) => hash.toString("hex"))];
  });
  const moment = (run: World): void => {
    const { image } = run.agent;
    if (image === undefined) return;
    const state = Buffer.from(image.memory);
    looked.states++;
    for (const secret of secrets) assert.equal(state.indexOf(secret), -1, `${secret} at ${run.now}`);
  };
  const run = world({ scenario, watch: { moment } }).runTo(700_000);
  assert.ok(looked.states > 30);
  const all = Buffer.from(run.agent.core.memory);
  assert.notEqual(all.indexOf("secret-0"), -1, "the instance itself has it, or this test finds nothing");
});

test("traps at random moments: the phone goes on each time, and ends where it should", () => {
  const word = "trap";
  const trapping: CompiledModule = compile(
    trappingAtWord(new Uint8Array(readFileSync("build/standfast.wasm")), word),
  );
  const scenario = ["100 primary silent", "400 primary back", "700 backup1 silent", "900 backup1 back"];
  for (let seed = 1; seed <= 20; seed++) {
    const random = new Random(seed);
    const options = { module: trapping, survivesTraps: true, scenario, lines: 2, seed };
    const run = world(options);
    const traps = Array.from({ length: 8 }, (_, index) => 130_000 * index + random.between(0, 129_999));
    for (const at of traps) run.at(at, () => run.inject(new TextEncoder().encode(word), "foreign"));
    run.runTo(1_200_000);
    const faults = run.events.filter(({ type }) => type === "fault");
    assert.equal(faults.length, 8, `seed ${seed}`);
    assert.ok(faults.every(({ next }) => next?.what === "restart"));
    assert.deepEqual(ends(run), ["6000 served primary", "6001 served primary"], `seed ${seed}`);
    assert.deepEqual(reached(run), [1, 1], `seed ${seed}`);
  }
});
