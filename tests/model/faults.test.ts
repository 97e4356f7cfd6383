// The comparison is worth something: a core with a fault is found out, and the shortest schedule is told.
//
// The faults are some of tests/mutants, those of the rules that the model knows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../host/core/load.ts";
import { buildMutant } from "../mutants/build.ts";
import { MODEL_MUTANTS, MUTANTS } from "../mutants/table.ts";
import { explore } from "./explore.ts";
import { SETS } from "./sets.ts";

/** A fault, and a set that shows it. */
const FAULTS: readonly (readonly [string, string])[] = [
  ["miss-counted-early", "silence, with a hold"],
  ["miss-counted-late", "silence, with a hold"],
  ["recovery-counted-early", "refusals"],
  ["asked-out-of-turn-for-ever", "silence, with a hold"],
  ["cooling-cut-short", "coolings"],
  ["bad-word-forgotten", "silence, with a hold"],
  ["hold-blocks-last-resort", "silence, with a hold"],
  ["rank-reversed", "silence, with a hold"],
  ["call-holds-up-failover", "calls"],
  ["return-in-call", "calls"],
  ["refresh-not-armed", "silence, with a hold"],
  ["lease-from-the-answer", "answers at the last moment"],
  ["warning-stays-on", "silence, with a hold"],
  ["wait-not-armed", "silence, with a hold"],
  ["dead-backup-never-asked", "silence, with a hold"],
  ["spacing-ignored", "refusals"],
];

for (const [name, shownBy] of FAULTS) {
  test(`${name} is found out`, async (t) => {
    const mutant = [...MUTANTS, ...MODEL_MUTANTS].find((one) => one.name === name);
    const set = SETS.find((one) => one.name === shownBy);
    assert.ok(mutant && set, `tests/mutants has ${name}, and sets.ts has ${shownBy}`);
    const { transitions, wrong } = explore(set, compile(await buildMutant(mutant)));
    assert.ok(wrong !== undefined, `no step differs: ${mutant.fault}`);
    t.diagnostic(`it ${mutant.fault}; seen at transition ${transitions}\n${wrong}`);
  });
}
