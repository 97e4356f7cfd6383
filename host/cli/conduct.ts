// A phone at work under a terminal: events out, orders in, Ctrl-C, and how it ended.
import type { Phone, PhoneEvent } from "../index.ts";
import { CORE_TRAP, Exit, INTERRUPTED, NOT_IN_SERVICE } from "./exit.ts";
import { KEYS, ORDER_HELP, type Order, readOrder } from "./orders.ts";
import type { Output } from "./output.ts";
import { because } from "./sentence.ts";
import { TerminalInput } from "./terminal.ts";

export interface ConductOptions {
  /** Every line has to be in service within this time, s; absent: whenever. */
  readonly waitSeconds?: number;
  /** The line that a key is meant for; undefined: every line. */
  readonly selected?: () => string | undefined;
  /** Sees keys before they are taken for orders; true: it was one of its own. With it keys are read at all. */
  readonly onKey?: (key: string) => boolean;
  /** Sees typed lines in the same way. */
  readonly onLine?: (line: string) => boolean;
  /** What is done while the phone runs; it ends soon after the signal, and then the phone stops. */
  readonly meanwhile?: (signal: AbortSignal) => Promise<void>;
}

/**
 * Runs the phone until somebody stops it.
 * @throws Exit when it trapped, or was never in service in time; HostError when it cannot start
 */
export async function conduct(phone: Phone, output: Output, options: ConductOptions = {}): Promise<void> {
  const run = new Run(phone, output, options);
  await run.toTheEnd();
}

class Run {
  readonly #phone: Phone;
  readonly #output: Output;
  readonly #options: ConductOptions;
  readonly #stopping = new AbortController();
  #isGreeted = false;
  #isBusy = false;
  #verdict: Exit | undefined;

  constructor(phone: Phone, output: Output, options: ConductOptions) {
    this.#phone = phone;
    this.#output = output;
    this.#options = options;
  }

  async toTheEnd(): Promise<void> {
    const phone = this.#phone;
    phone.on("event", (event) => this.#show(event));
    phone.on("notice", (text) => this.#output.notice(text));
    phone.on("routes", (server, { path, serviceRoute }) => {
      this.#output.routes({ t: Math.round(phone.elapsedMs), type: "routes", server, path, serviceRoute });
    });
    phone.on("fault", ({ text, next }) => {
      if (next) return; // it goes on
      this.#verdict = new Exit(CORE_TRAP, `the core trapped, which is an error of ours: ${text}`);
    });
    const stopped = new Promise<void>((resolve) => phone.once("stopped", () => resolve()));
    void stopped.then(() => this.#stopping.abort());
    const input = new TerminalInput({
      onInterrupt: () => this.#interrupt(),
      onLine: (line) => this.#take(line),
      ...(this.#options.onKey && { onKey: (key: string) => this.#press(key) }),
    });
    try {
      await Promise.race([phone.start(), stopped]);
      this.#greet();
      await Promise.all([stopped, this.#watchService(), this.#doMeanwhile()]);
    } finally {
      this.#stopping.abort();
      input.close();
      this.#output.end();
    }
    if (this.#verdict) throw this.#verdict;
  }

  /** The greeting comes first, and events may come before start() has returned. */
  #greet(): void {
    if (this.#isGreeted || !this.#phone.startedAt) return;
    this.#isGreeted = true;
    this.#output.hello(this.#phone);
  }

  #show(event: PhoneEvent): void {
    this.#greet();
    this.#output.event(event);
  }

  async #watchService(): Promise<void> {
    const { waitSeconds } = this.#options;
    if (waitSeconds === undefined) return;
    const isServed = await this.#phone.whenInService(waitSeconds * 1000);
    if (isServed || this.#stopping.signal.aborted) return;
    this.#verdict = new Exit(NOT_IN_SERVICE, notInService(this.#phone, waitSeconds));
    this.#stop();
  }

  async #doMeanwhile(): Promise<void> {
    const { meanwhile } = this.#options;
    if (!meanwhile) return;
    this.#isBusy = true;
    try {
      await meanwhile(this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted) throw error;
    } finally {
      this.#isBusy = false;
      this.#stop();
    }
  }

  #interrupt(): void {
    if (this.#stopping.signal.aborted) {
      this.#output.end();
      process.exit(INTERRUPTED);
    }
    this.#output.notice("removing the bindings; Ctrl-C again leaves at once");
    this.#stop();
  }

  /** What is done meanwhile puts its things in order first. */
  #stop(): void {
    this.#stopping.abort();
    if (!this.#isBusy) void this.#phone.stop();
  }

  #press(key: string): void {
    if (this.#options.onKey?.(key)) return;
    const known = KEYS.get(key);
    const line = known?.perLine ? this.#options.selected?.() : undefined;
    if (known) this.#take(line === undefined ? known.typed : `${known.typed} ${line}`);
  }

  #take(typed: string): void {
    if (this.#options.onLine?.(typed)) return;
    const order = readOrder(typed);
    if (order === undefined) return;
    if (typeof order === "string") this.#output.notice(order);
    else if (order.kind === "help") for (const line of ORDER_HELP) this.#output.notice(line);
    else if (order.kind === "stop") this.#interrupt();
    else {
      this.#output.notice(`ordered: ${typed.trim()}`);
      carryOut(order, this.#phone).catch((error: Error) => this.#output.notice(error.message));
    }
  }
}

async function carryOut(order: Order, phone: Phone): Promise<void> {
  switch (order.kind) {
    case "refresh":
    case "returnNow":
    case "callBegin":
    case "callEnd":
    case "callFailed":
      phone[order.kind](order.line);
      break;
    case "moveTo":
      phone.moveTo(order.server, order.line);
      break;
    case "linkDown":
    case "restart":
      phone[order.kind]();
      break;
    case "linkUp":
      await phone.linkUp();
      break;
    case "stop":
    case "help":
      break; // the run does these itself
  }
}

function notInService(phone: Phone, waitSeconds: number): string {
  const states = phone.lines().flatMap(({ line, state }) => {
    if (state === "served") return [];
    const why = phone.decisions(line).find(({ reason }) => reason && reason.rule !== "start")?.reason;
    return [why === undefined ? line : `${line} (${because(why)})`];
  });
  return `not in service within ${waitSeconds} s: ${states.join(", ")}`;
}
