// The exports of the module with types: texts instead of pointers, words instead of codes.
//
// It adds no rule of its own. Memory is fixed, so the views are made once. Below: load.ts, results.ts.
// Above: agent.ts.

import * as abi from "../../assembly/abi.ts";
import type { Names } from "./events.ts";
import type { CoreExports } from "./load.ts";
import { CoreError } from "./results.ts";
import { type LineState, readLine, readServer, type ServerState } from "./view.ts";

/** What poll() handed out. */
export type CoreOutput =
  | { readonly kind: "sleep"; readonly forMs: number }
  | { readonly kind: "send"; readonly server: number; readonly bytes: Uint8Array }
  | { readonly kind: "event"; readonly record: EventRecord }
  /** A flow of that number is wanted, to the address of that index; the earlier one is to be forgotten. */
  | { readonly kind: "flow"; readonly server: number; readonly target: number; readonly flow: number }
  /** A header of a grant, FIELD_*; FIELD_NONE: what follows replaces what that server sent before. */
  | { readonly kind: "field"; readonly server: number; readonly field: number; readonly value: string }
  | { readonly kind: "stopped" };

/** An event as it lies in memory; ABI.md, "Event". */
export interface EventRecord {
  readonly type: number;
  /** 255: none. */
  readonly server: number;
  readonly rule: number;
  readonly next: number;
  /** 65535: none. */
  readonly line: number;
  readonly status: number;
  /** Core time, ms, a u32 that wraps. */
  readonly at: number;
  readonly a: number;
  readonly b: number;
  /** Delay from `at`. */
  readonly nextMs: number;
}

/** Bytes that fit into the input buffer. */
export const INPUT_MAX = 2048;

