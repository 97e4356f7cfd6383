// IPv4 packets without options, and the checksum that IP, ICMP and UDP share. RFC 791, RFC 1071.
//
// What is cut, damaged or in fragments is no packet here. Above: ethernet.ts, udp.ts, icmp.ts, station.ts.

export interface Packet {
  /** Dotted. */
  readonly from: string;
  readonly to: string;
  /** PROTOCOL_ICMP, PROTOCOL_UDP. */
  readonly protocol: number;
  readonly payload: Buffer;
}

export const PROTOCOL_ICMP = 1;
export const PROTOCOL_UDP = 17;

const HEADER = 20;
const VERSION_4_WITHOUT_OPTIONS = 0x45;
const TIME_TO_LIVE = 64;
/** More fragments, and the offset of this one. */
const FRAGMENT = 0x3fff;

/** @param bytes may be longer than the packet: short frames are filled up */
export function readPacket(bytes: Buffer): Packet | undefined {
  if (bytes.length < HEADER || bytes.readUInt8(0) >> 4 !== 4) return undefined;
  const header = 4 * (bytes.readUInt8(0) & 15);
  const length = bytes.readUInt16BE(2);
  if (header < HEADER || length < header || length > bytes.length) return undefined;
  if ((bytes.readUInt16BE(6) & FRAGMENT) !== 0 || checksum(bytes.subarray(0, header)) !== 0) return undefined;
  return {
    from: addressOf(bytes, 12),
    to: addressOf(bytes, 16),
    protocol: bytes.readUInt8(9),
    payload: bytes.subarray(header, length),
  };
}

export function writePacket({ from, to, protocol, payload }: Packet): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(HEADER), payload]);
  bytes.writeUInt8(VERSION_4_WITHOUT_OPTIONS, 0);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt8(TIME_TO_LIVE, 8);
  bytes.writeUInt8(protocol, 9);
  bytesOfAddress(from).copy(bytes, 12);
  bytesOfAddress(to).copy(bytes, 16);
  bytes.writeUInt16BE(checksum(bytes.subarray(0, HEADER)), 10);
  return bytes;
}

/** Over what carries its own checksum: 0 when it is whole. RFC 1071 §1. */
export function checksum(...parts: readonly Buffer[]): number {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export function addressOf(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 4).join(".");
}

export function bytesOfAddress(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}
