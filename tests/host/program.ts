// The built program in a process of its own, as a user starts it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folder.ts";
import type { Pair } from "./pair.ts";
import { PASSWORD, SHORT } from "./pair.ts";

const PROGRAM = "build/standfast.mjs";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run of the program; read `stdout` and `stderr` at any time. */
export class Program {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [PROGRAM, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "", ...env },
    });
    this.child.stdout?.on("data", (piece) => {
      this.stdout += piece;
    });
    this.child.stderr?.on("data", (piece) => {
      this.stderr += piece;
    });
  }

  /** What it printed with --json. */
  get events(): readonly Record<string, unknown>[] {
    const lines = this.stdout.split("\n");
    return lines.slice(0, -1).map((line) => JSON.parse(line));
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** Waits until the standard output fits. */
  async until(fits: (program: Program) => boolean, withinMs: number): Promise<void> {
    const signal = AbortSignal.timeout(withinMs);
    while (!fits(this)) {
      if (signal.aborted || this.child.exitCode !== null) {
        throw new Error(`not within ${withinMs} ms:\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async end(withinMs = 10_000): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, "close", { signal: AbortSignal.timeout(withinMs) });
    }
    const { stdout, stderr } = this;
    return { code: this.child.exitCode, stdout, stderr };
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
export function tomlFor(
  pair: Pair,
  users: readonly string[] = ["6000"],
  extra: readonly string[] = [],
): string {
  const params = [...SHORT, ...extra].map((param) =>
    param.replace("=", " = ").replace(/= (on|off|fixed)$/, '= "$1"'),
  );
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
