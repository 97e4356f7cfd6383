// Everything that is measured, in one report.
//
// Below: start.ts, steps.ts, beside.ts, heap.ts. Above: run.ts, and the test that runs it with next to no time.

import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { SHIPPED } from "../tools/build/core.ts";
import { besideSteps } from "./beside.ts";
import { compileForGood } from "./compiled.ts";
import type { HeapFigures } from "./heap/child.ts";
import { measureHeap } from "./heap.ts";
import { type Figures, measureSteps } from "./measure.ts";
import { startSteps } from "./start.ts";
import { coreSteps, tellAll } from "./steps.ts";

export interface Effort {
  /** How long one step is timed, ms. */
  readonly budgetMs: number;
  /** Datagrams sent to each listener. */
  readonly datagrams: number;
}

export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly cpu: string;
  readonly cpus: number;
  /** Processes that wanted a processor in the last minute, before the bench began. */
  readonly load: number;
}

export interface Report {
  readonly machine: Machine;
  readonly moduleBytes: number;
  readonly effort: Effort;
  readonly core: readonly Figures[];
  readonly beside: readonly Figures[];
  readonly heap: readonly HeapFigures[];
}

/** @param say gets a line of progress before each step */
export async function measureAll(effort: Effort, say: (line: string) => void): Promise<Report> {
  const machine = thisMachine();
  const bytes = readFileSync(SHIPPED.wasm);
  const { budgetMs, datagrams } = effort;
  const start = await measureSteps(startSteps(bytes), budgetMs, say); // before anything is compiled for good
  const module = compileForGood(bytes);
  const stories = tellAll(module);
  const core = coreSteps(module, stories);
  const figures = await measureSteps([...core, ...besideSteps(stories)], budgetMs, say);
  return {
    machine,
    moduleBytes: bytes.length,
    effort,
    core: [...figures.slice(0, core.length), ...start],
    beside: figures.slice(core.length),
    heap: await measureHeap(datagrams, say),
  };
}

function thisMachine(): Machine {
  return {
    node: process.version,
    v8: process.versions.v8,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cpus: cpus().length,
    load: loadavg()[0] ?? 0,
  };
}
