// The smallest case that still breaks the same invariant: delta debugging over everything a case is made of.
//
// First the actions, then the parameters, then the rest, then the times; over again until nothing more can go.
// A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002. Above: host/cli/simulate.ts.

import type { CoreName } from "../params/table.ts";
import { type Case, PLAIN } from "./case.ts";

/** Whether a case still fails in the way that is looked for. */
export type Fails = (it: Case) => boolean;

/** Runs that one shrinking may cost. */
const RUNS_MAX = 600;

/** @returns `it` itself when nothing can go */
export function shrinkCase(it: Case, fails: Fails, runsMax = RUNS_MAX): Case {
  let runs = 0;
  const still: Fails = (candidate) => runs++ < runsMax && fails(candidate);
  let best = it;
  for (;;) {
    const next = STEPS.reduce((smallest, step) => step(smallest, still), best);
    if (next === best || runs >= runsMax) return next;
    best = next;
  }
}

type Shrinking = (it: Case, still: Fails) => Case;

const fewerActions: Shrinking = (it, still) =>
  without(it, it.scenario, (scenario) => ({ ...it, scenario }), still);

const fewerParams: Shrinking = (it, still) =>
  without(it, Object.entries(it.params), (left) => ({ ...it, params: Object.fromEntries(left) }), still);

const plainer: Shrinking = (it, still) =>
  [
    { servers: 1 },
    { servers: 2 },
    { servers: 3 },
    { lines: 1 },
    { lines: 2 },
    { transport: PLAIN.transport },
    { targets: PLAIN.targets },
    { clockAtMs: PLAIN.clockAtMs },
    { seed: PLAIN.seed },
  ].reduce((best: Case, part: Partial<Case>) => {
    const [[name, value] = ["seed", 0]] = Object.entries(part);
    const now = best[name as keyof Case];
    const isSmaller = typeof value === "number" && typeof now === "number" ? value < now : value !== now;
    return isSmaller ? firstOf([smaller(best, part)], still, best) : best;
  }, it);

/** Numbers of parameters and moments that a reader can keep in mind. */
const rounder: Shrinking = (it, still) => {
  let best = it;
  for (const [name, value] of Object.entries(it.params)) {
    if (typeof value !== "number") continue;
    const rounded = [1000, 100, 60, 10]
      .map((unit) => Math.round(value / unit) * unit)
      .filter((one) => one !== value && one > 0);
    best = firstOf(
      rounded.map((one) => ({ ...best, params: { ...best.params, [name as CoreName]: one } })),
      still,
      best,
    );
  }
  for (const [at, line] of it.scenario.entries()) {
    const [seconds = "", ...words] = line.split(" ");
    const rounded = [100, 10, 1, 0.1]
      .map((unit) => Math.round(Number(seconds) / unit) * unit)
      .filter((one) => one !== Number(seconds));
    const moved = rounded.map((one) => ({
      ...best,
      scenario: best.scenario.with(at, [Number(one.toFixed(3)), ...words].join(" ")),
    }));
    best = firstOf(moved, still, best);
  }
  return best;
};

/** The calm sooner after the last action. */
const sooner: Shrinking = (it, still) => {
  const last = Math.max(0, ...it.scenario.map((line) => 1000 * Number.parseFloat(line)));
  const calms = [1, 1000, 10_000, 100_000]
    .map((after) => Math.ceil(last + after))
    .filter((at) => at < it.calmAtMs);
  return firstOf(
    calms.map((calmAtMs) => ({ ...it, calmAtMs })),
    still,
    it,
  );
};

const STEPS: readonly Shrinking[] = [fewerActions, plainer, fewerParams, sooner, rounder];

/** With fewer servers or lines, what names those that are gone goes too. */
function smaller(it: Case, part: Partial<Case>): Case {
  const next = { ...it, ...part };
  const gone = (line: string): boolean => {
    const ranks = [...line.matchAll(/backup(\d)/g)].map(([, rank]) => Number(rank));
    const lines = [...line.matchAll(/line=6(\d+)/g)].map(([, index]) => Number(index));
    return ranks.some((rank) => rank >= next.servers) || lines.some((index) => index >= next.lines);
  };
  return { ...next, scenario: next.scenario.filter((line) => !gone(line)) };
}

function firstOf(candidates: readonly Case[], still: Fails, otherwise: Case): Case {
  return candidates.find((one) => holds(one, still)) ?? otherwise;
}

/** A candidate that makes no sense any more is none. */
function holds(it: Case, still: Fails): boolean {
  try {
    return still(it);
  } catch {
    return false;
  }
}

/** Takes parts of a list away, half of it first, single ones in the end. */
function without<T>(it: Case, list: readonly T[], make: (left: readonly T[]) => Case, still: Fails): Case {
  let left = list;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (holds(make(fewer), still)) left = fewer;
      else at += size;
    }
  }
  return left.length === list.length ? it : make(left);
}
