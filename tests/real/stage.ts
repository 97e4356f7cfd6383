// What a run stands on, wherever it stands: two servers, a capture of what they say and hear, and the
// product's own command line as the phone.
//
// A question here is answered by the wire or by a server's table, never by the phone about itself.
// Below: server.ts, capture.ts, phone.ts. Above: server/bench.ts, network/town.ts.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Capture } from "./capture.ts";
import { HERE } from "./ground.ts";
import type { Binding } from "./location.ts";
import { Phone, type PhonePlan, type Promises } from "./phone.ts";
import type { Endpoint } from "./probe.ts";
import type { Server } from "./server.ts";
import { type SipPacket, summary } from "./sip.ts";

export type StagePlan = Omit<PhonePlan, "servers"> & {
  /** Short and unique: the name of its files. */
  readonly name: string;
};

/**
 * What a bound of the linter may be exceeded by, and how long is waited for what has no bound: the programs share a few
 * processors with everything else. To the millisecond the bounds are held in virtual time, tests/bounds.
 */
export const SLACK_MS = 30_000;

/** By how much a packet may seem to come too early, when the one before it was slow from its program to the wire. */
export const EARLY_MS = 500;

/** How exactly a table says when a binding came: it is asked this often. */
const TABLE_EVERY_MS = 50;

/** The REGISTER that a binding came by. */
export type Stale = Pick<Binding, "callId" | "cseq">;

export type Parts = {
  readonly servers: readonly [Server, Server];
  readonly capture: Capture | undefined;
  /** Where the files of the run lie, without extension. */
  readonly files: string;
  /** Where the phone runs. */
  readonly ground?: readonly string[];
};

export class Stage<Plan extends StagePlan = StagePlan> {
  readonly plan: Plan;
  readonly primary: Server;
  readonly backup: Server;
  /** Undefined without the right to capture. */
  readonly capture: Capture | undefined;
  readonly phone: Phone;
  readonly openedAt = Date.now();

  /** @param endpoints where the phone finds the two, and where the capture sees them */
  constructor(plan: Plan, parts: Parts, endpoints: readonly Endpoint[]) {
    [this.primary, this.backup] = parts.servers;
    this.plan = plan;
    this.capture = parts.capture;
    this.#endpoints = endpoints;
    this.phone = new Phone({ ...plan, servers: endpoints }, parts.files, parts.ground ?? HERE);
  }

  readonly #endpoints: readonly Endpoint[];

