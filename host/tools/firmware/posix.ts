// The port for POSIX as a program for each kind of processor, with Debian's compilers, and what it takes there.
//
// Slow, for it compiles the core four times; so it is not part of a build. Below: native.ts, drop-in.ts. Above: build/size.ts,
// tests/firmware/posix*.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { SHIPPED } from "../build/core.ts";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { place } from "../bundle.mjs";
import { run } from "../child.ts";
import { DROP_IN, writeDropIn } from "./drop-in.ts";
import { coreObject, link, NATIVE } from "./native.ts";

export interface PosixTarget {
  readonly name: string;
  /** Before the names of its tools. */
  readonly prefix: string;
  /** Runs its programs here; empty: the machine itself. */
  readonly emulator: readonly string[];
}

const HERE: PosixTarget = {
  name: process.arch === "x64" ? "x86-64" : process.arch,
  prefix: "",
  emulator: [],
};

/** This machine first. Of MIPS both orders of bytes. */
export const POSIX_TARGETS: readonly PosixTarget[] = [
  HERE,
  crossed("armhf", "arm-linux-gnueabihf", "qemu-arm"),
  crossed("mipsel", "mipsel-linux-gnu", "qemu-mipsel"),
  crossed("mips", "mips-linux-gnu", "qemu-mips"),
];

function crossed(name: string, triplet: string, emulator: string): PosixTarget {
  return { name, prefix: `${triplet}-`, emulator: [emulator, "-L", `/usr/${triplet}`] };
}

/** The sources of the port, and where they lie. */
const PORT = "host/firmware/port/posix";
/** The tables of keys. */
const TABLES = "host/firmware/include";
const SOURCES = readdirSync(PORT)
  .filter((name) => name.endsWith(".c"))
  .map((name) => `${PORT}/${name}`);

const SMALL = ["-Os"];

export interface PosixBuild {
  /** Compiled as small as a product would be, and stripped, unless told. */
  readonly flags?: readonly string[];
  /** Where another core lies. */
  readonly core?: string;
}

/** Compiles the program. @returns the words that run it. @throws Error with what the compiler said */
export async function buildPosix(target = HERE, build: PosixBuild = {}): Promise<readonly string[]> {
  const { flags = SMALL, core = DROP_IN } = build;
  const variant = [...flags, core === DROP_IN ? "" : core].join("").replace(/\W+/g, "-");
  const program = `${NATIVE}/posix/${target.name}${variant}`;
  if (core === DROP_IN) await writeDropIn(SHIPPED.wasm);
  const how = { compiler: `${target.prefix}gcc`, flags, include: core };
  const sources = [...SOURCES, await coreObject(how)];
  const print = fingerprint([...sources, PORT, TABLES, "host/tools/firmware"]);
  const problems = await unlessFresh(`${program}.stamp`, print, [program], () =>
    link(sources, program, { ...how, flags: [...flags, `-I${TABLES}`, ...(flags === SMALL ? ["-s"] : [])] }),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return [...target.emulator, program];
}

/** Bytes of the stripped program, which shares its C library with others. */
export interface PosixFigures {
  readonly target: string;
  readonly text: number;
  readonly data: number;
  /** The memory of the core and of the snapshot it goes on from are most of it. */
  readonly bss: number;
  readonly file: number;
}

const FILE = `${NATIVE}/posix/figures.json`;
const MADE_FROM = [SHIPPED.wasm, "host/firmware", "host/tools/firmware"];

/** @throws Error when something does not compile */
export async function measurePosix(): Promise<readonly PosixFigures[]> {
  const known = readPosix();
  if (known !== undefined) return known;
  const figures: PosixFigures[] = [];
  for (const target of POSIX_TARGETS) figures.push(await sizeOf(target));
  await place(FILE, JSON.stringify({ print: fingerprint(MADE_FROM), figures }));
  return figures;
}

/** What was measured of the sources as they are now. */
export function readPosix(): readonly PosixFigures[] | undefined {
  try {
    const { print, figures } = JSON.parse(readFileSync(FILE, "utf8"));
    return print === fingerprint(MADE_FROM) ? figures : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(target: PosixTarget): Promise<PosixFigures> {
  const program = (await buildPosix(target)).at(-1) ?? "";
  const { output } = await run(`${target.prefix}size`, [program]);
  const [text = 0, data = 0, bss = 0] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s/m.exec(output)?.slice(1).map(Number) ?? [];
  return { target: target.name, text, data, bss, file: statSync(program).size };
}
