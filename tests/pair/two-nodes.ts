// The two nodes of a pair, each the shipped program in a process of its own, with objects and short times.
//
// A node may be stopped, killed, frozen and started again; what it says of itself is its /status page, what it knows its
// location table there. Below: the program `standfast pair run`. Above: the tests of kills and partitions.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { Authority } from "../../host/node/certificates.ts";
import { openStore } from "../../host/node/pair/store.ts";
import { makeObject } from "../../host/pbx/directory/object.ts";
import type { NodeStatus } from "../../host/pbx/status.ts";
import { temporaryFolder } from "../host/folder.ts";
import { Running } from "../host/running.ts";
import { PATIENCE_MS } from "../host/until.ts";
import { type Ground, HERE } from "../real/ground.ts";

const run = promisify(execFile);

export const REALM = "pbx.example";
export const PASSWORD = "correct horse";
const PBX_PASSWORD = "battery staple";

export type NodeName = "master" | "standby";
/** A node that has not answered by then is asked again: it may be frozen. */
const ANSWER_MS = 10_000;
const NODES: readonly NodeName[] = ["master", "standby"];

/** Where a node runs and what it is called there. */
export interface Site {
  readonly address: string;
  /** Its namespace; here when left out. */
  readonly ground?: Ground;
}

export interface PairPlan {
  readonly sites: Readonly<Record<NodeName, Site>>;
  readonly users: readonly string[];
  /** First of four ports in a row: SIP, TLS, replication, HTTP; the same at both nodes. */
  readonly port: number;
  /** Further lines of both files, or others in the place of those that are there, as TOML. */
  readonly lines?: Readonly<Partial<Record<NodeName, readonly string[]>>>;
}

/** The shortest delays that are allowed, s. */
export const DELAYS = { takeover: 5, return: 5 };

export class TwoNodes {
  readonly master: PairNode;
  readonly standby: PairNode;

  private constructor(master: PairNode, standby: PairNode) {
    this.master = master;
    this.standby = standby;
  }

  /** Files and objects of a pair; nothing runs yet. What runs later ends with the test. */
  static async prepare(context: TestContext, plan: PairPlan): Promise<TwoNodes> {
    const folder = temporaryFolder();
    const authority = await Authority.create();
    writeFileSync(join(folder, "ca.pem"), authority.certificate);
    writeFileSync(join(folder, "password"), `${PBX_PASSWORD}\n`);
    for (const name of NODES) {
      const issued = await authority.issue({ names: [{ type: "ip", value: plan.sites[name].address }] });
      writeFileSync(join(folder, `${name}.pem`), issued.certificate);
      writeFileSync(join(folder, `${name}.key`), issued.key);
      writeFileSync(join(folder, `${name}.toml`), tomlOf(name, plan));
    }
    await addObjects(join(folder, "master-data"), plan.users);
    const [master, standby] = NODES.map((name) => new PairNode(join(folder, `${name}.toml`), plan, name));
    context.after(() => {
      master?.signal("SIGKILL");
      standby?.signal("SIGKILL");
    });
    return new TwoNodes(master as PairNode, standby as PairNode);
  }

  /** Both, until the standby is registered at the master and has all objects. */
  async start(objects: number): Promise<void> {
    await this.master.start();
    await this.standby.start();
    await this.standby.until(({ role, objects: held }) => role === "STANDBY" && held === objects);
  }

  /** ADDRESS:PORT of each for phones, the master first. */
  get servers(): readonly string[] {
    return [this.master.sip, this.standby.sip];
  }
}

/** One node; it may be started again after it ended. */
export class PairNode {
  readonly sip: string;
  readonly configFile: string;
  readonly dataFolder: string;
  readonly statusUrl: string;
  readonly #ground: Ground;
  #program: Running | undefined;

  constructor(configFile: string, plan: PairPlan, name: NodeName) {
    const { address, ground = HERE } = plan.sites[name];
    this.configFile = configFile;
    this.dataFolder = join(dirname(configFile), `${name}-data`);
    this.sip = `${address}:${plan.port}`;
    this.statusUrl = `http://${address}:${plan.port + 3}/status`;
    this.#ground = ground;
  }

  /** Everything it printed since its last start. */
  get printed(): string {
    return this.#program?.stdout ?? "";
  }

  get pid(): number | undefined {
    return this.#program?.child.pid;
  }

