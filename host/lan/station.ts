// One server on a LAN: an address of its own on the wire, and behind one of its ports a registrar.
//
// Frames and the time in, frames out: no I/O. It answers ARP and echo, says that a port is closed, and learns from
// what it hears where the others are. Below: the formats, and whatever serves, such as pbx/server.ts. Above: lan.ts.

import type { Outcome } from "../pbx/server.ts";
import type { Endpoint } from "../sip/message.ts";
import { BROADCAST, type Frame, readArp, TYPE_ARP, TYPE_IPV4, writeArp } from "./ethernet.ts";
import { portUnreachable, readMessage, writeMessage } from "./icmp.ts";
import { type Packet, readPacket, writePacket } from "./ipv4.ts";
import { type Datagram, readDatagram, writeDatagram } from "./udp.ts";

/** What listens on the port of a station; a PbxServer does. */
export interface Service {
  handle(bytes: Uint8Array, from: Endpoint, now: number): Outcome;
}

export interface StationOptions {
  readonly name: string;
  /** Dotted. */
  readonly address: string;
  /** 12 hex digits. */
  readonly hardware: string;
  readonly port: number;
  readonly service: Service;
}

/** A frame, and how long after the one it answers it is sent. */
export interface Answer {
  readonly frame: Frame;
  readonly delayMs: number;
}

export class Station {
  readonly options: StationOptions;
  /** false: its cable is out, or its power; it hears and says nothing. */
  isPlugged = true;
  /** Hardware addresses by IPv4 address. */
  readonly #neighbours = new Map<string, string>();

  constructor(options: StationOptions) {
    this.options = options;
  }

  handle(frame: Frame, now: number): readonly Answer[] {
    if (!this.isPlugged || (frame.to !== this.options.hardware && frame.to !== BROADCAST)) return [];
    if (frame.type === TYPE_ARP) return this.#resolve(frame);
    const packet = frame.type === TYPE_IPV4 ? readPacket(frame.payload) : undefined;
    if (packet?.to !== this.options.address) return [];
    this.#neighbours.set(packet.from, frame.from);
    return this.#receive(packet, now);
  }

  /** The frame that takes a packet to a neighbour that was heard before. */
  frameOf(packet: Packet): Frame | undefined {
    const to = this.#neighbours.get(packet.to);
    const from = this.options.hardware;
    return to === undefined ? undefined : { to, from, type: TYPE_IPV4, payload: writePacket(packet) };
  }

  /** Is that me? RFC 826, "Packet Reception". */
  #resolve({ payload }: Frame): readonly Answer[] {
    const { address, hardware } = this.options;
    const arp = readArp(payload);
    if (arp?.targetAddress !== address) return [];
    this.#neighbours.set(arp.senderAddress, arp.sender);
    if (arp.kind !== "request") return [];
    const { sender: target, senderAddress: targetAddress } = arp;
    const reply = writeArp({
      kind: "reply",
      sender: hardware,
      senderAddress: address,
      target,
      targetAddress,
    });
    return [{ frame: { to: target, from: hardware, type: TYPE_ARP, payload: reply }, delayMs: 0 }];
  }

  #receive(packet: Packet, now: number): readonly Answer[] {
    const message = readMessage(packet);
    if (message?.kind === "echo") {
      const reply = writeMessage(packet.to, packet.from, { kind: "echo reply", data: message.data });
      return this.#answers([reply], 0);
    }
    const datagram = readDatagram(packet);
    return datagram === undefined ? [] : this.#serve(packet, datagram, now);
  }

  #serve(packet: Packet, { from, to, payload }: Datagram, now: number): readonly Answer[] {
    if (to.port !== this.options.port) return this.#answers([portUnreachable(packet)], 0);
    const outcome = this.options.service.handle(payload, from, now);
    if (outcome.kind === "lost") return [];
    if (outcome.kind === "refused") return this.#answers([portUnreachable(packet)], 0);
    const replies = outcome.replies.map((reply) =>
      writeDatagram({ from: to, to: reply.to, payload: Buffer.from(reply.bytes) }),
    );
    return this.#answers(replies, outcome.delayMs);
  }

  #answers(packets: readonly Packet[], delayMs: number): readonly Answer[] {
    return packets
      .map((packet) => this.frameOf(packet))
      .flatMap((frame) => (frame === undefined ? [] : [{ frame, delayMs }]));
  }
}
