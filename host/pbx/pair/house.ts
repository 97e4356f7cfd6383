// Whom a node of a pair knows, and what it refuses beside the digest: no object, no licence, no standby of that kind.
//
// Each refusal carries a Warning text (RFC 3261 §20.43) that says what is wrong and the way out. No I/O: the directory and
// the bindings are handed in. Below: ../directory, marker.ts. Above: server.ts.

import { withoutBrackets } from "../../config/host.ts";
import { all, first, paramsOf, type SipRequest, uriOf } from "../../sip/message.ts";
import { readUri, type SipUri } from "../../sip/uri.ts";
import type { Secret } from "../digest.ts";
import type { Directory } from "../directory/directory.ts";
import { licenceRefusal } from "../directory/licences.ts";
import type { PbxObject } from "../directory/object.ts";
import type { Binding, Locations } from "../locations.ts";
import type { AccountBook, Answer, Gate } from "../registrar.ts";
import { ShortMemory } from "../short-memory.ts";
import type { Refusal } from "../status.ts";
import type { Facts } from "./facts.ts";
import { HANDED_BACK, type Peer, peerOf, STANDBY_USER } from "./marker.ts";
import type { PairSettings } from "./settings.ts";

export interface HouseOptions {
  readonly settings: PairSettings;
  /** What a standby registers with. */
  readonly pbxPassword: string;
  readonly directory: Directory;
  readonly locations: Locations;
}

/** Numbers that are none, of which one network is told within an hour; a longer one is of no phone. */
const TOLD_MAX = 20;
const NUMBER_MAX = 64;

export class House implements AccountBook, Gate {
  readonly #options: HouseOptions;
  #indexed = "";
  #byAccount = new Map<string, PbxObject>();
  /** Refusals of this house since the start. */
  readonly refused: Record<Extract<Refusal, "noObject" | "noLicence">, number> = {
    noObject: 0,
    noLicence: 0,
  };
  /** Who made each binding of the marker. */
  readonly #peers = new Map<string, Peer>();
  /** Numbers that are none, as each network was told. */
  readonly #told = new ShortMemory<readonly string[]>({ entries: 10_000, keptMs: 3_600_000 });

  constructor(options: HouseOptions) {
    this.#options = options;
    // Of an earlier run: the connection it was bound with ended with that, and a standby that lives opens another.
    options.locations.drop(STANDBY_USER);
  }

  /** Registrations that may be held at once: as many as are licensed, and as the machine holds. */
  get limit(): number {
    const { settings, directory } = this.#options;
    const { registrations, standby } = directory.licences;
    return Math.min(settings.mode === "master" ? registrations : standby, settings.registrationsMax);
  }

  /** Whether one of them is at that address: what it passes on is of others. */
  isStandbyAt(address: string, now: number): boolean {
    const hosts = this.#options.locations.of(STANDBY_USER, now).map(({ uri }) => withoutBrackets(uri.host));
    return hosts.includes(address);
  }

  /** Users with a live binding, markers aside. */
  users(now: number): readonly string[] {
    return this.#options.locations.users(now).filter((user) => user !== STANDBY_USER);
  }

