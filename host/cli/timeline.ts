// A story as it happens: what was done to the servers, what they saw, what the phone decided.
//
// It prints each moment once, and lets the storyteller wait for one. On a terminal the last line shows
// what is being waited for. Above: demo.ts, drill.ts.
import type { Phone, PhoneEvent } from "../index.ts";
import { after, every, timeOfDay } from "../node/clock.ts";
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
  /** A node of a pair has another role. */
  | {
      readonly kind: "role";
      readonly t: number;
      readonly node: string;
      readonly role: string;
      readonly text: string;
    }
  /** Anything else that a node of a pair tells. */
  | {
      readonly kind: "node";
      readonly t: number;
      readonly node: string;
      /** Its own word for it, docs/cli.md. */
      readonly told: string;
      readonly text: string;
    }
  | { readonly kind: "event"; readonly t: number; readonly event: PhoneEvent };

/** Two columns: what the phone does, and what the pair does. */
export interface Sides {
  /** What servers are called, by the names of the phone. */
  readonly names: Readonly<Record<string, string>>;
  /** Columns that each of the two may take. */
  readonly width: number;
}

interface Waiter {
  readonly match: (moment: Moment) => boolean;
  readonly take: (moment: Moment) => void;
}

const PROGRESS_MS = 200;

export class Timeline implements Output {
  readonly moments: Moment[] = [];
  readonly #json: boolean;
  readonly #sides: Sides | undefined;
  readonly #screen = isTerminal() ? new Screen(process.stdout) : undefined;
  readonly #waiters = new Set<Waiter>();
  #isGreeted = false;
  #phone: Phone | undefined;
  #waitingFor: (() => string) | undefined;
  #stopDrawing: () => void = () => {};

  /** @param sides absent: one column */
  constructor(json: boolean, sides?: Sides) {
    this.#json = json;
    this.#sides = sides;
  }

  /** Since the start of the phone, ms. */
  get now(): number {
    return this.#phone?.elapsedMs ?? 0;
  }

  /** The first line for programs; before the phone starts where something is told before. */
  greet(startedAt = timeOfDay()): void {
    if (this.#json && !this.#isGreeted) printHello(startedAt);
    this.#isGreeted = true;
  }

  hello(phone: Phone): void {
    this.#phone = phone;
    this.greet(phone.startedAt?.toISOString());
    if (!this.#json) this.#stopDrawing = every(PROGRESS_MS, () => this.#draw());
  }

  event(event: PhoneEvent): void {
    this.add({ kind: "event", t: event.t, event: this.#sides ? renamed(event, this.#sides.names) : event });
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
    else if (!isUntold(moment))
      this.say(...(this.#sides ? sideBySide(moment, this.#sides.width) : [asText(moment)]));
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

/** Renewals, and what a node has in its log for its operator, make no story. */
function isUntold(moment: Moment): boolean {
  if (moment.kind === "event") return isRoutine(moment.event);
  return moment.kind === "node" && moment.told !== "answered";
}

function renamed(event: PhoneEvent, names: Sides["names"]): PhoneEvent {
  const { server, reason } = event;
  const from = reason?.from === undefined ? {} : { from: names[reason.from] ?? reason.from };
  return {
    ...event,
    ...(server !== undefined && { server: names[server] ?? server }),
    ...(reason && { reason: { ...reason, ...from } }),
  };
}

/** The moment in its column, wrapped; the other one is empty. */
function sideBySide(moment: Moment, width: number): readonly string[] {
  if (moment.kind === "act")
    return [`${stamp(moment.t)}  ${colours.bold(`${moment.server.toUpperCase()} ${moment.what}`)}`];
  const isPhone = moment.kind === "event";
  const tone = isPhone ? toneOf(moment.event) : moment.kind === "role" ? "good" : "plain";
  return wrapped(wordsOf(moment), width).map((line, at) => {
    const left = at === 0 ? stamp(moment.t) : " ".repeat(stamp(moment.t).length);
    const [one, other] = isPhone ? [line, ""] : ["", line];
    return `${left}  ${paint(tone, one.padEnd(width))} ${colours.dim("|")} ${paint(tone, other)}`.trimEnd();
  });
}

function wordsOf(moment: Exclude<Moment, { kind: "act" }>): string {
  switch (moment.kind) {
    case "event":
      return sentence(moment.event);
    case "role":
      return `${moment.node} ${moment.text.replace(/^.*-> (\w+): /, "$1:\n  ")}`;
    case "node":
      return `${moment.node} answers ${moment.text}`;
    case "binding":
      return `${moment.server}: ${moment.line} ${TABLE[moment.what]} its location table`;
  }
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrappedLine(line, width));
}

function wrappedLine(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
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
    case "role":
    case "node":
      return `${stamp(moment.t)}  ${moment.node.padEnd(ACTOR_WIDTH)}  ${moment.text}`;
    case "event": {
      const text = paint(toneOf(moment.event), sentence(moment.event));
      return `${stamp(moment.t)}  ${"phone".padEnd(ACTOR_WIDTH)}  ${text}`;
    }
  }
}
