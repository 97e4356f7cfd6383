// The text of a scenario: what happens to servers, network, calls, link and host, and when.
//
//   100 primary silent
//   400 primary back
//   440 call begin line=6000
//
// One grammar for whatif, simulate, the playground and golden traces; README.md of this folder
// lists it. Below: words.ts, verbs.ts. Above: world.ts.

import { type Action, readAction } from "./verbs.ts";
import { type Names, ScenarioError, Words } from "./words.ts";

export type { Action } from "./verbs.ts";
export { ScenarioError } from "./words.ts";

export interface Step {
  readonly atMs: number;
  readonly action: Action;
  /** Without its time, for traces. */
  readonly text: string;
}

/**
 * Reads a whole scenario; blank lines and `# comments` are skipped.
 * @returns steps in order of time; at one instant `back` first, the rest as written
 * @throws ScenarioError with the line, and what is allowed there
 */
export function parseScenario(text: string, names: Names = {}): readonly Step[] {
  const steps = text.split(/\r?\n/).flatMap((line, at) => {
    const bare = line.replace(/#.*/, "").trim();
    return bare === "" ? [] : [readStep(new Words(bare, at + 1, names))];
  });
  return steps.sort((a, b) => a.atMs - b.atMs || rank(a) - rank(b));
}

function rank(step: Step): number {
  return step.action.kind === "server" && step.action.verb.kind === "back" ? 0 : 1;
}

function readStep(words: Words): Step {
  const atMs = words.moment();
  const action = readAction(words);
  words.end();
  return { atMs, action, text: words.text };
}

/**
 * The short form of one outage: `primary@100..400` is silent from 100 s and back at 400 s;
 * `primary@100` never comes back.
 * @returns the same as scenario text
 */
export function outageScenario(text: string): string {
  const found = /^(\w+)@(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text.trim());
  if (found === null) {
    throw new ScenarioError(1, `"${text}" is no outage; write primary@100..400, or primary@100`);
  }
  const [, server, from, to] = found;
  if (to !== undefined && Number(to) <= Number(from)) {
    throw new ScenarioError(1, `"${text}" ends before it begins`);
  }
  return [`${from} ${server} silent`, ...(to === undefined ? [] : [`${to} ${server} back`])].join("\n");
}
