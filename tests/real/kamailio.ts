// Kamailio, a real registrar with its own idea of digest, expiries and bindings. Its word about
// bindings is its location table, which `kamcmd` prints.
//
// Below: server.ts, location.ts, kamailio.cfg. Above: server/bench.ts.

import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ENVIRONMENT } from "./environment.ts";
import { type Ground, HERE } from "./ground.ts";
import { type Binding, readTable } from "./location.ts";
import type { Transport } from "./phone.ts";
import type { Endpoint } from "./probe.ts";
import { Server } from "./server.ts";

/** What one server does otherwise than a plain registrar over UDP: the defines of kamailio.cfg. */
export type Rules = {
  readonly transport?: Transport;
  /** Over TLS: who it says it is. PEM. */
  readonly identity?: { readonly certificate: string; readonly key: string };
  readonly minExpiresSeconds?: number;
  readonly maxExpiresSeconds?: number;
  /** A shorter expiry is answered with 423. */
  readonly rejectBelowSeconds?: number;
  /** Passwords are this and the user; `pw` unless told. */
  readonly passwordPrefix?: string;
  /** An older nonce is answered with 401 and stale=true. */
  readonly nonceLifeSeconds?: number;
  readonly withQop?: boolean;
  readonly withSha256?: boolean;
  /** A line may watch its own registration. RFC 3680. */
  readonly withRegEvent?: boolean;
  /** Its grants name this way for the phone's requests. RFC 3608 §6.1. */
  readonly serviceRoute?: string;
  /** REGISTERs reach it by these proxies, and its grants say so. RFC 3327 §5.3. */
  readonly path?: string;
};

/** Empty tables of its text database, as Debian has them. */
const TABLES = "/usr/share/kamailio/dbtext/kamailio";
const DATABASE = "db";

/** A frozen server never answers its control socket. */
const CONTROL_TIMEOUT_MS = 20_000;
const CONTROL_EVERY_MS = 20;

const run = promisify(execFile);

export class Kamailio extends Server {
  readonly #rules: Rules;

  constructor(endpoint: Endpoint, rules: Rules = {}, ground: Ground = HERE) {
    super(endpoint, ground);
    this.#rules = rules;
    copyFileSync("tests/real/kamailio.cfg", join(this.directory, "kamailio.cfg"));
    if (rules.withRegEvent) copyTables(join(this.directory, DATABASE));
    if (rules.identity === undefined) return;
    writeFileSync(join(this.directory, "cert.pem"), rules.identity.certificate);
    writeFileSync(join(this.directory, "key.pem"), rules.identity.key);
  }

  override async table(): Promise<Binding[]> {
    return readTable(await this.control("ul.dump"));
  }

  /** In another namespace, and over a stream, its word has to do: the control process starts after those that serve. */
  protected override async serves(timeoutMs: number): Promise<boolean> {
    const isNear = this.ground === HERE && (this.#rules.transport ?? "udp") === "udp";
    if (isNear) return await super.serves(timeoutMs);
    for (const until = Date.now() + timeoutMs; Date.now() < until; await sleep(CONTROL_EVERY_MS)) {
      const isServing = await this.control("core.uptime").catch(() => undefined);
      if (isServing !== undefined) return true;
    }
    return false;
  }

  /** Says something to its control socket. @returns what it answers */
  async control(...words: string[]): Promise<string> {
    const socket = `unix:${join(this.directory, "ctl.sock")}`;
    const limits = { timeout: CONTROL_TIMEOUT_MS, env: ENVIRONMENT };
    return (await run("kamcmd", ["-s", socket, ...words], limits)).stdout;
  }

  /** Sends a request of its own to the contact of `binding`, from the port it serves at. */
  async ask(method: string, { aor, contact }: Binding): Promise<void> {
    const headers = [
      `From: <sip:${this.name}>`,
      `To: <sip:${aor}@test.invalid>`,
      "Content-Type: text/plain", // it sends no request without a body
      "",
    ];
    await this.control("tm.t_uac_start", method, contact, ".", ".", headers.join("\r\n"), "hello");
  }

  /** Takes every binding of `user` away, as an administrator does. */
  async forget(user: string): Promise<void> {
    await this.control("ul.rm", "location", `s:${user}`); // without s: it reads a number
  }

  protected override commandLine(): readonly string[] {
    const directory = this.directory;
    return [
      ...["kamailio", "-f", join(directory, "kamailio.cfg"), "-L", moduleFolder(), "-DD", "-E"],
      ...["-m", "32", "-M", "4", "-Y", directory, "-w", directory, "-P", join(directory, "pid")],
      ...["-l", `${this.#rules.transport ?? "udp"}:${this.name}`],
      ...this.#defines().flatMap((define) => ["-A", define]),
    ];
  }

  #defines(): string[] {
    if (!this.#rules.withRegEvent) return defines(this.#rules);
    const database = `text://${join(this.directory, DATABASE)}`;
    return [...defines(this.#rules), `REG_EVENT="${database}"`, `SELF="sip:${this.name}"`];
  }
}

/** It is somebody else who writes them: Kamailio runs without our rights. */
function copyTables(folder: string): void {
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  for (const name of readdirSync(TABLES)) {
    copyFileSync(join(TABLES, name), join(folder, name));
    chmodSync(join(folder, name), 0o666);
  }
}

function defines(rules: Rules): string[] {
  const { passwordPrefix: prefix, serviceRoute, path } = rules;
  const all: [string, number | boolean | string | undefined][] = [
    ["MINEXP", rules.minExpiresSeconds],
    ["MAXEXP", rules.maxExpiresSeconds],
    ["REJECT_BELOW", rules.rejectBelowSeconds],
    ["PREFIX", prefix && JSON.stringify(prefix)],
    ["NONCE_LIFE", rules.nonceLifeSeconds],
    ["WITH_TCP", rules.transport === "tcp"],
    ["WITH_TLS", rules.transport === "tls"],
    ["WITH_QOP", rules.withQop],
    ["WITH_SHA256", rules.withSha256],
    ["SERVICE_ROUTE", serviceRoute && JSON.stringify(serviceRoute)],
    ["PATH", path && JSON.stringify(path)],
  ];
  return all.flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return value === true ? [name] : [`${name}=${value}`];
  });
}

/** Debian keeps the modules under the triplet of the machine. */
export function moduleFolder(): string {
  const folders = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "kamailio/modules"));
  const found = [...folders, "/usr/lib/kamailio/modules"].find((folder) => existsSync(folder));
  if (found === undefined) throw new Error("Kamailio is not installed: apt-get install kamailio");
  return found;
}
