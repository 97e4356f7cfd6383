// What the core takes for a step on a Cortex-M, in instructions, and how deep its stack goes.
//
// QEMU lets a fixed virtual time pass with each instruction, so the system timer of the board counts instructions,
// again the same in each run. Below: cortex-m.ts, emulator.ts. Above: build/images.ts.

import { type Board, buildImage, type Image, withCore } from "./cortex-m.ts";
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

/** The bench without a core. */
export const BENCH: Image = {
  name: "bench",
  sources: ["tests/firmware/images/bench.c"],
  stackBytes: 4096,
};

/** An instruction takes 2^8 ns: a few counts of the timer, which lasts for two million of them. */
const SHIFT = 8;

/** What each step takes the first time, and later. */
export interface Measured {
  readonly first: Steps;
  readonly later: Steps;
}

/**
 * @param shift less for a core that takes more than two million instructions
 * @throws Error when the bench does not go through
 */
export async function measureSteps(board: Board, image = withCore(BENCH), shift = SHIFT): Promise<Measured> {
  const path = await buildImage(board, image);
  const options = ["-icount", `shift=${shift}`];
  const { code, output } = await emulate({ board, image: path, limitMs: 120_000, options });
  if (code !== 0) throw new Error(`the bench ended with code ${code}\n${output}`);
  const rows = [...output.matchAll(/^(\S+) (\d+)$/gm)].map(([, step, n]) => [step, Number(n)] as const);
  const instructions = (counts: number) => Math.round((counts * 1e9) / board.clockHz / 2 ** shift);
  return {
    first: stepsOf(new Map([...rows].reverse()), instructions),
    later: stepsOf(new Map(rows), instructions),
  };
}

/** Of several rows of one step the last. */
function stepsOf(
  rows: ReadonlyMap<string | undefined, number>,
  instructions: (counts: number) => number,
): Steps {
  const read = (step: string): number => {
    const counts = rows.get(step);
    if (counts === undefined) throw new Error(`the bench says nothing of ${step}`);
    return counts;
  };
  const count = (step: string) => instructions(read(step) - read("nothing"));
  return {
    idleWakeUp: count("idle"),
    heartbeat: count("written") + count("taken"),
    challengeMd5: count("MD5"),
    challengeSha256: count("SHA-256"),
    stackBytes: read("stack"),
  };
}
