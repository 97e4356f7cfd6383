// An application session that follows the switch-over between a main and a standby server.
//
// Pure: inputs and the time go in, calls to make and events come out. The table decides; this file does what its row
// says, and keeps what a row cannot: the one session, misses, who rests. Below: table.ts, calls.ts, upkeep.ts,
// comeback.ts, timers.ts, settings.ts. Above: host/node/session/follow.ts, which has the clock and the driver.

import { Calls, type Pending, type Purpose, type Telling } from "./calls.ts";
import { Comeback } from "./comeback.ts";
import {
  type Call,
  type PollResult,
  type ProbeResult,
  type Result,
  type ServerName,
  type Session,
  serverOf,
  wordsOf,
} from "./driver.ts";
import { type Output, type SessionInput, STANDBY_IS_DOWN } from "./events.ts";
import { inMs, type Settings } from "./settings.ts";
import { type Action, BANNERS, type Banner, type Input, rowFor, type State } from "./table.ts";
import { Timers } from "./timers.ts";
import { Upkeep, type UpkeepTimer } from "./upkeep.ts";

const NEVER = Number.POSITIVE_INFINITY;

type Timer =
  | UpkeepTimer
  | "check" //   main is probed
  | "pause" //   neither let us in: over
  | "rest" //    standby has refused us: over
  | "settled"; // the return has lasted

export class LoginSession {
  /** Times in ms. */
  readonly #settings: Settings;
  readonly #calls = new Calls();
  readonly #timers = new Timers<Timer>();
  readonly #comeback: Comeback;
  #now: number;
  #hasStandby: boolean;
  #state: State = "off";
  #since: number;
  #banner: Banner = "none";
  #session: Session | undefined;
  #serial = 0;
  #upkeep: Upkeep | undefined;
  /** Main has refused us, and is not probed before. */
  #mainRestsUntil = 0;

  /** @param settings ones that refusalsOf() has nothing against */
  constructor(settings: Settings, hasStandby: boolean, now: number) {
    this.#settings = inMs(settings);
    this.#hasStandby = hasStandby;
    const { checkInterval, checkIntervalMax, probesInRow } = this.#settings;
    this.#comeback = new Comeback(checkInterval, checkIntervalMax, probesInRow);
    this.#now = now;
    this.#since = now;
  }

  get state(): State {
    return this.#state;
  }

  /** What the warning display says. */
  get banner(): Banner {
    return this.#banner;
  }

  /** The one session there is; undefined: none is open, or it is being ended. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** From one probe of main to the next, ms; longer than the setting after failed returns. */
  get checkIntervalMs(): number {
    return this.#comeback.intervalMs;
  }

  /** How long nothing is due, ms; undefined: nothing ever is. */
  wakeInMs(now: number): number | undefined {
    const at = Math.min(this.#calls.soonest?.dueAt ?? NEVER, this.#timers.soonest?.at ?? NEVER);
    return at === NEVER ? undefined : Math.max(0, at - now);
  }

  /** Takes an input at a time that never goes back, and says what to do, in that order. */
  feed(input: SessionInput, now: number): readonly Output[] {
    this.#now = Math.max(this.#now, now);
    switch (input.kind) {
      case "start":
        this.#step("start", "started");
        break;
      case "result":
        this.#answered(input.id, input.result);
        break;
      case "tick":
        this.#tick();
        break;
      case "clearStandby":
        this.#clearStandby();
        break;
      case "stop":
        this.#step("stop", "told to stop");
        break;
    }
    return this.#calls.drain();
  }

  // The table

  #step(input: Input, cause: string): void {
    const row = rowFor(this.#state, input);
    if (row === undefined) return;
    const { from, to, action, rule } = row;
    const lastedMs = this.#now - this.#since;
    this.#state = to;
    this.#since = this.#now;
    if (from !== to) this.#tell({ kind: "state", from, to, input, cause, rule, lastedMs });
    this.#act(action, cause);
    this.#show(BANNERS[to]);
    if (to === "over") this.#rest();
  }

  /** Nothing is due any more, and nobody waits for what was asked beside the session; the end of a ghost has its chance. */
  #rest(): void {
    this.#timers.clear();
    this.#calls.giveUp("ping");
    this.#calls.hasten("ghost", this.#now + this.#settings.endTimeout);
  }

