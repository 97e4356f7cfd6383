// The built program in a process of its own, as a user starts it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folder.ts";
import type { Pair } from "./pair.ts";
import { PASSWORD, UNHURRIED } from "./pair.ts";
import { type Ended, Running } from "./running.ts";

const PROGRAM = "build/standfast.mjs";

/** One run of the program. */
export class Program extends Running {
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    super(process.execPath, [PROGRAM, ...args], { NO_COLOR: "1", FORCE_COLOR: "", ...env });
  }

  /** What it printed with --json. */
  get events(): readonly Record<string, unknown>[] {
    const lines = this.stdout.split("\n");
    return lines.slice(0, -1).map((line) => JSON.parse(line));
  }
}

/** Runs the program to its end. */
export async function runProgram(args: readonly string[], stdin = ""): Promise<Ended> {
  const program = new Program(args);
  program.child.stdin?.end(stdin);
  return program.end();
}

/** A folder that the system clears, with a file in it. */
export function fileWith(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** A configuration file for the pair. */
export function tomlFor(pair: Pair, users: readonly string[] = ["6000"]): string {
  const params = UNHURRIED.map((param) => param.replace("=", " = ").replace(/= (on|off|fixed)$/, '= "$1"'));
  const servers = [pair.primary, pair.backup1].flatMap(({ endpoint }) => [
    "[[servers]]",
    `host = "${endpoint.address}"`,
    `port = ${endpoint.port}`,
  ]);
  const lines = users.flatMap((user) => ["[[lines]]", `phoneNumber = "${user}"`, `password = "${PASSWORD}"`]);
  return fileWith(
    "phone.toml",
    ['proxyServer = "test.invalid"', ...params, ...servers, ...lines, ""].join("\n"),
  );
}
