// A phone that can be put back: the bare module, and copies of its whole memory.
//
// All state of the core is memory, so the same step can be measured any number of times from the same state.
// Below: host/core/load. Above: story.ts, steps.ts.

import * as abi from "../../assembly/abi.ts";
import { type CompiledModule, type CoreExports, instantiate } from "../core/load.ts";
import { coreNumber, type Value } from "../params/row.ts";
import { paramOf } from "../params/table.ts";

export const USER = "6000";
export const PASSWORD = "secret";
/** Our own address, as the servers see it. */
export const OWN = { address: "192.0.2.9", port: 5062 };
const SERVERS = ["192.0.2.1", "192.0.2.2"];

export type Params = Readonly<Record<string, Value>>;

export class BenchPhone {
  readonly core: CoreExports;
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #input: number;
  readonly #output: number;

  constructor(module: CompiledModule) {
    this.core = instantiate(module);
    this.#memory = new Uint8Array(this.core.memory.buffer);
    this.#view = new DataView(this.core.memory.buffer);
    this.#input = this.core.buffer();
    this.#output = this.core.output();
  }

  /** One line, a primary and a backup. */
  configure(params: Params): this {
    this.#memory.fill(7, this.#input, this.#input + 32);
    must(this.core.setSeed());
    must(this.core.setParam(paramOf("natKeepalive").id, 0)); // only requests are timed
    for (const [name, value] of Object.entries(params)) {
      const row = paramOf(name);
      must(this.core.setParam(row.id, coreNumber(row, value)));
    }
    this.#text(abi.TEXT_USER, 0, USER);
    this.#text(abi.TEXT_INSTANCE, 0, "0badcafe");
    this.#text(abi.TEXT_AGENT, 0, "standfast/bench");
    for (const [rank, address] of SERVERS.entries()) {
      must(this.core.setServer(rank, 5060, abi.TRANSPORT_UDP));
      this.#text(abi.TEXT_HOST, rank, address);
      this.#text(abi.TEXT_ADDRESS, rank, address);
      this.#text(abi.TEXT_DOMAIN, rank, "example.test");
      this.#text(abi.TEXT_LOCAL, rank, `${OWN.address}:${OWN.port}`);
      this.#text(abi.TEXT_ACCOUNT, rank, USER);
      this.#text(abi.TEXT_PASSWORD, rank, PASSWORD);
    }
    return this;
  }

  #text(what: number, server: number, value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.#memory.set(bytes, this.#input);
    must(this.core.setText(what, 0, server, bytes.length));
  }

  /** Copies a datagram in and gives it to the core. @returns what receive() says */
  receive(server: number, bytes: Uint8Array, now: number): number {
    this.#memory.set(bytes, this.#input);
    return this.core.receive(server, bytes.length, now);
  }

  /** Polls until the core sleeps; what it wrote is left where it is. @returns how many datagrams it wrote */
  settle(): number {
    let written = 0;
    for (;;) {
      const kind = this.core.poll();
      if (kind === abi.OUT_SLEEP) return written;
      if (kind === abi.OUT_SEND) written += 1;
    }
  }

  /** Polls until the core sleeps. @returns the datagrams it wrote, as copies */
  drain(): Uint8Array[] {
    const sent: Uint8Array[] = [];
    for (;;) {
      const kind = this.core.poll();
      if (kind === abi.OUT_SLEEP) return sent;
      if (kind === abi.OUT_SEND) sent.push(this.#sent());
    }
  }

  #sent(): Uint8Array {
    const at = this.#view.getUint32(this.#output + 4, true);
    return this.#memory.slice(at, at + this.#view.getUint32(this.#output + 8, true));
  }

  /** How long the core wants to sleep, ms, as of the last poll. */
  get sleepMs(): number {
    return this.#view.getUint32(this.#output + 12, true);
  }

  /** A copy of everything the core knows. */
  save(): Uint8Array {
    return this.#memory.slice(
      0,
      (this.core as unknown as { __heap_base: WebAssembly.Global }).__heap_base.value,
    );
  }

  restore(saved: Uint8Array): this {
    this.#memory.set(saved);
    return this;
  }
}

function must(result: number): void {
  if (result !== abi.OK) throw new Error(`the module refused its configuration: ${result}`);
}
