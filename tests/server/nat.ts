// A NAT between the phone and the primary, which may forget its mapping, and a cable that may be cut.
// RFC 3581 §4, RFC 4787 §4.1.
//
// The phone knows the inner side as its primary; the primary sees every request come from the outer
// side. Nothing is read or changed on the way. A cut is silent in both directions, and the server
// lives on with its bindings: neither a death nor a freeze. Above: bench.ts.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Endpoint, endpointText } from "../real/probe.ts";

export class Nat {
  readonly inner: Endpoint;
  readonly #server: Endpoint;
  readonly #inside: Socket;
  #outside: Socket;
  #phone: Endpoint | undefined;
  #isCut = false;

  private constructor(inner: Endpoint, server: Endpoint, inside: Socket, outside: Socket) {
    this.inner = inner;
    this.#server = server;
    this.#inside = inside;
    this.#outside = outside;
    inside.on("message", (bytes, { address, port }) => {
      this.#phone = { address, port };
      if (!this.#isCut) this.#outside.send(bytes, server.port, server.address);
    });
    this.#listenOutside();
  }

  static async open(inner: Endpoint, server: Endpoint): Promise<Nat> {
    const inside = await bound(inner);
    return new Nat(inner, server, inside, await bound({ address: inner.address, port: 0 }));
  }

  /** The phone as the primary sees it. */
  get outer(): string {
    return endpointText(this.#outside.address());
  }

  cut(): void {
    this.#isCut = true;
  }

  mend(): void {
    this.#isCut = false;
  }

  /** Forgets the mapping: from now on the phone is seen on another port. */
  async rebind(): Promise<void> {
    this.#outside.close();
    this.#outside = await bound({ address: this.inner.address, port: 0 });
    this.#listenOutside();
  }

  close(): void {
    this.#inside.close();
    this.#outside.close();
  }

  #listenOutside(): void {
    this.#outside.on("message", (bytes, from) => {
      const phone = this.#phone;
      if (this.#isCut || phone === undefined || from.port !== this.#server.port) return;
      this.#inside.send(bytes, phone.port, phone.address);
    });
  }
}

async function bound({ address, port }: Endpoint): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, address);
  await once(socket, "listening");
  socket.on("error", () => {}); // a dead server refuses; a NAT shrugs
  return socket;
}
