// A server of host/pbx on real sockets, over UDP, TCP or TLS, which can die, hang, come back and forget.
//
// A server that died has closed its sockets, so the system answers for it with an ICMP error or a refused
// connection; one that hangs keeps them and says nothing. Every message and every change of the location table
// is told with its time: this is the server's side of the story. Below: host/pbx, pbx-listen.ts. Above: tests.

import type { Endpoint } from "../../host/node/address.ts";
import {
  type Conduct,
  type Heard,
  type Identity,
  type Listener,
  listenStream,
  listenUdp,
} from "../../host/node/pbx-listen.ts";
import type { Binding } from "../../host/pbx/locations.ts";
import type { RegistrarOptions } from "../../host/pbx/registrar.ts";
import { type Neighbours, PbxServer } from "../../host/pbx/server.ts";

/** What the server noticed. Times are those of the given clock, ms. */
export type Sighting =
  | { readonly kind: "packet"; readonly at: number; readonly from: Endpoint; readonly startLine: string }
  | {
      readonly kind: "bound" | "renewed" | "unbound";
      readonly at: number;
      readonly user: string;
      readonly contact: string;
    };

export interface PbxSocketOptions {
  readonly address: string;
  /** 0: any free one, kept for the whole life. */
  readonly port: number;
  /** UDP when left out. */
  readonly transport?: "udp" | "tcp" | "tls";
  /** What it shows over TLS. */
  readonly identity?: Identity;
  readonly registrar: RegistrarOptions;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  readonly onSight?: (sighting: Sighting) => void;
}

/** alive: serves; hung: hears, accepts connections, and keeps silent; dead: its port is closed. */
export type PbxState = "alive" | "hung" | "dead";

const ALONE: Neighbours = { contactOf: () => undefined, tableOf: () => undefined };

export class PbxSocket {
  readonly #options: PbxSocketOptions;
  readonly #server: PbxServer;
  /** What it does wrong with its connections; change it at any time. */
  readonly conduct: Conduct;
  #port: number;
  #listener: Listener | undefined;
  #state: PbxState = "dead";
  /** Messages heard while alive or hung. */
  packets = 0;

  private constructor(options: PbxSocketOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#server = new PbxServer(options.registrar, ALONE);
    this.conduct = {
      identity: options.identity,
      isSilent: () => this.#state !== "alive",
    };
  }

  static async open(options: PbxSocketOptions): Promise<PbxSocket> {
    const pbx = new PbxSocket(options);
    await pbx.#bind();
    return pbx;
  }

  get endpoint(): Endpoint {
    return { address: this.#options.address, port: this.#port };
  }

  get state(): PbxState {
    return this.#state;
  }

  /** Bindings that are alive now, of every account. */
  bindings(): readonly (Binding & { readonly user: string })[] {
    const now = this.#options.now();
    const { table } = this.#server;
    return table.users(now).flatMap((user) => table.of(user, now).map((binding) => ({ ...binding, user })));
  }

  /** Takes the bindings of an account away, as an administrator does, and tells who watches. */
  remove(user: string, event: string): void {
    const before = this.bindings();
    const now = this.#options.now();
    const told = this.#server.registrar.remove(user, event, now);
    for (const { to, bytes } of told) this.#listener?.send(bytes, to);
    this.#compare(before, now);
  }

  /** Closes port and connections at once: the next message meets an error. Bindings are kept, as on a disk. */
  die(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.#state = "dead";
  }

  /** Goes on hearing, says nothing. */
  hang(): void {
    if (this.#state === "alive") this.#state = "hung";
  }

  /** Serves again, on the same port. */
  async comeBack(): Promise<void> {
    if (!this.#listener) await this.#bind();
    this.#state = "alive";
  }

  /** A crash and a boot: bindings and nonces are forgotten. */
  async restart(): Promise<void> {
    this.die();
    this.#server.apply({ kind: "restarts" });
    await this.comeBack();
  }

  async #bind(): Promise<void> {
    const { address, transport = "udp" } = this.#options;
    const onHeard = (heard: Heard): void => this.#hear(heard);
    const where = { address, port: this.#port, onHeard };
    const listener =
      transport === "udp" ? await listenUdp(where) : await listenStream(where, transport, this.conduct);
    this.#port = listener.port;
    this.#listener = listener;
    this.#state = "alive";
  }

  #hear({ bytes, from, answer }: Heard): void {
    const listener = this.#listener;
    if (!listener) return;
    const now = this.#options.now();
    const [startLine = ""] = Buffer.from(bytes).toString("utf8", 0, 200).split("\r\n", 1);
    this.packets += 1;
    this.#options.onSight?.({ kind: "packet", at: now, from, startLine });
    if (this.#state !== "alive") return;
    const before = this.bindings();
    const outcome = this.#server.handle(bytes, from, now);
    this.#compare(before, now);
    if (outcome.kind !== "answered") return;
    const send = (): void => {
      if (this.#listener !== listener) return;
      for (const { to, bytes } of outcome.replies) answer(bytes, to);
    };
    if (outcome.delayMs === 0) send();
    else setTimeout(send, outcome.delayMs);
  }

  /** Tells what one request did to the location table. */
  #compare(before: readonly (Binding & { readonly user: string })[], at: number): void {
    const after = this.bindings();
    for (const { user, contact, cseq, callId } of after) {
      const old = before.find((binding) => binding.user === user && binding.contact === contact);
      if (!old) this.#options.onSight?.({ kind: "bound", at, user, contact });
      else if (old.cseq !== cseq || old.callId !== callId)
        this.#options.onSight?.({ kind: "renewed", at, user, contact });
    }
    for (const { user, contact } of before) {
      const kept = after.some((binding) => binding.user === user && binding.contact === contact);
      if (!kept) this.#options.onSight?.({ kind: "unbound", at, user, contact });
    }
  }
}
