// Nodes of an application as processes that want the same key, and what may never be true of what they did.
//
// Acts of all processes carry the time of the machine's one monotonic clock. Below: worker.ts. Above: the tests of
// ownership.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import type { TestContext } from "node:test";
import { EpochGate } from "../../../host/session.ts";
import { bundleOne } from "../../../host/tools/bundle.mjs";
import { Running } from "../../host/running.ts";
import { type Ground, HERE } from "../../real/ground.ts";
import type { WrongClock } from "../wrong-clock.ts";
import type { Tenure } from "./cluster.ts";

/** One for each file of tests, as they run side by side; where its libraries are found. */
const WORKER = `build/tests/lease-worker-${process.pid}.mjs`;
assert.ok(await bundleOne("tests/pair/lease/worker.ts", WORKER));
process.once("exit", () => rmSync(WORKER, { force: true }));

/** A lease, a look of the other, an election of etcd, and a slow machine. */
export const TAKEOVER_MS = 60_000;

export interface Act {
  readonly at: number;
  readonly epoch: number;
}

export interface RivalPlan {
  /** Addresses of etcd in the order in which they are asked. */
  readonly etcd: readonly string[];
  readonly key: string;
  readonly name: string;
  /** Of the lease; 3 when left out. */
  readonly seconds?: number;
  readonly clock?: WrongClock;
  readonly ground?: Ground;
}

export class Rival extends Running {
  readonly name: string;

  constructor(context: TestContext, { etcd, key, name, seconds = 3, clock, ground = HERE }: RivalPlan) {
    const [program = "", ...words] = [...ground, process.execPath, WORKER, etcd.join(), key, name];
    super(program, [...words, String(seconds)], clock?.environment);
    this.name = name;
    context.after(() => this.child.kill("SIGKILL"));
  }

  get acts(): Act[] {
    return [...this.stdout.matchAll(/^([\d.]+) act (\d+)$/gm)].map(([, at, epoch]) => ({
      at: Number(at),
      epoch: Number(epoch),
    }));
  }

  /** How often it told that it owns no longer. */
  get losses(): number {
    return this.stdout.match(/ notOwner$/gm)?.length ?? 0;
  }

  /** Waits until it has acted since then. @returns the first act since */
  async acting(sinceMs = 0): Promise<Act> {
    await this.until(({ acts }) => (acts.at(-1)?.at ?? -1) > sinceMs, TAKEOVER_MS);
    return this.acts.find(({ at }) => at > sinceMs) as Act;
  }

  /** Waits until it has told once more that it owns no longer. @returns its last act */
  async losing(times = 1): Promise<Act> {
    await this.until(({ losses }) => losses >= times, TAKEOVER_MS);
    return this.acts.at(-1) as Act;
  }
}

/** The first acts alone, then the second: never both, and the epoch rises. */
export function assertHandedOver(first: Rival, second: Rival): void {
  const [last, next] = [first.acts.at(-1), second.acts[0]];
  assert.ok(last !== undefined && next !== undefined);
  assert.ok(last.at < next.at, `${last.at} < ${next.at}`);
  assert.ok(last.epoch < next.epoch, `${last.epoch} < ${next.epoch}`);
  const gate = new EpochGate();
  assert.deepEqual(
    [gate.accepts(last.epoch), gate.accepts(next.epoch), gate.accepts(last.epoch)],
    [true, true, false],
  );
}

/**
 * Etcd's own table beside the log of each: an epoch has one owner, nobody acts under another's, and who acted last is
 * never an owner of before.
 */
export function assertOneOwner(tenures: readonly Tenure[], rivals: readonly Rival[]): void {
  const owners = new Map(tenures.map(({ epoch, name }) => [epoch, name]));
  const acts = rivals.flatMap(({ name, acts }) => acts.map((act) => ({ name, ...act })));
  acts.sort((a, b) => a.at - b.at);
  const gate = new EpochGate();
  for (const { name, at, epoch } of acts) {
    assert.equal(owners.get(epoch), name, `who acted under ${epoch}, ${at} ms`);
    assert.ok(gate.accepts(epoch), `${name} at ${at} ms under ${epoch}, after ${gate.highest}`);
  }
  const epochs = [...new Set(acts.map(({ epoch }) => epoch))];
  for (const old of epochs.slice(0, -1)) assert.equal(gate.accepts(old), false, `a late command of ${old}`);
}
