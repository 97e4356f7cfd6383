// A server of host/pbx on a real UDP socket, which can die, hang, come back and forget.
//
// A server that died has closed its socket, so the system answers for it with an ICMP error; one that
// hangs keeps the socket and says nothing. Every datagram and every change of the location table is
// told with its time: this is the server's side of the story. Below: host/pbx. Above: the demonstration.
import { createSocket, type Socket } from "node:dgram";
import type { Binding } from "../pbx/locations.ts";
import type { RegistrarOptions } from "../pbx/registrar.ts";
import { type Neighbours, PbxServer } from "../pbx/server.ts";
import { type Endpoint, plainAddress } from "./address.ts";

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
  readonly registrar: RegistrarOptions;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  readonly onSight?: (sighting: Sighting) => void;
}

/** alive: serves; hung: hears and keeps silent; dead: its port is closed. */
export type PbxState = "alive" | "hung" | "dead";

const ALONE: Neighbours = { contactOf: () => undefined, tableOf: () => undefined };

export class PbxSocket {
  readonly #options: PbxSocketOptions;
  readonly #server: PbxServer;
  #port: number;
  #socket: Socket | undefined;
  #state: PbxState = "dead";
  /** Datagrams heard while alive or hung. */
  packets = 0;

  private constructor(options: PbxSocketOptions) {
    this.#options = options;
    this.#port = options.port;
    this.#server = new PbxServer(options.registrar, ALONE);
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
    for (const { to, bytes } of told) this.#socket?.send(bytes, to.port, to.address);
    this.#compare(before, now);
  }

  /** Closes the port at once: the next datagram meets an ICMP error. Bindings are kept, as on a disk. */
  die(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#state = "dead";
  }

  /** Goes on hearing, says nothing. */
  hang(): void {
    if (this.#state === "alive") this.#state = "hung";
  }

  /** Serves again, on the same port. */
  async comeBack(): Promise<void> {
    if (!this.#socket) await this.#bind();
    this.#state = "alive";
  }

  /** A crash and a boot: bindings and nonces are forgotten. */
  async restart(): Promise<void> {
    this.die();
    this.#server.apply({ kind: "restarts" });
    await this.comeBack();
  }

  #bind(): Promise<void> {
    const { address } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
      socket.once("error", reject);
      socket.bind({ address, port: this.#port, exclusive: true }, () => {
        socket.off("error", reject);
        // An answer to a phone that has gone is refused too; that is nobody's trouble here.
        socket.on("error", () => {});
        socket.on("message", (bytes, from) => this.#hear(socket, bytes, from));
        this.#port = socket.address().port;
        this.#socket = socket;
        this.#state = "alive";
        resolve();
      });
    });
  }

  #hear(socket: Socket, bytes: Buffer, source: Endpoint): void {
    if (this.#socket !== socket) return;
    const now = this.#options.now();
    const from = { address: plainAddress(source.address), port: source.port };
    const [startLine = ""] = bytes.toString("utf8", 0, 200).split("\r\n", 1);
    this.packets += 1;
    this.#options.onSight?.({ kind: "packet", at: now, from, startLine });
    if (this.#state !== "alive") return;
    const before = this.bindings();
    const outcome = this.#server.handle(bytes, from, now);
    this.#compare(before, now);
    if (outcome.kind !== "answered") return;
    const send = (): void => {
      if (this.#socket !== socket) return;
      for (const { to, bytes } of outcome.replies) socket.send(bytes, to.port, to.address);
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