  /**
   * @param script another build of the program
   * @param around what the program alone is started by, and becomes
   */
  async start(
    env: Readonly<Record<string, string>> = {},
    script = "build/standfast.mjs",
    around: Ground = [],
  ): Promise<void> {
    const words = [process.execPath, script, "pair", "run", this.configFile, "--json"];
    const [program = "", ...rest] = [...this.#ground, ...around, ...words];
    this.#program = new Running(program, rest, { NO_COLOR: "1", ...env });
    await this.until(() => true);
  }

  /** Sends a signal; SIGKILL and SIGTERM end it. */
  signal(name: NodeJS.Signals): void {
    this.#program?.child.kill(name);
  }

  async end(): Promise<number | null> {
    return (await this.#program?.end())?.code ?? null;
  }

  /** Its /status page, which it has. */
  status(): Promise<NodeStatus> {
    return this.until(() => true);
  }

  /** Undefined: it does not answer. */
  async #ask(): Promise<NodeStatus | undefined> {
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      if (this.#ground === HERE)
        return (await (await fetch(this.statusUrl, { signal })).json()) as NodeStatus;
      const script = `fetch("${this.statusUrl}",{signal:AbortSignal.timeout(${ANSWER_MS})}).then((r)=>r.text()).then(console.log)`;
      const [program = "", ...words] = [...this.#ground, process.execPath, "-e", script];
      return JSON.parse((await run(program, words, { maxBuffer: 1e8 })).stdout) as NodeStatus;
    } catch {
      return undefined;
    }
  }

  /** The roles it has been in since its last start, the first one first. */
  roles(): readonly string[] {
    const changes = this.events().filter(({ type }) => type === "role");
    return [...changes.slice(0, 1).map(({ from }) => from), ...changes.map(({ to }) => to)].map(String);
  }

  /** What it told since its last start. */
  events(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.printed.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line));
  }

  /** Waits until its status fits. */
  async until(fits: (status: NodeStatus) => boolean, withinMs = PATIENCE_MS): Promise<NodeStatus> {
    const endAt = performance.now() + withinMs;
    for (;;) {
      const status = await this.#ask();
      if (status !== undefined && fits(status)) return status;
      if (performance.now() > endAt || this.#program?.child.exitCode !== null) {
        const { stdout = "", stderr = "" } = this.#program ?? {};
        throw new Error(
          `${this.configFile}: not within ${withinMs} ms: ${JSON.stringify(status)}\n${stdout}\n${stderr}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** The users of its location table. */
  async users(): Promise<readonly string[]> {
    return (await this.status()).phones.map(({ user }) => user).sort();
  }
}

function tomlOf(name: NodeName, { sites, port, lines }: PairPlan): string {
  const { address } = sites[name];
  const ports = (prefix: string): string[] => {
    const key = (word: string): string =>
      prefix === "" ? word : `${prefix}${word[0]?.toUpperCase()}${word.slice(1)}`;
    return [
      `${key("udpPort")} = ${port}`,
      `${key("tcpPort")} = ${port}`,
      `${key("tlsPort")} = ${port + 1}`,
      `${key("replicationPort")} = ${port + 2}`,
    ];
  };
  const own = lines?.[name] ?? [];
  const isReplaced = (line: string): boolean =>
    own.some((other) => other.startsWith(line.split("=")[0] ?? ""));
  const usual = [
    `mode = "${name}"`,
    `name = "${name}-1"`,
    `address = "${address}"`,
    `realm = "${REALM}"`,
    ...ports(""),
    ...(name === "standby" ? [`master = "${sites.master.address}"`, ...ports("master")] : []),
    `httpAddress = "${address}"`,
    `httpPort = ${port + 3}`,
    `dataFolder = "${name}-data"`,
    'pbxPasswordFile = "password"',
    `certificateFile = "${name}.pem"`,
    `keyFile = "${name}.key"`,
    'authorityFile = "ca.pem"',
    `takeoverDelay = ${DELAYS.takeover}`,
    `returnDelay = ${DELAYS.return}`,
    "objectsMax = 2000",
    "registrationsMax = 2000",
  ];
  return [...usual.filter((line) => !isReplaced(line)), ...own, ""].join("\n");
}

/** Into the store of a node that does not run. */
export async function addObjects(folder: string, users: readonly string[]): Promise<void> {
  const store = await openStore({ folder, now: () => performance.now() });
  const objects = users.map((user) => makeObject({ user, password: PASSWORD }, REALM));
  const licences = { registrations: users.length, standby: users.length };
  store.directory.edit([
    { kind: "licences", licences },
    ...objects.map((object) => ({ kind: "put", object }) as const),
  ]);
  store.close();
}
