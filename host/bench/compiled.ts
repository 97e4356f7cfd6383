// The module as V8 has it after a long time: every function compiled by the optimizing compiler.
//
// Left alone, V8 begins with quick code and replaces a function once it has run often enough; a step that is measured
// before that shows a mixture. Below: host/core/load. Above: all.ts, start.ts.

import { setFlagsFromString } from "node:v8";
import { type CompiledModule, compile } from "../core/load.ts";

/** Compiles all of it for good. From here on every module of this process is compiled that way. */
export function compileForGood(bytes: Uint8Array): CompiledModule {
  setFlagsFromString("--no-liftoff");
  setFlagsFromString("--no-wasm-lazy-compilation");
  return compile(unknownCopy(bytes));
}

let copies = 0;

/** The same module with another section that says nothing: V8 keeps the code of bytes it has seen. */
export function unknownCopy(bytes: Uint8Array): Uint8Array {
  copies += 1;
  const number = new Uint8Array(Uint32Array.of(copies).buffer);
  // A custom section: its kind, its length, the length of its name, its name; then what it holds.
  const section = [0, 2 + number.length, 1, 0x62, ...number];
  const copy = new Uint8Array(bytes.length + section.length);
  copy.set(bytes);
  copy.set(section, bytes.length);
  return copy;
}
