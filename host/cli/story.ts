// The story of the demonstration: killed, back without memory, hung, back, and home.
//
// Every time is measured twice: by what the phone tells, and by when a binding appears in or leaves the
// location table of a server. The promises are those of the linter for the same parameters.
import { fromOptions } from "../config/options.ts";
import { Phone } from "../index.ts";
import { type Promises, promisesOf } from "../lint/promises.ts";
import type { Measured } from "./promise.ts";
import { DOMAIN, LINE, PASSWORD, type ServerName, type Stage } from "./stage.ts";
import type { Moment, Timeline } from "./timeline.ts";
import { span } from "./words.ts";

/** The shortest times that the parameters allow, so that the story is short. */
const PARAMS: readonly string[] = [
  "registerRefreshInterval=10",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "registerTimeout=500",
  "optionsTimeout=500",
  "preferPrimary=on",
  "detectPhase=fixed",
];

/** Between two acts, so that a reader can follow. */
const BREATH_MS = 1000;
/** The first registration takes two round trips; nothing is promised about it. */
const FIRST_MS = 5000;
/** A promise is waited for this many times as long before it is called missed. */
const PATIENCE = 2;

/** A phone for the two servers of the stage. */
export function demoPhone(stage: Stage): Phone {
  const place = (server: ServerName): string => {
    const { address, port } = stage.servers[server].endpoint;
    return `${address}:${port}`;
  };
  const reading = fromOptions({
    primary: place("primary"),
    backups: [place("backup1")],
    users: [LINE],
    password: PASSWORD,
    domain: DOMAIN,
    params: PARAMS,
  });
  if (reading.kind === "refused")
    throw new Error(`the demonstration's own configuration: ${JSON.stringify(reading.errors)}`);
  return new Phone(reading.config);
}

export class Story {
  readonly measured: Measured[] = [];
  /** Every act was played. */
  isTold = false;
  readonly #phone: Phone;
  readonly #stage: Stage;
  readonly #timeline: Timeline;
  readonly #promises: Promises;
  #chosen: ServerName = "primary";
  #stoppedAt = 0;

  constructor(phone: Phone, stage: Stage, timeline: Timeline) {
    this.#phone = phone;
    this.#stage = stage;
    this.#timeline = timeline;
    this.#promises = promisesOf(phone.config);
  }

