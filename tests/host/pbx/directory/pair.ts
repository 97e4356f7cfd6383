// Two directories and a connection between them that a test cuts where it likes; no socket, no clock.
import { Directory, emptySet, type Journal, type Stored } from "../../../../host/pbx/directory/directory.ts";
import type { Change, Edit, WholeSet } from "../../../../host/pbx/directory/edit.ts";
import { MasterSession } from "../../../../host/pbx/directory/master-session.ts";
import type { PbxObject } from "../../../../host/pbx/directory/object.ts";
import { Peer } from "../../../../host/pbx/directory/peer.ts";
import { StandbySession } from "../../../../host/pbx/directory/standby-session.ts";

export function objectOf(user: string, display?: string): PbxObject {
  const ha1 = { "SHA-256": user.padStart(64, "0"), MD5: user.padStart(32, "0") };
  return { user, account: user, ha1, ...(display !== undefined && { display }) };
}

export function put(user: string | number, display?: string): Edit {
  return { kind: "put", object: objectOf(String(user), display) };
}

export function remove(user: string | number): Edit {
  return { kind: "remove", user: String(user) };
}

/** A disk: what is on it survives the node. */
export class Disk implements Journal {
  stored: Stored;
  /** Writes that succeeded. */
  writes = 0;
  isFull = false;

  constructor(history: string) {
    this.stored = emptySet(history);
  }

  append(changes: readonly Change[]): void {
    this.#write();
    const copy = new Directory({ append: () => {}, replace: () => {} }, this.stored);
    copy.edit(changes.map(({ edit }) => edit));
    this.stored = { ...copy.whole(), changes: [...this.stored.changes, ...changes] };
  }

  replace(set: WholeSet): void {
    this.#write();
    this.stored = { ...set, changes: [] };
  }

  #write(): void {
    if (this.isFull) throw new Error("no space left on device");
    this.writes++;
  }
}

type Mode = "master" | "standby";

export class Node {
  readonly name: string;
  readonly disk: Disk;
  readonly #mode: Mode;
  directory: Directory;

  constructor(name: string, mode: Mode, history: string) {
    this.name = name;
    this.#mode = mode;
    this.disk = new Disk(history.padStart(64, "0"));
    this.directory = this.onDisk();
  }

  /** Memory is lost, the disk is not. */
  restart(): void {
    this.directory = this.onDisk();
  }

  /** What it would hold after a restart. */
  onDisk(): Directory {
    return new Directory(this.disk, this.disk.stored, this.#mode === "standby" ? "192.0.2.1" : undefined);
  }
}

export function pair(): { readonly master: Node; readonly standby: Node } {
  return { master: new Node("north", "master", "a"), standby: new Node("south", "standby", "b") };
}

export interface Wiring {
  readonly masterKey: string;
  readonly standbyKey: string;
  readonly masterBinding: string;
  readonly standbyBinding: string;
  readonly now: number;
}

const WIRING: Wiring = {
  masterKey: "secret",
  standbyKey: "secret",
  masterBinding: "",
  standbyBinding: "",
  now: 0,
};

let nonces = 0;

/** One connection; every piece of bytes takes its turn. */
export class Line {
  readonly masterSession: MasterSession;
  readonly standbySession: StandbySession;
  readonly master: Peer;
  readonly standby: Peer;
  now: number;
  /** On their way, in order. */
  readonly #toMaster: Uint8Array[] = [];
  readonly #toStandby: Uint8Array[] = [];
  /** All that ever went over it. */
  readonly heard: Uint8Array[] = [];

  constructor(master: Node, standby: Node, given: Partial<Wiring> = {}) {
    const { masterKey, standbyKey, masterBinding, standbyBinding, now } = { ...WIRING, ...given };
    this.now = now;
    const nonce = () => (++nonces).toString(16).padStart(64, "0");
    const common = (node: Node, key: string, binding: string) => ({
      directory: node.directory,
      name: node.name,
      key: new TextEncoder().encode(key),
      nonce: nonce(),
      binding,
    });
    this.masterSession = new MasterSession(common(master, masterKey, masterBinding));
    this.standbySession = new StandbySession({
      ...common(standby, standbyKey, standbyBinding),
      instance: "0123456789abcdef",
    });
    this.master = new Peer(this.masterSession, now);
    this.standby = new Peer(this.standbySession, now);
    this.#put(this.#toStandby, this.master.pump(now));
  }

  get isQuiet(): boolean {
    return this.#toMaster.length + this.#toStandby.length === 0;
  }

  /** Both sides look whether there is something to say. */
  wake(now = this.now): void {
    this.now = now;
    this.#put(this.#toStandby, this.master.pump(now));
    this.#put(this.#toMaster, this.standby.pump(now));
  }

  /**
   * Carries bytes until there are none, or `budget` of them have gone: to the standby first.
   * @param piece how many bytes at once
   * @returns bytes that went
   */
  carry(budget = Number.POSITIVE_INFINITY, piece = Number.POSITIVE_INFINITY): number {
    let gone = 0;
    while (!this.isQuiet && gone < budget) {
      const isDown = this.#toStandby.length > 0;
      const bytes = take(isDown ? this.#toStandby : this.#toMaster, Math.min(piece, budget - gone));
      gone += bytes.length;
      this.heard.push(bytes);
      if (isDown) this.#put(this.#toMaster, this.standby.feed(bytes, this.now));
      else this.#put(this.#toStandby, this.master.feed(bytes, this.now));
    }
    return gone;
  }

  /** Bytes of somebody on the way, in the place of what the master said. */
  forge(change: (bytes: Uint8Array) => Uint8Array): void {
    const bytes = this.#toStandby.shift();
    if (bytes !== undefined) this.#put(this.#toStandby, change(bytes));
  }

  #put(queue: Uint8Array[], bytes: Uint8Array): void {
    if (bytes.length > 0) queue.push(bytes);
  }
}

function take(queue: Uint8Array[], length: number): Uint8Array {
  const first = queue.shift() as Uint8Array;
  if (first.length > length) queue.unshift(first.subarray(length));
  return first.subarray(0, length);
}
