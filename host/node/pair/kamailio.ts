// A standby whose registrar is a Kamailio beside it: its role is said there over JSON-RPC (HTTP), again each second.
//
// One look at a time; a change of role while one is under way is followed by another. A Kamailio that does not answer is
// told once, and again when it answers. Below: host/pbx/kamailio/steering.ts, role-clock.ts. Above: host/cli/pair.ts.

import { type Call, orderOf, Steering } from "../../pbx/kamailio/steering.ts";
import { every } from "../clock.ts";
import type { RoleClock } from "./role-clock.ts";

/** Kamailio is on this machine: it answers at once, or is frozen. */
const ANSWER_MS = 2_000;
const LOOK_EVERY_MS = 1_000;
/** Until the first answer. */
const NOT_ASKED = "Kamailio was not asked yet";
/** A list of thousands is work for Kamailio. */
const COUNT_EVERY_MS = 5_000;

export interface KamailioOptions {
  /** Where its JSON-RPC is, as http://127.0.0.1:8090/RPC. */
  readonly url: string;
  readonly table: string;
  readonly master: string;
  readonly takeoverDelayMs: number;
  readonly clock: RoleClock;
  /** Bindings that were handed back: their phones are sent to the master with their next request. */
  readonly onHandedBack: (addressesOfRecord: readonly string[]) => void;
  /** undefined: it answers again. */
  readonly onTrouble: (trouble: string | undefined) => void;
}

export class KamailioRegistrar {
  readonly #options: KamailioOptions;
  readonly #steering: Steering;
  #trouble: string | undefined = NOT_ASKED;
  #count = 0;
  #wasCountedAt = Number.NEGATIVE_INFINITY;
  #stop: () => void = () => {};
  /** The look under way, and whether another one is wanted behind it. */
  #looking: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: KamailioOptions) {
    this.#options = options;
    this.#steering = new Steering({ ...options, call: caller(options.url) });
  }

  start(): void {
    this.#stop = every(LOOK_EVERY_MS, () => this.look());
    this.look();
  }

  /** Says nothing any more; Kamailio goes on as it is until what was said last is over. */
  async close(): Promise<void> {
    this.#stop();
    this.#isWanted = false;
    await this.#looking;
  }

  /** Why it cannot be steered; undefined: it can. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Addresses of record that were bound there, a few seconds ago at most while it answers. */
  get count(): number {
    return this.#count;
  }

  /** Call it when the role has changed. */
  look(): void {
    this.#isWanted = true;
    this.#looking ??= this.#lookOn().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookOn(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#lookOnce();
    }
  }

  async #lookOnce(): Promise<void> {
    const { clock, takeoverDelayMs, onHandedBack } = this.#options;
    const order = orderOf(clock.role, takeoverDelayMs, clock.now, Date.now());
    try {
      const handedBack = await this.#steering.look(order);
      if (this.#wasCountedAt + COUNT_EVERY_MS <= clock.now) {
        this.#count = (await this.#steering.bound()).length;
        this.#wasCountedAt = clock.now;
      }
      this.#found(undefined);
      if (handedBack.length > 0) onHandedBack(handedBack);
    } catch (error) {
      this.#found(error instanceof Error ? error.message : String(error));
    }
  }

  #found(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }
}

/** JSON-RPC 2.0 over HTTP, one call a request. */
function caller(url: string): Call {
  return async (method, params) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "Content-Type": "application/json" };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, { method: "POST", headers, body, signal }).catch((error: unknown) => {
      throw new Error(`Kamailio does not answer at ${url}: ${wordsOf(error)}`);
    });
    const text = await response.text();
    const answer = parse(text);
    if (answer === undefined) {
      throw new Error(`${url} is no JSON-RPC of Kamailio: ${response.status} ${text.slice(0, 80)}`);
    }
    if (answer.error !== undefined) {
      throw new Error(
        `Kamailio refuses ${method}: ${answer.error.message}; standfast.cfg names the modules it needs`,
      );
    }
    return answer.result;
  };
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

function parse(text: string): Answer | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && "jsonrpc" in read ? (read as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
