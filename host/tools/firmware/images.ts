// What a whole phone takes on the boards of the Cortex-M port, on each stack, and what its core takes for a step.
//
// Slow, for it boots images and may fetch lwIP; so it is not part of a build. What was measured stays in a file with the
// fingerprint of all it was measured of. Variants: knobs.ts. Below: cortex-m.ts, steps.ts. Above: build/size.ts, tests/firmware/.

import { readFileSync } from "node:fs";
import { SHIPPED } from "../build/core.ts";
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

/** @throws Error when something does not compile or boot */
export async function measureCortexM(): Promise<CortexM> {
  const known = readCortexM();
  if (known !== undefined) return known;
  await writeDropIn(SHIPPED.wasm);
  const images: ImageFigures[] = [];
  for (const board of BOARDS) images.push(await sizeOf(board, "small"), await sizeOf(board, "lwip"));
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

async function sizeOf(board: Board, stack: ImageFigures["stack"]): Promise<ImageFigures> {
  const below = stack === "lwip" ? await lwipStack() : NET;
  const image = phoneImage(`phone-${stack}`, DROP_IN, below);
  const size = await measureImage(await buildImage(board, image));
  return { board: board.name, stack, ...size, stackReserved: PHONE_STACK };
}
