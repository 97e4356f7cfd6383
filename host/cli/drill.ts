// `standfast drill`: proves the real backup by cutting the primary off inside this program.
import { Command } from "commander";
import { Phone } from "../index.ts";
import { type Promises, promises } from "../lint/promises.ts";
import { conduct } from "./conduct.ts";
import { type ConfigOptions, configFrom, withConfig } from "./config.ts";
import { Exit, FAILED, NOT_IN_SERVICE, PROMISE_MISSED, USAGE } from "./exit.ts";
import { isKept, type Measured, printPromises } from "./promise.ts";
import { positive } from "./run.ts";
import { Timeline } from "./timeline.ts";
import { count, span } from "./words.ts";

const HELP = `
Examples:
  standfast drill --config phone.toml --for 90
  standfast drill --config phone.toml --server primary --for 300 --json

No server is touched: for that time every packet to and from the one server is dropped inside this
program, so the phone has to find its backup as if the server were dead. Then they pass again, and the
phone has to come back. Each measured time stands beside what "standfast check" promises.
Exit code 0: every promise was kept; 4: one was missed; 3: never in service within --wait.
Ctrl-C lets packets pass again, removes the bindings and ends with 0.`;

/** Longer promises of a return are not waited for: the return is ordered instead. */
const LONGEST_RETURN_MS = 300_000;
/** A promise is waited for this much longer before it is called missed. */
const PATIENCE_MS = 5_000;
const WAIT_SECONDS = 30;

interface DrillOptions extends ConfigOptions {
  readonly server: string;
  readonly for: number;
  readonly wait: number;
  readonly json?: boolean;
}

export function drillCommand(): Command {
  return withConfig(new Command("drill"))
    .summary("prove the backup by cutting a server off inside this program")
    .description("Run the phone, drop one server's packets for a while, and measure what follows.")
    .option("--server <name>", "server to cut off", "primary")
    .requiredOption("--for <seconds>", "how long", positive)
    .option("--wait <seconds>", "end with 3 unless every line is in service by then", positive, WAIT_SECONDS)
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(drill);
}

async function drill(options: DrillOptions): Promise<void> {
  const config = configFrom(options);
  const promised = promises(config.settings, config.servers.length);
  judgeOptions(
    options,
    config.servers.map(({ name }) => name),
    promised,
  );
  const phone = new Phone(config);
  const timeline = new Timeline(options.json === true);
  const play = new Drill(phone, timeline, options, promised);
  await conduct(phone, timeline, { meanwhile: (signal) => play.run(signal) });
  if (play.verdict) throw play.verdict;
  if (!play.isOver) return;
  const kept = printPromises(play.measured, options.json === true);
  if (!kept)
    throw new Exit(
      PROMISE_MISSED,
      `${count(play.measured.filter((one) => !isKept(one)).length, "promise")} missed`,
    );
}

/** A drill that could prove nothing is refused before it starts. */
function judgeOptions(options: DrillOptions, servers: readonly string[], { serviceMs }: Promises): void {
  if (!servers.includes(options.server)) {
    throw new Exit(USAGE, `--server ${options.server}: the configuration has ${servers.join(", ")}`);
  }
  if (serviceMs === null)
    throw new Exit(USAGE, "there is no backup server, so there is nothing to prove; add one");
  if (options.for * 1000 < serviceMs) {
    const least = Math.ceil((serviceMs + 1000) / 1000);
    const promise = `service on a backup is promised within ${span(serviceMs)}`;
    throw new Exit(
      USAGE,
      `--for ${options.for}: too short, ${promise}; give ${least} or more, or set primaryDetectInterval`,
    );
  }
}

