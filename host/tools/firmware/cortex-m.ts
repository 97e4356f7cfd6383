// Images for Cortex-M boards: what belongs to each board, compiled and linked without any libc.
//
// One cross compiler serves Linux on ARM and these boards: Debian's gcc-arm-linux-gnueabihf, told to forget Linux.
// Above: tests/firmware.

import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { run } from "../child.ts";
import { DROP_IN } from "./drop-in.ts";
import { fetchLwip } from "./lwip.ts";
import { coreObject } from "./native.ts";

const PORT = "host/firmware/port/cortex-m";
const OUT = "build/cortex-m";
const COMPILER = "arm-linux-gnueabihf-gcc";

export interface Board {
  /** Also the machine of QEMU. */
  readonly name: "mps2-an385" | "lm3s6965evb";
  /** Of QEMU's `-nic`. */
  readonly nic: "lan9118" | "stellaris";
  readonly clockHz: number;
}

export const BOARDS: readonly Board[] = [
  { name: "mps2-an385", nic: "lan9118", clockHz: 25_000_000 },
  { name: "lm3s6965evb", nic: "stellaris", clockHz: 12_500_000 },
];

export interface Image {
  readonly name: string;
  /** What the image is made of besides the files of its board. */
  readonly sources: readonly string[];
  readonly flags?: readonly string[];
  readonly stack?: Stack;
  readonly stackBytes: number;
}

/** Start-up, log and libc: what every image has. */
const BASE = ["board/start.c", "board/semihosting.c", "libc/string.c", "libc/setjmp.S"];
/** What an image has below net.h. */
export interface Stack {
  readonly sources: readonly string[];
  readonly flags: readonly string[];
}

/** The small one. */
export const NET: Stack = { sources: [`${PORT}/net/link.c`, `${PORT}/net/ipv4.c`], flags: [] };

/** lwIP behind the same calls. @throws Error when its sources cannot be fetched */
export async function lwipStack(): Promise<Stack> {
  const { sources, include } = await fetchLwip();
  return {
    sources: [`${PORT}/lwip/net_lwip.c`, ...sources],
    flags: [`-I${PORT}/lwip`, `-isystem`, include],
  };
}

/** What gcc 12 does to translated code, and makes it larger. */
const LARGER =
  "inline-functions-called-once move-loop-invariants schedule-insns2 tree-loop-optimize tree-tail-merge cse-follow-jumps";
const SMALLER = LARGER.split(" ").map((pass) => `-fno-${pass}`);
/** A whole image compiled at once is a twentieth smaller. */
const SMALL = ["-flto=1", ...SMALLER];

/** Bytes; the phone uses a fifth of it, and what a product adds to its loop needs some too. */
export const PHONE_STACK = 2048;

/**
 * The phone: the core, the loop around it, and a stack below.
 * @param name tells cores apart, and stacks
 * @param core folder of standfast.c and standfast.h
 */
export function phoneImage(name = "phone-small", core = DROP_IN, stack = NET): Image {
  return withCore(phoneWithout(name, stack), core);
}

/** The phone without its core. */
export function phoneWithout(name: string, stack = NET): Image {
  const sources = ["phone.c", "settings.c"].map((file) => `${PORT}/phone/${file}`);
  return { name, sources, stackBytes: PHONE_STACK, stack };
}

/** An image with the core in it, compiled for size. */
export function withCore(image: Image, core = DROP_IN): Image {
  return { ...image, sources: [...image.sources, `${core}/standfast.c`], flags: [...SMALL, `-I${core}`] };
}

const FLAGS = [
  "-mcpu=cortex-m3 -mthumb -mfloat-abi=soft -std=c99 -Os -g",
  "-Wall -Wextra -Werror",
  // No system below, no libc beside: only the headers of the compiler and of libc/include.
  "-ffreestanding -nostdlib -nostdinc -static -no-pie -fno-pic -fno-pie -fno-stack-protector",
  // memcpy() is made of a loop, which must not be made into memcpy().
  "-fno-tree-loop-distribute-patterns",
  "-ffunction-sections -fdata-sections -Wl,--gc-sections -Wl,--build-id=none",
  `-I${PORT} -I${PORT}/libc/include -L${PORT}/board`,
].flatMap((line) => line.split(" "));

/** Builds an image unless it is fresh. @returns its path; @throws Error with what the compiler says */
export async function buildImage(board: Board, image: Image): Promise<string> {
  const path = `${OUT}/${image.name}-${board.name}.elf`;
  const words = await wordsFor(board, image);
  const sources = [PORT, ...image.sources, ...(image.stack?.sources ?? []), ...headersOf(words)];
  const print = fingerprint(sources) + words.join(" ");
  const problems = await unlessFresh(`${path}.stamp`, print, [path], async () => {
    mkdirSync(OUT, { recursive: true });
    const draft = `${path}.${process.pid}.draft`; // two files of tests may build one image
    const { code, output } = await run(COMPILER, [...words, "-o", draft]);
    if (code !== 0) return [output.trim() || `${COMPILER} ended with code ${code}`];
    renameSync(draft, path);
    return [];
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return path;
}

async function headersOfCompiler(): Promise<string[]> {
  return ["-isystem", (await run(COMPILER, ["-print-file-name=include"])).output.trim()];
}

/** Those in the folders that the compiler is told. */
function headersOf(words: readonly string[]): string[] {
  const folders = words.filter((word) => /^-I./.test(word)).map((word) => word.slice(2));
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".h"))
      .map((name) => `${folder}/${name}`),
  );
}

async function wordsFor(board: Board, { sources, flags = [], stack, stackBytes }: Image): Promise<string[]> {
  return [
    ...FLAGS,
    ...(await headersOfCompiler()),
    `-DBOARD_HZ=${board.clockHz}`,
    ...flags,
    ...(stack?.flags ?? []),
    ...[`-T${board.name}.ld`, `-Wl,--defsym=STACK_SIZE=${stackBytes}`],
    ...[...BASE, `board/${board.nic}.c`].map((file) => `${PORT}/${file}`),
    ...sources,
    ...(stack?.sources ?? []),
  ];
}

/** Bytes of standfast.c alone, compiled for a Cortex-M3 with all its calls in it. */
export async function measureCore(level: "-Os" | "-O2"): Promise<ImageSize> {
  const how = { compiler: COMPILER, flags: [...FLAGS, ...(await headersOfCompiler()), ...SMALLER, level] };
  return measureImage(await coreObject(how));
}

/** The same by clang, which several vendors' tools are. */
export async function measureCoreByClang(): Promise<ImageSize> {
  const { output: resources } = await run("clang", ["-print-resource-dir"]);
  const words = `--target=arm-none-eabi -mcpu=cortex-m3 -mthumb -mfloat-abi=soft -Oz -ffreestanding -nostdinc -I${PORT}/libc/include`;
  const flags = [...words.split(" "), "-isystem", `${resources.trim()}/include`];
  return measureImage(await coreObject({ compiler: "clang", flags }));
}

/** Bytes of an image. */
export interface ImageSize {
  /** Code, constants, and the first values of data. */
  readonly flash: number;
  /** Data and the reserved stack. */
  readonly ram: number;
}

export async function measureImage(path: string): Promise<ImageSize> {
  const { output } = await run("size", [path]);
  const [text = 0, data = 0, bss = 0] = (/^\s*(\d+)\s+(\d+)\s+(\d+)/m.exec(output) ?? [])
    .slice(1)
    .map(Number);
  return { flash: text + data, ram: data + bss };
}
