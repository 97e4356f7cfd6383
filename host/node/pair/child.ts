// A node in a process of its own, as an operator starts it: its log comes in as events; it can be killed and frozen.
//
// Below: node:child_process, the program itself. Above: the demonstration.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after } from "../clock.ts";
import type { NodeEvent } from "./node-event.ts";

export interface NodeProcessOptions {
  /** Its configuration. */
  readonly path: string;
  readonly onEvent: (event: NodeEvent) => void;
}

/** How long a node may take to remove its registration, ms; then it is killed. */
const PATIENCE_MS = 4000;

export class NodeProcess {
  readonly #child: ChildProcess;
  #errors = "";

  /** Its group is its own: Ctrl-C at the terminal is for whoever started it. The channel tells it when that one is gone. */
  constructor({ path, onEvent }: NodeProcessOptions) {
    const program = process.argv[1] ?? "";
    this.#child = spawn(process.execPath, [program, "pair", "run", path, "--json"], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    const { stdout, stderr } = this.#child;
    if (stdout) createInterface({ input: stdout }).on("line", (line) => onEvent(JSON.parse(line)));
    stderr?.on("data", (piece) => {
      this.#errors += piece;
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it said of trouble. */
  get errors(): string {
    return this.#errors;
  }

  /** Gone in the middle of whatever it does. @returns when the system has closed its ports */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Hears and says nothing, until `thaw`. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    const forget = after(PATIENCE_MS, () => this.#child.kill("SIGKILL"));
    this.thaw();
    await this.#end("SIGTERM");
    forget();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await ended;
  }
}
