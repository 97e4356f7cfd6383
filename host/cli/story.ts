// The story of the demonstration: redirected, the master killed, taken over, given back, home; and a master that hangs.
//
// Every time is measured by what the phone tells and by what the nodes tell of their roles and location tables. The
// promises are computed from the settings: the linter's for the phone and for the standby's line to its master, and the
// two delays of the standby.

import { readPasswordFile } from "../config/file.ts";
import { fromOptions } from "../config/options.ts";
import { Phone } from "../index.ts";
import { refreshMs } from "../lint/clock.ts";
import { type Promises, promises, promisesOf } from "../lint/promises.ts";
import { linkConfig } from "../node/pair/link.ts";
import type { Measured } from "./promise.ts";
import { DOMAIN, LINE, type NodeName, type Stage } from "./stage.ts";
import type { Moment, Timeline } from "./timeline.ts";
import { span } from "./words.ts";

/**
 * The shortest refresh and heartbeat that the parameters allow, so that the story is short; time-outs are left as they are,
 * so that a busy machine spoils none. The phone knows the standby first.
 */
const PARAMS: readonly string[] = [
  "registerRefreshInterval=10",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "retryAfterMin=1",
  "retryBase=1",
  "retryMax=1",
  "preferPrimary=off",
  "detectPhase=fixed",
];

/** What the phone calls the nodes, and what they are. */
export const NAMES: Readonly<Record<string, string>> = { primary: "standby", backup1: "master" };

/** Between two acts, so that a reader can follow. */
const BREATH_MS = 1000;
/** Trouble begins as long after one request as before the next one, in 5 s: far from what is promised at most. */
const HALFWAY_MS = 2500;
/** Until both nodes run; nothing is promised about it. */
const START_MS = 20_000;
/** A promise is waited for this many times as long before it is called missed. */
const PATIENCE = 2;

/** A phone for the pair of the stage. */
export function demoPhone({ files, places }: Stage): Phone {
  const password = readPasswordFile(files.phonePasswordFile);
  const place = (node: NodeName): string => `${places[node].address}:${places[node].udp}`;
  const reading = fromOptions({
    primary: place("standby"),
    backups: [place("master")],
    users: [LINE],
    password: password.kind === "password" ? password.password : "",
    domain: DOMAIN,
    params: PARAMS,
  });
  if (reading.kind === "refused")
    throw new Error(`the demonstration's own configuration: ${JSON.stringify(reading.errors)}`);
  return new Phone(reading.config);
}

/** What the settings promise, ms. */
interface Bounds {
  readonly phone: Promises;
  /** The standby notices that the master is gone; that it says nothing; that it is back. */
  readonly lostMs: number;
  readonly silentMs: number;
  readonly backMs: number;
  readonly takeoverMs: number;
  readonly returnMs: number;
  /** The phone's next request, which is answered 302, and the one that follows. */
  readonly nextMs: number;
}

function boundsOf(phone: Phone, stage: Stage): Bounds {
  const config = stage.standby;
  const link = linkConfig(config);
  const { settings } = phone.config;
  return {
    phone: promisesOf(phone.config),
    lostMs: promisesOf(link).detectRefusedMs,
    silentMs: promisesOf(link).detectMs,
    // One server has nobody to return from; asked whether it is back it is as often.
    backMs: promises(link.settings, 2, { streams: true }).returnRefusedMs ?? 0,
    takeoverMs: config.settings.takeoverDelayMs,
    returnMs: config.settings.returnDelayMs,
    nextMs: refreshMs(settings) + settings.registerSpacing,
  };
}

export class Story {
  readonly measured: Measured[] = [];
  /** Every act was played. */
  isTold = false;
  readonly #phone: Phone;
  readonly #stage: Stage;
  readonly #timeline: Timeline;
  readonly #bounds: Bounds;
  #chosen: NodeName = "master";
  #stoppedAt = 0;

  constructor(phone: Phone, stage: Stage, timeline: Timeline) {
    this.#phone = phone;
    this.#stage = stage;
    this.#timeline = timeline;
    this.#bounds = boundsOf(phone, stage);
  }

