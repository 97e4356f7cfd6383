// The master's door for its standbys: connections over TLS or without, each with a session of host/pbx/directory.
//
// Who has not proven the password within the patience of a handshake is closed, and there is room for a few at a time.
// Below: replication-socket.ts. Above: node.ts.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Directory } from "../../pbx/directory/directory.ts";
import { MasterSession } from "../../pbx/directory/master-session.ts";
import type { Refusal } from "../../pbx/directory/messages.ts";
import { HANDSHAKE_MS, SILENCE_MS } from "../../pbx/directory/peer.ts";
import type { Trouble } from "../../pbx/directory/trouble.ts";
import type { Guesses } from "../../pbx/guesses.ts";
import { networkOf } from "../../pbx/network.ts";
import { plainAddress } from "../address.ts";
import { codeOf, HostError } from "../error.ts";
import type { Identity } from "../pbx-listen.ts";
import { letIn, type Visit, type Visitors } from "../visitors.ts";
import { replicationDoor } from "./doors.ts";
import { newNonce } from "./replication-key.ts";
import { bindingOf, carry } from "./replication-socket.ts";

export interface ServerOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** What is shown over TLS; undefined: without TLS, the switch `replicationTls`. */
  readonly identity: Identity | undefined;
  /** replicationKey() of the PBX password. */
  readonly key: Uint8Array;
  readonly directory: Directory;
  /** Of this node. */
  readonly name: string;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  readonly onEvent?: (event: ServerEvent) => void;
  /** Wrong passwords are counted here; left out: nobody does. */
  readonly guesses?: Guesses;
  /** Left out: room of its own. */
  readonly visitors?: Visitors;
}

export type ServerEvent =
  /** A standby has proven itself. */
  | { readonly kind: "standbyConnected"; readonly name: string }
  /** Its connection is over; name "": it has not proven itself. */
  | { readonly kind: "standbyGone"; readonly name: string; readonly from: string; readonly trouble: Trouble };

/** One standby that is connected. */
export interface StandbyView {
  readonly name: string;
  /** On its disk; undefined: not known yet. */
  readonly version: number | undefined;
  /** Since it last had all there was, s; undefined: not in this connection. */
  readonly ageSeconds: number | undefined;
}

interface Connection {
  readonly session: MasterSession;
  heardAt: number;
  stop: () => void;
}

/** Of a connection, the same for the socket and for TLS over it. */
function placeOf({ remoteAddress = "", remotePort = 0 }: Socket): string {
  return `${remoteAddress} port ${remotePort}`;
}

export class ReplicationServer {
  readonly #options: ServerOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #visitors: Visitors;
  readonly #visits = new Map<string, Visit>();

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#visitors = options.visitors ?? replicationDoor();
    const { identity } = options;
    const hear = (socket: Socket): void => this.#hear(socket);
    const tls = { minVersion: "TLSv1.3", handshakeTimeout: HANDSHAKE_MS } as const;
    this.#server = identity
      ? createTlsServer({ ...tls, key: identity.key, cert: identity.certificate }, hear)
      : createServer(hear);
    this.#server.prependListener("connection", (socket: Socket) => this.#letIn(socket));
    this.#server.on("tlsClientError", () => {});
  }

  /** @throws HostError "replication": it cannot be listened on */
  static async open(options: ServerOptions): Promise<ReplicationServer> {
    const replication = new ReplicationServer(options);
    const { address: host, port } = options;
    replication.#server.listen({ host, port, exclusive: true });
    try {
      await once(replication.#server, "listening");
    } catch (error) {
      const remedy = "free it, or give address and replicationPort that are this machine's";
      throw new HostError("replication", `replication on ${host}, port ${port}: ${codeOf(error)}; ${remedy}`);
    }
    return replication;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The standbys that are connected and have proven themselves. */
  standbys(): readonly StandbyView[] {
    const now = this.#options.now();
    return [...this.#connections].flatMap(({ session }) => {
      const { standby, takenVersion: version, equalAt } = session;
      if (standby === undefined) return [];
      const ageSeconds = equalAt === undefined ? undefined : Math.floor((now - equalAt) / 1000);
      return [{ name: standby.name, version, ageSeconds }];
    });
  }

  async close(): Promise<void> {
    for (const { stop } of this.#connections) stop();
    this.#server.close();
    await once(this.#server, "close");
  }

  #letIn(socket: Socket): void {
    const visit = letIn(this.#visitors, socket);
    if (visit === undefined) return;
    const place = placeOf(socket);
    this.#visits.set(place, visit);
    socket.once("close", () => this.#visits.delete(place));
  }

  #hear(socket: Socket): void {
    if (socket.destroyed) return; // there was no room
    const { directory, name, key, now, onEvent, guesses } = this.#options;
    const who = { account: "replication", network: networkOf(plainAddress(socket.remoteAddress ?? "")) };
    const from = placeOf(socket);
    const visit = this.#visits.get(from);
    const session: MasterSession = new MasterSession({
      directory,
      name,
      key,
      nonce: newNonce(),
      binding: bindingOf(socket),
      mayTry: () => guesses?.mayTry(who, now()) ?? true,
      onJudged: (isRight) => {
        guesses?.judged(who, isRight, now());
        if (isRight) visit?.prove();
      },
      refuse: (standby) => this.#unwelcome(standby, session),
    });
    const connection: Connection = { session, heardAt: now(), stop: () => {} };
    this.#connections.add(connection);
    let isKnown = false;
    const onWord = (): void => {
      connection.heardAt = now();
      const { standby } = session;
      if (isKnown || standby === undefined) return;
      isKnown = true;
      onEvent?.({ kind: "standbyConnected", name: standby.name });
    };
    const onEnd = (trouble: Trouble): void => {
      this.#connections.delete(connection);
      onEvent?.({ kind: "standbyGone", name: session.standby?.name ?? "", from, trouble });
    };
    connection.stop = carry({ socket, session, directory, now, onWord, onEnd });
  }

  /**
   * A name belongs to one store. The same store again has lost its connection, when the old one says nothing any more;
   * while that speaks, as it does every ALIVE_MS, this is a copy of its data folder.
   */
  #unwelcome(
    { name, instance }: { readonly name: string; readonly instance: string },
    session: MasterSession,
  ): Refusal | undefined {
    const old = [...this.#connections].find(
      (one) => one.session.standby?.name === name && one.session !== session,
    );
    if (old === undefined) return undefined;
    const isAlive = this.#options.now() - old.heardAt < SILENCE_MS / 2;
    if (isAlive || old.session.standby?.instance !== instance) return "nameTaken";
    this.#connections.delete(old);
    old.stop();
    return undefined;
  }
}
