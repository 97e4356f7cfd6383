// UDP as a phone needs it: one local port, IPv4 and IPv6, and ICMP errors that say which server they
// are about.
//
// A socket that is not connected never hears of an ICMP error, and a connected one never hears of a
// third party. So there is one connected socket for each server and one unconnected socket for each
// family, all bound to the same local port; the kernel gives a datagram to the connected socket when
// the source fits and to the other one otherwise. Above: the agent of host/core, which alone knows what
// the bytes mean. Nothing here looks inside a datagram.
import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { type Endpoint, plainAddress, sameEndpoint, writeEndpoint } from "./address.ts";
import { codeOf, HostError } from "./error.ts";

/** Which local port to take: this one, or any free one of a range, from `first` on, or from one drawn at random. */
export type LocalPort =
  | { readonly kind: "fixed"; readonly port: number }
  | { readonly kind: "random"; readonly min: number; readonly max: number; readonly first?: number };

export interface UdpOptions {
  /**
   * Where each server may be found, in order; the first is used until `point` says another. Two servers may
   * share an address and port: they share a socket. One whose name has no address yet has none here: sending
   * to it fails until `place` says where it is.
   */
  readonly servers: readonly (readonly Endpoint[])[];
  readonly localPort: LocalPort;
  /** A datagram came; the bytes are the caller's to keep. */
  readonly onDatagram: (bytes: Uint8Array, from: Endpoint) => void;
  /** The network refused what was sent to that server; `code` is the system's name of the error. */
  readonly onFailure: (server: number, code: string) => void;
}

/** The failure of a server whose address is not known. */
export const UNPLACED = "UNPLACED";

/** How many ports of a range are tried, one after the other from a random one on, before giving up. */
const PORT_TRIES = 32;

/** Errors of our own machine being out of buffers: a lost datagram, which is repeated anyway. */
const LOCAL_SHORTAGE = new Set(["ENOBUFS", "ENOMEM", "EAGAIN"]);

/** Errors of a machine without IPv6, or without IPv4. */
const FAMILY_ABSENT = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** The way to one address: a connected socket, absent while the system has no route there. */
interface Flow {
  readonly to: Endpoint;
  /** Servers that may be found there. */
  readonly targetOf: Set<number>;
  /** Servers that are reached this way now. */
  readonly usedBy: Set<number>;
  socket: Socket | undefined;
}

/** All sockets of one phone. Open it with `Udp.open`; `close` gives the port back. */
export class Udp {
  /** The local port that every socket shares. */
  readonly localPort: number;
  readonly #options: UdpOptions;
  readonly #flows: Flow[] = [];
  readonly #open: Map<Family, Socket>;
  #closed = false;

  private constructor(options: UdpOptions, port: number, open: Map<Family, Socket>) {
    this.#options = options;
    this.localPort = port;
    this.#open = open;
    for (const socket of open.values()) this.#listen(socket, () => {});
  }

  /**
   * Takes the local port and connects a socket to each server.
   * @throws HostError when the port, or every port that was tried, is taken or not allowed
   */
  static async open(options: UdpOptions): Promise<Udp> {
    const families = new Set(options.servers.flat().map(({ address }) => familyOf(address)));
    if (families.size === 0) families.add("udp4");
    const { port, open } = await takePort(options.localPort, [...families]);
    const udp = new Udp(options, port, open);
    for (const [server, targets] of options.servers.entries()) await udp.place(server, targets);
    return udp;
  }

