// What it takes to begin: compiling the module, and making an instance of it.
//
// V8 does it here as it does in the product: quickly at first, and each function when it is called.
// Below: compiled.ts. Above: all.ts.

import { compile, instantiate } from "../core/load.ts";
import { unknownCopy } from "./compiled.ts";
import { type Step, stepOn } from "./measure.ts";

const BATCH = 4;

export function startSteps(bytes: Uint8Array): Step[] {
  const module = compile(unknownCopy(bytes));
  return [
    stepOn({
      name: "compile the module",
      beside: [],
      batch: BATCH,
      given: () => unknownCopy(bytes),
      run: compile,
    }),
    { name: "start an instance", beside: [], batch: BATCH, run: () => instantiate(module) },
  ];
}
