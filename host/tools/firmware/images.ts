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
  type ImageSize,
  lwipStack,
  measureCore,
  measureCoreByClang,
  measureImage,
  NET,
  PHONE_STACK,
  phoneImage,
  phoneWithout,
  withCore,
} from "./cortex-m.ts";
import { DROP_IN, writeDropIn } from "./drop-in.ts";
import { withWasm3 } from "./interpreter.ts";
import { BENCH, measureSteps, type Steps } from "./steps.ts";

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
  /** standfast.c alone, its memory in `ram`; and what it takes for a step, the same on each board. */
  readonly core: Readonly<Record<"-Os" | "-O2", ImageSize & { readonly steps: Steps }>>;
  /** standfast.c alone, by clang -Oz. */
  readonly clang: ImageSize;
  /** Of `core`, compiled for size. */
  readonly steps: Steps;
  /** The module in wasm3 on the first board, with the small stack; what it takes once it has translated a step, and for that. */
  readonly wasm3: ImageSize & { readonly steps: Steps; readonly firstSteps: Steps };
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
  const core = { "-Os": await coreFigures("-Os"), "-O2": await coreFigures("-O2") };
  const clang = await measureCoreByClang();
  const wasm3 = await measureWasm3(BOARDS[0] as Board);
  const figures = { images, core, clang, steps: core["-Os"].steps, wasm3 };
  await place(FILE, JSON.stringify({ print: fingerprint(MADE_FROM), figures }));
  return figures;
}

async function coreFigures(level: "-Os" | "-O2"): Promise<CortexM["core"]["-Os"]> {
  const bench = withCore({ ...BENCH, name: `${BENCH.name}${level}` });
  const image = { ...bench, flags: [...(bench.flags ?? []), level] };
  const { later: steps } = await measureSteps(BOARDS[0] as Board, image);
  return { ...(await measureCore(level)), steps };
}

/** 2^5 ns for an instruction: the timer lasts for twenty millions. */
const WASM3_SHIFT = 5;

async function measureWasm3(board: Board): Promise<CortexM["wasm3"]> {
  const phone = await measureImage(await buildImage(board, await withWasm3(phoneWithout("phone"))));
  const { first, later } = await measureSteps(board, await withWasm3(BENCH), WASM3_SHIFT);
  return { ...phone, steps: later, firstSteps: first };
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