  /**
   * Says where a server may be found from now on; the way in use stays. A socket is connected to each, so that
   * `point` needs no time.
   */
  async place(server: number, targets: readonly Endpoint[]): Promise<void> {
    const flows = targets.map((target) => this.#flowTo(target));
    for (const flow of this.#flows) flow.targetOf.delete(server);
    for (const flow of flows) flow.targetOf.add(server);
    if (!this.#flowOf(server)) flows[0]?.usedBy.add(server);
    this.#sweep();
    for (const flow of flows) await this.#connect(flow);
  }

  /** From now on that server is reached at `to`. */
  point(server: number, to: Endpoint): void {
    const flow = this.#flowTo(to);
    for (const other of this.#flows) other.usedBy.delete(server);
    flow.usedBy.add(server);
    this.#sweep();
  }

  /** Our own "address:port" towards that server, IPv6 in brackets; the wildcard while there is no route. */
  localTowards(server: number): string {
    const flow = this.#flowOf(server);
    if (flow?.socket) {
      const own = flow.socket.address();
      return writeEndpoint({ address: plainAddress(own.address), port: own.port });
    }
    const wildcard = isIPv6(flow?.to.address ?? "") ? "::" : "0.0.0.0";
    return writeEndpoint({ address: wildcard, port: this.localPort });
  }

  /** Sends to a server of the set. The bytes are copied, so they may be a view into the module's memory. */
  send(server: number, bytes: Uint8Array): void {
    if (this.#closed) return;
    const flow = this.#flowOf(server);
    if (!flow) {
      queueMicrotask(() => !this.#closed && this.#options.onFailure(server, UNPLACED));
      return;
    }
    const copy = Buffer.from(bytes);
    if (flow.socket) this.#sendOn(flow, flow.socket, copy);
    else void this.#connect(flow).then((socket) => socket && this.#sendOn(flow, socket, copy));
  }

  /**
   * Sends to any address from the same local port; for the phone's own SIP traffic.
   * @returns a promise that fails when the system refuses the datagram
   */
  sendTo(to: Endpoint, bytes: Uint8Array): Promise<void> {
    const address = plainAddress(to.address);
    const flow = this.#flows.find((flow) => sameEndpoint(flow.to, { address, port: to.port }));
    const copy = Buffer.from(bytes);
    return new Promise((resolve, reject) => {
      const done = (error: Error | null): void => (error ? reject(error) : resolve());
      const socket = flow?.socket ?? this.#open.get(familyOf(address));
      if (this.#closed || !socket) done(new HostError("no-socket", `no socket for ${address}`));
      else if (flow?.socket) socket.send(copy, done);
      else socket.send(copy, to.port, address, done);
    });
  }

  /** Connects every socket anew: after the link came up our own address may be another one. */
  async reconnect(): Promise<void> {
    for (const flow of this.#flows) {
      flow.socket?.close();
      flow.socket = undefined;
      await this.#connect(flow);
    }
  }

  /** Closes every socket; nothing is reported afterwards. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const flow of this.#flows) flow.socket?.close();
    for (const socket of this.#open.values()) socket.close();
  }

  #flowOf(server: number): Flow | undefined {
    return this.#flows.find((flow) => flow.usedBy.has(server));
  }

  #flowTo({ address, port }: Endpoint): Flow {
    const to = { address: plainAddress(address), port };
    const known = this.#flows.find((flow) => sameEndpoint(flow.to, to));
    if (known) return known;
    const flow: Flow = { to, targetOf: new Set(), usedBy: new Set(), socket: undefined };
    this.#flows.push(flow);
    return flow;
  }

  /** Closes what nobody wants any more. */
  #sweep(): void {
    const isWanted = ({ targetOf, usedBy }: Flow): boolean => targetOf.size + usedBy.size > 0;
    for (const flow of this.#flows.filter((one) => !isWanted(one))) {
      flow.socket?.close();
      this.#flows.splice(this.#flows.indexOf(flow), 1);
    }
  }

  async #openFamily(family: Family): Promise<void> {
    try {
      const socket = await bindShared(family, this.localPort);
      this.#open.set(family, socket);
      this.#listen(socket, () => {});
      if (this.#closed) socket.close();
    } catch {
      // Without it only strangers of that family go unheard; the server has a socket of its own.
    }
  }

  async #connect(flow: Flow): Promise<Socket | undefined> {
    if (flow.socket) return flow.socket;
    let socket: Socket | undefined;
    try {
      if (!this.#open.has(familyOf(flow.to.address))) await this.#openFamily(familyOf(flow.to.address));
      socket = await bindSocket(familyOf(flow.to.address), this.localPort, true);
      await connectSocket(socket, flow.to);
    } catch (error) {
      socket?.close();
      this.#fail(flow, codeOf(error));
      return undefined;
    }
    if (this.#closed || flow.socket || !this.#flows.includes(flow)) {
      socket.close(); // closed, swept away, or connected by another call, while this one waited
      return flow.socket;
    }
    flow.socket = socket;
    this.#listen(socket, (error) => this.#fail(flow, codeOf(error)));
    return socket;
  }

  #sendOn(flow: Flow, socket: Socket, bytes: Buffer): void {
    if (this.#closed) return;
    socket.send(bytes, (error) => {
      if (error) this.#fail(flow, codeOf(error));
    });
  }

  #listen(socket: Socket, onError: (error: Error) => void): void {
    socket.on("error", onError);
    socket.on("message", (bytes, from) => {
      if (this.#closed) return;
      this.#options.onDatagram(bytes, { address: plainAddress(from.address), port: from.port });
    });
  }

  #fail(flow: Flow, code: string): void {
    if (this.#closed || LOCAL_SHORTAGE.has(code)) return;
    for (const server of flow.usedBy) this.#options.onFailure(server, code);
  }
}

type Family = "udp4" | "udp6";

function familyOf(address: string): Family {
  return isIPv6(plainAddress(address)) ? "udp6" : "udp4";
}

interface Taken {
  readonly port: number;
  readonly open: Map<Family, Socket>;
}

async function takePort(wanted: LocalPort, families: readonly Family[]): Promise<Taken> {
  if (wanted.kind === "fixed") {
    try {
      return await openAll(wanted.port, families);
    } catch (error) {
      throw portError(`local port ${wanted.port}`, codeOf(error));
    }
  }
  const { min, max } = wanted;
  const size = max - min + 1;
  const isWithin = wanted.first !== undefined && wanted.first >= min && wanted.first <= max;
  const first = isWithin ? (wanted.first ?? min) - min : randomInt(size);
  let last = "";
  for (let tried = 0; tried < Math.min(PORT_TRIES, size); tried++) {
    try {
      return await openAll(min + ((first + tried) % size), families);
    } catch (error) {
      last = codeOf(error);
    }
  }
  throw portError(`local ports ${min}..${max}`, last);
}

function portError(what: string, code: string): HostError {
  if (code === "EADDRINUSE") {
    return new HostError("port-in-use", `${what}: in use by another program; end it or choose another port`);
  }
  if (code === "EACCES") {
    return new HostError("port-denied", `${what}: not allowed; take a port above 1023 or more rights`);
  }
  return new HostError("port-failed", `${what}: cannot be opened (${code})`);
}

/** Binds an unconnected socket for each family that the machine has to one port, or none of them. */
async function openAll(wanted: number, families: readonly Family[]): Promise<Taken> {
  const open = new Map<Family, Socket>();
  let port = wanted;
  let absent: unknown;
  try {
    for (const family of families) {
      try {
        const socket = await bindShared(family, port);
        open.set(family, socket);
        port = socket.address().port;
      } catch (error) {
        if (!FAMILY_ABSENT.has(codeOf(error))) throw error;
        absent = error; // the servers of the other family are still worth a phone
      }
    }
    if (open.size === 0) throw absent;
  } catch (error) {
    for (const socket of open.values()) socket.close();
    throw error;
  }
  return { port, open };
}

/**
 * Binds a socket that shares its port with our others. Such sockets do not notice those of another
 * program that shares it too, so a socket that shares nothing asks first.
 */
async function bindShared(family: Family, wanted: number): Promise<Socket> {
  const probe = await bindSocket(family, wanted, false);
  const { port } = probe.address();
  probe.close();
  return bindSocket(family, port, true);
}

function bindSocket(type: Family, port: number, reuseAddr: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type, reuseAddr, ipv6Only: type === "udp6" });
    const refuse = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once("error", refuse);
    socket.bind({ port, exclusive: true }, () => {
      socket.off("error", refuse);
      resolve(socket);
    });
  });
}

function connectSocket(socket: Socket, to: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    // With a callback the error of a connect is given to it, not to the event.
    socket.connect(to.port, to.address, (error?: Error) => (error ? reject(error) : resolve()));
  });
}
