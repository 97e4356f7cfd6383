// What goes out: calls, each with the moment at which it counts as unanswered, and events.
//
// A call is known by its number alone, so an answer can never be taken for that of another session. A login that is given
// up is remembered: if its answer comes after all, it names a session that has to be ended. Above: machine.ts.

import type { Call } from "./driver.ts";
import type { Output, SessionEvent } from "./events.ts";

/** What a call is for. `probe` of main while on standby is a check, of an open session an echo, at the start a ping. */
export type Purpose = "login" | "poll" | "echo" | "check" | "ping" | "end" | "ghost";

export interface Pending {
  readonly id: number;
  readonly call: Call;
  readonly purpose: Purpose;
  readonly dueAt: number;
}

/** An event without its time. */
export type Telling = SessionEvent extends infer One
  ? One extends SessionEvent
    ? Omit<One, "at">
    : never
  : never;

/** Logins that were given up and are remembered. An answer later than that many others is one that never comes. */
const LATE_MAX = 64;

export class Calls {
  readonly #pending = new Map<number, Pending>();
  /** Logins that were given up, oldest first. */
  readonly #late = new Map<number, Call>();
  #outputs: Output[] = [];
  #count = 0;

  /** What has gone out since it was last asked. */
  drain(): readonly Output[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  tell(event: Telling, at: number): void {
    this.#outputs.push({ kind: "event", event: { at, ...event } as SessionEvent });
  }

  ask(call: Call, purpose: Purpose, dueAt: number): void {
    const id = ++this.#count;
    this.#pending.set(id, { id, call, purpose, dueAt });
    this.#outputs.push({ kind: "call", id, call });
  }

  /** Takes a call out as answered; undefined: nobody waits for it. */
  take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** Takes a login out that was given up and is answered now. */
  takeLate(id: number): Call | undefined {
    const call = this.#late.get(id);
    this.#late.delete(id);
    return call;
  }

  /** Nobody waits for these any more. A login is not aborted: its answer matters. */
  giveUp(...purposes: readonly Purpose[]): void {
    for (const pending of this.#pending.values()) {
      if (purposes.includes(pending.purpose)) this.drop(pending);
    }
  }

  drop({ id, call }: Pending): void {
    this.#pending.delete(id);
    if (call.kind !== "open") this.#outputs.push({ kind: "drop", id });
    else this.#remember(id, call);
  }

  /** They run out at that moment, unless they do so earlier. */
  hasten(purpose: Purpose, at: number): void {
    for (const [id, pending] of this.#pending)
      if (pending.purpose === purpose && pending.dueAt > at) this.#pending.set(id, { ...pending, dueAt: at });
  }

  isUnderWay(purpose: Purpose): boolean {
    return [...this.#pending.values()].some((pending) => pending.purpose === purpose);
  }

  /** The one that runs out first; undefined: none is under way. */
  get soonest(): Pending | undefined {
    let found: Pending | undefined;
    for (const pending of this.#pending.values()) {
      if (found === undefined || pending.dueAt < found.dueAt) found = pending;
    }
    return found;
  }

  #remember(id: number, login: Call): void {
    this.#late.set(id, login);
    if (this.#late.size <= LATE_MAX) return;
    const [oldest] = this.#late.keys();
    if (oldest !== undefined) this.#late.delete(oldest);
  }
}
