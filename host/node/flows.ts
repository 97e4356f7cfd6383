// The ways to the servers of one phone, each over its transport. The core numbers the flow to each server and says
// when another is wanted; what belongs to an earlier one is forgotten here. DESIGN.md D24.
//
// Below: udp.ts, connection.ts. Above: carrier.ts.
import * as abi from "../../assembly/abi.ts";
import type { LocalPort, ServerConfig } from "../config/model.ts";
import type { Source } from "../core/agent.ts";
import type { Place } from "../core/setup.ts";
import { type Endpoint, sameEndpoint, writeEndpoint } from "./address.ts";
import { Connection } from "./connection.ts";
import { HostError } from "./error.ts";
import { sourceOf } from "./source.ts";
import type { Frame } from "./stream.ts";
import { Udp, type LocalPort as UdpPort } from "./udp.ts";

export interface FlowsOptions {
  readonly servers: readonly ServerConfig[];
  /** Where each server may be found, in order; empty while its name has no address. */
  readonly targets: readonly (readonly Endpoint[])[];
  readonly local: LocalPort;
  /** A port of an earlier run, which is taken again where any of a range will do. */
  readonly earlierPort?: number;
  /** PEM of the authorities that TLS trusts; undefined: those that Node brings. */
  readonly ca: readonly string[] | undefined;
  /** Addresses beside those of the set that count as known. */
  readonly acceptList: readonly string[];
  /** Where the first message of a stream ends. */
  readonly frame: Frame;
  /** A datagram, or a message of a stream; the bytes are the caller's to keep. */
  readonly onHeard: (source: Source, bytes: Uint8Array, from: Endpoint) => void;
  /** What became of a flow: FLOW_*. */
  readonly onFlow: (server: number, flow: number, state: number) => void;
  /** The network refused a datagram to that server; `code` is the system's name of the error. */
  readonly onFailure: (server: number, code: string) => void;
  /** Whether what passes between us and that server is dropped, in both directions. */
  readonly isCut: (server: number) => boolean;
  /** Why a server cannot be connected, for people. */
  readonly onRemark: (text: string) => void;
}

/** The way to one server. */
interface Way {
  /** Number of the flow that the core asked for last. */
  flow: number;
  targets: readonly Endpoint[];
  /** The target in use. */
  to: Endpoint | undefined;
  /** undefined: UDP. */
  readonly connection: Connection | undefined;
}

/** Our own side while no connection has told it; nothing is sent with it. */
const NOWHERE: Endpoint = { address: "0.0.0.0", port: 5060 };

export class Flows {
  readonly #options: FlowsOptions;
  readonly #ways: readonly Way[];
  readonly #udp: Udp;

  private constructor(options: FlowsOptions, udp: Udp) {
    this.#options = options;
    this.#ways = options.servers.map((server, rank) => this.#newWay(server, rank));
    this.#udp = udp;
  }

  /**
   * Takes the local port. Connections come later, when the core wants them.
   * @throws HostError when no port is free
   */
  static async open(options: FlowsOptions): Promise<Flows> {
    let flows: Flows | undefined;
    const udp = await Udp.open({
      servers: options.servers.map((server, rank) => (isStream(server) ? [] : (options.targets[rank] ?? []))),
      localPort: portOf(options.local, options.earlierPort),
      onDatagram: (bytes, from) => {
        if (flows) flows.#hearDatagram(bytes, from);
      },
      onFailure: (server, code) => {
        if (flows) flows.#fail(server, code);
      },
    });
    flows = new Flows(options, udp);
    return flows;
  }

  get localPort(): number {
    return this.#udp.localPort;
  }

  /** Where the server is, of its addresses the one in use; undefined while its name has none. */
  endpointOf(server: number): Endpoint | undefined {
    return this.#way(server).to;
  }

