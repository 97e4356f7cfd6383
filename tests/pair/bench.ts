// A pair of processes with the shortest delays that are allowed, and phones of ours for it: the bench of these tests.
import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fromOptions } from "../../host/config/options.ts";
import { Phone } from "../../host/index.ts";
import { type NodePlace, type WrittenPair, writePair } from "../../host/node/pair/init.ts";
import { readStatus } from "../../host/node/pair/read-status.ts";
import type { NodeStatus } from "../../host/pbx/status.ts";
import { temporaryFolder } from "../host/folder.ts";
import { freePorts } from "../host/ports.ts";
import { Program } from "../host/program.ts";
import { PATIENCE_MS } from "../host/until.ts";

/** third: a copy of the standby, see third(). */
export type NodeName = "master" | "standby" | "third";
export type Way = "udp" | "tcp" | "tls";

export class Bench {
  readonly files: WrittenPair & { readonly third: string };
  readonly places: Readonly<Record<NodeName, NodePlace>>;
  readonly folder: string;
  readonly #context: TestContext;
  readonly #programs: Partial<Record<NodeName, Program>> = {};

  private constructor(context: TestContext, folder: string, files: Bench["files"], places: Bench["places"]) {
    this.#context = context;
    this.folder = folder;
    this.files = files;
    this.places = places;
  }

  static async open(
    context: TestContext,
    {
      users = ["6000"],
      licences = { registrations: 9, standby: 9 },
      general = [],
    }: {
      readonly users?: readonly string[];
      readonly licences?: { readonly registrations: number; readonly standby: number };
      readonly general?: readonly string[];
    } = {},
  ): Promise<Bench> {
    const folder = temporaryFolder();
    const port = await freePorts(15);
    const place = (udp: number): NodePlace => ({
      address: "127.0.0.1",
      udp,
      tcp: udp + 1,
      tls: udp + 2,
      replication: udp + 3,
      http: udp + 4,
    });
    const places = { master: place(port), standby: place(port + 5), third: place(port + 10) };
    const short = ["takeoverDelay = 5", "returnDelay = 5", "minExpires = 5", ...general];
    const plan = {
      folder: join(folder, "p"),
      realm: "test.invalid",
      master: places.master,
      standby: places.standby,
      users,
      licences,
      general: short,
    };
    const files = { ...(await writePair(plan)), third: join(folder, "p", "third.toml") };
    return new Bench(context, join(folder, "p"), files, places);
  }

  /** Both run, and the standby watches its master. */
  async up(): Promise<this> {
    await this.start("master");
    await this.start("standby");
    await this.role("STANDBY");
    return this;
  }

  async start(node: NodeName): Promise<void> {
    const program = new Program(["pair", "run", this.files[node], "--json"]);
    this.#programs[node] = program;
    this.#context.after(() => program.child.kill("SIGKILL"));
    await program.until(({ stdout }) => stdout.includes('"type":"listening"'));
  }

  program(node: NodeName): Program {
    const program = this.#programs[node];
    assert.ok(program);
    return program;
  }

  async kill(node: NodeName): Promise<void> {
    this.program(node).child.kill("SIGKILL");
    await this.program(node).end();
  }

  status(node: NodeName): Promise<NodeStatus> {
    return readStatus(`http://127.0.0.1:${this.places[node].http}/status`);
  }

  /** Waits until the status of a node is so. */
  async until(node: NodeName, fits: (status: NodeStatus) => boolean): Promise<NodeStatus> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const status = await this.status(node).catch(() => undefined);
      if (status !== undefined && fits(status)) return status;
      if (signal.aborted) throw new Error(`${node}: ${JSON.stringify(status)}\n${this.program(node).stdout}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  role(role: NodeStatus["role"]): Promise<NodeStatus> {
    return this.until("standby", (status) => status.role === role);
  }

  /** Users in the location table of a node. */
  async users(node: NodeName): Promise<readonly string[]> {
    return (await this.status(node)).phones.map(({ user }) => user);
  }

  /** Roles that the standby went through, in order. */
  roles(): readonly string[] {
    const { events } = this.program("standby");
    return events.filter(({ type }) => type === "role").map(({ to }) => String(to));
  }

  /** Waits until a node has told of that answer, such as `6000: 302`. */
  answered(node: NodeName, answer: string): Promise<void> {
    const isTold = ({ events }: Program) =>
      events.some(({ type, text }) => type === "answered" && text === answer);
    return this.program(node).until((program) => isTold(program as Program));
  }

  /** A node beside the pair: set up as the standby is, with ports and a folder of its own and these lines. */
  third(...lines: readonly string[]): void {
    copyFileSync(this.files.standby, this.files.third);
    const { udp, tcp, tls, replication, http } = this.places.third;
    const ports = Object.entries({ udp, tcp, tls, replication, http });
    const own = ports.map(([key, port]) => `${key}Port = ${port}`);
    this.edit("third", ...own, 'dataFolder = "third-data"', ...lines);
  }

  /** What a node says of a problem it has; waits for it. */
  async problem(node: NodeName, problem: string): Promise<string> {
    const isIt = ({ name }: { readonly name: string }): boolean => name === problem;
    const { alarms } = await this.until(node, (status) => status.alarms.some(isIt));
    return alarms.find(isIt)?.text ?? "";
  }

  /** Adds lines to a configuration, or changes what stands in it. */
  edit(node: NodeName, ...lines: readonly string[]): void {
    for (const line of lines) {
      const key = line.split(" ")[0] ?? "";
      const text = readFileSync(this.files[node], "utf8");
      const place = new RegExp(`^${key} = .*$`, "m");
      if (place.test(text)) writeFileSync(this.files[node], text.replace(place, line));
      else appendFileSync(this.files[node], `${line}\n`);
    }
  }

  /** A phone that asks the standby first, so that every redirect is seen. */
  async phone(
    user: string,
    way: Way = "udp",
    order: readonly NodeName[] = ["standby", "master"],
    params: readonly string[] = [],
  ): Promise<Phone> {
    const [primary = "", ...backups] = order.map((node) => `127.0.0.1:${this.places[node][way]}`);
    const reading = fromOptions({
      primary,
      backups,
      users: [user],
      password: readFileSync(this.files.phonePasswordFile, "utf8").trim(),
      domain: "test.invalid",
      transport: way,
      ca: this.files.authorityFile,
      params: [...PARAMS, ...params],
    });
    assert.ok(reading.kind !== "refused", JSON.stringify(reading));
    const phone = new Phone(reading.config);
    this.#context.after(() => phone.close());
    await phone.start();
    return phone;
  }
}

const PARAMS = [
  "registerRefreshInterval=10",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "registerTimeout=8000",
  "optionsTimeout=4000",
  "retryAfterMin=1",
  "lineCool=2",
  "rejectRetry=30",
  "detectPhase=fixed",
];
