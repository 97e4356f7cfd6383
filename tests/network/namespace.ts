// A network namespace: a machine of its own as far as addresses, routes and packet filters go.
//
// Its name holds our process number, so that what a killed test left behind is found and ended by the
// next one. Nothing is ever done outside such a namespace. Below: ip(8). Above: town.ts.

import { execFile, execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import { ENVIRONMENT } from "../real/environment.ts";
import type { Ground } from "../real/ground.ts";

const run = promisify(execFile);
const NAME = /^standfast-(\d+)-\d+-\w+$/;
/** Where ip(8) keeps the names. */
const NAMES = "/run/netns";

const open = new Set<Namespace>();
let made = 0;

export class Namespace {
  readonly name: string;
  /** What stands before a command that is to run in it. */
  readonly ground: Ground;

  private constructor(role: string) {
    this.name = `standfast-${process.pid}-${made++}-${role}`;
    this.ground = ["ip", "netns", "exec", this.name];
  }

  /** @param role one word, for people who look at the names */
  static async make(role: string): Promise<Namespace> {
    if (made === 0) removeStrays();
    const it = new Namespace(role);
    await command("ip", "netns", "add", it.name);
    open.add(it);
    await it.ip("link set lo up");
    return it;
  }

  /** Says something to ip(8) about it, in words between blanks. */
  async ip(words: string): Promise<void> {
    await command("ip", "-n", this.name, ...words.split(" "));
  }

  /** Runs a program in it. @returns what it prints */
  async run(...words: string[]): Promise<string> {
    return await command(...this.ground, ...words);
  }

  /** Sets a value below /proc/sys/net. */
  async set(path: string, value: number): Promise<void> {
    await this.run("sh", "-c", 'echo "$1" >"/proc/sys/net/$0"', path, String(value));
  }

  async remove(): Promise<void> {
    open.delete(this);
    await command("ip", "netns", "delete", this.name);
  }
}

/** Why no namespace can be made here; undefined: it can. */
export async function whyNoNamespace(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "not root";
  try {
    await command("unshare", "--net", "nft", "add table ip probe");
    return undefined;
  } catch (error) {
    return String((error as { stderr?: string }).stderr ?? error).trim();
  }
}

async function command(...[program = "", ...words]: string[]): Promise<string> {
  return (await run(program, words, { env: ENVIRONMENT })).stdout;
}

/** Those of test processes that are gone, and what still runs in them. */
function removeStrays(): void {
  for (const name of namesThere()) {
    const owner = Number(NAME.exec(name)?.[1]);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    const inside = execFileSync("ip", ["netns", "pids", name], { env: ENVIRONMENT, encoding: "utf8" });
    for (const pid of inside.split("\n").filter(Boolean)) killQuietly(Number(pid));
    removeNow(name);
  }
}

function namesThere(): string[] {
  try {
    return readdirSync(NAMES);
  } catch {
    return []; // no namespace was ever made here
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended meanwhile
  }
}

function removeNow(name: string): void {
  try {
    execFileSync("ip", ["netns", "delete", name], { env: ENVIRONMENT, stdio: "ignore" });
  } catch {
    // somebody else was faster
  }
}

process.once("exit", () => {
  for (const { name } of open) removeNow(name);
});
