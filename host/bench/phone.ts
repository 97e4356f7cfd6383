// A phone that can be put back: the bare module with a registrar of host/pbx, and copies of its whole memory.
//
// All state of the core is memory, so the same step can be measured a million times. Above: run.ts.

import * as abi from "../../assembly/abi.ts";
import { type CompiledModule, type CoreExports, instantiate } from "../core/load.ts";
import { Registrar } from "../pbx/registrar.ts";

const PHONE = { address: "192.0.2.9", port: 5062 };
const ACCOUNT = { user: "6000", account: "6000", secret: { kind: "password", password: "secret" } } as const;

export class BenchPhone {
  readonly core: CoreExports;
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #registrar = new Registrar({ realm: "example.test", accounts: [ACCOUNT], key: "bench" });

  constructor(module: CompiledModule) {
    this.core = instantiate(module);
    this.#memory = new Uint8Array(this.core.memory.buffer);
    this.#view = new DataView(this.core.memory.buffer);
    this.#configure();
  }

  #configure(): void {
    this.#memory.fill(7, this.core.buffer(), this.core.buffer() + 32);
    this.#must(this.core.setSeed());
    this.#text(abi.TEXT_USER, ACCOUNT.user);
    this.#text(abi.TEXT_INSTANCE, "0badcafe");
    this.#must(this.core.setServer(0, 5060, abi.TRANSPORT_UDP));
    this.#text(abi.TEXT_HOST, "192.0.2.1");
    this.#text(abi.TEXT_ADDRESS, "192.0.2.1");
    this.#text(abi.TEXT_DOMAIN, "example.test");
    this.#text(abi.TEXT_LOCAL, "192.0.2.9:5062");
    this.#text(abi.TEXT_ACCOUNT, ACCOUNT.account);
    this.#text(abi.TEXT_PASSWORD, ACCOUNT.secret.password);
  }

  #text(what: number, value: string): void {
    this.#must(this.core.setText(what, 0, 0, this.put(new TextEncoder().encode(value))));
  }

  #must(result: number): void {
    if (result !== abi.OK) throw new Error(`the module refused its configuration: ${result}`);
  }

  /** Copies bytes into the input buffer. @returns how many */
  put(bytes: Uint8Array): number {
    this.#memory.set(bytes, this.core.buffer());
    return bytes.length;
  }

  /** Polls until the core sleeps. @returns the datagrams it sent, as copies */
  drain(): Uint8Array[] {
    const sent: Uint8Array[] = [];
    for (;;) {
      const kind = this.core.poll();
      if (kind === abi.OUT_SLEEP) return sent;
      if (kind === abi.OUT_SEND) sent.push(this.#sent());
    }
  }

  #sent(): Uint8Array {
    const output = this.core.output();
    const at = this.#view.getUint32(output + 4, true);
    return this.#memory.slice(at, at + this.#view.getUint32(output + 8, true));
  }

  /** The registrar's answer to what the phone sent last. */
  answerTo(sent: readonly Uint8Array[]): Uint8Array {
    const [reply] = this.#registrar.handle(sent.at(-1) ?? new Uint8Array(), PHONE, 0);
    if (reply === undefined) throw new Error("the phone sent nothing that the registrar answers");
    return reply.bytes;
  }

  /** A copy of everything the core knows. @param bytes how much of the memory is in use */
  save(bytes: number): Uint8Array {
    return this.#memory.slice(0, bytes);
  }

  restore(saved: Uint8Array): void {
    this.#memory.set(saved);
  }
}