  introduce(): void {
    const { detectMs, detectRefusedMs, returnMs } = this.#promises;
    const place = (server: ServerName): string => `${server} ${this.#stage.servers[server].endpoint.port}`;
    this.#timeline.say(
      `Two registrars on 127.0.0.1 (${place("primary")}, ${place("backup1")}) and a phone with line ${LINE}.`,
      "Refresh at half of 10 s, heartbeat every 5 s, time-outs of 500 ms, back to the primary at once.",
      `Promised: a killed primary is noticed within ${span(detectRefusedMs)}, a hung one within ${span(detectMs)};` +
        ` back within ${span(returnMs ?? 0)}.`,
      "",
    );
  }

  /** Plays every act; `keep`: then waits until somebody ends it. */
  async tell(signal: AbortSignal, keep: boolean): Promise<void> {
    const { detectMs, detectRefusedMs } = this.#promises;
    await this.#until("in service", "primary", FIRST_MS, signal, 0);
    await this.#lose("killed", () => this.#stage.kill("primary"), detectRefusedMs, signal);
    await this.#regain("back without memory", () => this.#stage.restart("primary"), signal);
    await this.#lose("hung", () => this.#stage.hang("primary"), detectMs, signal);
    await this.#regain("answering again", () => this.#stage.restore("primary"), signal);
    await this.#breathe(signal);
    this.isTold = true;
    if (keep) await this.#handOver(signal);
    this.#stoppedAt = this.#timeline.now;
    this.#timeline.add({ kind: "act", t: this.#stoppedAt, server: "phone", what: "is stopped" });
  }

  /** After the phone has stopped: its binding has to be gone, within one register timeout. */
  concludeStop(): void {
    const gone = this.#timeline.moments.findLast((moment) => isBinding(moment, "primary", "unbound"));
    const left = [...this.#stage.boundAt("primary"), ...this.#stage.boundAt("backup1")];
    this.measured.push({
      what: "stopped: no binding is left",
      promisedMs: this.#phone.config.settings.registerTimeout,
      measuredMs: gone && left.length === 0 ? Math.max(0, gone.t - this.#stoppedAt) : undefined,
      witness: "both location tables",
    });
    const { primary, backup1 } = this.#stage.servers;
    this.#timeline.say("", `The primary heard ${primary.packets} packets, the backup ${backup1.packets}.`);
  }

  /** A key of --keep; true when it meant something. */
  readonly onKey = (key: string): boolean => {
    if (!this.isTold) return false;
    const server = ({ "1": "primary", "2": "backup1" } as const)[key];
    if (server) {
      this.#chosen = server;
      this.#timeline.say(`keys act on ${server} now`);
    }
    const verb = ({ k: "kill", h: "hang", r: "restore", n: "restart" } as const)[key];
    if (verb) void this.#stage[verb](this.#chosen);
    return server !== undefined || verb !== undefined;
  };

  /** A typed line of --keep, as "kill primary"; true when it meant something. */
  readonly onLine = (line: string): boolean => {
    const match = /^(kill|hang|restore|restart) (primary|backup1)$/.exec(line.trim());
    if (!match) return false;
    void this.#stage[match[1] as "kill" | "hang" | "restore" | "restart"](match[2] as ServerName);
    return true;
  };

  async #lose(how: string, act: () => void, detectMs: number, signal: AbortSignal): Promise<void> {
    await this.#breathe(signal);
    const from = this.#timeline.now;
    act();
    const { serviceMs, detectMs: silentMs } = this.#promises;
    const promisedMs = detectMs + (serviceMs ?? silentMs) - silentMs;
    await this.#expect(`primary ${how}: in service on backup1`, "backup1", promisedMs, signal, from);
    const down = this.#timeline.moments.find(
      (moment) => moment.t >= from && moment.kind === "event" && moment.event.type === "serverDown",
    );
    this.measured.push({
      what: `primary ${how}: the phone knows`,
      promisedMs: detectMs,
      measuredMs: down && down.t - from,
      witness: "the phone",
    });
  }

  async #regain(how: string, act: () => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.#breathe(signal);
    const from = this.#timeline.now;
    await act();
    const bound = await this.#expect(
      `primary ${how}: in service on it`,
      "primary",
      this.#promises.returnMs ?? 0,
      signal,
      from,
    );
    const { registerTimeout } = this.#phone.config.settings;
    const seen = await this.#timeline.wait(
      "the binding at the backup is removed",
      PATIENCE * registerTimeout,
      (moment) => isBinding(moment, "backup1", "unbound"),
      signal,
    );
    this.measured.push({
      what: "the binding at backup1 is removed",
      promisedMs: registerTimeout,
      measuredMs: seen && seen.t - bound,
      witness: "backup1's location table",
    });
  }

  /** Measures how long it takes until the line is bound at `server`. @returns when that was */
  async #expect(
    what: string,
    server: ServerName,
    promisedMs: number,
    signal: AbortSignal,
    from: number,
  ): Promise<number> {
    const waiting = `${what}, promised within ${span(promisedMs)}`;
    const seenAt = await this.#until(waiting, server, PATIENCE * promisedMs, signal, from);
    const measuredMs = seenAt === undefined ? undefined : seenAt - from;
    this.measured.push({ what, promisedMs, measuredMs, witness: `${server}'s location table` });
    return seenAt ?? this.#timeline.now;
  }

  /** Waits until `server` itself has bound the line, `from` then on; undefined: it has not in time. */
  async #until(
    what: string,
    server: ServerName,
    withinMs: number,
    signal: AbortSignal,
    from: number,
  ): Promise<number | undefined> {
    const isIt = (moment: Moment): boolean =>
      moment.t >= from && isBinding(moment, server, "bound", "renewed");
    const moment =
      this.#timeline.moments.find(isIt) ?? (await this.#timeline.wait(what, withinMs, isIt, signal));
    return moment?.t;
  }

  async #breathe(signal: AbortSignal): Promise<void> {
    await this.#timeline.pause("a breath", BREATH_MS, signal);
  }

  async #handOver(signal: AbortSignal): Promise<void> {
    this.#timeline.say(
      "",
      "It is yours: 1 primary or 2 backup1, then k kill, h hang, r restore, n start again without memory.",
      'Without a terminal type "kill primary", "hang backup1", "restore primary", "restart primary". Ctrl-C ends.',
    );
    await this.#timeline.pause("running", Number.POSITIVE_INFINITY, signal).catch(() => {});
  }
}

type Change = "bound" | "renewed" | "unbound";

function isBinding(moment: Moment, server: ServerName, ...what: readonly Change[]): boolean {
  return moment.kind === "binding" && moment.server === server && what.includes(moment.what);
}