  /** A server without an address stands under its name; from there it is never matched, and never sent to. */
  placeOf(server: number): Place {
    const { to, connection } = this.#way(server);
    const address = to?.address ?? this.#options.servers[server]?.host ?? "";
    if (!connection) return { address, local: this.#udp.localTowards(server) };
    return { address, local: writeEndpoint(connection.local ?? NOWHERE) };
  }

  /** Says where a server may be found from now on, in order. The flow in use is not touched. */
  async place(server: number, targets: readonly Endpoint[]): Promise<void> {
    const way = this.#way(server);
    way.targets = targets;
    way.to ??= targets[0];
    if (!way.connection) await this.#udp.place(server, targets);
  }

  /** Forgets the flow of that server and opens another one, to that target of it. */
  open(server: number, target: number, flow: number): void {
    const way = this.#way(server);
    way.flow = flow;
    way.to = way.targets[target] ?? way.to;
    if (!way.connection) {
      if (way.to) this.#udp.point(server, way.to);
    } else if (this.#options.isCut(server)) way.connection.close();
    else way.connection.open(way.to);
  }

  /** Sends on the flow of that server. */
  send(server: number, bytes: Uint8Array): void {
    if (this.#options.isCut(server)) return;
    const { connection } = this.#way(server);
    if (connection) connection.send(bytes);
    else this.#udp.send(server, bytes);
  }

  /**
   * Sends to any address: to a server as it is reached, to anybody else as a datagram.
   * @throws HostError "no-connection": it is a server over TCP or TLS, and there is none at the moment
   */
  async sendTo(to: Endpoint, bytes: Uint8Array): Promise<void> {
    const isTarget = (target: Endpoint): boolean => sameEndpoint(target, to);
    const way = this.#ways.find(({ connection, targets }) => connection && targets.some(isTarget));
    if (!way?.connection) await this.#udp.sendTo(to, bytes);
    else if (way.connection.leadsTo(to)) way.connection.send(bytes);
    else throw new HostError("no-connection", `no connection to ${writeEndpoint(to)} now; try again later`);
  }

  /** The link is there again, and our own address may be another one: sockets are made anew, connections are lost. */
  async reconnect(): Promise<void> {
    for (const [server, { connection, flow }] of this.#ways.entries()) {
      if (!connection?.isUp) continue;
      connection.close();
      this.#options.onFlow(server, flow, abi.FLOW_LOST);
    }
    await this.#udp.reconnect();
  }

  close(): void {
    for (const { connection } of this.#ways) connection?.close();
    this.#udp.close();
  }

  #newWay(server: ServerConfig, rank: number): Way {
    const targets = this.#options.targets[rank] ?? [];
    const connection = isStream(server) ? this.#newConnection(server, rank) : undefined;
    return { flow: 0, targets, to: targets[0], connection };
  }

  #newConnection({ name, host, transport }: ServerConfig, rank: number): Connection {
    const { ca, frame, isCut, onHeard, onFlow, onRemark } = this.#options;
    return new Connection({
      security: transport === "tls" ? { host, ca } : undefined,
      frame,
      onUnit: (bytes, from) => isCut(rank) || onHeard(rank, bytes, from),
      onState: (state) => isCut(rank) || onFlow(rank, this.#way(rank).flow, state),
      onRemark: (text) => onRemark(`${name}: ${text}`),
    });
  }

  #fail(server: number, code: string): void {
    if (!this.#options.isCut(server)) this.#options.onFailure(server, code);
  }

  /** A server that is asked over a stream answers there: a datagram is none of its. */
  #hearDatagram(bytes: Uint8Array, from: Endpoint): void {
    const targets = this.#ways.map(({ connection, targets }) => (connection ? [] : targets));
    const source = sourceOf(from, targets, this.#options.acceptList);
    if (typeof source === "number" && this.#options.isCut(source)) return;
    this.#options.onHeard(source, bytes, from);
  }

  #way(server: number): Way {
    return this.#ways[server] as Way;
  }
}

function isStream({ transport }: ServerConfig): boolean {
  return transport !== "udp";
}

function portOf({ random, port, min, max }: LocalPort, first?: number): UdpPort {
  return random
    ? { kind: "random", min, max, ...(first !== undefined && { first }) }
    : { kind: "fixed", port };
}
