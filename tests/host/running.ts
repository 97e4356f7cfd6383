// A program in a process of its own, watched by what it prints.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

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

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
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
  async until(fits: (program: this) => boolean, withinMs: number): Promise<void> {
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