  /** Starts both servers, plays, and leaves no process behind; a run that failed tells its story. */
  async play<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      await Promise.all([this.primary.start(), this.backup.start()]);
      const result = await act();
      await this.capture?.close();
      return result;
    } catch (error) {
      process.stderr.write(`${this.story()}\n`);
      throw error;
    } finally {
      this.phone.kill();
      this.capture?.kill();
    }
  }

  /** What the linter promises for this phone, from its own mouth. */
  promises(): Promise<Promises> {
    return this.phone.promises();
  }

  /** Each sending of a request of the phone to `server`, in the order of the wire. */
  sendings(server: Server, method: string): SipPacket[] {
    const to = this.endpointOf(server);
    return this.#sip().filter((packet) => isRequest(packet, to, method));
  }

  /** The requests that were first sent since `sinceMs`; a repeated one counts once. */
  requests(server: Server, method: string, sinceMs = 0): SipPacket[] {
    return once(this.sendings(server, method)).filter(({ atMs }) => atMs >= sinceMs);
  }

  /** The answers of `server` to `method` since `sinceMs`, likewise. */
  answers(server: Server, method: string, sinceMs = 0): SipPacket[] {
    const from = this.endpointOf(server);
    const isAnswer = (packet: SipPacket) =>
      packet.status > 0 && packet.method === method && isSame(packet.from, from);
    return once(this.#sip().filter(isAnswer)).filter(({ atMs }) => atMs >= sinceMs);
  }

  /** Waits until so many requests went to `server`; nobody waits without a capture. */
  async sent(server: Server, method: string, count: number, withinMs: number): Promise<void> {
    const isSent = () => this.requests(server, method).length >= count;
    if (this.isReadable)
      await this.capture?.sip.until(isSent, withinMs, `${count} ${method} to ${server.name}`);
  }

  /** Whether there is a capture, and messages can be read in it: over TLS they cannot. */
  get isReadable(): boolean {
    return this.capture !== undefined && this.plan.transport !== "tls";
  }

  /** When the first `method` since `sinceMs` went to `server`; undefined where it cannot be read. */
  async sentAt(
    server: Server,
    method: string,
    sinceMs: number,
    withinMs = SLACK_MS,
  ): Promise<number | undefined> {
    const to = this.endpointOf(server);
    if (!this.isReadable) return undefined;
    const packet = await this.capture?.sip.until(
      (packet) => isRequest(packet, to, method) && packet.atMs >= sinceMs,
      withinMs,
      `${method} to ${server.name}`,
    );
    return packet?.atMs;
  }

  /** When the phone first sent anything to `server` since `sinceMs`; undefined without a capture. */
  async reachedAt(server: Server, sinceMs: number, withinMs = SLACK_MS): Promise<number | undefined> {
    const address = this.endpointOf(server);
    const packet = await this.capture?.packets.until(
      ({ to, atMs }) => isSame(to, address) && atMs >= sinceMs,
      withinMs,
      `anything to ${server.name}`,
    );
    return packet?.atMs;
  }

  /** When every line of the phone was found in the table of `server` by a REGISTER not among `stale`. */
  async boundAt(server: Server, withinMs = SLACK_MS, stale: readonly Stale[] = []): Promise<number> {
    const isFresh = ({ callId, cseq }: Binding) =>
      !stale.some((old) => old.callId === callId && old.cseq === cseq);
    const all = (table: readonly Binding[]) =>
      this.plan.lines.every(({ user }) => table.some((binding) => binding.aor === user && isFresh(binding)));
    return await this.tableShows(server, all, withinMs, "the bindings");
  }

  /** Waits until the contacts in the table of `server` are at exactly these addresses. */
  async contactsAre(server: Server, addresses: readonly string[], withinMs = SLACK_MS): Promise<number> {
    const are = (table: readonly Binding[]) =>
      table.length === addresses.length &&
      table.every(({ contact }) => addresses.some((address) => contact.includes(`@${address}`)));
    return await this.tableShows(server, are, withinMs, `the contacts ${addresses}`);
  }

  /** When the table of `server` was found empty. */
  async emptyAt(server: Server, withinMs = SLACK_MS): Promise<number> {
    return await this.tableShows(server, (table) => table.length === 0, withinMs, "no binding");
  }

  /** Looks at the table of `server` every second for `forMs`. @returns how many bindings each look found */
  async watch(server: Server, forMs: number): Promise<number[]> {
    return await this.watchDuring(server, sleep(forMs));
  }

  /** The same until something has come to its end. */
  async watchDuring(server: Server, what: Promise<unknown>): Promise<number[]> {
    const counts: number[] = [];
    let isOver = false;
    const over = what.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      counts.push((await server.table()).length);
      await Promise.race([over, sleep(1_000)]);
    }
    await over;
    return counts;
  }

  /** What a run found on the wire, as text; without a capture it found nothing there, and says so. */
  seen(text: string): string {
    return this.capture === undefined ? "no capture: judged by the tables alone" : text;
  }

  /** What happened, for the one who has to find out why a run failed. */
  story(): string {
    const packets = this.#sip().map((packet) => summary(packet, this.openedAt));
    const { name } = this.plan;
    return [`--- ${name}: packets`, ...packets, `--- ${name}: phone`, this.phone.story()].join("\n");
  }

  /** Waits until the table of `server` is as `wanted`. @returns when it was asked */
  async tableShows(
    server: Server,
    wanted: (table: readonly Binding[]) => boolean,
    withinMs: number,
    what: string,
  ): Promise<number> {
    for (const until = Date.now() + withinMs; ; await sleep(TABLE_EVERY_MS)) {
      const askedAt = Date.now();
      const table = await server.table();
      if (wanted(table)) return askedAt;
      if (askedAt > until) {
        const found = table.map(({ contact }) => contact).join(" ");
        throw new Error(`${server.name}: ${what} not within ${withinMs} ms, but: ${found || "nothing"}`);
      }
    }
  }

  /** Where the phone finds `server`: the capture stands on the phone's side of a NAT. */
  protected endpointOf(server: Server): Endpoint {
    return this.#endpoints[server === this.primary ? 0 : 1] ?? server.endpoint;
  }

  #sip(): readonly SipPacket[] {
    return this.capture?.sip.items ?? [];
  }
}

/** Where the files of a run lie, without extension; the folder is there then. */
export function filesOf(folder: string, name: string): string {
  mkdirSync(join("build", folder), { recursive: true });
  return join("build", folder, name.replace(/\W+/g, "-").toLowerCase());
}

function isRequest(packet: SipPacket, to: Endpoint, method: string): boolean {
  const isOurs = packet.user !== "probe";
  return packet.status === 0 && packet.method === method && isSame(packet.to, to) && isOurs;
}

/** The first of each that is repeated: a busy machine does that. RFC 3261 §17.1.2.2, §17.2.2. */
function once(packets: readonly SipPacket[]): SipPacket[] {
  const firsts = new Map<string, SipPacket>();
  for (const packet of packets) {
    const key = `${packet.branch} ${packet.status}`;
    if (!firsts.has(key)) firsts.set(key, packet);
  }
  return [...firsts.values()];
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}
