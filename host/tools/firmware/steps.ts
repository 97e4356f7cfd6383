// What the core takes for a step on a Cortex-M, in instructions, and how deep its stack goes.
//
// QEMU lets a fixed virtual time pass with each instruction, so the system timer of the board counts instructions,
// again the same in each run. Below: cortex-m.ts, emulator.ts. Above: build/images.ts.

import { type Board, buildImage, withCore } from "./cortex-m.ts";
import { emulate } from "./emulator.ts";

export interface Steps {
  /** Nothing is due. */
  readonly idleWakeUp: number;
  /** Written, and its answer taken. */
  readonly heartbeat: number;
  /** A challenge taken, and the request with its digest written. */
  readonly challengeMd5: number;
  readonly challengeSha256: number;
  /** Bytes that all of it took, the frames of the bench included. */
  readonly stackBytes: number;
}

/** An instruction takes 2^8 ns: a few counts of the timer, which lasts for a million of them. */
const SHIFT = 8;

/** @throws Error when the bench does not go through */
export async function measureSteps(board: Board): Promise<Steps> {
  const bench = { name: "bench", sources: ["tests/firmware/images/bench.c"], stackBytes: 4096 };
  const image = await buildImage(board, withCore(bench));
  const options = ["-icount", `shift=${SHIFT}`];
  const { code, output } = await emulate({ board, image, limitMs: 60_000, options });
  if (code !== 0) throw new Error(`the bench ended with code ${code}\n${output}`);
  const rows = new Map([...output.matchAll(/^(\S+) (\d+)$/gm)].map(([, step = "", n]) => [step, Number(n)]));
  const read = (step: string): number => {
    const counts = rows.get(step);
    if (counts === undefined) throw new Error(`the bench says nothing of ${step}\n${output}`);
    return counts;
  };
  const instructions = (step: string) =>
    Math.round(((read(step) - read("nothing")) * 1e9) / board.clockHz / 2 ** SHIFT);
  return {
    idleWakeUp: instructions("idle"),
    heartbeat: instructions("written") + instructions("taken"),
    challengeMd5: instructions("MD5"),
    challengeSha256: instructions("SHA-256"),
    stackBytes: read("stack"),
  };
}
