// What people type: single keys where there is a terminal, whole lines where there is none, and Ctrl-C.
import { createInterface, emitKeypressEvents, type Interface } from "node:readline";

export interface Input {
  /** A key of a terminal: a letter, a digit, "tab", "escape". Without it keys are not read. */
  readonly onKey?: (key: string) => void;
  /** A line from a pipe. */
  readonly onLine?: (line: string) => void;
  /** Ctrl-C, SIGTERM or SIGHUP; called each time. */
  readonly onInterrupt: () => void;
  /** SIGHUP of a program that reads its configuration again then, instead of ending. */
  readonly onHangup?: () => void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Reads the standard input until `close`, which leaves the terminal as it was. */
export class TerminalInput {
  readonly #input: Input;
  readonly #isTerminal = process.stdin.isTTY === true;
  #lines: Interface | undefined;

  constructor(input: Input) {
    this.#input = input;
    for (const signal of SIGNALS) process.on(signal, this.#jobOf(signal));
    if (this.#isTerminal && input.onKey) this.#readKeys();
    else if (!this.#isTerminal && input.onLine) this.#readLines(input.onLine);
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#jobOf(signal));
    process.stdin.off("keypress", this.#take);
    if (this.#isTerminal && this.#input.onKey) process.stdin.setRawMode(false);
    this.#lines?.close();
    process.stdin.pause();
  }

  #jobOf(signal: (typeof SIGNALS)[number]): () => void {
    const { onInterrupt, onHangup = onInterrupt } = this.#input;
    return signal === "SIGHUP" ? onHangup : onInterrupt;
  }

  #readKeys(): void {
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true); // from here on Ctrl-C is a key and no signal
    process.stdin.on("keypress", this.#take);
    process.stdin.resume();
  }

  #readLines(onLine: (line: string) => void): void {
    this.#lines = createInterface({ input: process.stdin, terminal: false });
    this.#lines.on("line", onLine);
  }

  readonly #take = (text: string | undefined, key: { name?: string; ctrl?: boolean }): void => {
    if (key.ctrl && key.name === "c") this.#input.onInterrupt();
    else this.#input.onKey?.(key.name === "tab" || key.name === "escape" ? key.name : (text ?? ""));
  };
}
