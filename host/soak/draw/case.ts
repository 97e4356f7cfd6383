// A case out of a seed: the phone, then what happens to it. The same seed draws the same case everywhere.
//
// Below: phone.ts, moments.ts, faults.ts. Above: host/cli/simulate.ts, tests.

import { Random } from "../../sim/random.ts";
import { type Case, settingsOf } from "../case.ts";
import { namesOf } from "../phone.ts";
import { type Drawn, PACES_OF, PHONES, STYLES } from "./faults.ts";
import { Moments } from "./moments.ts";
import { drawPhone } from "./phone.ts";

/** A case with the name of its style. */
export interface DrawnCase {
  readonly case: Case;
  readonly style: string;
}

export function drawCase(seed: number): DrawnCase {
  const random = new Random(seed);
  const style = random.pick(Object.keys(STYLES));
  const { pace, ...phone } = drawPhone(random, PACES_OF[style]);
  const untilMs = 1000 * pace * random.between(5, 40);
  const params = { ...phone.params, ...PHONES[style]?.(pace) };
  const it: Case = { ...phone, params, seed, calmAtMs: untilMs, scenario: [] };
  const moments = new Moments(random, settingsOf(it), untilMs);
  const drawn = STYLES[style]?.({ random, moments, pace, untilMs, ...namesOf(it) }) ?? [];
  return {
    style,
    case: {
      ...it,
      scenario: drawn
        .filter(([at]) => at < untilMs)
        .sort(byTime)
        .map(lineOf),
    },
  };
}

function byTime([a]: Drawn, [b]: Drawn): number {
  return a - b;
}

function lineOf([atMs, text]: Drawn): string {
  return `${Math.max(0, atMs) / 1000} ${text}`;
}
