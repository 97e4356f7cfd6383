// What one run stands on: two servers, a capture of what they say and hear, and the product's own
// command line as the phone. Every run has addresses of its own, so that runs may go side by side.
//
// A question here is answered by the wire or by a server's table, never by the phone about itself.
// Below: real/, sipp.ts, nat.ts. Above: the runs.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Capture } from "../real/capture.ts";
import { Kamailio, type Rules } from "../real/kamailio.ts";
import type { Binding } from "../real/location.ts";
import { Phone, type PhonePlan, type Promises } from "../real/phone.ts";
import { type Endpoint, freeEndpoint } from "../real/probe.ts";
import type { Server } from "../real/server.ts";
import { type SipPacket, summary } from "../real/sip.ts";
import { Nat } from "./nat.ts";
import { type Misbehaviour, Sipp } from "./sipp.ts";

export type Plan = Omit<PhonePlan, "servers"> & {
  /** Short and unique: the name of its files in build/real-servers. */
  readonly name: string;
  readonly primary?: Rules | Misbehaviour;
  readonly backup?: Rules;
  readonly onIpv6?: boolean;
  /** The phone reaches the primary through a NAT, which can be cut. */
  readonly behindNat?: boolean;
};

type Parts = {
  readonly servers: readonly [Server, Server];
  readonly capture: Capture | undefined;
  readonly nat: Nat | undefined;
};

/**
 * What a bound of the linter may be exceeded by: the two programs, the capture and this one share a
 * few processors with everything else, and each timer of each may fire late.
 */
export const SLACK_MS = 500;

/** How exactly a table says when a binding came: it is asked this often. */
const TABLE_EVERY_MS = 50;
const FOLDER = join("build", "real-servers");

export class Bench {
  readonly plan: Plan;
  readonly primary: Server;
  readonly backup: Server;
  /** Undefined without the right to capture. */
  readonly capture: Capture | undefined;
  readonly phone: Phone;
  readonly openedAt = Date.now();
  readonly #nat: Nat | undefined;

