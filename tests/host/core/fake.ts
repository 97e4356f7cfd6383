// A core that decides nothing: it writes down what it was told and hands out what it was given.

import * as abi from "../../../assembly/abi.ts";
import type { CoreExports } from "../../../host/core/load.ts";

export type Scripted =
  | { readonly kind: "sleep"; readonly ms: number }
  | { readonly kind: "send"; readonly server: number; readonly text: string }
  | { readonly kind: "event"; readonly fields: Partial<Record<EventField, number>> }
  | { readonly kind: "stopped" }
  | { readonly kind: "trap" };

type EventField = keyof typeof FIELDS;

/** Offset in the event and width, ABI.md "Event". */
const FIELDS = {
  type: [0, 1],
  server: [1, 1],
  rule: [2, 1],
  next: [3, 1],
  line: [4, 2],
  status: [6, 2],
  at: [8, 4],
  a: [12, 4],
  b: [16, 4],
  nextMs: [20, 4],
} as const;

const [INPUT, OUTPUT, SENT] = [1024, 8192, 16_384];

export class FakeCore {
  readonly calls: string[] = [];
  readonly script: Scripted[] = [];
  /** What each export returns; OK otherwise. */
  readonly results = new Map<string, number>();
  readonly #memory = { buffer: new ArrayBuffer(65_536) };
  readonly #view = new DataView(this.#memory.buffer);

  readonly exports: CoreExports = {
    memory: this.#memory,
    abiVersion: () => abi.ABI_VERSION,
    buffer: () => INPUT,
    output: () => OUTPUT,
    setSeed: () => this.#call("setSeed", this.#text(32).length),
    setParam: (...args) => this.#call("setParam", ...args),
    setServer: (...args) => this.#call("setServer", ...args),
    setText: (what, line, server, length) => this.#call("setText", what, line, server, this.#text(length)),
    start: (...args) => this.#call("start", ...args),
    resume: (...args) => this.#call("resume", ...args),
    receive: (server, length, now) => this.#call("receive", server, length, now),
    setTargets: (...args) => this.#call("setTargets", ...args),
    flow: (...args) => this.#call("flow", ...args),
    frame: (...args) => this.#call("frame", ...args),
    failed: (...args) => this.#call("failed", ...args),
    wake: (...args) => this.#call("wake", ...args),
    command: (...args) => this.#call("command", ...args),
    poll: () => this.#poll(),
    lineView: () => 0,
    serverView: () => 0,
    contact: () => 0,
    refused: () => 0,
  };

  #call(name: string, ...args: (number | string)[]): number {
    this.calls.push([name, ...args].join(" "));
    return this.results.get(name) ?? abi.OK;
  }

  #text(length: number): string {
    return new TextDecoder().decode(this.#memory.buffer.slice(INPUT, INPUT + length));
  }

  #poll(): number {
    const next = this.script.shift() ?? { kind: "sleep", ms: 1000 };
    switch (next.kind) {
      case "sleep":
        this.#view.setUint32(OUTPUT + 12, next.ms, true);
        return abi.OUT_SLEEP;
      case "send": {
        const bytes = new TextEncoder().encode(next.text);
        new Uint8Array(this.#memory.buffer).set(bytes, SENT);
        this.#view.setUint8(OUTPUT + 1, next.server);
        this.#view.setUint32(OUTPUT + 4, SENT, true);
        this.#view.setUint32(OUTPUT + 8, bytes.length, true);
        return abi.OUT_SEND;
      }
      case "event":
        this.#write(next.fields);
        return abi.OUT_EVENT;
      case "stopped":
        return abi.OUT_STOPPED;
      case "trap":
        throw Object.assign(new Error("unreachable"), { name: "RuntimeError" });
    }
  }

  #write(fields: Partial<Record<EventField, number>>): void {
    const all = { server: abi.SERVER_NONE, line: abi.LINE_ALL, ...fields };
    for (const [name, [offset, width]] of Object.entries(FIELDS)) {
      const value = all[name as EventField] ?? 0;
      const at = OUTPUT + 16 + offset;
      if (width === 1) this.#view.setUint8(at, value);
      else if (width === 2) this.#view.setUint16(at, value, true);
      else this.#view.setUint32(at, value, true);
    }
  }
}
