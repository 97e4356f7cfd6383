// The state of a phone as bytes that outlive it: a copy of the core's memory with a header and a checksum.
//
// Passwords, packets and events are not in that part of the memory. Everything is little-endian, on every host, as the
// module has it. What is not exactly ours is refused in words. The layout is in ABI.md, "Snapshots".
// Below: load.ts. Above: agent.ts takes images, host/node keeps them in a file.

import { sha256 } from "@noble/hashes/sha2.js";
import { ABI_VERSION } from "../../assembly/abi.ts";
import type { PhoneConfig } from "../config/model.ts";

/** The state of a core at one moment, between two inputs. */
export interface Image {
  /** Memory of the module from 0 up to its input buffer. */
  readonly memory: Uint8Array;
  /** What the core's clock showed, ms, a u32. */
  readonly clock: number;
}

/** What a snapshot has to fit. */
export interface Fit {
  /** SHA-256 of the module. */
  readonly module: Uint8Array;
  /** Of which configuration, and of which device: ownerOf(). */
  readonly owner: Uint8Array;
}

/** What the host has to know of the device again. */
export interface Device {
  /** Its name in Contacts, 8 hex digits. */
  readonly instance: string;
  /** The port it was bound to, 0: none in particular. */
  readonly localPort: number;
}

export interface Snapshot extends Device {
  readonly image: Image;
}

/** A snapshot that is not used; the message says why. */
export class SnapshotError extends Error {
  /** It begins as ours do: a file with it may be replaced. */
  readonly isOurs: boolean;

  constructor(why: string, isOurs: boolean) {
    super(why);
    this.name = "SnapshotError";
    this.isOurs = isOurs;
  }
}

const MAGIC = new TextEncoder().encode("sfsnap\r\n");
const FORMAT = 1;
const [AT_FORMAT, AT_ABI, AT_CLOCK, AT_LENGTH, AT_PORT, AT_INSTANCE, AT_MODULE, AT_OWNER, AT_MEMORY] = [
  8, 10, 12, 16, 20, 24, 32, 64, 80,
];
const OWNER_SIZE = 16;
const HASH_SIZE = 32;

export function writeSnapshot({ image, instance, localPort }: Snapshot, { module, owner }: Fit): Uint8Array {
  const { memory, clock } = image;
  const bytes = new Uint8Array(AT_MEMORY + memory.length + HASH_SIZE);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(AT_FORMAT, FORMAT, true);
  view.setUint16(AT_ABI, ABI_VERSION, true);
  view.setUint32(AT_CLOCK, clock, true);
  view.setUint32(AT_LENGTH, memory.length, true);
  view.setUint16(AT_PORT, localPort, true);
  bytes.set(new TextEncoder().encode(instance).subarray(0, AT_MODULE - AT_INSTANCE), AT_INSTANCE);
  bytes.set(module, AT_MODULE);
  bytes.set(owner, AT_OWNER);
  bytes.set(memory, AT_MEMORY);
  const end = AT_MEMORY + memory.length;
  bytes.set(sha256(bytes.subarray(0, end)), end);
  return bytes;
}

/** @throws SnapshotError when it is not whole, or not of this module and this phone */
export function readSnapshot(bytes: Uint8Array, { module, owner }: Fit): Snapshot {
  const begins = isSame(bytes.subarray(0, MAGIC.length), MAGIC);
  if (!begins) throw new SnapshotError("it is no snapshot of standfast", false);
  if (bytes.length < AT_MEMORY) throw damaged(`it is cut off: ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = view.getUint16(AT_FORMAT, true);
  if (format !== FORMAT) throw damaged(`it has format ${format}, this program knows ${FORMAT}`);
  const end = AT_MEMORY + view.getUint32(AT_LENGTH, true);
  const whole = end + HASH_SIZE;
  if (bytes.length < whole) throw damaged(`it is cut off: ${bytes.length} of ${whole} bytes`);
  const isWhole = bytes.length === whole && isSame(bytes.subarray(end), sha256(bytes.subarray(0, end)));
  if (!isWhole) throw damaged("it is damaged: its checksum is wrong");
  const version = view.getUint16(AT_ABI, true);
  if (version !== ABI_VERSION)
    throw damaged(`it is of a module with interface ${version}, this program speaks ${ABI_VERSION}`);
  if (!isSame(bytes.subarray(AT_MODULE, AT_OWNER), module))
    throw damaged("it was taken from another build of the module");
  if (!isSame(bytes.subarray(AT_OWNER, AT_MEMORY), owner))
    throw damaged("it belongs to another configuration or another machine");
  return {
    image: { memory: bytes.slice(AT_MEMORY, end), clock: view.getUint32(AT_CLOCK, true) },
    instance: new TextDecoder().decode(bytes.subarray(AT_INSTANCE, AT_MODULE)).replace(/\0+$/, ""),
    localPort: view.getUint16(AT_PORT, true),
  };
}

/**
 * Whose snapshot it is. State of one configuration means nothing in another: ranks, lines and parameters stand in it as
 * numbers. Of the passwords there are 16 bits, too little to find one by.
 * @param device what else has to be the same: the machine, the program's version
 */
export function ownerOf(config: PhoneConfig, device = ""): Uint8Array {
  const { settings, servers, lines } = config;
  const of = (value: unknown): Uint8Array => sha256(new TextEncoder().encode(JSON.stringify(value)));
  const shown = lines.map(({ number, display }) => [number, display]);
  const held = lines.map(({ credentials }) => credentials);
  const owner = of([device, settings, servers, shown]).slice(0, OWNER_SIZE);
  owner.set(of([device, held]).subarray(0, 2), OWNER_SIZE - 2);
  return owner;
}

function damaged(why: string): SnapshotError {
  return new SnapshotError(why, true);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
