// Threads that play one seed after the other, as many as there are cores, until they are told to stop.
//
// The same bundle runs in each thread: isHunter() tells them apart, and hunt() is their whole program. Thread n of m
// takes each m-th seed. Below: host/soak. Above: host/cli.ts, host/cli/simulate.ts.

import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { CompiledModule } from "../core/load.ts";
import { type Found, huntSeed } from "../soak/hunt.ts";
import type { RowPlace } from "../tools/mutants/rows.ts";

/** What every thread needs to know. */
export interface Task {
  readonly module: CompiledModule;
  readonly rows: readonly RowPlace[];
  readonly from: number;
  /** First seed that is not wanted; Infinity: until they are stopped. */
  readonly to: number;
  readonly jobs: number;
}

interface Share extends Task {
  readonly kind: "hunter";
  readonly index: number;
  /** Not 0: stop. */
  readonly stop: Int32Array;
}

export function isHunter(): boolean {
  return !isMainThread && (workerData as Share | null)?.kind === "hunter";
}

/** The program of one thread. */
export function hunt(): void {
  const { module, rows, from, to, jobs, index, stop } = workerData as Share;
  for (let seed = from + index; seed < to && Atomics.load(stop, 0) === 0; seed += jobs) {
    parentPort?.postMessage(huntSeed({ module, rows }, seed));
  }
}

/**
 * Runs the threads to their end.
 * @param program file of the bundle
 * @param take called with what each seed gave; true: it is enough
 */
export async function huntAll(program: URL, task: Task, take: (found: Found) => boolean): Promise<void> {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const threads = Array.from({ length: task.jobs }, (_, index) => {
    const share: Share = { ...task, kind: "hunter", index, stop };
    const thread = new Worker(program, { workerData: share });
    thread.on("message", (found: Found) => {
      if (take(found)) Atomics.store(stop, 0, 1);
    });
    return once(thread, "exit");
  });
  await Promise.all(threads);
}
