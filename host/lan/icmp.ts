// ICMP: echo, and the word that a port is closed. RFC 792, RFC 1122 §3.2.2.
//
// Below: ipv4.ts. Above: station.ts, and tests that look at a LAN.

import { checksum, type Packet, PROTOCOL_ICMP, writePacket } from "./ipv4.ts";

export type Message =
  /** data: identifier, sequence number and whatever follows, which come back unchanged. */
  | { readonly kind: "echo" | "echo reply"; readonly data: Buffer }
  /** packet: the header of what was sent, and its first 8 bytes. */
  | { readonly kind: "port unreachable"; readonly packet: Buffer };

/** Type and code, one after the other. */
const CODES = { "echo reply": 0x0000, "port unreachable": 0x0303, echo: 0x0800 } as const;
const HEADER = 4;
const UNUSED = 4;
const QUOTED = 28;

/** @returns undefined: another protocol or message, cut, or damaged */
export function readMessage({ protocol, payload: bytes }: Packet): Message | undefined {
  if (protocol !== PROTOCOL_ICMP || bytes.length < HEADER + UNUSED || checksum(bytes) !== 0) return undefined;
  const code = bytes.readUInt16BE(0);
  if (code === CODES["port unreachable"])
    return { kind: "port unreachable", packet: bytes.subarray(HEADER + UNUSED) };
  if (code === CODES.echo) return { kind: "echo", data: bytes.subarray(HEADER) };
  return code === CODES["echo reply"] ? { kind: "echo reply", data: bytes.subarray(HEADER) } : undefined;
}

export function writeMessage(from: string, to: string, message: Message): Packet {
  const rest =
    message.kind === "port unreachable"
      ? Buffer.concat([Buffer.alloc(UNUSED), message.packet.subarray(0, QUOTED)])
      : message.data;
  const payload = Buffer.concat([Buffer.alloc(HEADER), rest]);
  payload.writeUInt16BE(CODES[message.kind], 0);
  payload.writeUInt16BE(checksum(payload), 2);
  return { from, to, protocol: PROTOCOL_ICMP, payload };
}

/** What a host says of a datagram to a port where nobody listens. RFC 1122 §4.1.3.1. */
export function portUnreachable(packet: Packet): Packet {
  return writeMessage(packet.to, packet.from, { kind: "port unreachable", packet: writePacket(packet) });
}
