// Where the servers of a phone are: a watch for each, and the wait of the start.
//
// Addresses that this machine has a way to come first; the others stay, for the network may come later.
// Below: watch.ts, locate.ts. Above: host/node/carrier.ts.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { PhoneConfig } from "../../config/model.ts";
import type { Endpoint } from "../address.ts";
import { HostError } from "../error.ts";
import { type Located, locate, type Place, type Target } from "./locate.ts";
import type { Ask } from "./records.ts";
import { type Timing, Watch } from "./watch.ts";
import type { Draw } from "./weight.ts";

/** A server as the locator knows it. */
export interface Sought extends Place {
  /** As people call it: `primary`. */
  readonly name: string;
}

/** The servers of a configuration as the locator knows them. */
export function soughtIn({ servers, dns }: PhoneConfig): readonly Sought[] {
  return servers.map(({ name, host, port, isDefaultPort, transport }) => {
    return { name, host, port: isDefaultPort ? 0 : port, transport, dnsType: dns?.type ?? "a" };
  });
}

/** What a server's name is now, in the order in which this machine would try it. Never rejects. */
export async function find(place: Place, ask: Ask, draw: Draw = randomInt): Promise<Located> {
  return routedFirst(await locate(place, ask, draw));
}

export interface LocatorOptions {
  readonly servers: readonly Sought[];
  readonly ask: Ask;
  /** At random by default. */
  readonly draw?: Draw;
  readonly timing: Timing;
  /** The targets of that server, or which of them is in use, are others now. Not before `start` is done. */
  readonly onChange: (server: number) => void;
  readonly onNotice: (text: string) => void;
}

/** How long the start waits for the names that are slow, once one server has an address, ms. */
export const START_MS = 2000;

export class Locator {
  readonly #options: LocatorOptions;
  readonly #watches: readonly Watch[];
  #started = false;

  constructor(options: LocatorOptions) {
    this.#options = options;
    this.#watches = options.servers.map((server, rank) => this.#watch(server, rank));
  }

  /**
   * Asks for all of them. Returns when each has its first answer, at the latest after START_MS when one
   * has an address by then, else with the first address. Where the DNS is silent about all of them the
   * phone may start and hear of them later.
   * @throws HostError "unresolved" when the DNS says of each that it has no address
   */
  async start(): Promise<void> {
    const answers = this.#watches.map((watch) => watch.ask());
    const all = Promise.all(answers);
    await this.#atMost(START_MS, all);
    await Promise.race([all, firstFound(answers)]);
    this.#started = true;
    if (this.#watches.some(({ targets }) => targets.length > 0)) return;
    const located = await all;
    if (located.every(({ kind }) => kind === "none")) throw unresolved(this.#options.servers, located);
  }

  /** The targets of that server; none while its name has no address. */
  targetsOf(server: number): readonly Target[] {
    return this.#watches[server]?.targets ?? [];
  }

  /** The same as bare addresses. */
  endpointsOf(server: number): readonly Endpoint[] {
    return this.targetsOf(server).map(({ address, port }) => ({ address, port }));
  }

  /** Index of the target in use. */
  currentOf(server: number): number {
    return this.#watches[server]?.current ?? 0;
  }

  /** The target in use; undefined while the name has no address. */
  placeOf(server: number): Target | undefined {
    return this.targetsOf(server)[this.currentOf(server)];
  }

  /** The core uses that target of the server from now on. */
  use(server: number, target: number): void {
    this.#watches[server]?.use(target);
  }

  /** Somebody is about to use the addresses of that server. */
  need(server: number): void {
    this.#watches[server]?.need();
  }

  /** The network is another one, perhaps: whatever is held may be wrong. */
  async askAll(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.ask()));
  }

  close(): void {
    for (const watch of this.#watches) watch.close();
  }

  #watch(server: Sought, rank: number): Watch {
    const { ask, draw, timing, onChange, onNotice } = this.#options;
    return new Watch({
      locate: () => find(server, ask, draw),
      timing,
      onChange: () => this.#started && onChange(rank),
      onNotice: (text) => onNotice(`${server.name}: ${server.host}: ${text}`),
    });
  }

  async #atMost(delayMs: number, done: Promise<unknown>): Promise<void> {
    let forget = (): void => {};
    const limit = new Promise<void>((resolve) => {
      forget = this.#options.timing.after(delayMs, resolve);
    });
    await Promise.race([done, limit]);
    forget();
  }
}

/** The first answer with an address; never when there is none. */
function firstFound(answers: readonly Promise<Located>[]): Promise<void> {
  return new Promise((resolve) => {
    for (const answer of answers) void answer.then(({ kind }) => kind === "found" && resolve());
  });
}

/** Targets that this machine has a way to, then the others; each part in its order. */
export async function routedFirst(located: Located): Promise<Located> {
  if (located.kind !== "found" || located.targets.length === 1) return located;
  const isRouted = await Promise.all(located.targets.map(hasRoute));
  const part = (wanted: boolean) => located.targets.filter((_, at) => isRouted[at] === wanted);
  return { ...located, targets: [...part(true), ...part(false)] };
}

/** Whether the system has a route there. Connecting a UDP socket sends nothing. */
function hasRoute(to: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(to.address) ? "udp6" : "udp4");
    const answer = (good: boolean): void => {
      socket.close();
      resolve(good);
    };
    socket.connect(to.port, to.address, (error?: Error) => answer(!error));
  });
}

function unresolved(servers: readonly Sought[], located: readonly Located[]): HostError {
  const lines = located.map((each, at) => {
    const why = each.kind === "found" ? "" : each.why;
    return `${servers[at]?.host}: no address found (${why}); check the name and the name server, or write the address itself`;
  });
  return new HostError("unresolved", lines.join("\n"));
}
