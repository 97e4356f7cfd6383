// What each knob of the build saves: of the module, and of a whole phone on a Cortex-M3.
//
// Slow, as images.ts is, and kept as there. Below: ../build/core.ts, cortex-m.ts. Above: ../build/size.ts, tests/firmware/.

import { readFileSync, statSync } from "node:fs";
import { buildVariant, SHIPPED } from "../build/core.ts";
import { suffixOf } from "../build/options.ts";
import type { Sizes } from "../build/sources.ts";
import { fingerprint } from "../build/stamp.ts";
import { place } from "../bundle.mjs";
import { BOARDS, type Board, buildImage, type ImageSize, measureImage, phoneImage } from "./cortex-m.ts";
import { DROP_IN, writeDropIn } from "./drop-in.ts";

/** The default build, each knob alone, and all that a phone with two lines over UDP needs. */
export const KNOBS: readonly Sizes[] = [
  {},
  { lines: 2 },
  { servers: 2 },
  { input: 1024 },
  { streams: false },
  { sha256: false },
  { lines: 2, servers: 2, input: 1024, streams: false, sha256: false },
];

/** Bytes of the module, and of the whole image for the LM3S6965. */
export interface Cost extends ImageSize {
  readonly module: number;
}

/** By the words that turn the knobs, such as `--lines 2`; the default build is "". */
export type Costs = Readonly<Record<string, Cost>>;

const FILE = "build/cortex-m/knobs.json";
const MADE_FROM = [SHIPPED.wasm, "assembly", "host/firmware", "host/tools"];
const LM3S = BOARDS.find(({ name }) => name === "lm3s6965evb") as Board;

/** Builds each variant, with its proof, unless nothing has changed. @throws Error when one is refused */
export async function measureKnobs(): Promise<Costs> {
  const known = readKnobs();
  if (known !== undefined) return known;
  const costs: [string, Cost][] = [];
  for (const knob of KNOBS) costs.push([wordsOf(knob), await measure(knob)]);
  const figures = Object.fromEntries(costs);
  await place(FILE, JSON.stringify({ print: fingerprint(MADE_FROM), figures }));
  return figures;
}

/** What was measured of the sources as they are now. */
export function readKnobs(): Costs | undefined {
  try {
    const { print, figures } = JSON.parse(readFileSync(FILE, "utf8"));
    return print === fingerprint(MADE_FROM) ? figures : undefined;
  } catch {
    return undefined;
  }
}

/** The module of a knob, once measureKnobs() has built it. */
export function moduleOf(knob: Sizes): string {
  return Object.keys(knob).length === 0 ? SHIPPED.wasm : `build/variant/standfast${suffixOf(knob)}.wasm`;
}

/** The words of `npm run build` and `npm run firmware` that turn it. */
export function wordsOf(knob: Sizes): string {
  return Object.entries(knob)
    .map(([name, value]) => (value === false ? `--no-${name}` : `--${name} ${value}`))
    .join(" ");
}

async function measure(knob: Sizes): Promise<Cost> {
  const wasm = moduleOf(knob);
  if (wasm !== SHIPPED.wasm) {
    const problems = await buildVariant(knob, wasm.replace(/\.wasm$/, ""));
    if (problems.length > 0) throw new Error(problems.join("\n"));
  }
  const folder = `${DROP_IN}${suffixOf(knob)}`;
  await writeDropIn(wasm, folder);
  const image = await buildImage(LM3S, phoneImage(`phone-small${suffixOf(knob)}`, folder));
  return { module: statSync(wasm).size, ...(await measureImage(image)) };
}
