// Connections of the virtual world: which flow of the phone to a server stands, what a server's faults do to
// it, and how it carries messages over a bad network.
//
// A server that refuses has ended: its connections are reset at once. One that is silent keeps them, and takes
// no new ones. Below: pbx/server.ts, network.ts, pipe.ts. Above: wire.ts.

import * as abi from "../../assembly/abi.ts";
import type { PbxServer } from "../pbx/server.ts";
import type { Network, Way } from "./network.ts";
import { Pipe } from "./pipe.ts";
import { PACKET_ARRIVES, type Schedule } from "./schedule.ts";

/** The first wait of who knocks, doubled each time. RFC 6298 §2.1. */
const KNOCK_MS = 1000;

/** Linux gives up after six repeats, `tcp_syn_retries`. */
const KNOCK_MOST_MS = 64_000;

/** A server that is spoken to over streams. */
export interface StreamPeer {
  readonly rank: number;
  readonly name: string;
  readonly pbx: PbxServer;
}

/** What becomes of a flow: FLOW_*. @returns false: the phone takes nothing now */
export type FlowEar = (peer: StreamPeer, flow: number, state: number) => boolean;

interface Connection {
  readonly flow: number;
  /** The server has it too. */
  isKnown: boolean;
  isClosed: boolean;
  readonly to: Pipe;
  readonly from: Pipe;
}

export class Streams {
  readonly #network: Network;
  readonly #schedule: Schedule;
  readonly #tell: FlowEar;
  /** What the phone takes for its connection, by rank. */
  readonly #connections = new Map<number, Connection>();

  constructor(network: Network, schedule: Schedule, tell: FlowEar) {
    this.#network = network;
    this.#schedule = schedule;
    this.#tell = tell;
  }

  /** The phone opens flow `flow`; the earlier one is gone. */
  open(peer: StreamPeer, flow: number): void {
    this.close(peer);
    const pipe = (way: Way): Pipe => new Pipe(this.#schedule, () => this.#network.draw(way, peer.name));
    const connection = { flow, isKnown: false, isClosed: false, to: pipe("to"), from: pipe("from") };
    this.#connections.set(peer.rank, connection);
    this.#knock(peer, connection, KNOCK_MS);
  }

  /** The phone's end is gone. */
  close(peer: StreamPeer): void {
    const connection = this.#connections.get(peer.rank);
    if (connection !== undefined) this.#end(peer, connection);
  }

  /** Carries a message over the connection, in order. @param deliver false: it was not taken */
  carry(way: Way, peer: StreamPeer, deliver: () => boolean): void {
    const connection = this.#connections.get(peer.rank);
    if (connection === undefined) return;
    if (way === "from") connection.from.send(deliver);
    else connection.to.send(() => (connection.isKnown ? deliver() : this.#refuse(peer, connection)));
  }

  /** The server has changed. @param forgets it knows no connection any more */
  changed(peer: StreamPeer, forgets: boolean): void {
    const connection = this.#connections.get(peer.rank);
    if (connection?.isKnown !== true || !(forgets || peer.pbx.unreachable === "refused")) return;
    connection.isKnown = false;
    const delayMs = this.#network.draw("from", peer.name);
    if (delayMs !== undefined) this.#plan(delayMs, () => this.#lose(peer, connection));
  }

  /** Something between the two has forgotten the connection, and tells nobody. */
  forget(peer: StreamPeer): void {
    const connection = this.#connections.get(peer.rank);
    if (connection !== undefined) connection.isKnown = false;
  }

  /** Asks for a connection until somebody answers. */
  #knock(peer: StreamPeer, connection: Connection, waitMs: number): void {
    if (connection.isClosed) return;
    const [there, back] = [this.#network.draw("to", peer.name), this.#network.draw("from", peer.name)];
    const { unreachable } = peer.pbx;
    const again = (): void => {
      if (waitMs <= KNOCK_MOST_MS) this.#plan(waitMs, () => this.#knock(peer, connection, 2 * waitMs));
    };
    if (unreachable === "lost" || there === undefined || back === undefined) again();
    else {
      this.#plan(there + back, () => {
        if (!this.#answer(peer, connection, unreachable === undefined)) again();
      });
    }
  }

  /** The answer to a knock arrives. @returns false: nobody took it */
  #answer(peer: StreamPeer, connection: Connection, isTaken: boolean): boolean {
    if (connection.isClosed) return true;
    connection.isKnown = isTaken;
    return this.#tell(peer, connection.flow, isTaken ? abi.FLOW_UP : abi.FLOW_REFUSED);
  }

  /** A server that does not know the connection resets it at each message. RFC 9293 §3.5.2. */
  #refuse(peer: StreamPeer, connection: Connection): boolean {
    connection.from.send(() => this.#lose(peer, connection));
    return true;
  }

  #lose(peer: StreamPeer, connection: Connection): boolean {
    if (connection.isClosed) return true;
    const isTaken = this.#tell(peer, connection.flow, abi.FLOW_LOST);
    if (isTaken) this.#end(peer, connection);
    return isTaken;
  }

  #end(peer: StreamPeer, connection: Connection): void {
    connection.isClosed = true;
    connection.to.close();
    connection.from.close();
    // The phone may have opened another one meanwhile.
    if (this.#connections.get(peer.rank) === connection) this.#connections.delete(peer.rank);
  }

  #plan(delayMs: number, run: () => void): void {
    this.#schedule.plan(this.#schedule.now + delayMs, PACKET_ARRIVES, run);
  }
}
