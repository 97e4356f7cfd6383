// What a whole phone takes on the boards of the Cortex-M port, and what its core takes for a step.
//
// Slow, for it builds a variant of the core and boots images; so it is not part of a build. What was measured stays in a file with
// the fingerprint of all it was measured of. Below: cortex-m.ts, steps.ts. Above: build/size.ts, tests/firmware/.

import { readFileSync } from "node:fs";
import { buildVariant, SHIPPED } from "../build/core.ts";
import { fingerprint } from "../build/stamp.ts";
import { place } from "../bundle.mjs";
import {
  BOARDS,
  type Board,
  buildImage,
  lwipStack,
  measureImage,
  NET,
  PHONE_STACK,
  phoneImage,
} from "./cortex-m.ts";
import { DROP_IN, writeDropIn } from "./drop-in.ts";
import { measureSteps, type Steps } from "./steps.ts";

export interface ImageFigures {
  readonly board: Board["name"];
  readonly lines: number;
  readonly stack: "small" | "lwip";
  /** Bytes of the whole image: start-up, driver, stack of protocols, core, the loop around it. */
  readonly flash: number;
  /** Bytes, `stackReserved` included. */
  readonly ram: number;
  readonly stackReserved: number;
}

export interface CortexM {
  readonly images: readonly ImageFigures[];
  /** Instructions; the same on each board. */
  readonly steps: Steps;
}

const FILE = "build/cortex-m/figures.json";
const MADE_FROM = [SHIPPED.wasm, "assembly", "host/firmware", "host/tools/firmware", "tests/firmware/images"];
const TWO_LINES = "build/variant/standfast-2-lines";

/** @throws Error when something does not compile or boot */
export async function measureCortexM(): Promise<CortexM> {
  const known = readCortexM();
  if (known !== undefined) return known;
  const problems = await buildVariant({ lines: 2 }, TWO_LINES);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  await writeDropIn(SHIPPED.wasm);
  await writeDropIn(`${TWO_LINES}.wasm`, TWO_LINES);
  const images: ImageFigures[] = [];
  for (const board of BOARDS) {
    images.push(
      await sizeOf(board, 8, "small"),
      await sizeOf(board, 2, "small"),
      await sizeOf(board, 8, "lwip"),
    );
  }
  const figures = { images, steps: await measureSteps(BOARDS[0] as Board) };
  await place(FILE, JSON.stringify({ print: fingerprint(MADE_FROM), figures }));
  return figures;
}

/** What was measured of the sources as they are now. */
export function readCortexM(): CortexM | undefined {
  try {
    const { print, figures } = JSON.parse(readFileSync(FILE, "utf8"));
    return print === fingerprint(MADE_FROM) ? figures : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(board: Board, lines: 8 | 2, stack: "small" | "lwip"): Promise<ImageFigures> {
  const below = stack === "lwip" ? await lwipStack() : NET;
  const image = phoneImage(`figures-${lines}-${stack}`, lines === 2 ? TWO_LINES : DROP_IN, below);
  const size = await measureImage(await buildImage(board, image));
  return { board: board.name, lines, stack, ...size, stackReserved: PHONE_STACK };
}
