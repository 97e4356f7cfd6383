// A server of the session world: sessions, long polls, and what can be wrong with it, in virtual time.

import type { Call, Change, FailureCause, Result } from "../../../../host/session/login/driver.ts";

/**
 * silent: nothing comes back, and what is late is sent again once it is over. refused: nobody listens. booting: it answers
 * and does not serve. rejecting: it knows no credentials. noKey, standingBy: as a login is answered by such a PBX.
 */
export const MODES = ["healthy", "silent", "refused", "booting", "rejecting", "noKey", "standingBy"] as const;
export type Mode = (typeof MODES)[number];

/** Until an idle poll is answered, ms. */
const POLL_WAIT_MS = 20_000;
/** A session that nobody polls or echoes is forgotten, ms. */
const SESSION_LIFE_MS = 70_000;

interface Poll {
  readonly id: string;
  readonly answer: (result: Result) => void;
}

export class WorldServer {
  mode: Mode = "healthy";
  /** false: it lets in and echoes, and answers each poll with something else. */
  servesPolls = true;
  /** There and back, ms. */
  latencyMs = 10;
  readonly users = new Map<string, string>([["100", "idle"]]);
  /** Its sessions by name, and when each was last heard of. */
  readonly sessions = new Map<string, number>();
  readonly #told = new Set<string>();
  readonly #polls = new Set<Poll>();
  readonly #later: (delayMs: number, job: () => void) => void;
  readonly #now: () => number;
  #opened = 0;

  constructor(now: () => number, later: (delayMs: number, job: () => void) => void) {
    this.#now = now;
    this.#later = later;
  }

  /** A request arrives; `answer` is called when an answer leaves, if ever. */
  receive(call: Call, answer: (result: Result) => void): void {
    const wrong = this.#wrong();
    if (wrong === "nothing") return;
    if (wrong !== undefined) answer(wrong);
    else if (call.kind === "poll") this.#poll(call.session.ticket.id, answer);
    else answer(this.#result(call));
  }

  #result(call: Exclude<Call, { kind: "poll" }>): Result {
    switch (call.kind) {
      case "open":
        return this.#open();
      case "end":
        this.sessions.delete(call.session.ticket.id);
        return { kind: "ended" };
      case "probe":
        return call.session === undefined ? { kind: "serving" } : this.#echo(call.session.ticket.id);
    }
  }

  /** From now on it is like this. Connections break with the process, and wait where only the network is gone. */
  become(mode: Mode): void {
    this.mode = mode;
    if (mode === "silent") return;
    for (const poll of this.#polls) this.#answerPoll(poll);
  }

  /** The process starts anew: its sessions are forgotten and its connections broken. */
  restart(): void {
    this.sessions.clear();
    for (const poll of this.#polls) poll.answer(failed("unreachable", false));
    this.#polls.clear();
  }

  #wrong(): Result | "nothing" | undefined {
    switch (this.mode) {
      case "healthy":
        return undefined;
      case "silent":
        return "nothing";
      case "refused":
        return failed("refused", false);
      case "rejecting":
        return { kind: "rejected", text: "these credentials are not known" };
      case "noKey":
      case "booting":
      case "standingBy":
        return failed(this.mode, true);
    }
  }

  #open(): Result {
    const id = String(++this.#opened); // both servers count from 1: the same names on both
    this.sessions.set(id, this.#now());
    return { kind: "opened", ticket: { id, key: `key ${id}` } };
  }

  #isKnown(id: string): boolean {
    const heardAt = this.sessions.get(id);
    if (heardAt === undefined) return false;
    if (this.#now() - heardAt > SESSION_LIFE_MS) this.sessions.delete(id);
    else this.sessions.set(id, this.#now());
    return this.sessions.has(id);
  }

  #echo(id: string): Result {
    return this.#isKnown(id) ? { kind: "serving" } : { kind: "gone", text: "echo 0" };
  }

  #poll(id: string, answer: (result: Result) => void): void {
    if (!this.servesPolls) {
      answer(failed("garbled", true));
      return;
    }
    const poll = { id, answer };
    const waitMs = this.#told.has(id) && this.#isKnown(id) ? POLL_WAIT_MS : 0; // the first one is answered at once
    this.#told.add(id);
    this.#polls.add(poll);
    this.#later(waitMs, () => {
      if (this.#polls.has(poll) && this.mode !== "silent") this.#answerPoll(poll);
    });
  }

  #answerPoll(poll: Poll): void {
    this.#polls.delete(poll);
    const wrong = this.#wrong();
    if (wrong !== undefined && wrong !== "nothing") poll.answer(wrong);
    else if (this.#isKnown(poll.id)) poll.answer({ kind: "news", changes: this.#changes() });
    else poll.answer({ kind: "gone", text: "no such session" });
  }

  #changes(): readonly Change[] {
    return [...this.users].map(([id, state]) => ({ kind: "user", id, state }));
  }

  /** Sessions it would still honour. */
  get live(): number {
    return [...this.sessions.values()].filter((heardAt) => this.#now() - heardAt <= SESSION_LIFE_MS).length;
  }
}

function failed(cause: FailureCause, answered: boolean): Result {
  return { kind: "failed", cause, text: cause, answered };
}
