// The lower layers of the core for tests in Node: tests/unit/entry.ts, compiled as the shipped module is.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../host/tools/compiler.mjs";

/** The exports of tests/unit/entry.ts. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  received(): number;
  written(): number;
  scratch(): number;
  hash(kind: number, from: number, length: number, cut: number, out: number): void;
  read(length: number): number;
  fingerprint(): number;
  readOn(text: number, length: number): number;
  status(): number;
  forget(): void;
  challenge(asker: number): number;
  messageAt(): number;
  rewindContacts(): void;
  nextContact(): number;
  uriAt(): number;
  contactParam(name: number, length: number): number;
  foundSeconds(): number;
  heldAt(): number;
  heldText(which: number): number;
  compose(
    method: number,
    nc: number,
    bytes: number,
    domain: number,
    account: number,
    password: number,
    other: number,
  ): number;
};

const WORDS = [
  ["tests/unit/entry.ts", "--config", "none", "--outFile", "out.wasm"],
  ["--runtime", "assembly/rt-none", "--transform", "./asc-utf8.transform.mjs", "--use", "abort="],
  ["--initialMemory", "1", "--maximumMemory", "1", "--memoryBase", "64", "--stackSize", "1"],
  ["--optimizeLevel", "3", "--shrinkLevel", "2"],
].flat();

export type Wire = Awaited<ReturnType<typeof loadWire>>;

/** Compiles the layers and wraps them in functions of strings and bytes. */
export async function loadWire() {
  const core = await compile();
  const memory = new Uint8Array(core.memory.buffer);
  const scratch = core.scratch();
  let free = scratch;

  /** Puts bytes into the scratch memory; they stay until clear(). */
  function put(bytes: Uint8Array): number {
    const at = free;
    memory.set(bytes, at);
    free = (at + bytes.length + 3) & ~3;
    assert.ok(free <= scratch + 4096, "the scratch memory is full");
    return at;
  }

  /** A text as base/text.ts keeps it. */
  function putText(text: string): number {
    const bytes = Buffer.from(text);
    return put(Buffer.concat([Buffer.of(bytes.length), bytes]));
  }

  function clear(): void {
    free = scratch;
  }

  return {
    core,
    put,
    putText,
    clear,

    /** Scans a datagram; behind it lies `rest` up to the end of the buffer. */
    read(datagram: Uint8Array, rest = 0x30): number {
      memory.fill(rest, core.received(), core.received() + 2048);
      memory.set(datagram, core.received());
      return core.read(datagram.length);
    },

    /** The hash of `bytes`, given in two pieces, in hex. */
    hash(kind: "md5" | "sha256", bytes: Uint8Array, cut: number): string {
      clear();
      const from = put(bytes);
      const out = put(new Uint8Array(32));
      core.hash(kind === "md5" ? 0 : 3, from, bytes.length, cut, out);
      return Buffer.from(memory.subarray(out, out + (kind === "md5" ? 16 : 32))).toString("hex");
    },

    /** The words of a record, in the order of its source. */
    words(at: number, count: number): Uint32Array {
      return new Uint32Array(core.memory.buffer, at, count);
    },

    text(from: number, to: number): string {
      return Buffer.from(memory.subarray(from, to)).toString();
    },

    /** The first `length` bytes that were written. */
    written(length: number): string {
      return Buffer.from(memory.subarray(core.written(), core.written() + length)).toString();
    },
  };
}

async function compile(): Promise<Exports> {
  const said: string[] = [];
  const listener = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
  let wasm: Uint8Array = new Uint8Array();
  const { error } = await main(WORDS, {
    stdout: listener,
    stderr: listener,
    readFile: (name, folder) => readFile(join(folder, name), "utf8").catch(() => null),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") wasm = contents;
    },
  });
  assert.equal(error, null, said.join(""));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)));
  return exports as unknown as Exports;
}
