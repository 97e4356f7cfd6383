// One server as a phone meets it: a registrar, and whatever is wrong with it just now.
//
// No I/O: a datagram and the time in, answers with a delay out. Below: registrar.ts, faults.ts.
// Above: sim/world.ts in virtual time, host/node over real sockets.

import { type Endpoint, first, readRequest, type SipRequest, uriOf } from "../sip/message.ts";
import { readUri } from "../sip/uri.ts";
import { type Fate, Faults, type ServerVerb, type StatusVerb } from "./faults.ts";
import { Forger } from "./forger.ts";
import type { Binding, Locations } from "./locations.ts";
import { Registrar, type RegistrarOptions, type Reply } from "./registrar.ts";

/** What happens to a datagram that reached the host of the server. */
export type Outcome =
  /** Nothing comes back. */
  | { readonly kind: "lost" }
  /** Port closed: an ICMP error, or a refused connection. */
  | { readonly kind: "refused" }
  | { readonly kind: "answered"; readonly replies: readonly Reply[]; readonly delayMs: number };

/** How a server finds the others of its set: by name, as scenarios write them. */
export interface Neighbours {
  /** `host:port` to redirect to; undefined: no such server. */
  contactOf(server: string): string | undefined;
  tableOf(server: string): Locations | undefined;
}

/** Something comes back. */
type Answered = Extract<Fate, { kind: "answered" | "served" }>;

export class PbxServer {
  readonly registrar: Registrar;
  readonly #faults = new Faults();
  readonly #forger = new Forger();
  readonly #own: Locations;
  readonly #neighbours: Neighbours;

  constructor(options: RegistrarOptions, neighbours: Neighbours) {
    this.registrar = new Registrar(options);
    this.#own = this.registrar.locations;
    this.#neighbours = neighbours;
  }

  /** Its own location table, whoever uses it. */
  get table(): Locations {
    return this.#own;
  }

  /**
   * Whether a caller could reach `user` through this server at this moment.
   * @param isAlive whether what is sent to a Contact reaches anybody
   */
  serves(user: string, now: number, isAlive: (binding: Binding) => boolean = () => true): boolean {
    return this.#faults.unreachable === undefined && this.registrar.locations.of(user, now).some(isAlive);
  }

  /** Whether anything comes back at all: "lost", "refused", or undefined: yes. */
  get unreachable(): "lost" | "refused" | undefined {
    return this.#faults.unreachable;
  }

  apply(verb: ServerVerb): void {
    this.#faults.apply(verb);
    if (verb.kind === "restarts") this.registrar.restart();
    const shared = this.#faults.tableOf;
    this.registrar.locations =
      (shared === undefined ? undefined : this.#neighbours.tableOf(shared)) ?? this.#own;
  }

  handle(bytes: Uint8Array, from: Endpoint, now: number): Outcome {
    const request = readRequest(bytes);
    const fate = this.#faults.fate(request?.method ?? "", request === undefined ? "" : lineOf(request));
    if (fate.kind === "lost" || fate.kind === "refused") return fate;
    const { delayMs } = this.#faults;
    const replies =
      request === undefined ? this.registrar.handle(bytes, from, now) : this.#serve(request, fate, from, now);
    return { kind: "answered", replies: this.#faults.isForged ? this.#beset(replies) : replies, delayMs };
  }

  #serve(request: SipRequest, fate: Answered, from: Endpoint, now: number): readonly Reply[] {
    return fate.kind === "answered"
      ? [this.#say(request, from, fate.verb, now)]
      : this.registrar.serve(request, from, now, fate.terms);
  }

  /** Something forged before each answer, and after it. */
  #beset(replies: readonly Reply[]): readonly Reply[] {
    const forged = ({ to, bytes }: Reply): Reply => ({
      to,
      bytes: this.#forger.forge(bytes),
      isForged: true,
    });
    return replies.flatMap((reply) => [forged(reply), reply, forged(reply)]);
  }

  #say(request: SipRequest, from: Endpoint, verb: StatusVerb, now: number): Reply {
    const { status, retryAfterSeconds, contact } = verb;
    if (status === 401 || status === 407) {
      return this.registrar.write(request, from, this.registrar.challenge(status, now));
    }
    const target = contact === undefined ? undefined : this.#neighbours.contactOf(contact);
    const extra = [
      ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
      ...(target === undefined ? [] : [`Contact: <sip:${target}>`]),
    ];
    return this.registrar.write(request, from, { status, extra });
  }
}

/** Scenarios name lines by number: the user part of To. */
function lineOf(request: SipRequest): string {
  return readUri(uriOf(first(request, "to") ?? ""))?.user ?? "";
}