export class Core {
  readonly #exports: CoreExports;
  readonly #view: DataView;
  readonly #input: Uint8Array;
  readonly #output: number;
  readonly #bytes: Uint8Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(exports: CoreExports) {
    this.#exports = exports;
    const { buffer } = exports.memory;
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#input = new Uint8Array(buffer, exports.buffer() >>> 0, INPUT_MAX);
    this.#output = exports.output() >>> 0;
  }

  /** All of the instance's memory, as it is now and as it will be. */
  get memory(): ArrayBuffer {
    return this.#exports.memory.buffer;
  }

  /** @param seed 32 bytes; everything unguessable of this boot comes from them */
  setSeed(seed: Uint8Array): void {
    this.#withSeed("setSeed", seed, () => this.#exports.setSeed());
  }

  setParam(id: number, value: number): void {
    this.#check(`setParam ${id} = ${value}`, this.#exports.setParam(id, value));
  }

  /** Declares a server; its index is its rank. */
  setServer(server: number, port: number, transport: number): void {
    this.#check(`setServer ${server}`, this.#exports.setServer(server, port, transport));
  }

  /** @param what a TEXT_ number; the error never shows the text itself: it may be a password */
  setText(what: number, line: number, server: number, text: string): void {
    const bytes = this.#encoder.encode(text);
    this.#input.set(bytes.subarray(0, INPUT_MAX));
    const result = this.#exports.setText(what, line, server, bytes.length);
    this.#input.fill(0, 0, Math.min(bytes.length, INPUT_MAX));
    this.#check(`setText ${what}`, result);
  }

  start(now: number): void {
    this.#check("start", this.#exports.start(now));
  }

  /** A copy of the state, without credentials. ABI.md, "Snapshots". @param into takes it; new unless given */
  save(into: Uint8Array = new Uint8Array(this.#input.byteOffset)): Uint8Array {
    into.set(this.#bytes.subarray(0, this.#input.byteOffset));
    return into;
  }

  /** Puts the state of another instance of the same module in place of this one's; credentials stay as they are. */
  restore(state: Uint8Array): void {
    if (state.length !== this.#input.byteOffset) throw new CoreError("restore", abi.E_LENGTH);
    this.#bytes.set(state);
    this.#exports.restored?.();
  }

  /** Goes on from a state that was put back, which may be out of date. @param seed 32 bytes, never used before */
  resume(seed: Uint8Array, now: number): void {
    this.#withSeed("resume", seed, () => this.#exports.resume(now));
  }

  /**
   * Gives the core one datagram.
   * @param server index of the server it came from; 255: an address that is none of the set
   * @returns OK, NOT_MINE, or a negative code: refused, and counted
   */
  receive(server: number, bytes: Uint8Array, now: number): number {
    this.#input.set(bytes.length > INPUT_MAX ? bytes.subarray(0, INPUT_MAX) : bytes);
    return this.#exports.receive(server, bytes.length, now);
  }

  /** How many addresses a server has, and which of them is in use. */
  setTargets(server: number, count: number, current: number): void {
    this.#check(`setTargets ${server}`, this.#exports.setTargets(server, count, current));
  }

  /** What became of a flow: FLOW_*. */
  flow(server: number, generation: number, state: number, now: number): void {
    this.#check(`flow ${server}`, this.#exports.flow(server, generation, state, now));
  }

  /** How many bytes at the start of a stream make one unit; 0: not whole yet; negative: no SIP. */
  frame(bytes: Uint8Array): number {
    const part = bytes.subarray(0, INPUT_MAX);
    this.#input.set(part);
    return this.#exports.frame(part.length);
  }

  /** The transport reported an error for that server. */
  failed(server: number, now: number): void {
    this.#check(`failed ${server}`, this.#exports.failed(server, now));
  }

  wake(now: number): void {
    this.#check("wake", this.#exports.wake(now));
  }

  /** @param code a CMD_ number */
  command(code: number, line: number, server: number, now: number): void {
    this.#check(`command ${code}`, this.#exports.command(code, line, server, now));
  }

  /** The next thing to carry out. The bytes of a send are a copy: the caller may keep them. */
  poll(): CoreOutput {
    const kind = this.#exports.poll();
    switch (kind) {
      case abi.OUT_SEND:
        return { kind: "send", server: this.#view.getUint8(this.#output + 1), bytes: this.#sent() };
      case abi.OUT_EVENT:
        return { kind: "event", record: this.#event(this.#output + 16) };
      case abi.OUT_FLOW:
        return {
          kind: "flow",
          server: this.#view.getUint8(this.#output + 1),
          target: this.#view.getUint8(this.#output + 2),
          flow: this.#view.getUint8(this.#output + 3),
        };
      case abi.OUT_FIELD:
        return {
          kind: "field",
          server: this.#view.getUint8(this.#output + 1),
          field: this.#view.getUint8(this.#output + 2),
          value: this.#decoder.decode(this.#sent()),
        };
      case abi.OUT_STOPPED:
        return { kind: "stopped" };
      default: {
        this.#check("poll", kind);
        return { kind: "sleep", forMs: this.#sleepMs() };
      }
    }
  }

  /** The line at `index` as of the last input; undefined: there is no such line. */
  line(index: number, names: Names): LineState | undefined {
    const at = this.#exports.lineView(index) >>> 0;
    return at === 0 ? undefined : readLine(this.#view, at, names.lines[index] ?? "", names);
  }

  /** The server of that rank as of the last input; undefined: there is no such server. */
  server(rank: number, names: Names): ServerState | undefined {
    const at = this.#exports.serverView(rank) >>> 0;
    return at === 0 ? undefined : readServer(this.#view, at, names.servers[rank] ?? "");
  }

  /** "address:port" of our Contact at the server of that rank; empty: there is no such server. */
  contact(rank: number): string {
    const at = this.#exports.contact(rank) >>> 0;
    if (at === 0) return "";
    return new TextDecoder().decode(this.#bytes.subarray(at + 1, at + 1 + this.#view.getUint8(at)));
  }

  /** How many datagrams were refused for that reason since the start. */
  refused(reason: number): number {
    return this.#exports.refused(reason) >>> 0;
  }

  #withSeed(call: string, seed: Uint8Array, take: () => number): void {
    if (seed.length !== 32) throw new CoreError(call, abi.E_LENGTH);
    this.#input.set(seed);
    const result = take();
    this.#input.fill(0, 0, seed.length);
    this.#check(call, result);
  }

  #sent(): Uint8Array {
    const at = this.#view.getUint32(this.#output + 4, true);
    return this.#bytes.slice(at, at + this.#view.getUint32(this.#output + 8, true));
  }

  #sleepMs(): number {
    const sleepMs = this.#view.getUint32(this.#output + 12, true);
    return sleepMs === abi.SLEEP_FOREVER >>> 0 ? Number.POSITIVE_INFINITY : sleepMs;
  }

  #event(at: number): EventRecord {
    const view = this.#view;
    return {
      type: view.getUint8(at),
      server: view.getUint8(at + 1),
      rule: view.getUint8(at + 2),
      next: view.getUint8(at + 3),
      line: view.getUint16(at + 4, true),
      status: view.getUint16(at + 6, true),
      at: view.getUint32(at + 8, true),
      a: view.getUint32(at + 12, true),
      b: view.getUint32(at + 16, true),
      nextMs: view.getUint32(at + 20, true),
    };
  }

  #check(call: string, code: number): void {
    if (code < 0) throw new CoreError(call, code);
  }
}
