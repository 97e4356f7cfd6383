// The way between the phone and its servers: what the phone sends reaches a server, what that answers reaches
// the phone, and the network between them has its say both ways.
//
// Below: network.ts, streams.ts, pbx/server.ts. Above: world.ts.

import type { PhoneConfig } from "../config/model.ts";
import type { Reply } from "../pbx/registrar.ts";
import type { PbxServer } from "../pbx/server.ts";
import type { Endpoint } from "../sip/message.ts";
import type { Packet } from "./journal.ts";
import type { Network, Way } from "./network.ts";
import { PACKET_ARRIVES, type Schedule } from "./schedule.ts";
import { type StreamPeer, Streams } from "./streams.ts";

/** The phone as the wire knows it; each answers false when the phone takes nothing now. */
export interface PhoneEnd {
  isListening(): boolean;
  /** @param packet as it left */
  packet(rank: number, packet: Packet): boolean;
  /** The port at that server is closed. */
  refused(rank: number, server: string): boolean;
  /** @param state FLOW_* */
  flow(rank: number, server: string, flow: number, state: number): boolean;
}

export interface WireOptions {
  readonly config: PhoneConfig;
  readonly servers: ReadonlyMap<string, PbxServer>;
  readonly network: Network;
  readonly schedule: Schedule;
  readonly phone: PhoneEnd;
  /** Is told of each packet that leaves. */
  readonly note: (packet: Packet) => void;
}

interface Peer extends StreamPeer {
  readonly isStream: boolean;
}

export class Wire {
  readonly #options: WireOptions;
  readonly #peers: readonly Peer[];
  readonly #streams: Streams;

  constructor(options: WireOptions) {
    const { config, servers, network, schedule, phone } = options;
    this.#options = options;
    this.#peers = config.servers.map(({ name, transport }, rank) => {
      const pbx = servers.get(name);
      if (pbx === undefined) throw new RangeError(`no server was built for ${name}`);
      return { rank, name, pbx, isStream: transport !== "udp" };
    });
    this.#streams = new Streams(network, schedule, ({ rank, name }, flow, state) =>
      phone.flow(rank, name, flow, state),
    );
  }

  /** The phone sends. */
  send(rank: number, bytes: Uint8Array): void {
    const { network, schedule, phone } = this.#options;
    const peer = this.#peer(rank);
    this.#options.note({ at: schedule.now, from: "phone", server: peer.name, bytes });
    if (!phone.isListening()) return;
    const source = network.seen(peer.name);
    this.#carry("to", peer, () => this.#reach(peer, bytes, source));
  }

  /** The phone wants a connection. */
  open(rank: number, flow: number): void {
    const peer = this.#peer(rank);
    if (peer.isStream && this.#options.phone.isListening()) this.#streams.open(peer, flow);
  }

  /** A server has changed. @param forgets it knows no connection any more */
  changed(name: string, forgets: boolean): void {
    for (const peer of this.#peers) if (peer.name === name) this.#streams.changed(peer, forgets);
  }

  /** The NAT has forgotten the phone's connections. @param name undefined: those to every server */
  forget(name?: string): void {
    for (const peer of this.#peers) if (name === undefined || peer.name === name) this.#streams.forget(peer);
  }

  /** The phone's end of every connection is gone. */
  close(): void {
    for (const peer of this.#peers) this.#streams.close(peer);
  }

  #reach(peer: Peer, bytes: Uint8Array, source: Endpoint): boolean {
    const { schedule } = this.#options;
    const outcome = peer.pbx.handle(bytes, source, schedule.now);
    if (outcome.kind === "refused") this.#refuse(peer);
    else if (outcome.kind === "answered") {
      for (const reply of outcome.replies) {
        // Nobody gets a word into a connection who cannot see it.
        const isHeard = isSame(reply.to, source) && !(peer.isStream && reply.isForged);
        if (isHeard) this.#answer(peer, reply, outcome.delayMs);
      }
    }
    return true;
  }

  #answer(peer: Peer, { to, bytes, isForged = false }: Reply, delayMs: number): void {
    const { network, schedule, phone, note } = this.#options;
    const packet: Packet = { at: schedule.now, from: "server", server: peer.name, bytes, isForged };
    note(packet);
    schedule.plan(schedule.now + delayMs, PACKET_ARRIVES, () =>
      this.#carry("from", peer, () =>
        isSame(to, network.seen(peer.name)) ? phone.packet(peer.rank, packet) : true,
      ),
    );
  }

  /** An error of ICMP comes back. Over a stream the connection has been reset already. */
  #refuse(peer: Peer): void {
    const { network, schedule, phone } = this.#options;
    if (peer.isStream || !network.isIcmpTold(peer.name)) return;
    schedule.plan(schedule.now, PACKET_ARRIVES, () =>
      this.#carry("from", peer, () => phone.refused(peer.rank, peer.name)),
    );
  }

  /** @param deliver false: nobody took it; a stream sends it again */
  #carry(way: Way, peer: Peer, deliver: () => boolean): void {
    if (peer.isStream) this.#streams.carry(way, peer, deliver);
    else {
      this.#cast(way, peer, deliver);
      if (this.#options.network.doubles(peer.name)) this.#cast(way, peer, deliver);
    }
  }

  /** A datagram goes on its way, and may get lost. */
  #cast(way: Way, peer: Peer, deliver: () => boolean): void {
    const { network, schedule } = this.#options;
    const delayMs = network.draw(way, peer.name);
    if (delayMs !== undefined) schedule.after(delayMs, deliver);
  }

  #peer(rank: number): Peer {
    const peer = this.#peers[rank];
    if (peer === undefined) throw new RangeError(`the phone sent to server ${rank}`);
    return peer;
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port;
}
