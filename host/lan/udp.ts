// UDP datagrams in IPv4 packets. RFC 768.
//
// Below: ipv4.ts. Above: station.ts, and tests that look at a LAN.

import type { Endpoint } from "../sip/message.ts";
import { bytesOfAddress, checksum, type Packet, PROTOCOL_UDP } from "./ipv4.ts";

export interface Datagram {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Buffer;
}

const HEADER = 8;

/** @returns undefined: another protocol, cut, or damaged */
export function readDatagram({ from, to, protocol, payload: bytes }: Packet): Datagram | undefined {
  if (protocol !== PROTOCOL_UDP || bytes.length < HEADER) return undefined;
  const length = bytes.readUInt16BE(4);
  if (length < HEADER || length > bytes.length) return undefined;
  const datagram = bytes.subarray(0, length);
  const isSummed = bytes.readUInt16BE(6) !== 0;
  if (isSummed && checksum(pseudoHeader(from, to, length), datagram) !== 0) return undefined;
  return {
    from: { address: from, port: bytes.readUInt16BE(0) },
    to: { address: to, port: bytes.readUInt16BE(2) },
    payload: datagram.subarray(HEADER),
  };
}

export function writeDatagram({ from, to, payload }: Datagram): Packet {
  const bytes = Buffer.concat([Buffer.alloc(HEADER), payload]);
  bytes.writeUInt16BE(from.port, 0);
  bytes.writeUInt16BE(to.port, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  // A sum of 0 would say that there is none.
  bytes.writeUInt16BE(checksum(pseudoHeader(from.address, to.address, bytes.length), bytes) || 0xffff, 6);
  return { from: from.address, to: to.address, protocol: PROTOCOL_UDP, payload: bytes };
}

function pseudoHeader(from: string, to: string, length: number): Buffer {
  const rest = Buffer.from([0, PROTOCOL_UDP, length >> 8, length & 255]);
  return Buffer.concat([bytesOfAddress(from), bytesOfAddress(to), rest]);
}
