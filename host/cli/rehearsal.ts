// What a drill does: waits for service, cuts a server off, sees the lines leave it, lets it through again
// and sees them return. Above: drill.ts. Below: timeline.ts, the phone.
import type { Phone } from "../index.ts";
import { promisesOf } from "../lint/promises.ts";
import { Exit, FAILED, NOT_IN_SERVICE } from "./exit.ts";
import type { Measured } from "./promise.ts";
import type { Moment, Timeline } from "./timeline.ts";
import { span } from "./words.ts";

export interface Plan {
  /** The server to cut off. */
  readonly server: string;
  /** For how long, s. */
  readonly seconds: number;
  /** Every line has to be in service within this time, s. */
  readonly waitSeconds: number;
}

/** Longer promises of a return are not waited for: the return is ordered instead. */
const LONGEST_RETURN_MS = 300_000;
/** A promise is waited for this much longer before it is called missed. */
const PATIENCE_MS = 5_000;

export class Rehearsal {
  readonly measured: Measured[] = [];
  /** Played to its end. */
  isOver = false;
  verdict: Exit | undefined;
  readonly #phone: Phone;
  readonly #timeline: Timeline;
  readonly #plan: Plan;

  constructor(phone: Phone, timeline: Timeline, plan: Plan) {
    this.#phone = phone;
    this.#timeline = timeline;
    this.#plan = plan;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { server, waitSeconds } = this.#plan;
    const isServed = this.#phone.whenInService(waitSeconds * 1000);
    if (!(await Promise.race([isServed, aborted(signal)]))) {
      this.verdict = new Exit(NOT_IN_SERVICE, `not in service within ${waitSeconds} s; nothing was cut off`);
      return;
    }
    const lines = this.#linesAt(server);
    try {
      await this.#cutOff(lines, signal);
    } finally {
      this.#phone.letThrough(server);
      this.#act("its packets pass again");
    }
    if (lines.length > 0) await this.#comeBack(lines, signal);
    this.isOver = true;
  }

  async #cutOff(lines: readonly string[], signal: AbortSignal): Promise<void> {
    const { server, seconds } = this.#plan;
    const promisedMs = this.#servicePromise();
    const from = this.#timeline.now;
    const until = from + seconds * 1000;
    this.#phone.cutOff(server);
    this.#act(`is cut off for ${seconds} s: its packets are dropped here`);
    if (lines.length === 0) this.#timeline.say(`No line is served by ${server}: nothing has to happen.`);
    for (const line of lines) {
      const patienceMs = Math.min(promisedMs + PATIENCE_MS, until - from);
      const movedAt = await this.#moved(line, (to) => to !== server, from, patienceMs, promisedMs, signal);
      this.#keep(`${line}: in service without ${server}`, promisedMs, movedAt && movedAt - from);
    }
    await this.#timeline.pause(`${server} stays cut off`, Math.max(0, until - this.#timeline.now), signal);
    if (lines.length === 0) this.#judgeQuiet(from);
  }

  /** What the linter promises; more before the server has answered its first heartbeat. */
  #servicePromise(): number {
    const { serviceMs, detectMs, detectColdMs } = promisesOf(this.#phone.config);
    const isHeard = this.#phone.servers().some(({ server, heard }) => server === this.#plan.server && heard);
    return (serviceMs ?? detectMs) + (isHeard ? 0 : detectColdMs - detectMs);
  }

  /** Nobody was served there, so nobody may have noticed. */
  #judgeQuiet(from: number): void {
    const lost = this.#timeline.moments.find(
      (moment) => moment.kind === "event" && moment.t >= from && moment.event.type === "outOfService",
    );
    if (lost?.kind !== "event") return;
    this.verdict = new Exit(
      FAILED,
      `${lost.event.line} lost its service although ${this.#plan.server} did not serve it`,
    );
  }

  async #comeBack(lines: readonly string[], signal: AbortSignal): Promise<void> {
    const { returnMs } = promisesOf(this.#phone.config);
    if (returnMs === null || returnMs > LONGEST_RETURN_MS)
      return this.#orderBack(lines, returnMs ?? 0, signal);
    const { server } = this.#plan;
    const from = this.#timeline.now;
    for (const line of lines) {
      const patienceMs = returnMs + PATIENCE_MS;
      const backAt = await this.#moved(line, (to) => to === server, from, patienceMs, returnMs, signal);
      this.#keep(`${line}: back on ${server}`, returnMs, backAt && backAt - from);
    }
  }

  /** A return that would take hours: it is ordered, so that the way back is proved all the same. */
  async #orderBack(lines: readonly string[], promisedMs: number, signal: AbortSignal): Promise<void> {
    const { server } = this.#plan;
    const { primaryDetectInterval, registerTimeout } = this.#phone.config.settings;
    const from = this.#timeline.now;
    this.#timeline.say(`A return is promised within ${span(promisedMs)}: it is ordered instead (returnNow).`);
    // A hold has to have begun before it can be ended; without heartbeats the order itself asks the server.
    const isHeld = (moment: Moment): boolean =>
      moment.kind === "event" && moment.event.type === "serverHolding" && moment.event.server === server;
    const heardMs = primaryDetectInterval * 1000 + PATIENCE_MS;
    if (primaryDetectInterval > 0)
      await this.#timeline.wait(`${server} has to be heard`, heardMs, isHeld, signal);
    this.#phone.returnNow();
    const patienceMs = this.#timeline.now - from + 2 * registerTimeout + PATIENCE_MS;
    for (const line of lines) {
      const backAt = await this.#moved(line, (to) => to === server, from, patienceMs, patienceMs, signal);
      if (backAt === undefined)
        this.verdict = new Exit(FAILED, `${line} did not return to ${server} when ordered to`);
    }
  }

  /** Waits until a line has moved to a server that fits. @returns when; undefined: not in time */
  async #moved(
    line: string,
    fits: (server: string | undefined) => boolean,
    from: number,
    patienceMs: number,
    promisedMs: number,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const isIt = (moment: Moment): boolean =>
      moment.kind === "event" &&
      moment.t >= from &&
      moment.event.type === "moved" &&
      moment.event.line === line &&
      fits(moment.event.server);
    const before = this.#timeline.moments.find(isIt);
    if (before) return before.t;
    const leftMs = Math.max(0, from + patienceMs - this.#timeline.now);
    const what = `${line} has to move, promised within ${span(promisedMs)}`;
    return (await this.#timeline.wait(what, leftMs, isIt, signal))?.t;
  }

  #linesAt(server: string): string[] {
    return this.#phone
      .lines()
      .filter((line) => line.server === server)
      .map(({ line }) => line);
  }

  #act(what: string): void {
    this.#timeline.add({ kind: "act", t: this.#timeline.now, server: this.#plan.server, what });
  }

  #keep(what: string, promisedMs: number, measuredMs: number | undefined): void {
    this.measured.push({ what, promisedMs, measuredMs, witness: "the phone" });
  }
}

/** Fails when somebody ends the run. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
