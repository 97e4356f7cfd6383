// One node of a pair as a phone meets it: answered here, sent to the master, passed on to it, or asked to wait.
//
// A datagram, its source and the time go in; answers, or what is to be passed on, come out. What a standby does in each
// role is ../standby's to say. RFC 3261 §10.3, §21.3.3, §21.5.4. Below: house.ts, ../registrar.ts. Above: host/node/pair.

import { hexHash, readDigest } from "../../sip/digest.ts";
import {
  all,
  type Endpoint,
  first,
  paramsOf,
  readAnswer,
  readRequest,
  type SipRequest,
  sentBy,
} from "../../sip/message.ts";
import { warningOf } from "../../sip/warning.ts";
import type { Guesses } from "../guesses.ts";
import type { Locations } from "../locations.ts";
import { networkOf } from "../network.ts";
import { credentials, Registrar, type Reply, userOf } from "../registrar.ts";
import { type Conduct, conductFor } from "../standby/conduct.ts";
import type { StandbyRole } from "../standby/role.ts";
import type { Refusal } from "../status.ts";
import type { House } from "./house.ts";
import { STANDBY_USER } from "./marker.ts";
import { forwarded, hopsOf, unfit } from "./relay.ts";
import type { PairSettings, Ports } from "./settings.ts";

export type Way = "udp" | "tcp" | "tls";

export type Handled =
  /** @see Told */
  | { readonly kind: "answered"; readonly replies: readonly Reply[]; readonly told?: Told }
  /** To the master; what it answers goes back to the sender without the top Via. */
  | {
      readonly kind: "relayed";
      readonly branch: string;
      readonly request: SipRequest;
      readonly bytes: Uint8Array;
    };

/** What a REGISTER was told, for the log. */
export interface Told {
  readonly user: string;
  readonly status: number;
  /** Text of the Warning; "": none. */
  readonly warning: string;
  /** What it did to the bindings of the user; undefined: they are there as before, or not. */
  readonly change?: "registered" | "removed";
}

export interface ServerOptions {
  readonly settings: PairSettings;
  readonly house: House;
  readonly locations: Locations;
  /** undefined: a master, which always serves. */
  readonly role: StandbyRole | undefined;
  /** Makes nonces unguessable. */
  readonly key: string;
  readonly guesses: Guesses;
}

export class PairServer {
  readonly #options: ServerOptions;
  readonly #registrar: Registrar;
  readonly #seen = new Set<string>();
  readonly #counts = { redirected: 0, waiting: 0, credentials: 0 };

