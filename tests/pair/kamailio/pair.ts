// Two real Kamailios as a pair, the watcher on the standby's side, and what may be asked about them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Authority } from "../../../host/node/certificates.ts";
import { KamailioRegistrar } from "../../../host/node/pair/kamailio.ts";
import { RoleClock } from "../../../host/node/pair/role-clock.ts";
import type { RoleEvent } from "../../../host/pbx/standby/role.ts";
import { temporaryFolder } from "../../host/folder.ts";
import type { Endpoint } from "../../real/probe.ts";
import { MasterLink } from "./link.ts";
import { KamailioNode, REALM, TLS_PORT } from "./node.ts";

export const DELAYS = { takeoverDelayMs: 5_000, returnDelayMs: 5_000 };
export const STANDBY = "_STANDBY_";
const PBX_PASSWORD = "the password of the pair";

let opened = 0;

/** Addresses that no other test, and no other process of tests, has at this time. */
export function addresses(): (index: number) => Endpoint {
  const rest = `${(process.pid >> 8) & 255}.${process.pid & 255}`;
  const first = 160 + 4 * opened++;
  return (index) => ({ address: `127.${first + index}.${rest}`, port: 5060 });
}

/** Who a node of the tests is over TLS. */
export interface Shown {
  readonly certificate: string;
  readonly key: string;
}

export async function shownAt(authority: Authority, address: string): Promise<Shown> {
  return await authority.issue({ names: [{ type: "ip", value: address }] });
}

export interface PairPlan {
  readonly users: readonly string[];
  readonly divert: "redirect" | "relay";
  readonly leaseSeconds: number;
}

/** How exactly a table says when a binding came, ms. */
const LOOK_EVERY_MS = 100;

/** The users that each node held at a moment. */
interface Look {
  readonly at: number;
  readonly held: Readonly<Record<"master" | "standby", readonly string[]>>;
}

export class KamailioPair {
  readonly master: KamailioNode;
  readonly standby: KamailioNode;
  /** Whose bindings the standby gave up for the master. */
  readonly handedBack: string[] = [];
  readonly #told: string[] = [];
  readonly #looks: Look[] = [];
  readonly clock: RoleClock;
  readonly registrar: KamailioRegistrar;
  readonly #link: MasterLink;
  readonly #from = Date.now();

  static async open(
    context: TestContext,
    plan: PairPlan,
    at: (index: number) => Endpoint,
  ): Promise<KamailioPair> {
    const authority = await Authority.create();
    const passwords = Object.fromEntries(plan.users.map((user) => [user, passwordOf(user)]));
    const node = async (index: number, standby?: { readonly master: string }): Promise<KamailioNode> => {
      const { address } = at(index);
      const shown = await authority.issue({ names: [{ type: "ip", value: address }] });
      return new KamailioNode(at(index), {
        passwords: { ...passwords, [STANDBY]: PBX_PASSWORD },
        ...shown,
        maxExpiresSeconds: plan.leaseSeconds,
        ...(standby && { standby: { ...standby, divert: plan.divert, startSeconds: 5 } }),
      });
    };
    const master = await node(0);
    const standby = await node(1, { master: at(0).address });
    const pair = new KamailioPair(master, standby, authority.certificate);
    context.after(() => pair.close());
    await Promise.all([master.start(), standby.start()]);
    await pair.#start();
    return pair;
  }

  private constructor(master: KamailioNode, standby: KamailioNode, authority: string) {
    this.master = master;
    this.standby = standby;
    const authorityFile = join(temporaryFolder(), "authority.pem");
    writeFileSync(authorityFile, authority);
    this.clock = new RoleClock(DELAYS, (event) => this.#tell(event));
    const { address } = master.endpoint;
    this.registrar = new KamailioRegistrar({
      url: standby.rpcUrl,
      table: "location",
      master: `sip:${address}:${TLS_PORT};transport=tls`,
      takeoverDelayMs: DELAYS.takeoverDelayMs,
      clock: this.clock,
      onHandedBack: (users) => this.handedBack.push(...users),
      onTrouble: (trouble) => this.#note(trouble ?? "no trouble"),
    });
    this.#link = new MasterLink({
      master: { address, tlsPort: TLS_PORT },
      user: STANDBY,
      password: PBX_PASSWORD,
      realm: REALM,
      authorityFile,
      intervalSeconds: 5,
      userAgent: "standfast",
      onEvent: (event) => this.#note(JSON.stringify(event)),
      onInput: (input) => this.clock.feed(input),
    });
  }

  async #start(): Promise<void> {
    this.registrar.start();
    await this.#link.start();
  }

  async close(): Promise<void> {
    this.clock.close();
    await this.registrar.close();
    await this.#link.stop();
    await Promise.all([this.master.remove(), this.standby.remove()]);
  }

  /** Waits until the tables hold these users; of a master that is dead nothing is asked. @returns when it was asked */
  async hold(
    master: readonly string[] | undefined,
    standby: readonly string[],
    withinMs: number,
  ): Promise<number> {
    const wanted = JSON.stringify([master ?? [], standby].map((users) => [...users].sort()));
    for (const until = Date.now() + withinMs; ; await sleep(LOOK_EVERY_MS)) {
      const { at, held } = await this.#look();
      if (JSON.stringify([held.master, held.standby]) === wanted) return at;
      if (at > until) {
        throw new Error(`not ${wanted} within ${withinMs} ms, but ${JSON.stringify(held)}\n${this.story()}`);
      }
    }
  }

  /** The tables hold these users for a while, whenever they are asked. */
  async stays(master: readonly string[], standby: readonly string[], forMs: number): Promise<void> {
    for (const until = Date.now() + forMs; Date.now() < until; ) await this.hold(master, standby, 0);
  }

  /** Every look so far at which a user was at both, as `MOMENT USER`. */
  onBoth(): readonly string[] {
    return this.#looks.flatMap(({ at, held }) =>
      held.standby.filter((user) => held.master.includes(user)).map((user) => `${at - this.#from} ${user}`),
    );
  }

  /** When a user was first found there. */
  firstAt(user: string, node: "master" | "standby"): number {
    return this.#looks.find(({ held }) => held[node].includes(user))?.at ?? Number.NaN;
  }

  /** For the one who has to find out why a test failed. */
  story(): string {
    return this.#told.join("\n");
  }

  async #look(): Promise<Look> {
    const [master, standby] = await Promise.all(
      [this.master, this.standby].map((node) => (node.isRunning ? node.users() : [])),
    );
    const look = { at: Date.now(), held: { master: master ?? [], standby: standby ?? [] } };
    this.#looks.push(look);
    return look;
  }

  #tell(event: RoleEvent): void {
    this.#note(JSON.stringify(event));
    this.registrar.look();
  }

  #note(text: string): void {
    this.#told.push(`${Date.now() - this.#from} ${text}`);
  }
}

export function passwordOf(user: string): string {
  return `pw${user}`;
}