  introduce(): void {
    const { places } = this.#stage;
    const { takeoverMs, returnMs } = this.#bounds;
    this.#timeline.say(
      `A pair of registrars on 127.0.0.1 (master ${places.master.udp}, standby ${places.standby.udp}), each a process, and a phone with line ${LINE}.`,
      "Its first server is the standby, so that it is seen to be sent on; its warning is on while it is elsewhere.",
      `takeoverDelay ${span(takeoverMs)}, returnDelay ${span(returnMs)}; refresh at half of 10 s, heartbeat every 5 s.`,
      "",
    );
  }

  /** Starts the pair: the master, then its standby, until that watches. @returns false: it was interrupted, or it failed */
  async raise(signal: AbortSignal): Promise<boolean> {
    this.#stage.start("master");
    await this.#timeline.wait("the master starts", START_MS, isListening("master"), signal);
    this.#stage.start("standby");
    const watches = await this.#timeline.wait(
      "the standby registers at it",
      START_MS,
      isRole("STANDBY"),
      signal,
    );
    return watches !== undefined;
  }

  /** What the nodes said of trouble. */
  get trouble(): string {
    return this.#stage.trouble;
  }

  /** Plays every act; `keep`: then waits until somebody ends it. */
  async tell(signal: AbortSignal, keep: boolean): Promise<void> {
    await this.#redirected(signal);
    await this.#timeline.pause("halfway to a refresh", HALFWAY_MS, signal);
    await this.#takenOver(signal);
    await this.#breathe(signal);
    await this.#givenBack(signal);
    await this.#timeline.pause("halfway to a heartbeat", HALFWAY_MS, signal);
    await this.#hung(signal);
    await this.#breathe(signal);
    this.isTold = true;
    if (keep) {
      this.#stage.restore("master");
      await this.#handOver(signal);
    }
    this.#stoppedAt = this.#timeline.now;
    this.#timeline.add({ kind: "act", t: this.#stoppedAt, server: "phone", what: "is stopped" });
  }

  /** After the phone has stopped: its binding has to be gone, within one register timeout. */
  async concludeStop(): Promise<void> {
    const never = new AbortController().signal;
    const { registerTimeout } = this.#phone.config.settings;
    const isGone = (moment: Moment): boolean =>
      moment.t >= this.#stoppedAt && moment.kind === "binding" && moment.what === "unbound";
    const gone = await this.#seen("the binding is removed", PATIENCE * registerTimeout, isGone, never);
    const left = await this.#stage.bound();
    this.measured.push({
      what: "stopped: no binding is left",
      promisedMs: registerTimeout,
      measuredMs: gone && left.length === 0 ? Math.max(0, gone.t - this.#stoppedAt) : undefined,
      witness: "every location table",
    });
  }

  /** A key of --keep; true when it meant something. */
  readonly onKey = (key: string): boolean => {
    if (!this.isTold) return false;
    const node = ({ "1": "master", "2": "standby" } as const)[key];
    if (node) {
      this.#chosen = node;
      this.#timeline.say(`keys act on the ${node} now`);
    }
    const verb = ({ k: "kill", h: "hang", r: "restore", n: "restart" } as const)[key];
    if (verb) void this.#stage[verb](this.#chosen);
    return node !== undefined || verb !== undefined;
  };

  /** A typed line of --keep, as "kill master"; true when it meant something. */
  readonly onLine = (line: string): boolean => {
    const match = /^(kill|hang|restore|restart) (master|standby)$/.exec(line.trim());
    if (!match) return false;
    void this.#stage[match[1] as "kill" | "hang" | "restore" | "restart"](match[2] as NodeName);
    return true;
  };

  async #redirected(signal: AbortSignal): Promise<void> {
    const { registerTimeout } = this.#phone.config.settings;
    // The phone started before its story began: its clock is the measure.
    await this.#measure(
      "the standby sends the phone to the master: in service there",
      2 * registerTimeout,
      0,
      {
        isIt: (moment) => isBinding(moment, "master", "bound"),
        witness: "the master's location table",
        signal,
      },
    );
  }

  async #takenOver(signal: AbortSignal): Promise<void> {
    const { phone, lostMs, takeoverMs } = this.#bounds;
    const from = this.#timeline.now;
    await this.#stage.kill("master");
    await this.#measure("master killed: the standby knows", lostMs, from, {
      isIt: isRole("LOST"),
      witness: "the standby",
      signal,
    });
    const servesMs = lostMs + takeoverMs;
    await this.#measure("master killed: the standby serves", servesMs, from, {
      isIt: isRole("ACTIVE"),
      witness: "the standby",
      signal,
    });
    // It was told to wait in whole seconds.
    const boundMs = Math.max(phone.detectRefusedMs, servesMs) + 1000;
    await this.#measure("master killed: in service on the standby", boundMs, from, {
      isIt: (moment) => isBinding(moment, "standby", "bound"),
      witness: "the standby's location table",
      signal,
    });
    const down = this.#timeline.moments.find((moment) => moment.t >= from && isDown(moment));
    this.measured.push({
      what: "master killed: the phone knows",
      promisedMs: phone.detectRefusedMs,
      measuredMs: down && down.t - from,
      witness: "the phone",
    });
  }

  async #givenBack(signal: AbortSignal): Promise<void> {
    const { backMs, returnMs, nextMs } = this.#bounds;
    this.#stage.restore("master");
    const up = await this.#seen(
      "the master starts",
      START_MS,
      isListening("master"),
      signal,
      this.#timeline.now,
    );
    const from = up?.t ?? this.#timeline.now;
    await this.#measure("master back: the standby knows", backMs, from, {
      isIt: isRole("RETURNING"),
      witness: "the standby",
      signal,
    });
    const returnedMs = backMs + returnMs;
    await this.#measure("master back: it has the binding again", returnedMs, from, {
      isIt: (moment) => isBinding(moment, "master", "bound"),
      witness: "the master's location table",
      signal,
    });
    await this.#measure("master back: none is left at the standby", returnedMs, from, {
      isIt: (moment) => isBinding(moment, "standby", "unbound"),
      witness: "the standby's location table",
      signal,
    });
    await this.#measure("master back: the phone is home", returnedMs + nextMs, from, {
      isIt: (moment) =>
        moment.kind === "event" && moment.event.type === "moved" && moment.event.server === "master",
      witness: "the phone",
      signal,
    });
  }

  /** No port is closed: only time-outs tell. Who serves then is left to serve. */
  async #hung(signal: AbortSignal): Promise<void> {
    const { phone, silentMs, takeoverMs } = this.#bounds;
    const { registerTimeout, retryMax } = this.#phone.config.settings;
    const from = this.#timeline.now;
    this.#stage.hang("master");
    await this.#measure("master hangs: the standby knows", silentMs, from, {
      isIt: isRole("LOST"),
      witness: "the standby",
      signal,
    });
    // It was told to wait in whole seconds, or has just asked the master in vain and rests.
    const servedMs = silentMs + takeoverMs + 1000 + 2 * registerTimeout + retryMax * 1000;
    await this.#measure(
      "master hangs: in service on the standby",
      Math.max(phone.serviceMs ?? 0, servedMs),
      from,
      {
        isIt: (moment) => isBinding(moment, "standby", "bound"),
        witness: "the standby's location table",
        signal,
      },
    );
    await this.#stage.kill("master");
  }

  /** Waits for what is promised, and notes how long it took since `from`. */
  async #measure(
    what: string,
    promisedMs: number,
    from: number,
    {
      isIt,
      witness,
      signal,
    }: { readonly isIt: (moment: Moment) => boolean; readonly witness: string; readonly signal: AbortSignal },
  ): Promise<void> {
    const waiting = `${what}, promised within ${span(promisedMs)}`;
    const moment = await this.#seen(waiting, PATIENCE * promisedMs, isIt, signal, from);
    this.measured.push({ what, promisedMs, measuredMs: moment && moment.t - from, witness });
  }

  /** A moment since `from`, which may have come already. */
  async #seen(
    what: string,
    withinMs: number,
    isIt: (moment: Moment) => boolean,
    signal: AbortSignal,
    from = 0,
  ): Promise<Moment | undefined> {
    const matches = (moment: Moment): boolean => moment.t >= from && isIt(moment);
    return (
      this.#timeline.moments.find(matches) ?? (await this.#timeline.wait(what, withinMs, matches, signal))
    );
  }

  async #breathe(signal: AbortSignal): Promise<void> {
    await this.#timeline.pause("a breath", BREATH_MS, signal);
  }

  async #handOver(signal: AbortSignal): Promise<void> {
    this.#timeline.say(
      "",
      "It is yours: 1 master or 2 standby, then k kill, h hang, r restore, n start again.",
      'Without a terminal type "kill master", "hang standby", "restore master", "restart master". Ctrl-C ends.',
    );
    await this.#timeline.pause("running", Number.POSITIVE_INFINITY, signal).catch(() => {});
  }
}

function isBinding(moment: Moment, node: NodeName, what: "bound" | "unbound"): boolean {
  return moment.kind === "binding" && moment.server === node && moment.what === what;
}

function isRole(role: string): (moment: Moment) => boolean {
  return (moment) => moment.kind === "role" && moment.role === role;
}

function isListening(node: NodeName): (moment: Moment) => boolean {
  return (moment) => moment.kind === "node" && moment.node === node && moment.told === "listening";
}

function isDown(moment: Moment): boolean {
  return moment.kind === "event" && moment.event.type === "serverDown" && moment.event.server === "master";
}
