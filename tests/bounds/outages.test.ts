// The primary dies and comes back at the worst moments: no run exceeds what the linter promises, and for each
// promise a run comes within a round trip of it.
//
// `BOUNDS_SEED=N BOUNDS_COUNT=M npm test -- tests/bounds/outages` draws M other configurations from N on.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Promises } from "../../host/lint/promises.ts";
import { scenarioOf } from "./probe.ts";
import { report, seconds } from "./report.ts";
import { type Found, promisesOf, searchFall, searchReturn, worst } from "./search.ts";
import { APART, drawSetup, RTT_MS, SETUPS, type Setup, settingsOf } from "./setups.ts";

const rows = report("outages");

/** The moment behind an answer that left is 1 ms later, and so is the one behind a verdict. */
const NEAR_MS = RTT_MS + 2;

type Case = readonly [promise: keyof Promises, found: Found, promised: number | null];

for (const setup of SETUPS) {
  test(`${setup.name}: promises are kept, and none is larger than it must be`, () => {
    for (const one of casesOf(setup, [1])) {
      isKept(setup, one);
      isReached(setup, one);
    }
  });
}

const FIRST = Number(process.env.BOUNDS_SEED ?? 1);
const COUNT = Number(process.env.BOUNDS_COUNT ?? 12);

for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
  test(`a configuration drawn from ${seed} keeps its promises`, () => {
    const setup = drawSetup(seed);
    for (const one of casesOf(setup, [seed])) isKept(setup, one);
  });
}

/** Everything that is promised about outages, with the worst that was found. */
function casesOf(setup: Setup, seeds: readonly number[]): Case[] {
  const promised = promisesOf(setup);
  const { detectMs, serviceMs, detectLostMs } = promised;
  const [silent, refused] = [searchFall(setup, seeds, "silent"), searchFall(setup, seeds, "refuses")];
  const falls: Case[] = [
    ["detectMs", silent.down, detectMs],
    ["serviceMs", silent.served, serviceMs],
    // A program that ends breaks its connections.
    detectLostMs === null
      ? ["detectRefusedMs", refused.down, promised.detectRefusedMs]
      : ["detectLostMs", refused.down, detectLostMs],
  ];
  return serviceMs === null ? falls.slice(0, 1) : [...falls, ...returnsOf(setup, seeds, promised)];
}

function returnsOf(setup: Setup, seeds: readonly number[], promised: Promises): Case[] {
  const { late, early } = searchReturn(setup, seeds, "silent");
  const all = worst([late, early]);
  const counted = settingsOf(setup).primaryDetectInterval === 0 ? all : late;
  const { late: refused } = searchReturn(setup, seeds, "refuses");
  return [
    ["returnMs", counted, promised.returnMs],
    ["returnEarlyMs", all, promised.returnEarlyMs],
    ["returnRefusedMs", refused, promised.returnRefusedMs],
  ];
}

function isKept(setup: Setup, [promise, { ms, seed, outage }, promised]: Case): void {
  const told = `${promise} is ${promised} ms, and ${ms} ms were seen: ${again(setup, seed, outage)}`;
  assert.ok(promised !== null && ms <= promised, told);
  assert.ok(seed > 0, told);
}

function isReached(setup: Setup, [promise, { ms, seed, outage }, promised]: Case): void {
  const { unreached = {} } = setup;
  const why = unreached[promise] ?? (promise === "returnEarlyMs" ? apart(setup) : undefined);
  const isNear = promised !== null && ms >= promised - NEAR_MS;
  const where = again(setup, seed, outage);
  rows.push({
    promise,
    setup: setup.name,
    promised: seconds(promised ?? 0),
    seen: seconds(ms),
    where: isNear ? where : (why ?? where),
  });
  if (why === undefined)
    assert.ok(isNear, `${promise} is ${promised} ms, and at most ${ms} ms were seen: ${where}`);
}

/** A heartbeat has to fall between the last chance and the verdict. */
function apart(setup: Setup): string | undefined {
  return settingsOf(setup).primaryDetectInterval > 0 && setup.diesAt === undefined ? APART : undefined;
}

/** How to see it again. */
function again(setup: Setup, seed: number, outage: Found["outage"]): string {
  const steps = scenarioOf(setup, outage).filter(
    (step) => !step.includes("latency") && !step.includes("grants"),
  );
  return `seed ${seed}: ${steps.join(", ")}`;
}
