// What lies between the phone and each server: loss, delay, duplicates, one-way cuts, errors of ICMP, and a
// NAT that changes its mind.
//
// Says what becomes of one packet; carries nothing itself. A healthy network draws nothing, so that it
// changes no run. Below: random.ts. Above: wire.ts, streams.ts.

import type { Endpoint } from "../sip/message.ts";
import type { Random } from "./random.ts";

export type NetworkVerb =
  | { readonly kind: "loss"; readonly percent: number }
  /** Each way, drawn for each packet: where the span is wider than the gap between two, they overtake. */
  | { readonly kind: "delay"; readonly leastMs: number; readonly mostMs: number }
  | { readonly kind: "duplicate"; readonly percent: number }
  /** `to`: nothing reaches the server; `from`: nothing comes back. */
  | { readonly kind: "cut"; readonly way: Way | "both" | "none" }
  /** Whether the phone is told of a closed port. */
  | { readonly kind: "icmp"; readonly isTold: boolean }
  /** The NAT forgets the phone and gives it another public port. */
  | { readonly kind: "rebind" };

/** Seen from the phone. */
export type Way = "to" | "from";

/** The way to one server. */
interface Path {
  lossPercent: number;
  duplicatePercent: number;
  leastMs: number;
  mostMs: number;
  cut: Way | "both" | "none";
  isIcmpTold: boolean;
  /** Public port, once a NAT has given one. */
  port: number | undefined;
  /** Public endpoints that lead nowhere any more, as `address:port`. */
  readonly stale: Set<string>;
}

/** Ports a NAT gives out: none that is reserved. */
const [FIRST_PORT, LAST_PORT] = [1024, 65_535] as const;

export class Network {
  readonly #random: Random;
  readonly #own: (server: string) => Endpoint;
  readonly #paths: ReadonlyMap<string, Path>;

  /** @param own where the phone is towards a server, before any NAT of ours */
  constructor(servers: readonly string[], random: Random, own: (server: string) => Endpoint) {
    this.#random = random;
    this.#own = own;
    this.#paths = new Map(servers.map((name) => [name, healthy()]));
  }

  /** @param server undefined: the way to every one */
  apply(verb: NetworkVerb, server?: string): void {
    for (const name of server === undefined ? this.#paths.keys() : [server]) this.#change(name, verb);
  }

  /** What becomes of a packet: its delay, ms; undefined: it is lost. */
  draw(way: Way, server: string): number | undefined {
    const { cut, lossPercent, leastMs, mostMs } = this.#path(server);
    if (cut === "both" || cut === way || this.#hits(lossPercent)) return undefined;
    return leastMs === mostMs ? leastMs : this.#random.between(leastMs, mostMs);
  }

  /** Whether a packet goes on its way twice. */
  doubles(server: string): boolean {
    return this.#hits(this.#path(server).duplicatePercent);
  }

  /** Whether anything may come through both ways. */
  isOpen(server: string): boolean {
    const { cut, lossPercent } = this.#path(server);
    return cut === "none" && lossPercent < 100;
  }

  isIcmpTold(server: string): boolean {
    return this.#path(server).isIcmpTold;
  }

  /** The phone as that server sees it. */
  seen(server: string): Endpoint {
    const { port } = this.#path(server);
    const own = this.#own(server);
    return port === undefined ? own : { address: own.address, port };
  }

  /** The phone goes to another port of its own: whatever knew it under the old one, a NAT included, is void. */
  move(change: () => void): void {
    for (const [name, path] of this.#paths) path.stale.add(textOf(this.seen(name)));
    change();
    for (const [name, path] of this.#paths) {
      if (path.port !== undefined) path.port = this.#random.between(FIRST_PORT, LAST_PORT);
      path.stale.delete(textOf(this.seen(name)));
    }
  }

  /** Whether what is sent to `address:port` reaches nobody, because it was the phone's and is no more. */
  isStale(server: string, endpoint: string): boolean {
    return this.#path(server).stale.has(endpoint);
  }

  #change(name: string, verb: NetworkVerb): void {
    const path = this.#path(name);
    switch (verb.kind) {
      case "loss":
        path.lossPercent = verb.percent;
        break;
      case "delay":
        [path.leastMs, path.mostMs] = [verb.leastMs, verb.mostMs];
        break;
      case "duplicate":
        path.duplicatePercent = verb.percent;
        break;
      case "cut":
        path.cut = verb.way;
        break;
      case "icmp":
        path.isIcmpTold = verb.isTold;
        break;
      case "rebind":
        path.stale.add(textOf(this.seen(name)));
        path.port = this.#random.between(FIRST_PORT, LAST_PORT);
        path.stale.delete(textOf(this.seen(name)));
        break;
    }
  }

  #hits(percent: number): boolean {
    return percent > 0 && (percent >= 100 || this.#random.chance(percent / 100));
  }

  #path(server: string): Path {
    const path = this.#paths.get(server);
    if (path === undefined)
      throw new RangeError(`no server "${server}"; there are ${[...this.#paths.keys()].join(", ")}`);
    return path;
  }
}

function healthy(): Path {
  return {
    lossPercent: 0,
    duplicatePercent: 0,
    leastMs: 0,
    mostMs: 0,
    cut: "none",
    isIcmpTold: true,
    port: undefined,
    stale: new Set(),
  };
}

function textOf({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
