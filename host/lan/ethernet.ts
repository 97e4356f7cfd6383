// Ethernet II frames and ARP, read and written. IEEE 802.3, RFC 894, RFC 826.
//
// Addresses of hardware are 12 hex digits. Above: station.ts, and tests that look at a LAN.

import { addressOf, bytesOfAddress } from "./ipv4.ts";

export interface Frame {
  readonly to: string;
  readonly from: string;
  /** TYPE_IPV4, TYPE_ARP. */
  readonly type: number;
  /** Of a short frame with the zeros that fill it. */
  readonly payload: Buffer;
}

export const BROADCAST = "ffffffffffff";
export const TYPE_IPV4 = 0x0800;
export const TYPE_ARP = 0x0806;

const HEADER = 14;
/** The least a frame has, without its checksum. IEEE 802.3 §3.2.7. */
const FRAME_MIN = 60;

/** @returns undefined: shorter than its header */
export function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < HEADER) return undefined;
  return {
    to: bytes.toString("hex", 0, 6),
    from: bytes.toString("hex", 6, 12),
    type: bytes.readUInt16BE(12),
    payload: bytes.subarray(HEADER),
  };
}

export function writeFrame({ to, from, type, payload }: Frame): Buffer {
  const bytes = Buffer.alloc(Math.max(HEADER + payload.length, FRAME_MIN));
  bytes.write(to + from, "hex");
  bytes.writeUInt16BE(type, 12);
  payload.copy(bytes, HEADER);
  return bytes;
}

/** Who has `targetAddress`? I am `senderAddress`. */
export interface Arp {
  readonly kind: "request" | "reply";
  readonly sender: string;
  readonly senderAddress: string;
  /** Of a request anything. */
  readonly target: string;
  readonly targetAddress: string;
}

const ARP_LENGTH = 28;
/** Ethernet, IPv4, and the lengths of their addresses. */
const ARP_KIND = "000108000604";
const OPERATIONS = ["request", "reply"] as const;

/** @returns undefined: short, or about something else than IPv4 on Ethernet */
export function readArp(bytes: Buffer): Arp | undefined {
  if (bytes.length < ARP_LENGTH || bytes.toString("hex", 0, 6) !== ARP_KIND) return undefined;
  const kind = OPERATIONS[bytes.readUInt16BE(6) - 1];
  if (kind === undefined) return undefined;
  return {
    kind,
    sender: bytes.toString("hex", 8, 14),
    senderAddress: addressOf(bytes, 14),
    target: bytes.toString("hex", 18, 24),
    targetAddress: addressOf(bytes, 24),
  };
}

export function writeArp({ kind, sender, senderAddress, target, targetAddress }: Arp): Buffer {
  const bytes = Buffer.alloc(ARP_LENGTH);
  bytes.write(ARP_KIND, "hex");
  bytes.writeUInt16BE(OPERATIONS.indexOf(kind) + 1, 6);
  bytes.write(sender, 8, "hex");
  bytesOfAddress(senderAddress).copy(bytes, 14);
  bytes.write(target, 18, "hex");
  bytesOfAddress(targetAddress).copy(bytes, 24);
  return bytes;
}
