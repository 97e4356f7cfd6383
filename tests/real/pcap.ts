// Reads a classic capture file while it is being written, and takes UDP datagrams and TCP segments out of
// Ethernet frames. Formats: pcap (draft-ietf-opsawg-pcap), IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC 768),
// TCP (RFC 9293).
//
// Loopback on Linux is captured as Ethernet; nothing that is captured here is fragmented or has IPv6
// extension headers, so such a packet is passed over. Above: capture.ts.

import type { Endpoint } from "./probe.ts";

export type Datagram = {
  /** Wall clock, ms since 1970, with the fraction that the capture has. */
  readonly atMs: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payload: Buffer;
};

export type Segment = Datagram & { readonly sequence: number; readonly isSyn: boolean };

export type Packet = Datagram | Segment;

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET_HEADER = 14;
const LINKTYPE_ETHERNET = 1;
const UDP = 17;
const TCP = 6;
const TCP_HEADER = 20;

type Format = { readonly isLittle: boolean; readonly fractionsPerMs: number };

/** Turns the bytes of a capture, in pieces of any size, into packets. */
export class PcapReader {
  #format: Format | undefined;
  #rest: Buffer = Buffer.alloc(0);

  push(piece: Buffer): Packet[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    if (this.#format === undefined) {
      if (this.#rest.length < FILE_HEADER) return [];
      this.#format = readFormat(this.#rest);
      this.#rest = this.#rest.subarray(FILE_HEADER);
    }
    const found: Packet[] = [];
    for (;;) {
      const record = takeRecord(this.#rest, this.#format);
      if (record === undefined) return found;
      this.#rest = this.#rest.subarray(record.length);
      const packet = readFrame(record.frame, record.atMs);
      if (packet !== undefined) found.push(packet);
    }
  }
}

/** The magic number tells the byte order and the unit of the fractions of a second. */
function readFormat(header: Buffer): Format {
  const formats: Record<string, Format> = {
    d4c3b2a1: { isLittle: true, fractionsPerMs: 1_000 },
    a1b2c3d4: { isLittle: false, fractionsPerMs: 1_000 },
    "4d3cb2a1": { isLittle: true, fractionsPerMs: 1_000_000 },
    a1b23c4d: { isLittle: false, fractionsPerMs: 1_000_000 },
  };
  const format = formats[header.toString("hex", 0, 4)];
  if (format === undefined) throw new Error("not a pcap file");
  const linkType = u32(header, 20, format) & 0xffff;
  if (linkType !== LINKTYPE_ETHERNET) throw new Error(`pcap link type ${linkType} is not Ethernet`);
  return format;
}

type CaptureRecord = { readonly atMs: number; readonly frame: Buffer; readonly length: number };

function takeRecord(bytes: Buffer, format: Format): CaptureRecord | undefined {
  if (bytes.length < RECORD_HEADER) return undefined;
  const length = RECORD_HEADER + u32(bytes, 8, format);
  if (bytes.length < length) return undefined;
  const atMs = u32(bytes, 0, format) * 1_000 + u32(bytes, 4, format) / format.fractionsPerMs;
  return { atMs, frame: bytes.subarray(RECORD_HEADER, length), length };
}

function u32(bytes: Buffer, at: number, { isLittle }: Format): number {
  return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

function readFrame(frame: Buffer, atMs: number): Packet | undefined {
  if (frame.length < ETHERNET_HEADER) return undefined;
  const packet = frame.subarray(ETHERNET_HEADER);
  const type = frame.readUInt16BE(12);
  if (type === 0x0800) return readIpv4(packet, atMs);
  if (type === 0x86dd) return readIpv6(packet, atMs);
  return undefined;
}

function readIpv4(packet: Buffer, atMs: number): Packet | undefined {
  const headerLength = ((packet[0] ?? 0) & 0x0f) * 4;
  const isFragment = packet.length >= 20 && (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (packet.length < headerLength + 8 || isFragment) return undefined;
  const inside = packet.subarray(headerLength, packet.readUInt16BE(2)); // Ethernet pads short frames
  return readInside(inside, packet[9], { atMs, from: dotted(packet, 12), to: dotted(packet, 16) });
}

function readIpv6(packet: Buffer, atMs: number): Packet | undefined {
  if (packet.length < 48) return undefined;
  return readInside(packet.subarray(40), packet[6], {
    atMs,
    from: colons(packet, 8),
    to: colons(packet, 24),
  });
}

type Hosts = { readonly atMs: number; readonly from: string; readonly to: string };

function readInside(inside: Buffer, protocol: number | undefined, hosts: Hosts): Packet | undefined {
  if (protocol === UDP)
    return { ...ports(inside, hosts), payload: inside.subarray(8, inside.readUInt16BE(4)) };
  if (protocol !== TCP || inside.length < TCP_HEADER) return undefined;
  const headerLength = (inside.readUInt8(12) >> 4) * 4;
  return {
    ...ports(inside, hosts),
    payload: inside.subarray(headerLength),
    sequence: inside.readUInt32BE(4),
    isSyn: (inside.readUInt8(13) & 0x02) !== 0,
  };
}

function ports(inside: Buffer, { atMs, from, to }: Hosts): Omit<Datagram, "payload"> {
  return {
    atMs,
    from: { address: from, port: inside.readUInt16BE(0) },
    to: { address: to, port: inside.readUInt16BE(2) },
  };
}

function dotted(packet: Buffer, at: number): string {
  return [...packet.subarray(at, at + 4)].join(".");
}

/** The short form of RFC 5952, as the rest of the world writes an address. */
function colons(packet: Buffer, at: number): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((offset) => packet.readUInt16BE(at + offset).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