  #act(action: Action, cause: string): void {
    const { retryInterval, rejectedRest } = this.#settings;
    switch (action) {
      case "begin":
        if (this.#hasStandby) this.#ask({ kind: "probe", server: "standby" }, "ping");
        this.#login("main");
        break;
      case "askMain":
      case "askStandby":
        this.#login(action === "askMain" ? "main" : "standby");
        break;
      case "askAgain":
        this.#comeback.failed();
        this.#login("standby");
        break;
      case "hold":
        this.#hold();
        break;
      case "end":
        this.#end(cause);
        break;
      case "restStandby":
        this.#arm("rest", rejectedRest);
        this.#arm("pause", retryInterval);
        break;
      case "pause":
      case "restMain":
        this.#arm("pause", action === "pause" ? retryInterval : rejectedRest);
        break;
      case "nothing":
        break;
    }
  }

  #login(server: ServerName): void {
    this.#calls.giveUp("login"); // of a standby server that was cleared
    this.#ask({ kind: "open", server }, "login");
  }

  /** The session is open: it is kept up, and on standby main is probed. */
  #hold(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#tell({ kind: "opened", session });
    this.#upkeep = new Upkeep(session, this.#settings, this.#calls, this.#timers, this.#now);
    if (session.server === "main") this.#arm("settled", this.#settings.settleTime);
    else this.#watchMain();
  }

  #watchMain(): void {
    this.#timers.stop("rest");
    this.#comeback.begin();
    this.#arm("check", this.#checkInMs);
  }

  get #checkInMs(): number {
    return Math.max(this.#comeback.intervalMs, this.#mainRestsUntil - this.#now);
  }

  /** Lets go of the session first, so that nothing of it can be taken for the next one's. */
  #end(cause: string): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    this.#upkeep?.stop();
    this.#upkeep = undefined;
    this.#timers.stop("check", "settled");
    this.#calls.giveUp("check");
    this.#tell({ kind: "closed", session, cause });
    this.#ask({ kind: "end", session }, "end");
  }

  #clearStandby(): void {
    if (!this.#hasStandby) return;
    this.#hasStandby = false;
    this.#calls.giveUp("ping");
    this.#step("cleared", "the standby server was taken out of the configuration");
  }

  // What is due

  #tick(): void {
    for (;;) {
      const call = this.#calls.soonest;
      const timer = this.#timers.soonest;
      const callAt = call?.dueAt ?? NEVER;
      const timerAt = timer?.at ?? NEVER;
      if (Math.min(callAt, timerAt) > this.#now) return;
      if (call !== undefined && callAt <= timerAt) this.#unanswered(call);
      else if (timer !== undefined) this.#due(timer.name);
    }
  }

  #due(timer: Timer): void {
    this.#timers.stop(timer);
    switch (timer) {
      case "echo":
        this.#upkeep?.echo(this.#now);
        break;
      case "poll":
        this.#upkeep?.poll(this.#now);
        break;
      case "check":
        this.#ask({ kind: "probe", server: "main" }, "check");
        this.#arm("check", this.#comeback.intervalMs);
        break;
      case "pause":
        this.#step("due", "the pause is over");
        break;
      case "settled":
        this.#comeback.settled();
        break;
      case "rest":
        break; // it was enough that it ran
    }
  }

  // What servers say

  #answered(id: number, result: Result): void {
    const pending = this.#calls.take(id);
    if (pending !== undefined) this.#judge(pending, result);
    else this.#late(id, result);
  }

  #unanswered(pending: Pending): void {
    this.#calls.drop(pending);
    this.#judge(pending, { kind: "failed", cause: "timeout", text: "no answer in time", answered: false });
  }

  #judge(pending: Pending, result: Result): void {
    switch (pending.purpose) {
      case "login":
        this.#judgeLogin(serverOf(pending.call), result);
        break;
      case "poll":
      case "echo":
        this.#judgeUpkeep(pending.purpose, result);
        break;
      case "check":
        this.#judgeCheck(result);
        break;
      case "ping":
        this.#judgePing(result);
        break;
      case "end":
        this.#ended(serverOf(pending.call), result);
        break;
      case "ghost":
        break;
    }
  }

  #ended(server: ServerName, result: Result): void {
    const isHollow = server === "main" && this.#comeback.isHollow && !this.#isAlone(server);
    const cause = result.kind === "ended" ? "the session was ended" : wordsOf(result);
    this.#step(isHollow ? "endedHollow" : "ended", cause);
  }

  #judgeLogin(server: ServerName, result: Result): void {
    if (result.kind === "opened") this.#entered({ server, ticket: result.ticket, serial: ++this.#serial });
    else if (result.kind === "rejected") this.#refused(server, result, "rejected");
    else this.#step(this.#isAlone(server) ? "failedAlone" : "failed", `${server}: ${wordsOf(result)}`);
  }

  #entered(session: Session): void {
    if (session.server === "main") this.#comeback.entered(this.#state === "returning");
    this.#session = session;
    this.#step("opened", `${session.server} has let us in`);
  }

  /** A server does not want us: said in words that nobody takes for an outage. */
  #refused(server: ServerName, result: Result, input?: Input): void {
    const cause = `${server}: ${wordsOf(result)}`;
    this.#tell({ kind: "errorLog", text: `login refused, and no outage: ${cause}` });
    if (server === "main") this.#mainRestsUntil = this.#now + this.#settings.rejectedRest;
    if (input !== undefined) this.#step(input, cause);
  }

  /** Whether main is the only server that may be asked now: there is no other, or it has refused us and rests. */
  #isAlone(asked: ServerName): boolean {
    return asked === "main" && (!this.#hasStandby || this.#timers.isRunning("rest"));
  }

  #judgeUpkeep(purpose: "poll" | "echo", result: Result): void {
    const cause =
      purpose === "poll"
        ? this.#upkeep?.judgePoll(result as PollResult, this.#now)
        : this.#upkeep?.judgeEcho(result as ProbeResult, this.#now);
    if (cause !== undefined) this.#lose(cause);
  }

  #lose(cause: string): void {
    const server = this.#session?.server;
    if (server === "main") this.#comeback.lost();
    this.#tell({ kind: "errorLog", text: `session lost: ${server}: ${cause}` });
    this.#step("lost", `${server}: ${cause}`);
  }

  /** A main server that refuses our credentials serves, but not us; it is not asked with them all the time. */
  #judgeCheck(result: Result): void {
    const comeback = this.#comeback;
    comeback.probed(result.kind === "serving");
    if (result.kind === "rejected") {
      this.#refused("main", result);
      this.#arm("check", this.#checkInMs);
    }
    const of = this.#settings.probesInRow;
    const cause = result.kind === "serving" ? "it serves" : wordsOf(result);
    this.#tell({
      kind: "checked",
      serving: result.kind === "serving",
      inRow: comeback.served,
      of,
      cause,
      nextMs: this.#checkInMs,
    });
    if (comeback.isTime) this.#step("back", `main serves, ${of} probes in a row`);
  }

  /** A standby server that answers is up, whether it serves yet or not. */
  #judgePing(result: Result): void {
    if (result.kind === "rejected") {
      this.#refused("standby", result);
    } else if (result.kind === "failed" && !result.answered) {
      this.#tell({ kind: "display", text: STANDBY_IS_DOWN });
      this.#tell({ kind: "errorLog", text: STANDBY_IS_DOWN });
    }
  }

  /** Nobody waits for it. A session that was opened too late is ended: nobody will ever use it. */
  #late(id: number, result: Result): void {
    if (this.#state === "over") return; // nothing more is told or asked
    const login = this.#calls.takeLate(id);
    this.#tell({ kind: "stale", id });
    if (login === undefined || result.kind !== "opened") return;
    const session = { server: serverOf(login), ticket: result.ticket, serial: ++this.#serial };
    this.#ask({ kind: "end", session }, "ghost");
  }

  // Outputs

  #ask(call: Call, purpose: Purpose): void {
    const { httpTimeout, pollTimeout, endTimeout } = this.#settings;
    const isUnhurried = call.kind === "poll" || purpose === "ghost"; // nobody waits for the end of a ghost
    const timeoutMs = isUnhurried ? pollTimeout : call.kind === "end" ? endTimeout : httpTimeout;
    this.#calls.ask(call, purpose, this.#now + timeoutMs);
  }

  #arm(timer: Timer, delayMs: number): void {
    this.#timers.set(timer, this.#now + delayMs);
  }

  #show(banner: Banner): void {
    if (banner === this.#banner) return;
    this.#banner = banner;
    this.#tell({ kind: "banner", banner, ...(banner === "standby" && { since: this.#now }) });
  }

  #tell(event: Telling): void {
    this.#calls.tell(event, this.#now);
  }
}
