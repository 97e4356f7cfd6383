// Two real Kamailios as a pair, the watcher on the standby's side, and what may be asked about them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Authority } from "../../../host/node/certificates.ts";
import { temporaryFolder } from "../../host/folder.ts";
import { Running } from "../../host/running.ts";
import { PATIENCE_MS } from "../../host/until.ts";
import type { Endpoint } from "../../real/probe.ts";
import { KamailioNode, type NodePlan, REALM } from "./node.ts";

const PROGRAM = "build/standfast.mjs";
const HTTP_PORT = 8060;
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
  /** What the standby has for the PBX password; that of the master unless told. */
  readonly pbxPassword?: string;
}

/** A line of the watcher. */
export interface Told {
  readonly type: string;
  readonly text: string;
  readonly to?: string;
  readonly users?: readonly string[];
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
  readonly #config: string;
  readonly #looks: Look[] = [];
  /** `standfast pair run`, the last one and those before it. */
  readonly #watchers: Running[] = [];
  readonly #from = Date.now();

  /** Both run, and the standby watches its master. */
  static async open(
    context: TestContext,
    plan: PairPlan,
    at: (index: number) => Endpoint,
  ): Promise<KamailioPair> {
    const authority = await Authority.create();
    const passwords = Object.fromEntries(plan.users.map((user) => [user, passwordOf(user)]));
    const node = async (index: number, standby?: NodePlan["standby"]): Promise<KamailioNode> =>
      new KamailioNode(at(index), {
        passwords: { ...passwords, [STANDBY]: PBX_PASSWORD },
        ...(await shownAt(authority, at(index).address)),
        maxExpiresSeconds: plan.leaseSeconds,
        ...(standby && { standby }),
      });
    const { divert } = plan;
    const master = await node(0);
    const standby = await node(1, { master: at(0).address, divert, startSeconds: 60 });
    const pair = new KamailioPair(master, standby, authority.certificate, plan.pbxPassword ?? PBX_PASSWORD);
    context.after(() => pair.close());
    await Promise.all([master.start(), standby.start()]);
    pair.watch();
    return pair;
  }

  private constructor(master: KamailioNode, standby: KamailioNode, authority: string, password: string) {
    this.master = master;
    this.standby = standby;
    const folder = temporaryFolder();
    writeFileSync(join(folder, "authority.pem"), authority);
    writeFileSync(join(folder, "password"), `${password}\n`);
    this.#config = join(folder, "standby.toml");
    writeFileSync(this.#config, tomlOf(master, standby));
  }

  /** Starts the program beside the standby, again when it was killed. */
  watch(): void {
    this.#watchers.push(new Running(process.execPath, [PROGRAM, "pair", "run", this.#config, "--json"]));
  }

  /** SIGKILL to that program. */
  async killWatcher(): Promise<void> {
    this.#watcher.child.kill("SIGKILL");
    await this.#watcher.end();
  }

  /** What it said, of one type. */
  told(type: string): readonly Told[] {
    const lines = this.#watchers.flatMap(({ stdout }) => stdout.split("\n").slice(0, -1));
    return lines.map((line): Told => JSON.parse(line)).filter((told) => told.type === type);
  }

  /** Whose bindings the standby gave up for the master. */
  get handedBack(): readonly string[] {
    return this.told("handBack").flatMap(({ users = [] }) => users);
  }

  /** A page of the watcher over HTTP. */
  async page(path: string): Promise<{ readonly code: number; readonly body: string }> {
    const url = `http://${this.standby.endpoint.address}:${HTTP_PORT}${path}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { code: response.status, body: await response.text() };
  }

  /** Ctrl-C. @returns its exit code */
  async stopWatcher(): Promise<number | null> {
    this.#watcher.interrupt();
    return (await this.#watcher.end()).code;
  }

  async close(): Promise<void> {
    this.#watcher.child.kill("SIGKILL");
    await Promise.all([this.master.remove(), this.standby.remove()]);
  }

  get #watcher(): Running {
    const last = this.#watchers.at(-1);
    if (last === undefined) throw new Error("nobody watches");
    return last;
  }

  /** Waits until the tables hold these users; of a master that is dead nothing is asked. @returns when it was asked */
  async hold(
    master: readonly string[] | undefined,
    standby: readonly string[],
    withinMs = PATIENCE_MS,
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
    return this.#watchers.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join("\n--- started again\n");
  }

  async #look(): Promise<Look> {
    const usersOf = async (node: KamailioNode) => (node.isRunning ? await node.users() : []);
    // In this order: a binding that is given back leaves the standby before it comes to the master.
    const master = await usersOf(this.master);
    const look = { at: Date.now(), held: { master, standby: await usersOf(this.standby) } };
    this.#looks.push(look);
    return look;
  }
}

function tomlOf(master: KamailioNode, standby: KamailioNode): string {
  const keys = {
    mode: "standby",
    name: "second",
    address: standby.endpoint.address,
    realm: REALM,
    master: master.endpoint.address,
    kamailio: standby.rpcUrl,
    pbxPasswordFile: "password",
    authorityFile: "authority.pem",
    takeoverDelay: 5,
    returnDelay: 5,
    httpAddress: standby.endpoint.address,
    httpPort: HTTP_PORT,
  };
  const lines = Object.entries(keys).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return `${lines.join("\n")}\n`;
}

export function passwordOf(user: string): string {
  return `pw${user}`;
}
