// Bytes of JavaScript heap that one datagram takes: in a bare socket of Node, and in the phone around the core.
//
// Each listener has a process of its own, so neither sees what the other left behind. Below: heap/. Above: all.ts.

import { rmSync } from "node:fs";
import { bundleOne } from "../tools/bundle.mjs";
import { run } from "../tools/child.ts";
import type { HeapFigures, Who } from "./heap/child.ts";

const CHILD = "host/bench/heap/child.ts";
const LISTENERS: readonly Who[] = ["bare", "refused", "handedBack"];
/** Megabytes of young generation: more than all datagrams take together. */
const YOUNG_MB = 256;
/** More than a run takes on a busy machine. */
const LIMIT_MS = 60_000;

export async function measureHeap(datagrams: number, say: (line: string) => void): Promise<HeapFigures[]> {
  const file = await bundleOne(CHILD, `build/tmp/bench-heap-${process.pid}.mjs`);
  if (file === undefined) throw new Error(`${CHILD} cannot be bundled`);
  const all: HeapFigures[] = [];
  try {
    for (const who of LISTENERS) {
      say(`heap: ${datagrams} datagrams, ${who}`);
      all.push(await measureOne(file, who, datagrams));
    }
  } finally {
    rmSync(file);
  }
  return all;
}

async function measureOne(file: string, who: Who, datagrams: number): Promise<HeapFigures> {
  const young = [`--min-semi-space-size=${YOUNG_MB}`, `--max-semi-space-size=${YOUNG_MB}`];
  const { code, output } = await run(
    process.execPath,
    ["--expose-gc", ...young, file, who, String(datagrams)],
    {
      limitMs: LIMIT_MS,
    },
  );
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (code !== 0 || !last.startsWith("{")) throw new Error(`the heap of ${who} was not measured:\n${output}`);
  const figures: HeapFigures = JSON.parse(last);
  if (figures.collections > 0) {
    throw new Error(
      `${who}: ${figures.collections} collections fell into the measurement; send fewer datagrams`,
    );
  }
  return figures;
}