/** Fails when somebody ends the run. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

class Drill {
  readonly measured: Measured[] = [];
  /** Played to its end. */
  isOver = false;
  verdict: Exit | undefined;
  readonly #phone: Phone;
  readonly #timeline: Timeline;
  readonly #options: DrillOptions;
  readonly #promises: Promises;

  constructor(phone: Phone, timeline: Timeline, options: DrillOptions, promised: Promises) {
    this.#phone = phone;
    this.#timeline = timeline;
    this.#options = options;
    this.#promises = promised;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { server, wait } = this.#options;
    if (!(await Promise.race([this.#phone.whenInService(wait * 1000), aborted(signal)]))) {
      this.verdict = new Exit(NOT_IN_SERVICE, `not in service within ${wait} s; nothing was cut off`);
      return;
    }
    const affected = this.#linesAt(server);
    try {
      await this.#cutOff(affected, signal);
    } finally {
      this.#phone.letThrough(server);
      this.#act("its packets pass again");
    }
    if (affected.length > 0) await this.#comeBack(affected, signal);
    this.isOver = true;
  }

  /** The time without the server: its lines have to find another, the others must not notice. */
  async #cutOff(affected: readonly string[], signal: AbortSignal): Promise<void> {
    const { server, for: seconds } = this.#options;
    const from = this.#timeline.now;
    const until = from + seconds * 1000;
    this.#phone.cutOff(server);
    this.#act(`is cut off for ${seconds} s: its packets are dropped here`);
    for (const line of affected) {
      const promisedMs = this.#promises.serviceMs ?? 0;
      const moved = await this.#moved(line, (to) => to !== server, from, promisedMs, until, signal);
      this.#keep(`${line}: in service without ${server}`, promisedMs, moved && moved - from);
    }
    if (affected.length === 0) this.#timeline.say(`no line is served by ${server}: nothing has to happen`);
    await this.#timeline.pause(`${server} stays cut off`, Math.max(0, until - this.#timeline.now), signal);
  }

  async #comeBack(affected: readonly string[], signal: AbortSignal): Promise<void> {
    const { server } = this.#options;
    const from = this.#timeline.now;
    const { returnMs } = this.#promises;
    const isSoon = returnMs !== null && returnMs <= LONGEST_RETURN_MS;
    const promisedMs = isSoon ? returnMs : (this.#phone.config.settings.primaryDetectInterval || 60) * 1000;
    if (!isSoon) {
      this.#timeline.say(
        `a return is promised within ${span(returnMs ?? 0)}: it is ordered instead (returnNow)`,
      );
    }
    const order = isSoon ? undefined : this.#orderReturn(signal, promisedMs);
    for (const line of affected) {
      const back = await this.#moved(
        line,
        (to) => to === server,
        from,
        promisedMs,
        Number.POSITIVE_INFINITY,
        signal,
      );
      if (isSoon) this.#keep(`${line}: back on ${server}`, promisedMs, back && back - from);
      else if (back === undefined)
        this.verdict = new Exit(FAILED, `${line} did not return to ${server} when it was ordered to`);
    }
    await order;
  }

  /** The hold has to have begun before it can be ended, so the order waits for the server's first word. */
  async #orderReturn(signal: AbortSignal, withinMs: number): Promise<void> {
    const { server } = this.#options;
    await this.#timeline.wait(
      `${server} has to be heard`,
      withinMs + PATIENCE_MS,
      (moment) =>
        moment.kind === "event" && moment.event.server === server && moment.event.type === "serverHolding",
      signal,
    );
    this.#phone.returnNow();
  }

  /** Waits until a line has moved to a server that fits. @returns when; undefined: not in time */
  async #moved(
    line: string,
    fits: (server: string | undefined) => boolean,
    from: number,
    promisedMs: number,
    until: number,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const isIt = (moment: {
      kind: string;
      t: number;
      event?: { type: string; line?: string; server?: string };
    }): boolean =>
      moment.t >= from &&
      moment.event?.type === "moved" &&
      moment.event.line === line &&
      fits(moment.event.server);
    const before = this.#timeline.moments.find(isIt);
    if (before) return before.t;
    const left = Math.min(from + promisedMs + PATIENCE_MS, until) - this.#timeline.now;
    const what = `${line} has to move, promised within ${span(promisedMs)}`;
    const moment = await this.#timeline.wait(what, Math.max(0, left), isIt, signal);
    return moment?.t;
  }

  #linesAt(server: string): string[] {
    return this.#phone
      .lines()
      .filter((line) => line.server === server)
      .map(({ line }) => line);
  }

  #act(what: string): void {
    this.#timeline.add({ kind: "act", t: this.#timeline.now, server: this.#options.server, what });
  }

  #keep(what: string, promisedMs: number, measuredMs: number | undefined): void {
    this.measured.push({ what, promisedMs, measuredMs, witness: "the phone" });
  }
}
