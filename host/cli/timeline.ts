// A story as it happens: what was done to the servers, what they saw, what the phone decided.
//
// It prints each moment once, and lets the storyteller wait for one. On a terminal the last line shows
// what is being waited for. Above: demo.ts, drill.ts.
import type { Phone, PhoneEvent } from "../index.ts";
import { after, every } from "../node/clock.ts";
import { type Output, paint, printHello, type RoutesTold, routesLine } from "./output.ts";
import { colours, isTerminal, print, printJson, remark } from "./print.ts";
import { Screen } from "./screen.ts";
import { isRoutine, sentence, toneOf } from "./sentence.ts";
import { stamp } from "./words.ts";

/** One moment; `t` is ms since the start of the phone. */
export type Moment =
  /** Somebody did something to a server. */
  | { readonly kind: "act"; readonly t: number; readonly server: string; readonly what: string }
  /** A server's location table changed. */
  | {
      readonly kind: "binding";
      readonly t: number;
      readonly server: string;
      readonly line: string;
      readonly what: "bound" | "renewed" | "unbound";
    }
  | { readonly kind: "event"; readonly t: number; readonly event: PhoneEvent };

interface Waiter {
  readonly match: (moment: Moment) => boolean;
  readonly take: (moment: Moment) => void;
}

const PROGRESS_MS = 200;

export class Timeline implements Output {
  readonly moments: Moment[] = [];
  readonly #json: boolean;
  readonly #screen = isTerminal() ? new Screen(process.stdout) : undefined;
  readonly #waiters = new Set<Waiter>();
  #phone: Phone | undefined;
  #waitingFor: (() => string) | undefined;
  #stopDrawing: () => void = () => {};

  constructor(json: boolean) {
    this.#json = json;
  }

  /** Since the start of the phone, ms. */
  get now(): number {
    return this.#phone?.elapsedMs ?? 0;
  }

  hello(phone: Phone): void {
    this.#phone = phone;
    if (this.#json) printHello(phone.startedAt?.toISOString() ?? "");
    else this.#stopDrawing = every(PROGRESS_MS, () => this.#draw());
  }

  event(event: PhoneEvent): void {
    this.add({ kind: "event", t: event.t, event });
  }

  routes(told: RoutesTold): void {
    this.notice(routesLine(told).trim());
  }

  notice(text: string): void {
    if (this.#json) remark(text);
    else this.say(text);
  }

  end(): void {
    this.#stopDrawing();
    this.#waitingFor = undefined;
    this.#draw();
    this.#screen?.end();
  }

  /** Prints a moment and wakes who waits for it. */
  add(moment: Moment): void {
    this.moments.push(moment);
    if (this.#json) printJson(asJson(moment));
    else if (moment.kind !== "event" || !isRoutine(moment.event)) this.say(asText(moment));
    for (const waiter of [...this.#waiters]) {
      if (waiter.match(moment)) waiter.take(moment);
    }
  }

  /** Prints lines above the one that shows progress. */
  say(...lines: readonly string[]): void {
    if (this.#json) return;
    this.#screen?.draw([]);
    print(...lines);
    this.#draw();
  }

  /**
   * Waits for a moment to come.
   * @param what shown meanwhile
   * @returns the moment; undefined when the time is over first
   */
  async wait(
    what: string,
    withinMs: number,
    match: (moment: Moment) => boolean,
    signal: AbortSignal,
  ): Promise<Moment | undefined> {
    signal.throwIfAborted();
    const since = this.now;
    this.#waitingFor = () => `${what}, ${((this.now - since) / 1000).toFixed(1)} s`;
    try {
      return await new Promise((resolve, reject) => {
        const end = (finish: () => void): void => {
          this.#waiters.delete(waiter);
          forget();
          signal.removeEventListener("abort", abort);
          finish();
        };
        const waiter: Waiter = { match, take: (moment) => end(() => resolve(moment)) };
        const abort = (): void => end(() => reject(signal.reason));
        const forget = after(withinMs, () => end(() => resolve(undefined)));
        this.#waiters.add(waiter);
        signal.addEventListener("abort", abort);
      });
    } finally {
      this.#waitingFor = undefined;
    }
  }

  /** Lets time pass. */
  async pause(what: string, forMs: number, signal: AbortSignal): Promise<void> {
    await this.wait(what, forMs, () => false, signal);
  }

  #draw(): void {
    const line = this.#waitingFor?.();
    this.#screen?.draw(line === undefined ? [] : [colours.dim(`${" ".repeat(11)}${line}`)]);
  }
}

function asJson(moment: Moment): object {
  if (moment.kind === "event") return moment.event;
  const { kind, t, ...rest } = moment;
  return { t: Math.round(t), type: kind, ...rest };
}

const ACTOR_WIDTH = 8;
const TABLE = { bound: "appears in", renewed: "is renewed in", unbound: "is gone from" } as const;

function asText(moment: Moment): string {
  switch (moment.kind) {
    case "act":
      return `${stamp(moment.t)}  ${colours.bold(`${moment.server.padEnd(ACTOR_WIDTH)}  ${moment.what}`)}`;
    case "binding":
      return `${stamp(moment.t)}  ${moment.server.padEnd(ACTOR_WIDTH)}  ${moment.line} ${TABLE[moment.what]} its location table`;
    case "event": {
      const text = paint(toneOf(moment.event), sentence(moment.event));
      return `${stamp(moment.t)}  ${"phone".padEnd(ACTOR_WIDTH)}  ${text}`;
    }
  }
}
