// The phone under test: the product's own command line in a process of its own, fed by a TOML file.
//
// Its events are read for what only it can know (that it gave up, that it rests) and to tell its side
// of the story when a run fails. Above: server/bench.ts.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { serverName } from "../../host/config/model.ts";
import { Feed } from "./feed.ts";
import type { Ground } from "./ground.ts";
import type { Endpoint } from "./probe.ts";

export type Transport = "udp" | "tcp" | "tls";

/** Parameters by name, as in docs/parameters.md. */
export type Params = Readonly<Record<string, number | boolean | string>>;

export type PhoneLine = {
  readonly user: string;
  readonly password: string;
  /** At the backup, where it is another. */
  readonly backupPassword?: string;
};

export type PhonePlan = {
  /** To every server; UDP unless told. */
  readonly transport?: Transport;
  readonly params: Params;
  readonly lines: readonly PhoneLine[];
  /** In rank order. */
  readonly servers: readonly Endpoint[];
  /** Words that run another phone of ours, which reads `key = value`; absent: the command line. */
  readonly program?: readonly string[];
};

/** What `standfast check --json` says about a configuration. */
export type Promises = {
  readonly detectMs: number;
  readonly returnMs: number;
  readonly returnRefusedMs: number;
  readonly perHourQuiet: number;
  readonly perHourWorst: number;
};

/** One line of `standfast run --json`. */
export type PhoneEvent = {
  readonly t: number;
  readonly type: string;
  readonly line?: string;
  readonly server?: string;
  readonly reason?: { readonly rule: string };
  /** Of `routes`. */
  readonly path?: readonly string[];
  readonly serviceRoute?: readonly string[];
};

/** Another build than that of this tree may be tried with it. */
const PROGRAM = process.env.STANDFAST_PROGRAM ?? "build/standfast.mjs";
/** The bindings are removed first, each in one register timeout. */
const STOP_TIMEOUT_MS = 60_000;

const run = promisify(execFile);

export class Phone {
  readonly events = new Feed<PhoneEvent>();
  readonly #config: string;
  readonly #log: string;
  readonly #ground: Ground;
  readonly #words: readonly string[];
  #process: ChildProcess | undefined;
  #said: string[] = [];

  /** @param files the path, without extension, of its configuration and of the log of its events */
  constructor(plan: PhonePlan, files: string, ground: Ground) {
    this.#ground = ground;
    const { program } = plan;
    this.#config = program ? `${files}.cfg` : `${files}.toml`;
    this.#log = `${files}.ndjson`;
    writeFileSync(this.#config, program ? keyValue(plan) : toml(plan));
    this.#words = program
      ? [...program, "--config", this.#config]
      : [process.execPath, PROGRAM, "run", "--config", this.#config, "--json"];
  }

  async promises(): Promise<Promises> {
    const judged = await run(process.execPath, [PROGRAM, "check", "--config", this.#config, "--json"]);
    return JSON.parse(judged.stdout);
  }

  /** @param more options of `run` */
  start(...more: readonly string[]): void {
    const [program = "", ...args] = [
      ...this.#ground,
      ...["setpriv", "--pdeathsig", "KILL", ...this.#words, ...more],
    ];
    this.#process = spawn(program, args, {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { stdout, stderr } = this.#process;
    if (stdout === null || stderr === null) throw new Error("no pipes");
    stdout.pipe(createWriteStream(this.#log));
    createInterface({ input: stdout }).on("line", (line) => this.#hear(line));
    createInterface({ input: stderr }).on("line", (line) => this.#said.push(line));
  }

  /** Ctrl-C: it removes its bindings and ends. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === undefined) throw new Error("the phone was never started");
    if (child.exitCode !== null) return child.exitCode;
    const ended = once(child, "close", { signal: AbortSignal.timeout(STOP_TIMEOUT_MS) });
    child.kill("SIGINT");
    await ended;
    return child.exitCode;
  }

  kill(): void {
    this.#process?.kill("SIGKILL");
  }

  /** Kills it and waits until it is gone; another start may follow. */
  async crash(): Promise<void> {
    if (this.#process === undefined) throw new Error("the phone was never started");
    const ended = once(this.#process, "close");
    this.kill();
    await ended;
  }

  heard(type: string): PhoneEvent[] {
    return this.events.items.filter((event) => event.type === type);
  }

  story(): string {
    return this.#said.join("\n");
  }

  #hear(line: string): void {
    this.#said.push(line);
    this.events.add(JSON.parse(line));
  }
}

function toml({ params, lines, servers, transport = "udp" }: PhonePlan): string {
  const table = (values: Params) =>
    Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const set = servers.map(({ address, port }) => table({ host: address, port, transport }));
  const accounts = lines.map(({ user, password, backupPassword }) =>
    table({
      phoneNumber: user,
      password,
      ...(backupPassword && { "credentials.backup1.password": backupPassword }),
    }),
  );
  return [
    ...table({ proxyServer: "test.invalid", ...params }),
    ...set.flatMap((server) => ["", "[[servers]]", ...server]),
    ...accounts.flatMap((line) => ["", "[[lines]]", ...line]),
    "",
  ].join("\n");
}

/** The phone's own form. */
function keyValue({ params, lines, servers }: PhonePlan): string {
  const set = servers.map(({ address, port }, rank) => {
    const name = serverName(rank);
    return `servers.${name}.host = ${address}\nservers.${name}.port = ${port}`;
  });
  const accounts = lines.map(
    ({ user, password }, index) =>
      `lines.${index + 1}.phoneNumber = ${user}\nlines.${index + 1}.password = ${password}`,
  );
  const values = Object.entries(params).map(([name, value]) => `${name} = ${value}`);
  return ["proxyServer = test.invalid", ...values, ...set, ...accounts, ""].join("\n");
}
