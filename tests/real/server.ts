// A server of others as a process group of its own, which a run may kill, freeze and thaw.
//
// It runs as nobody when we are root and as ourselves otherwise, on a loopback address or in a network
// namespace, with every file in a run directory of its own. It never outlives the test: the group is killed at our end, and
// what a killed test left behind is ended by the next one. Above: kamailio.ts, server/sipp.ts, dns/nsd.ts.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ENVIRONMENT } from "./environment.ts";
import { type Ground, HERE } from "./ground.ts";
import type { Binding } from "./location.ts";
import { type Endpoint, endpointText, isAnswering } from "./probe.ts";

/** From the start of the program to its first answer; 75 ms for Kamailio on a quiet machine. */
const START_TIMEOUT_MS = 60_000;
const AS_NOBODY = "setpriv --reuid 65534 --regid 65534 --clear-groups".split(" ");

/** Those whose directory is still there. */
const open = new Set<Daemon>();

/** Any server: SIP or not. */
export abstract class Daemon {
  readonly endpoint: Endpoint;
  readonly directory: string;
  readonly ground: Ground;
  #process: ChildProcess | undefined;

  constructor(endpoint: Endpoint, ground = HERE) {
    removeStrays();
    this.endpoint = endpoint;
    this.ground = ground;
    this.directory = mkdtempSync(join(tmpdir(), `standfast-server-${process.pid}-`));
    chmodSync(this.directory, 0o777);
    open.add(this);
  }

  /** The program and its arguments; `directory` is one of them, so that strays can be told. */
  protected abstract commandLine(): readonly string[];

  /** Whether it serves; waits for that. */
  protected abstract serves(timeoutMs: number): Promise<boolean>;

  /** Starts it without memory of the past; returns when it serves. */
  async start(): Promise<void> {
    if (await this.serves(100)) throw new Error(`${this.name} is taken`);
    const log = openSync(join(this.directory, "log"), "a");
    const asWhom = process.getuid?.() === 0 ? AS_NOBODY : [];
    const [program = "", ...args] = [...this.ground, ...asWhom, ...this.commandLine()];
    this.#process = spawn(program, args, {
      cwd: this.directory,
      detached: true,
      env: ENVIRONMENT,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    const ended = once(this.#process, "exit").then(() => false);
    const answers = await Promise.race([this.serves(START_TIMEOUT_MS), ended]);
    if (!answers) throw new Error(`${this.name} did not start:\n${this.log()}`);
  }

  /** It may be frozen. */
  get isRunning(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** SIGKILL to all its processes: the sockets close, so a sender hears ICMP. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const ended = once(child, "exit");
    this.signal("SIGKILL");
    await ended;
    while (livesOn(child.pid)) await sleep(5); // each holds the sockets
  }

  /** SIGSTOP: the sockets stay open and fill, so a sender hears nothing. */
  freeze(): void {
    this.signal("SIGSTOP");
  }

  /** SIGCONT: everything that was queued is answered now, late. */
  thaw(): void {
    this.signal("SIGCONT");
  }

  /** The end of the run: kills it and removes its files. */
  async remove(): Promise<void> {
    await this.kill();
    open.delete(this);
    rmSync(this.directory, { recursive: true, force: true });
  }

  log(): string {
    return readFileSync(join(this.directory, "log"), "utf8");
  }

  get name(): string {
    return endpointText(this.endpoint);
  }

  /** To the first process alone, which reads its files anew at SIGHUP, say. */
  protected tell(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** To the whole group: Kamailio is a handful of processes, and the first one's death spares the rest. */
  signal(signal: NodeJS.Signals): void {
    const group = this.#process?.pid;
    if (group !== undefined) process.kill(-group, signal);
  }
}

/** A registrar. */
export abstract class Server extends Daemon {
  /** The live bindings, from the server's own location table. */
  abstract table(): Promise<Binding[]>;

  protected override async serves(timeoutMs: number): Promise<boolean> {
    return await isAnswering(this.endpoint, timeoutMs);
  }
}

/** Ends the servers, and removes the directories, of test processes that were killed themselves. */
function removeStrays(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(/^standfast-server-(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    const directory = join(tmpdir(), name);
    for (const pid of processesOf(directory)) killQuietly(pid);
    rmSync(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The processes started with `directory` as an argument: nobody else's can be. */
function processesOf(directory: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory);
      } catch {
        return false; // it ended meanwhile, or is no process
      }
    });
}

/** Whether a process of that group is there which is no zombie: proc(5). */
function livesOn(group: number | undefined): boolean {
  return readdirSync("/proc").some((name) => {
    if (!/^\d/.test(name)) return false;
    try {
      const [state, , its] = readFileSync(`/proc/${name}/stat`, "latin1").replace(/.*\) /s, "").split(" ");
      return Number(its) === group && state !== "Z" && state !== "X";
    } catch {
      return false; // it ended meanwhile
    }
  });
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended meanwhile
  }
}

function killAll(): void {
  for (const server of open) {
    try {
      server.signal("SIGKILL");
    } catch {
      // it was dead already
    }
    rmSync(server.directory, { recursive: true, force: true });
  }
}

process.once("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}
