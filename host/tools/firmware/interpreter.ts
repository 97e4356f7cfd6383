// The core as the shipped module and wasm3, behind the same C calls as its translation.
//
// host/firmware/api stands on host/firmware/port/interpreter here instead of a translation. Below: facts.ts, wasm3.ts, native.ts.
// Above: tests/firmware.

import { readFileSync } from "node:fs";
import { readMap, SHIPPED } from "../build/core.ts";
import { place } from "../bundle.mjs";
import type { Image } from "./cortex-m.ts";
import { buildHeader } from "./facts.ts";
import { type Compile, keptObject } from "./native.ts";
import { fetchWasm3 } from "./wasm3.ts";

const PORT = "host/firmware/port/interpreter";
/** Where there is no libc: headers that wasm3 includes, and what it would take from libgcc. */
const BARE = {
  sources: [`${PORT}/bare.c`],
  flags: [`-I${PORT}/include`, "-D_LIBC_LIMITS_H_"],
};
const OUT = "build/interpreter";
/** Of STANDFAST_HEAP bytes. */
const HEAP = `${PORT}/heap.c`;

export interface Interpreted {
  readonly sources: readonly string[];
  readonly flags: readonly string[];
  /** Where standfast_build.h is. */
  readonly include: string;
}

/** What wasm3 is told: its heap is ours, and it carries neither messages nor floats, of which the core has none. */
const SETTINGS = [
  ...["calloc", "realloc", "free"].map((name) => `-D${name}=heap_${name}`),
  ...["VerboseErrorMessages=0", "HasFloat=0", "CodePageAlignSize=2048"].map((setting) => `-Dd_m3${setting}`),
  "-DNDEBUG",
];

/** An image with the module in wasm3. @param heap bytes; wasm3 needs 16 KiB of stack, as it translates on it */
export async function withWasm3(image: Image, heap = IMAGE_HEAP): Promise<Image> {
  const { sources, flags, include } = await interpreted();
  return {
    ...image,
    name: `${image.name}-wasm3`,
    sources: [...image.sources, ...sources, ...BARE.sources],
    flags: [...(image.flags ?? []), ...flags, ...BARE.flags, `-I${include}`, `-DSTANDFAST_HEAP=${heap}`],
    stackBytes: 16_384,
  };
}

/** Bytes: enough for a processor of 32 bits. */
const IMAGE_HEAP = 256 * 1024;

/** As interpreted(), compiled as far as the size of the heap does not matter, once for each compiler and its flags. */
export async function interpretedObjects({ compiler = "gcc", flags = [] }: Compile): Promise<Interpreted> {
  const { sources, ...rest } = await interpreted();
  const how = { compiler, flags: [...flags, ...rest.flags], include: rest.include };
  const madeFrom = ["host/firmware", await fetchWasm3(), OUT];
  const compiled = sources.map((source) => (source === HEAP ? source : keptObject(source, madeFrom, how)));
  return { ...rest, sources: await Promise.all(compiled) };
}

/** What to compile, and how. @throws Error when wasm3 is not there and cannot be fetched */
export async function interpreted(): Promise<Interpreted> {
  const module = readFileSync(SHIPPED.wasm);
  const wasm3 = await fetchWasm3();
  await place(`${OUT}/standfast_build.h`, buildHeader(module, readMap(SHIPPED.map)));
  await place(`${OUT}/module.h`, `static const u8 MODULE[] = {${[...module].join(",")}};\n`);
  const folders = [PORT, ...["api", "runtime", "include"].map((name) => `host/firmware/${name}`)];
  return {
    sources: ["host/firmware/api/standfast.c", HEAP, `${PORT}/wasm3.c`],
    flags: [
      "-DSTANDFAST_INTERPRETED",
      ...SETTINGS,
      ...folders.map((folder) => `-I${folder}`),
      "-isystem",
      wasm3,
    ],
    include: OUT,
  };
}
