// One node of a pair as a phone meets it: answered here, sent to the master, passed on to it, or asked to wait.
//
// A datagram, its source and the time go in; answers, or what is to be passed on, come out. What a standby does in each
// role is ../standby's to say. RFC 3261 §10.3, §21.3.3, §21.5.4. Below: house.ts, ../registrar.ts. Above: host/node/pair.

import { type Endpoint, first, readAnswer, readRequest, type SipRequest } from "../../sip/message.ts";
import { warningOf } from "../../sip/warning.ts";
import type { Locations } from "../locations.ts";
import { Registrar, type Reply, userOf } from "../registrar.ts";
import { type Conduct, conductFor } from "../standby/conduct.ts";
import type { StandbyRole } from "../standby/role.ts";
import type { Refusal } from "../status.ts";
import type { House } from "./house.ts";
import { STANDBY_USER } from "./marker.ts";
import { forwarded } from "./relay.ts";
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
}

export class PairServer {
  readonly #options: ServerOptions;
  readonly #registrar: Registrar;
  readonly #seen = new Set<string>();
  readonly #counts = { redirected: 0, waiting: 0, credentials: 0 };
  #relayed = 0;

  constructor(options: ServerOptions) {
    const { settings, house, key } = options;
    this.#options = options;
    this.#registrar = new Registrar({
      realm: settings.realm,
      accounts: house,
      gate: house,
      key,
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
    return { ...this.#counts, ...this.#options.house.refused };
  }

  handle(bytes: Uint8Array, from: Endpoint, way: Way, now: number): Handled {
    const request = readRequest(bytes);
    if (request === undefined || request.method === "ACK") return { kind: "answered", replies: [] };
    const { role, settings, house } = this.#options;
    const user = userOf(request);
    if (house.knows(user)) this.#seen.add(user);
    if (role === undefined || user === STANDBY_USER) return this.#serve(request, from, now);
    const conduct = conductFor(role, request.method, settings.divert, now);
    if (conduct.kind === "serve") return this.#serve(request, from, now);
    if (conduct.kind === "relay") return this.#relay(request, bytes, from);
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

  /** An answer that is not the registrar's. */
  #refuse(request: SipRequest, from: Endpoint, status: number, extra: readonly string[] = []): Reply {
    return this.#registrar.write(request, from, { status, extra });
  }

  #serve(request: SipRequest, from: Endpoint, now: number): Handled {
    const wasBound = this.#isBound(request, now);
    const replies = this.#registrar.serve(request, from, now);
    const isBound = this.#isBound(request, now);
    const change = isBound === wasBound ? {} : ({ change: isBound ? "registered" : "removed" } as const);
    const said = request.method === "REGISTER" ? toldBy(request, replies) : undefined;
    const told = said && { ...said, ...change };
    if (told?.status === 401 && first(request, "authorization") !== undefined) this.#counts.credentials += 1;
    return { kind: "answered", replies, ...(told && { told }) };
  }

  #relay(request: SipRequest, bytes: Uint8Array, from: Endpoint): Handled {
    const { settings } = this.#options;
    if (first(request, "max-forwards") === "0")
      return { kind: "answered", replies: [this.#refuse(request, from, 483)] };
    const branch = `z9hG4bKrelay${this.#relayed++}`;
    const sentBy = settings.address.includes(":") ? `[${settings.address}]` : settings.address;
    return { kind: "relayed", branch, request, bytes: forwarded(bytes, from, `${sentBy};branch=${branch}`) };
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
    const told = request.method === "REGISTER" ? toldBy(request, [reply]) : undefined;
    return { kind: "answered", replies: [reply], ...(told && { told }) };
  }
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
