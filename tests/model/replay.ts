// One schedule again, both told after each step.
//
// Below: beside.ts, step.ts. Above: run.ts.

import type { CompiledModule } from "../../host/core/load.ts";
import { differences, stepCore } from "./beside.ts";
import { SteppedCore } from "./core.ts";
import { inputOf } from "./schedule.ts";
import { type ModelSet, paramsOf } from "./sets.ts";
import { newState } from "./state.ts";
import { next } from "./step.ts";

/** @param text lines such as "120 server 0 register granted" @returns what both did at each */
export function replay(set: ModelSet, module: CompiledModule, text: string): string {
  const core = new SteppedCore(module, set.settings);
  const params = paramsOf(set);
  const said: string[] = [];
  let state = newState(params);
  let now = 0;
  for (const line of text.split("\n").filter((one) => /^\d/.test(one))) {
    const { atMs, input } = inputOf(line);
    const step = next(state, input, atMs - now, params);
    const out = stepCore(core, input, atMs - now);
    said.push(
      line,
      `  the core: ${out.join(", ")}`,
      ...differences(core, out, step, params).map((one) => `  ${one}`),
    );
    ({ state } = step);
    now = atMs;
  }
  return [...said, JSON.stringify(state)].join("\n");
}