  /** The standbys that are registered here. */
  standbys(now: number): readonly Peer[] {
    const held = this.#options.locations.of(STANDBY_USER, now);
    return held.map(({ contact }) => this.#peers.get(contact) ?? { name: "", instance: "" });
  }

  secretOf(account: string): Secret | undefined {
    if (account === STANDBY_USER) return { kind: "password", password: this.#options.pbxPassword };
    const object = this.#accounts().get(account);
    return object && { kind: "ha1", hashes: object.ha1 };
  }

  /** A standby hands bindings back for others. RFC 3261 §10.2, third-party registration. */
  mayBind(account: string, user: string): boolean {
    if (account === STANDBY_USER) return true;
    return this.#options.directory.find(user)?.account === account;
  }

  knows(user: string): boolean {
    return this.#options.directory.find(user) !== undefined;
  }

  /** Of numbers that are none each network is told a few: a phone's mistake is named, and nobody learns who is here. */
  refuse(user: string, network: string | undefined, now: number): Answer | undefined {
    const { settings, directory } = this.#options;
    if (user === STANDBY_USER || this.knows(user)) return undefined;
    this.refused.noObject += 1;
    if (directory.size > 0 && network !== undefined && !this.#mayTell(user, network, now)) return undefined;
    if (directory.size > 0)
      return this.#refusal(
        404,
        `No object ${user} at this PBX: add it at the master, or mend the phone's number`,
      );
    if (settings.mode === "master")
      return this.#refusal(404, "The object list of this PBX is empty: add objects");
    const why = settings.replicateFromMaster
      ? "nothing was ever replicated from the master"
      : "replicateFromMaster is off";
    return this.#refusal(404, `The object list of this standby is empty: ${why}`);
  }

  /** What a stranger was told already is told again. */
  #mayTell(user: string, network: string, now: number): boolean {
    const told = this.#told.get(network, now) ?? [];
    if (told.includes(user)) return true;
    if (told.length >= TOLD_MAX || user.length > NUMBER_MAX) return false;
    this.#told.set(network, [...told, user], now);
    return true;
  }

  admit(request: SipRequest, user: string, account: string, now: number): Answer | undefined {
    if (user === STANDBY_USER) return this.#admitStandby(request, now);
    if (account === STANDBY_USER && this.#hasSpoken(request, user, now)) return { status: 200 };
    const { settings, locations } = this.#options;
    const isBound = locations.of(user, now).length > 0;
    const refused =
      settings.isVirtual && settings.registrationsMax === 0
        ? "This virtual node has no platform licence of its own: set platformLicence"
        : licenceRefusal({ user, isBound, used: this.users(now).length, limit: this.limit });
    if (refused === undefined) return undefined;
    this.refused.noLicence += 1;
    return this.#refusal(403, refused);
  }

  /**
   * The phone speaks for itself: what was handed back for it ends. It may call itself otherwise here than it did at the
   * standby, so its address tells; a connection has another port each time.
   */
  speaks(request: SipRequest, user: string, account: string, now: number): void {
    if (account === STANDBY_USER) return;
    const own = contactsOf(request);
    const ended = this.#options.locations
      .of(user, now)
      .filter((held) => isHandedBack(held) && own.some((one) => isSamePhone(one, held.uri)));
    this.#end(user, ended, now);
  }

  /** A standby keeps its own marker fresh, and hands back what is left of a binding. */
  isFree(account: string): boolean {
    return account === STANDBY_USER;
  }

  tell(user: string, now: number): string | undefined {
    if (user !== STANDBY_USER) return undefined;
    const { settings, directory } = this.#options;
    const facts: Facts = {
      general: settings.general,
      objects: directory.size,
      used: this.users(now).length,
    };
    return JSON.stringify(facts);
  }

  #admitStandby(request: SipRequest, now: number): Answer | undefined {
    const { settings, locations } = this.#options;
    const peer = peerOf(request);
    const own = settings.name;
    if (settings.mode === "standby")
      return this.#refusal(403, `${own} is a standby itself: set master to the address of the master`);
    if (peer === undefined) return this.#refusal(403, "Only a standby of standfast registers by this name");
    if (peer.name === own)
      return this.#refusal(403, `Both nodes are called ${own}: give each a name of its own`);
    const held = locations.of(STANDBY_USER, now);
    const named = held.filter(({ contact }) => this.#peers.get(contact)?.name === peer.name);
    if (named.some(({ contact }) => this.#peers.get(contact)?.instance !== peer.instance))
      return this.#refusal(403, `Another standby is called ${peer.name}: give each a name of its own`);
    const uri = /<([^>]*)>/.exec(first(request, "contact") ?? "")?.[1] ?? "";
    // A connection that is gone left the binding: the node is here once.
    const gone = named.filter(({ contact }) => contact !== `<${uri}>`);
    this.#end(STANDBY_USER, gone, now);
    const left = new Set(locations.of(STANDBY_USER, now).map(({ contact }) => contact));
    for (const contact of this.#peers.keys()) if (!left.has(contact)) this.#peers.delete(contact);
    if (readUri(uri) !== undefined) this.#peers.set(`<${uri}>`, peer);
    return undefined;
  }

  /**
   * Whether the phone that is handed back has said here itself where it is: that stays. What its standby granted later
   * lets it live longer, for the phone need not come before that is over.
   */
  #hasSpoken(request: SipRequest, user: string, now: number): boolean {
    const { settings, locations } = this.#options;
    const offered = contactsOf(request);
    const own = locations
      .of(user, now)
      .filter((held) => !isHandedBack(held) && offered.some((one) => isSamePhone(held.uri, one)));
    const seconds = Number(paramsOf(first(request, "contact") ?? "").get("expires") ?? 0);
    const until = now + Math.min(seconds, settings.expires.max) * 1000;
    for (const { contact } of own) locations.prolong(user, contact, until, now);
    return own.length > 0;
  }

  #end(user: string, held: readonly Binding[], now: number): void {
    const wishes = held.map(({ contact, uri }) => ({ contact, uri, seconds: 0 }));
    if (wishes.length > 0) this.#options.locations.grant(user, wishes, "", 0, now);
  }

  #refusal(status: number, text: string): Answer {
    return { status, extra: [`Warning: 399 ${this.#options.settings.name} "${text.replace(/["\\]/g, "")}"`] };
  }

  #accounts(): ReadonlyMap<string, PbxObject> {
    const { directory } = this.#options;
    if (this.#indexed !== directory.history) {
      this.#indexed = directory.history;
      this.#byAccount = new Map(Array.from(directory.objects(), (object) => [object.account, object]));
    }
    return this.#byAccount;
  }
}

function contactsOf(request: SipRequest): readonly SipUri[] {
  return all(request, "contact").flatMap((contact) => readUri(uriOf(contact)) ?? []);
}

function isHandedBack({ callId }: Binding): boolean {
  return callId.startsWith(HANDED_BACK);
}

/** Whether a binding that is handed back is of the phone that says `own`. */
function isSamePhone(own: SipUri, back: SipUri): boolean {
  return own.host === back.host && (own.port === back.port || back.params.has("transport"));
}
