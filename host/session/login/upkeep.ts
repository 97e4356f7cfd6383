// An open session kept up: polled for news, echoed, and given up when too many in a row go unanswered.
//
// A poll that fails says only that something is wrong: the echo is brought forward and says what. Polls and echoes are
// counted apart, for a server may answer the one and never the other. Below: calls.ts, timers.ts. Above: machine.ts.

import type { Calls } from "./calls.ts";
import { type Failed, type PollResult, type ProbeResult, type Session, wordsOf } from "./driver.ts";
import type { Settings } from "./settings.ts";
import type { Timers } from "./timers.ts";

/** A server that answers polls at once is not asked more often than this, ms. */
const POLL_SPACING_MS = 250;

export type UpkeepTimer = "echo" | "poll";
type Clocks = Pick<Timers<UpkeepTimer>, "set" | "hasten" | "stop" | "isRunning">;

export class Upkeep {
  readonly #session: Session;
  /** Times in ms. */
  readonly #settings: Settings;
  readonly #calls: Calls;
  readonly #timers: Clocks;
  readonly #misses = { echo: 0, poll: 0 };
  #echoAt: number;

  constructor(session: Session, settings: Settings, calls: Calls, timers: Clocks, now: number) {
    this.#session = session;
    this.#settings = settings;
    this.#calls = calls;
    this.#timers = timers;
    this.#echoAt = now;
    this.poll(now);
    timers.set("echo", now + settings.echoInterval);
  }

  /** Nothing more is asked for it, and no answer to what was asked is waited for. */
  stop(): void {
    this.#timers.stop("echo", "poll");
    this.#calls.giveUp("poll", "echo");
  }

  echo(now: number): void {
    const session = this.#session;
    this.#echoAt = now;
    this.#calls.ask(
      { kind: "probe", server: session.server, session },
      "echo",
      now + this.#settings.httpTimeout,
    );
    this.#timers.set("echo", now + this.#settings.echoInterval);
  }

  poll(now: number): void {
    if (this.#calls.isUnderWay("poll")) return;
    this.#calls.ask({ kind: "poll", session: this.#session }, "poll", now + this.#settings.pollTimeout);
  }

  /** @returns why the session is lost; undefined: it is not. */
  judgePoll(result: PollResult, now: number): string | undefined {
    const session = this.#session;
    switch (result.kind) {
      case "news":
        this.#misses.poll = 0;
        this.#calls.tell({ kind: "news", session, changes: result.changes }, now);
        this.#timers.set("poll", now + POLL_SPACING_MS);
        return undefined;
      case "failed":
        this.#timers.hasten("echo", Math.max(now, this.#echoAt + this.#settings.httpTimeout));
        return this.#miss("poll", result, now);
      case "gone":
      case "rejected":
        return result.text;
    }
  }

  /** The same for an echo; after one that succeeds a poll goes out if none is open. */
  judgeEcho(result: ProbeResult, now: number): string | undefined {
    if (result.kind === "failed") return this.#miss("echo", result, now);
    if (result.kind !== "serving") return wordsOf(result);
    this.#misses.echo = 0;
    if (!this.#timers.isRunning("poll")) this.poll(now);
    return undefined;
  }

  #miss(call: "echo" | "poll", { text }: Failed, now: number): string | undefined {
    const misses = ++this.#misses[call];
    const of = this.#settings.echoMisses;
    this.#calls.tell({ kind: "missed", server: this.#session.server, call, misses, of, cause: text }, now);
    return misses >= of ? `${misses} times in a row: ${text}` : undefined;
  }
}
