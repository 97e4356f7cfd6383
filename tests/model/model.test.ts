// The model explored to its end, and the shipped module beside it on every step.

import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "../sim/fixture.ts";
import { explore } from "./explore.ts";
import { arrive } from "./liveness.ts";
import { paramsOf, SETS } from "./sets.ts";
import type { Params } from "./state.ts";
import { COOLING, type Word } from "./step.ts";

for (const set of SETS) {
  test(`${set.name}: the core does what the model does, on every step`, (t) => {
    const { states, transitions, depth, cut, wrong } = explore(set, module());
    assert.equal(wrong, undefined);
    assert.ok(states.length > 1000, "a set that shows nothing");
    t.diagnostic(`${states.length} states, ${transitions} transitions, depth ${depth}, ${cut} cut`);
    const params = paramsOf(set);
    const both = arrive(states, params, [0, 1], 0);
    const one = arrive(states, params, [1], 1);
    t.diagnostic(`on the primary within ${both.longest} ms, on the backup within ${one.longest} ms`);
    assert.equal(both.circle, undefined);
    assert.equal(one.circle, undefined);
    const left = leftOut(set.words, params);
    assert.ok(both.longest <= left + primaryWithin(params));
    assert.ok(one.longest <= left + params.refresh + params.timeout + params.wait);
  });
}

/** A request that is lost already, then good heartbeats or the next refresh, then the hold. */
function primaryWithin({ timeout, recoverCount, detect, refresh, hold }: Params): number {
  return timeout + (detect > 0 ? recoverCount * detect : refresh) + hold;
}

/** How long a server may have said that it is not to be asked. */
function leftOut(words: readonly Word[], { lineCool, rest }: Params): number {
  return Math.max(
    words.includes("busy") ? COOLING : 0,
    words.includes("error") ? lineCool : 0,
    words.includes("rejected") ? rest : 0,
  );
}
