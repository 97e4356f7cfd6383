// A program in a process of its own, watched by what it prints.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS, until } from "./until.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run; read `stdout` and `stderr` at any time. */
export class Running {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  /** It has ended, and all that it printed is here. */
  #isOver = false;
  readonly #over: Promise<unknown>;

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#over = once(this.child, "close").then(() => {
      this.#isOver = true;
    });
    this.child.stdout?.on("data", (piece) => {
      this.stdout += piece;
    });
    this.child.stderr?.on("data", (piece) => {
      this.stderr += piece;
    });
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** Waits until something holds while it runs, such as that the standard output fits. */
  async until(fits: (program: this) => boolean, withinMs = PATIENCE_MS): Promise<void> {
    const what = (): string => `${fits}:\n${this.stdout}\n${this.stderr}`;
    await until(() => fits(this) || this.#isOver, what, withinMs);
    if (!fits(this)) throw new Error(`ended before ${what()}`);
  }

  async end(withinMs = PATIENCE_MS): Promise<Ended> {
    const late = new AbortController();
    const isLate = sleep(withinMs, true, late).catch(() => false);
    const isOver = await Promise.race([this.#over.then(() => true), isLate.then((is) => !is)]);
    late.abort();
    const { stdout, stderr } = this;
    if (!isOver) throw new Error(`still running after ${withinMs} ms:\n${stdout}\n${stderr}`);
    return { code: this.child.exitCode, stdout, stderr };
  }
}
