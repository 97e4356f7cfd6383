// One Kamailio: a real registrar that a run may kill, freeze, thaw and start again without memory.
//
// It runs as nobody when we are root and as ourselves otherwise, on a loopback address, with every
// file in a run directory of its own. Its word about bindings is `table()`: what the location table
// of the server itself holds. Below: kamailio.cfg, probe.ts. Above: bench.ts.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ENVIRONMENT } from "./environment.ts";
import { type Binding, readTable } from "./location.ts";
import { type Endpoint, endpointText, isAnswering } from "./probe.ts";

/** What one server does otherwise than a plain registrar: the defines of kamailio.cfg. */
export type Rules = {
  readonly minExpiresSeconds?: number;
  readonly maxExpiresSeconds?: number;
  /** A shorter expiry is answered with 423. */
  readonly rejectBelowSeconds?: number;
  /** Passwords are this and the user; `pw` unless told. */
  readonly passwordPrefix?: string;
  readonly withQop?: boolean;
  readonly withSha256?: boolean;
};

/** From the start of the program to its first answer; 75 ms on a quiet machine. */
const START_TIMEOUT_MS = 10_000;
/** A frozen server never answers its control socket. */
const TABLE_TIMEOUT_MS = 2_000;
const NOBODY = "65534";
const DIRECTORY_PREFIX = "standfast-kamailio-";

const run = promisify(execFile);
const running = new Set<Kamailio>();

export class Kamailio {
  readonly endpoint: Endpoint;
  readonly directory: string;
  readonly #rules: Rules;
  #process: ChildProcess | undefined;

  constructor(endpoint: Endpoint, rules: Rules = {}) {
    removeStrays();
    this.endpoint = endpoint;
    this.#rules = rules;
    this.directory = mkdtempSync(join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
    chmodSync(this.directory, 0o777);
    copyFileSync(join("tests", "server", "kamailio.cfg"), join(this.directory, "kamailio.cfg"));
  }

  /** Starts it with an empty location table and fresh nonces; returns when it answers OPTIONS. */
  async start(): Promise<void> {
    if (await isAnswering(this.endpoint, 100)) throw new Error(`${this.name} is taken`);
    const log = openSync(join(this.directory, "log"), "a");
    const [program = "", ...args] = this.#commandLine();
    this.#process = spawn(program, args, {
      detached: true,
      env: ENVIRONMENT,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    running.add(this);
    const ended = once(this.#process, "exit").then(() => false);
    const answers = await Promise.race([isAnswering(this.endpoint, START_TIMEOUT_MS), ended]);
    if (!answers) throw new Error(`Kamailio ${this.name} did not start:\n${this.log()}`);
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
    running.delete(this);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The live bindings this server holds, read from its own location table. */
  async table(): Promise<Binding[]> {
    const socket = `unix:${join(this.directory, "ctl.sock")}`;
    const limits = { timeout: TABLE_TIMEOUT_MS, env: ENVIRONMENT };
    const dump = await run("kamcmd", ["-s", socket, "ul.dump"], limits);
    return readTable(dump.stdout);
  }

  log(): string {
    return readFileSync(join(this.directory, "log"), "utf8");
  }

  get name(): string {
    return endpointText(this.endpoint);
  }

  /** To the whole group: Kamailio is a handful of processes, and the first one's death spares the rest. */
  signal(signal: NodeJS.Signals): void {
    const group = this.#process?.pid;
    if (group !== undefined) process.kill(-group, signal);
  }

  #commandLine(): string[] {
    const directory = this.directory;
    const asNobody = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`.split(" ");
    return [
      ...(process.getuid?.() === 0 ? asNobody : []),
      ...["kamailio", "-f", join(directory, "kamailio.cfg"), "-L", moduleFolder(), "-DD", "-E"],
      ...["-m", "16", "-M", "4", "-Y", directory, "-w", directory, "-P", join(directory, "pid")],
      ...["-l", `udp:${this.name}`],
      ...defines(this.#rules).flatMap((define) => ["-A", define]),
    ];
  }
}

function defines(rules: Rules): string[] {
  const prefix = rules.passwordPrefix;
  const all: [string, number | boolean | string | undefined][] = [
    ["MINEXP", rules.minExpiresSeconds],
    ["MAXEXP", rules.maxExpiresSeconds],
    ["REJECT_BELOW", rules.rejectBelowSeconds],
    ["PREFIX", prefix && JSON.stringify(prefix)],
    ["WITH_QOP", rules.withQop],
    ["WITH_SHA256", rules.withSha256],
  ];
  return all.flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [name] : [`${name}=${value}`];
  });
}

/** Debian keeps the modules under the triplet of the machine. */
function moduleFolder(): string {
  const folders = readdirSync("/usr/lib", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join("/usr/lib", entry.name, "kamailio", "modules"));
  const found = [...folders, "/usr/lib/kamailio/modules"].find((folder) => exists(folder));
  if (found === undefined) throw new Error("Kamailio is not installed: apt-get install kamailio");
  return found;
}

function exists(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

/** Ends the servers, and removes the directories, of test processes that were killed themselves. */
function removeStrays(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(/^standfast-kamailio-(\d+)-/.exec(name)?.[1]);
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
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(directory);
      } catch {
        return false; // it ended meanwhile, or is no process
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
  for (const server of running) {
    try {
      server.signal("SIGKILL");
      rmSync(server.directory, { recursive: true, force: true });
    } catch {
      // it was dead already
    }
  }
}

process.once("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}
