// The module, from its bytes to a running instance; the same in Node and in a browser.
//
// Above: core.ts, which gives the exports types and words.

import { sha256 } from "@noble/hashes/sha2.js";
import { ABI_VERSION } from "../../assembly/abi.ts";
import { Core } from "./core.ts";

/** What the module exports; ABI.md, "Exports". */
export interface CoreExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  abiVersion(): number;
  buffer(): number;
  output(): number;
  setSeed(): number;
  setParam(id: number, value: number): number;
  setServer(server: number, port: number, transport: number): number;
  setText(what: number, line: number, server: number, length: number): number;
  start(now: number): number;
  resume(now: number): number;
  receive(server: number, length: number, now: number): number;
  setTargets(server: number, count: number, current: number): number;
  flow(server: number, generation: number, state: number, now: number): number;
  frame(length: number): number;
  failed(server: number, now: number): number;
  wake(now: number): number;
  command(code: number, line: number, server: number, now: number): number;
  poll(): number;
  lineView(line: number): number;
  serverView(server: number): number;
  contact(server: number): number;
  refused(reason: number): number;
  /** No export of the module: told to whoever stands before them after the host has put a state back into the memory. */
  restored?(): void;
}

/** As much of WebAssembly as is used here: the types of Node leave it out, those of a browser do not. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => CompiledModule;
  readonly Instance: new (module: CompiledModule, imports: object) => { readonly exports: unknown };
}

/** A module that is compiled already; many instances may come from one. */
export type CompiledModule = object;

const hashes = new WeakMap<CompiledModule, Uint8Array>();

/** Compiles once, for whoever starts many instances. */
export function compile(bytes: Uint8Array): CompiledModule {
  const module = new (engine().Module)(bytes);
  hashes.set(module, sha256(bytes));
  return module;
}

/** SHA-256 of the bytes of a module that compile() has compiled: which build it is. */
export function moduleHash(module: CompiledModule): Uint8Array {
  const hash = hashes.get(module);
  if (hash === undefined)
    throw new Error("the module was not compiled by compile(), so its bytes are unknown");
  return hash;
}

/** Stands before the exports of one instance: passes every call on, and may look at it. */
export type Wrap = (exports: CoreExports) => CoreExports;

/**
 * Starts one instance.
 * @throws Error when the module speaks another version than this host
 */
export function load(module: Uint8Array | CompiledModule, wrap?: Wrap): Core {
  const exports = instantiate(module);
  return new Core(wrap === undefined ? exports : wrap(exports));
}

/** The bare exports, for tests that pass what no typed caller would. */
export function instantiate(module: Uint8Array | CompiledModule): CoreExports {
  const compiled = module instanceof Uint8Array ? compile(module) : module;
  const exports = new (engine().Instance)(compiled, {}).exports as CoreExports;
  const version = exports.abiVersion();
  if (version !== ABI_VERSION) {
    const remedy = version > ABI_VERSION ? "update the host" : "update the module";
    throw new Error(`the module speaks version ${version}, this host ${ABI_VERSION}; ${remedy}`);
  }
  return exports;
}

function engine(): Engine {
  return (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
}