  constructor(options: ServerOptions) {
    const { settings, house, key, guesses } = options;
    this.#options = options;
    this.#registrar = new Registrar({
      realm: settings.realm,
      accounts: house,
      gate: house,
      key,
      guesses,
      defaultExpiresSeconds: settings.expires.default,
      minExpiresSeconds: settings.expires.min,
      maxExpiresSeconds: settings.expires.max,
    });
    this.#registrar.locations = options.locations;
  }

  /** Users that have asked here: phones that know this node. */
  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  /** What was not granted since the start. */
  get refusals(): Readonly<Record<Refusal, number>> {
    const { house, guesses } = this.#options;
    return { ...this.#counts, ...house.refused, guesses: guesses.refused };
  }

  handle(bytes: Uint8Array, from: Endpoint, way: Way, now: number): Handled {
    const request = readRequest(bytes);
    if (request === undefined || request.method === "ACK") return { kind: "answered", replies: [] };
    const { role, settings, house } = this.#options;
    const user = userOf(request);
    if (way !== "tls" && speaksForStandby(request, user)) return this.#unsafe(request, from);
    if (house.knows(user)) this.#seen.add(user);
    if (role === undefined || user === STANDBY_USER) return this.#serve(request, from, way, now);
    const conduct = conductFor(role, request.method, settings.divert, now);
    if (conduct.kind === "serve") return this.#serve(request, from, way, now);
    if (conduct.kind === "relay") return this.#relay(request, from);
    return this.#say(request, from, conduct, way);
  }

  /** What this node would answer as a registrar, whatever its role. */
  probe(bytes: Uint8Array, from: Endpoint, now: number): Uint8Array | undefined {
    return this.#registrar.handle(bytes, from, now)[0]?.bytes;
  }

  /** What is said when the master gave no answer to a request that was passed on. RFC 3261 §16.7 step 6, §21.5.5. */
  unanswered(request: SipRequest, from: Endpoint): Reply {
    return this.#refuse(request, from, 504);
  }

  /** A phone that is asked for its password, or renews, is nothing to be told of. */
  isRoutine({ status, change }: Told): boolean {
    return change === undefined && (status < 300 || status === 401);
  }

  #isBound(request: SipRequest, now: number): boolean {
    return this.#options.locations.of(userOf(request), now).length > 0;
  }

  /** Whose request it is: what our standby passes on says where it had it from. RFC 3261 §18.2.1. */
  #sourceOf(request: SipRequest, { address }: Endpoint, way: Way, now: number): string {
    const via = all(request, "via")[1];
    if (via === undefined || way !== "tls" || !this.#options.house.isStandbyAt(address, now)) return address;
    return paramsOf(via).get("received") ?? sentBy(via);
  }

  /** An answer that is not the registrar's. */
  #refuse(request: SipRequest, from: Endpoint, status: number, extra: readonly string[] = []): Reply {
    return this.#registrar.write(request, from, { status, extra });
  }

  #serve(request: SipRequest, from: Endpoint, way: Way, now: number): Handled {
    const wasBound = this.#isBound(request, now);
    const network = networkOf(this.#sourceOf(request, from, way, now));
    const replies = this.#registrar.serve(request, from, now, { network });
    const isBound = this.#isBound(request, now);
    const change = isBound === wasBound ? {} : ({ change: isBound ? "registered" : "removed" } as const);
    const said = request.method === "REGISTER" ? toldBy(request, replies) : undefined;
    const told = said && { ...said, ...change };
    if (told?.status === 401 && first(request, "authorization") !== undefined) this.#counts.credentials += 1;
    return { kind: "answered", replies, ...(told && { told }) };
  }

  /** Else passwords could be tried on a datagram that was overheard, and by a phone through a standby that passes on. */
  #unsafe(request: SipRequest, from: Endpoint): Handled {
    const { name } = this.#options.settings;
    const why = `Warning: 399 ${name} "A standby registers over TLS: give it the master's tlsPort"`;
    return refusal(request, this.#refuse(request, from, 403, [why]));
  }

  #relay(request: SipRequest, from: Endpoint): Handled {
    const { settings } = this.#options;
    const refuse = (status: number): Handled => refusal(request, this.#refuse(request, from, status));
    if (hopsOf(request) <= 0) return refuse(483);
    const branch = this.#branchOf(request, from);
    const sentBy = settings.address.includes(":") ? `[${settings.address}]` : settings.address;
    const bytes = forwarded(request, from, `${sentBy};branch=${branch}`);
    const why = unfit(bytes);
    return why === undefined ? { kind: "relayed", branch, request, bytes } : refuse(why);
  }

  /** A repeat has the branch of the first, so it is the same request to the master. RFC 3261 §16.11. */
  #branchOf(request: SipRequest, { address, port }: Endpoint): string {
    const { key } = this.#options;
    const said = ["via", "call-id", "cseq"].map((name) => first(request, name));
    return `z9hG4bK${hexHash("SHA-256", JSON.stringify([key, address, port, ...said])).slice(0, 32)}`;
  }

  #say(request: SipRequest, from: Endpoint, conduct: Conduct, way: Way): Handled {
    const { master } = this.#options.settings;
    this.#counts[conduct.kind === "wait" ? "waiting" : "redirected"] += 1;
    const reply =
      conduct.kind === "wait"
        ? this.#refuse(request, from, 503, [`Retry-After: ${conduct.retryAfterSeconds}`])
        : this.#refuse(
            request,
            from,
            302,
            master ? [`Contact: <${placeOf(master, way, userOf(request))}>`] : [],
          );
    return refusal(request, reply);
  }
}

/** It registers a standby, or says that it is one. */
function speaksForStandby(request: SipRequest, user: string): boolean {
  const accounts = credentials(request).map((value) => readDigest(value).get("username"));
  return user === STANDBY_USER || accounts.includes(STANDBY_USER);
}

/** One answer; of a REGISTER it is told. */
function refusal(request: SipRequest, reply: Reply): Handled {
  const told = request.method === "REGISTER" ? toldBy(request, [reply]) : undefined;
  return { kind: "answered", replies: [reply], ...(told && { told }) };
}

function toldBy(request: SipRequest, [reply]: readonly Reply[]): Told | undefined {
  const answer = reply && readAnswer(reply.bytes);
  return answer && { user: userOf(request), status: answer.status, warning: warningOf(answer) };
}

/** Where the master is for somebody who came that way; over TLS when it does not speak that way. */
function placeOf(
  { address, ports }: { readonly address: string; readonly ports: Ports },
  way: Way,
  user: string,
): string {
  const chosen = ports[way] === 0 ? "tls" : way;
  const host = address.includes(":") ? `[${address}]` : address;
  return `sip:${user === "" ? "" : `${user}@`}${host}:${ports[chosen]};transport=${chosen}`;
}