  private constructor(plan: Plan, { servers, capture, nat }: Parts) {
    [this.primary, this.backup] = servers;
    this.plan = plan;
    this.capture = capture;
    this.#nat = nat;
    const endpoints = servers.map((server) => this.#endpointOf(server));
    this.phone = new Phone({ ...plan, servers: endpoints }, filesOf(plan));
  }

  /** Runs `play` on a bench with both servers up; nothing of it is left afterwards. */
  static async with<Result>(plan: Plan, play: (bench: Bench) => Promise<Result>): Promise<Result> {
    mkdirSync(FOLDER, { recursive: true });
    const [first, second, third] = await endpoints(plan.onIpv6 ?? false);
    const servers = [primaryOf(plan, first, second), new Kamailio(second, plan.backup)] as const;
    const nat = plan.behindNat ? await Nat.open(third, first) : undefined;
    let bench: Bench | undefined;
    try {
      const capture = await Capture.open([nat?.inner ?? first, second], `${filesOf(plan)}.pcap`);
      bench = new Bench(plan, { servers, capture, nat });
      await Promise.all(servers.map((server) => server.start()));
      const result = await play(bench);
      await capture?.close();
      return result;
    } catch (error) {
      if (bench !== undefined) process.stderr.write(`${bench.story()}\n`);
      throw error;
    } finally {
      bench?.phone.kill();
      bench?.capture?.kill();
      nat?.close();
      await Promise.all(servers.map((server) => server.remove()));
    }
  }

  /** What is between the phone and its primary. */
  get nat(): Nat {
    if (this.#nat === undefined) throw new Error(`${this.plan.name}: no NAT in the plan`);
    return this.#nat;
  }

  /** What the linter promises for this phone, from its own mouth. */
  promises(): Promise<Promises> {
    return this.phone.promises();
  }

  /** The requests of the phone to `server` since `sinceMs`, in the order of the wire. */
  requests(server: Server, method: string, sinceMs = 0): SipPacket[] {
    const to = this.#endpointOf(server);
    return this.#sip().filter((packet) => isRequest(packet, to, method) && packet.atMs >= sinceMs);
  }

  /** The answers of `server` to `method` since `sinceMs`. */
  answers(server: Server, method: string, sinceMs = 0): SipPacket[] {
    const from = this.#endpointOf(server);
    return this.#sip().filter(
      (packet) =>
        packet.status > 0 && packet.method === method && isSame(packet.from, from) && packet.atMs >= sinceMs,
    );
  }

  /** When the first `method` since `sinceMs` went to `server`; undefined without a capture. */
  async sentAt(
    server: Server,
    method: string,
    sinceMs: number,
    withinMs: number,
  ): Promise<number | undefined> {
    const to = this.#endpointOf(server);
    const packet = await this.capture?.sip.until(
      (packet) => isRequest(packet, to, method) && packet.atMs >= sinceMs,
      withinMs,
      `${method} to ${server.name}`,
    );
    return packet?.atMs;
  }

  /** When every line of the phone was found in the table of `server` by a REGISTER not among `stale`. */
  async boundAt(server: Server, withinMs: number, stale: readonly Binding[] = []): Promise<number> {
    const isFresh = ({ callId, cseq }: Binding) =>
      !stale.some((old) => old.callId === callId && old.cseq === cseq);
    const all = (table: readonly Binding[]) =>
      this.plan.lines.every(({ user }) => table.some((binding) => binding.aor === user && isFresh(binding)));
    return await this.#tableShows(server, all, withinMs, "the bindings");
  }

  /** Waits until the contacts in the table of `server` are at exactly these addresses. */
  async contactsAre(server: Server, addresses: readonly string[], withinMs: number): Promise<number> {
    const are = (table: readonly Binding[]) =>
      table.length === addresses.length &&
      table.every(({ contact }) => addresses.some((address) => contact.includes(`@${address}`)));
    return await this.#tableShows(server, are, withinMs, `the contacts ${addresses}`);
  }

  /** When the table of `server` was found empty. */
  async emptyAt(server: Server, withinMs: number): Promise<number> {
    return await this.#tableShows(server, (table) => table.length === 0, withinMs, "no binding");
  }

  /** Looks at the table of `server` every second for `forMs`. @returns how many bindings each look found */
  async watch(server: Server, forMs: number): Promise<number[]> {
    const until = Date.now() + forMs;
    const counts: number[] = [];
    while (Date.now() < until) {
      counts.push((await server.table()).length);
      await sleep(Math.min(1_000, Math.max(0, until - Date.now())));
    }
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

  /** Where the phone finds `server`: the capture stands on the phone's side of a NAT. */
  #endpointOf(server: Server): Endpoint {
    const nat = server === this.primary ? this.#nat : undefined;
    return nat?.inner ?? server.endpoint;
  }

  #sip(): readonly SipPacket[] {
    return this.capture?.sip.items ?? [];
  }

  async #tableShows(
    server: Server,
    wanted: (table: readonly Binding[]) => boolean,
    withinMs: number,
    what: string,
  ): Promise<number> {
    for (const until = Date.now() + withinMs; ; await sleep(TABLE_EVERY_MS)) {
      const askedAt = Date.now();
      if (wanted(await server.table())) return askedAt;
      if (askedAt > until) throw new Error(`${server.name}: ${what} not within ${withinMs} ms`);
    }
  }
}

function primaryOf({ primary }: Plan, at: Endpoint, backup: Endpoint): Server {
  const misbehaves = primary !== undefined && "kind" in primary;
  return misbehaves ? new Sipp(at, primary, backup) : new Kamailio(at, primary);
}

/** Where the files of a run lie, without extension. */
function filesOf(plan: Plan): string {
  return join(FOLDER, plan.name.replace(/\W+/g, "-").toLowerCase());
}

function isRequest(packet: SipPacket, to: Endpoint, method: string): boolean {
  const isOurs = packet.user !== "probe";
  return packet.status === 0 && packet.method === method && isSame(packet.to, to) && isOurs;
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}

let opened = 0;

/** Three that no other run, and no other test process, has at this time. */
async function endpoints(onIpv6: boolean): Promise<readonly [Endpoint, Endpoint, Endpoint]> {
  if (onIpv6) return [await freeEndpoint("::1"), await freeEndpoint("::1"), await freeEndpoint("::1")];
  const rest = `${(process.pid >> 8) & 255}.${process.pid & 255}`;
  const at = (index: number) => ({ address: `127.${3 * opened + index}.${rest}`, port: 5060 });
  opened += 1;
  return [at(0), at(1), at(2)];
}
