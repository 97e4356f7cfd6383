// Kamailio, a real registrar with its own idea of digest, expiries and bindings. Its word about
// bindings is its location table, which `kamcmd` prints.
//
// Below: server.ts, location.ts, kamailio.cfg. Above: server/bench.ts.

import { execFile } from "node:child_process";
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ENVIRONMENT } from "./environment.ts";
import { type Binding, readTable } from "./location.ts";
import type { Endpoint } from "./probe.ts";
import { Server } from "./server.ts";

/** What one server does otherwise than a plain registrar: the defines of kamailio.cfg. */
export type Rules = {
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
};

/** A frozen server never answers its control socket. */
const TABLE_TIMEOUT_MS = 2_000;

const run = promisify(execFile);

export class Kamailio extends Server {
  readonly #rules: Rules;

  constructor(endpoint: Endpoint, rules: Rules = {}) {
    super(endpoint);
    this.#rules = rules;
    copyFileSync("tests/real/kamailio.cfg", join(this.directory, "kamailio.cfg"));
  }

  override async table(): Promise<Binding[]> {
    const socket = `unix:${join(this.directory, "ctl.sock")}`;
    const limits = { timeout: TABLE_TIMEOUT_MS, env: ENVIRONMENT };
    const dump = await run("kamcmd", ["-s", socket, "ul.dump"], limits);
    return readTable(dump.stdout);
  }

  protected override commandLine(): readonly string[] {
    const directory = this.directory;
    return [
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
    ["NONCE_LIFE", rules.nonceLifeSeconds],
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
  const folders = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "kamailio/modules"));
  const found = [...folders, "/usr/lib/kamailio/modules"].find((folder) => existsSync(folder));
  if (found === undefined) throw new Error("Kamailio is not installed: apt-get install kamailio");
  return found;
}
