// An application session at work: the machine of host/session/login with a clock, and a driver that talks to the servers.
//
// It owns the one timer and the calls that are under way, and decides nothing. Below: host/session/login, clock.ts.
// Above: host/session.ts, the public API.
import { EventEmitter } from "node:events";
import type { Call, Change, Driver, Result, ServerName } from "../../session/login/driver.ts";
import type { Output, SessionEvent, SessionInput } from "../../session/login/events.ts";
import { LoginSession } from "../../session/login/machine.ts";
import { refusalsOf } from "../../session/login/promises.ts";
import { type Settings, settingsWith } from "../../session/login/settings.ts";
import type { Banner, State } from "../../session/login/table.ts";
import { View } from "../../session/login/view.ts";
import { bannerText } from "../../session/login/words.ts";
import { after, monotonicMs } from "../clock.ts";

export interface ApplicationSessionOptions {
  /** How to talk to the servers. It is closed when the session is over. */
  readonly driver: Driver;
  /** false: the field of the standby server is empty, and nothing is ever sent to a second host. */
  readonly hasStandby: boolean;
  /** What differs from the defaults; docs/session.md has the table. */
  readonly settings?: Partial<Settings>;
}

interface Told {
  /** Every decision, in order. `at` counts ms since the start. */
  event: [event: SessionEvent];
  /** The session is over: nothing more comes. */
  over: [];
}

/** A session that follows the switch-over between a main and a standby server. docs/session.md. */
export class ApplicationSession extends EventEmitter<Told> {
  readonly #driver: Driver;
  readonly #machine: LoginSession;
  readonly #view = new View();
  readonly #calls = new Map<number, AbortController>();
  /** What is being taken, and behind it what listeners have asked for meanwhile. */
  readonly #inputs: SessionInput[] = [];
  #beganAt = 0;
  #startedAt: Date | undefined;
  #forgetWake: () => void = () => {};
  /** When the standby session began, ms since the start. */
  #standbySince = 0;

  /** @throws RangeError: settings outside of their ranges, or that could not keep the limits of 120 s and 60 s */
  constructor({ driver, hasStandby, settings: given = {} }: ApplicationSessionOptions) {
    super();
    const settings = settingsWith(given);
    const refused = refusalsOf(settings).map(
      ({ message, allowed, remedy }) => `${message}${allowed ? `, allowed ${allowed}` : ""}; ${remedy}`,
    );
    if (refused.length > 0) throw new RangeError(refused.join("\n"));
    this.#driver = driver;
    this.#machine = new LoginSession(settings, hasStandby, 0);
  }

  /** Logs in, and follows the servers from now on. A second call does nothing. */
  start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = new Date();
    this.#beganAt = monotonicMs();
    this.#feed({ kind: "start" });
  }

  /** Ends the session, properly where the server can be reached; settles when it is over. */
  async stop(): Promise<void> {
    const over = new Promise<void>((resolve) => this.once("over", resolve));
    if (this.state === "over") return;
    this.#feed({ kind: "stop" });
    await over;
  }

  /** The field of the standby server is emptied: a session there is ended at once, and nothing is sent there any more. */
  clearStandby(): void {
    this.#feed({ kind: "clearStandby" });
  }

  get state(): State {
    return this.#machine.state;
  }

  /** What the warning display says; "none": nothing. */
  get banner(): Banner {
    return this.#machine.banner;
  }

  /** The same in words; "": nothing. The time is that of this machine, also when its clock was set meanwhile. */
  get bannerText(): string {
    const began = new Date(Date.now() - (this.#now - this.#standbySince));
    return bannerText(this.banner, `${twoDigits(began.getHours())}:${twoDigits(began.getMinutes())}`);
  }

  /** Where we are logged in; undefined: nowhere. */
  get server(): ServerName | undefined {
    return this.#machine.session?.server;
  }

  /** What the server of the open session says of its users and calls; 50,000 of them at most. */
  get items(): readonly Change[] {
    return this.#view.items;
  }

  /** When it was started, by the time of day; undefined: it was not. */
  get startedAt(): Date | undefined {
    return this.#startedAt;
  }

  /** An input from a listener waits until all that follows from this one is told and sent. */
  #feed(input: SessionInput): void {
    if (this.#inputs.push(input) > 1) return;
    try {
      for (const one of this.#inputs) this.#take(one); // also those that are added meanwhile
    } finally {
      this.#inputs.length = 0;
    }
  }

  #take(input: SessionInput): void {
    const wasOver = this.state === "over";
    for (const output of this.#machine.feed(input, this.#now)) this.#carry(output);
    this.#wake();
    if (this.state !== "over" || wasOver) return;
    this.#driver.close();
    this.emit("over");
  }

  get #now(): number {
    return this.#startedAt === undefined ? 0 : Math.floor(monotonicMs() - this.#beganAt);
  }

  #wake(): void {
    this.#forgetWake();
    const inMs = this.#machine.wakeInMs(this.#now);
    if (inMs !== undefined) this.#forgetWake = after(inMs, () => this.#feed({ kind: "tick" }));
  }

  #carry(output: Output): void {
    switch (output.kind) {
      case "call":
        void this.#call(output.id, output.call);
        break;
      case "drop":
        this.#calls.get(output.id)?.abort();
        this.#calls.delete(output.id);
        break;
      case "event":
        this.#view.take(output.event);
        if (output.event.kind === "banner") this.#standbySince = output.event.since ?? 0;
        this.emit("event", output.event);
        break;
    }
  }

  /** The answer to a call that was dropped meanwhile is told to nobody. */
  async #call(id: number, call: Call): Promise<void> {
    const aborter = new AbortController();
    this.#calls.set(id, aborter);
    const result = await ask(this.#driver, call, aborter.signal).catch(broken);
    this.#calls.delete(id);
    if (!aborter.signal.aborted) this.#feed({ kind: "result", id, result });
  }
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

function ask(driver: Driver, call: Call, signal: AbortSignal): Promise<Result> {
  switch (call.kind) {
    case "open":
      return driver.open(call.server);
    case "poll":
      return driver.poll(call.session, signal);
    case "probe":
      return driver.probe(call.server, call.session, signal);
    case "end":
      return driver.end(call.session, signal);
  }
}

/** A driver must not throw. One that does counts as a server that is not understood. */
function broken(error: unknown): Result {
  return { kind: "failed", cause: "garbled", text: `the driver failed: ${error}`, answered: false };
}
