// Random schedules of edits, cuts, restarts, full disks and backups put back: the standby holds a set that the master once
// had, at every step, and the master's in the end. A failure prints the command that repeats it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Directory, Stored } from "../../../../host/pbx/directory/directory.ts";
import type { Edit } from "../../../../host/pbx/directory/edit.ts";
import { Line, type Node, pair, put, remove } from "./pair.ts";

const FILE = "tests/host/pbx/directory/schedules";
const RUNS = 300;
/** STANDFAST_SEED and STANDFAST_PATH repeat what a failure printed. */
const { STANDFAST_SEED: SEED, STANDFAST_PATH: PATH } = process.env;
const AGAIN = { ...(SEED && { seed: Number(SEED) }), ...(PATH && { path: PATH }) };

type Step =
  | { readonly kind: "edit"; readonly user: number; readonly display: number; readonly gone: boolean }
  | { readonly kind: "licences"; readonly standby: number }
  | { readonly kind: "connect" | "cut" | "masterDies" | "standbyDies" | "backUp" | "putBack" }
  | { readonly kind: "carry"; readonly bytes: number; readonly piece: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "disk"; readonly isFull: boolean };

const number = (min: number, max: number) => fc.integer({ min, max });
const user = number(1, 12);
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("edit" as const), user, display: user, gone: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("licences" as const), standby: number(0, 5) }) },
  { weight: 4, arbitrary: fc.constant({ kind: "connect" as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("carry" as const),
      bytes: number(1, 6000),
      piece: number(1, 3000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: number(1, 31_000) }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("cut", "masterDies", "standbyDies").map((kind) => ({ kind })),
  },
  { weight: 1, arbitrary: fc.constantFrom("backUp", "putBack").map((kind) => ({ kind })) },
  { weight: 1, arbitrary: fc.boolean().map((isFull) => ({ kind: "disk" as const, isFull })) },
);

const MAY_BE: readonly string[] = ["none", "store", "masterEmpty", "silent"];

class World {
  readonly #master: Node;
  readonly #standby: Node;
  /** By version and history, the digest of every set that the master or the standby's start ever was. */
  readonly #complete = new Map<string, string>();
  #line: Line | undefined;
  #now = 0;
  #backup: Stored;
  #edits = 0;
  /** What happened to the connections. */
  readonly seen = new Set<string>();

  constructor() {
    const { master, standby } = pair();
    this.#master = master;
    this.#standby = standby;
    this.#backup = master.disk.stored;
    this.#remember(standby.directory);
    this.#remember(master.directory);
  }

  do(step: Step): void {
    switch (step.kind) {
      case "edit":
        this.#edit(step.gone ? remove(step.user) : put(step.user, String(step.display)));
        return;
      case "licences":
        this.#edit({ kind: "licences", licences: { registrations: 1, standby: step.standby } });
        return;
      case "connect":
        this.#line ??= new Line(this.#master, this.#standby, { now: this.#now });
        return;
      case "cut":
        this.#line = undefined;
        return;
      case "masterDies":
        this.#restart(this.#master);
        return;
      case "standbyDies":
        this.#restart(this.#standby);
        return;
      case "backUp":
        this.#backup = this.#master.disk.stored;
        return;
      case "putBack":
        this.#master.disk.stored = this.#backup;
        this.#restart(this.#master);
        return;
      case "carry":
        this.#line?.wake(this.#now);
        this.#line?.carry(step.bytes, step.piece);
        return;
      case "wait":
        this.#now += step.ms;
        this.#line?.wake(this.#now);
        return;
      case "disk":
        this.#standby.disk.isFull = step.isFull;
    }
  }

  /** On its disk, which is what a SIGKILL at this moment would leave. */
  check(): void {
    for (const directory of [this.#standby.onDisk(), this.#standby.directory]) {
      const known = this.#complete.get(nameOf(directory));
      assert.equal(directory.digest(), known, `the standby holds ${nameOf(directory)}, which never was`);
    }
    const trouble = this.#line?.standby.trouble?.code ?? "none";
    assert.ok(MAY_BE.includes(trouble), trouble);
    this.seen.add(trouble);
    for (const bytes of this.#line?.heard ?? []) {
      const said = /"kind":"(whole|changes|again)"/.exec(Buffer.from(bytes).toString("latin1"))?.[1];
      if (said !== undefined) this.seen.add(said);
    }
  }

  /** Nothing goes wrong any more. */
  heal(): void {
    this.#standby.disk.isFull = false;
    this.#edit(put(1, "the last word"));
    const line = new Line(this.#master, this.#standby, { now: this.#now });
    line.carry();
    this.#now += 10_000;
    line.wake(this.#now);
    line.carry();
    assert.equal(nameOf(this.#standby.onDisk()), nameOf(this.#master.directory));
    assert.equal(this.#standby.onDisk().digest(), this.#master.directory.digest());
    assert.equal(line.standbySession.equalAt, this.#now);
    assert.equal(line.masterSession.equalAt, this.#now);
  }

  #edit(edit: Edit): void {
    const { directory } = this.#master;
    if (edit.kind === "remove" && directory.find(edit.user) === undefined) return;
    // Two histories that split never meet again: each edit is another one.
    const other =
      edit.kind === "put" ? put(edit.object.user, `${edit.object.display} ${this.#edits++}`) : edit;
    directory.edit([other]);
    this.#remember(directory);
    this.#line?.wake(this.#now);
  }

  #restart(node: Node): void {
    node.restart();
    this.#line = undefined;
  }

  #remember(directory: Directory): void {
    this.#complete.set(nameOf(directory), directory.digest());
  }
}

function nameOf({ version, history }: Directory): string {
  return `${version} ${history}`;
}

test("through any schedule the standby holds a whole set, and in the end the master's", () => {
  const seen = new Set<string>();
  const found = fc.check(
    fc.property(fc.array(STEP as fc.Arbitrary<Step>, { minLength: 5, maxLength: 60 }), (steps) => {
      const world = new World();
      for (const step of steps) {
        world.do(step);
        world.check();
      }
      world.heal();
      for (const one of world.seen) seen.add(one);
    }),
    { numRuns: RUNS, ...AGAIN },
  );
  const again = `STANDFAST_SEED=${found.seed} STANDFAST_PATH=${found.counterexamplePath} npm test -- ${FILE}`;
  assert.ok(!found.failed, `${fc.defaultReportMessage(found)}\n\nagain: ${again}`);
  const wanted = ["none", "store", "silent", "whole", "changes"];
  if (PATH === undefined)
    assert.deepEqual(
      wanted.filter((one) => !seen.has(one)),
      [],
    );
});
