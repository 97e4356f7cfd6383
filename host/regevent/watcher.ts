// Every line's subscription to its own registration, wherever the line is served.
//
// A line has one at the server that serves it; when it moves, the old one is ended where that server
// lives. Messages and time go in, orders come out; there is no socket and no clock here.
// Below: subscription.ts. Above: attach.ts, tests.

import { answerTo, type Endpoint, first, readAnswer, readRequest, writeAnswer } from "../sip/message.ts";
import { readUri } from "../sip/uri.ts";
import type { Loss } from "./held.ts";
import { isRegNotify } from "./notify.ts";
import { Subscription, type SubscriptionOptions, type SubscriptionOrder } from "./subscription.ts";

/** What is the same for every subscription. */
type Shared = Pick<
  SubscriptionOptions,
  "rport" | "userAgent" | "expirySeconds" | "timing" | "retryBaseMs" | "retryMaxMs" | "random"
>;

export interface WatchedServer extends Pick<SubscriptionOptions, "domain" | "transport"> {
  readonly name: string;
}

export interface WatchedLine {
  /** User of its address of record; its name everywhere. */
  readonly number: string;
  readonly display: string;
}

export interface Account {
  readonly account: string;
  readonly password: string;
}

export interface WatcherOptions extends Shared {
  readonly servers: readonly WatchedServer[];
  readonly lines: readonly WatchedLine[];
  readonly accountOf: (line: string, server: number) => Account;
  /** Stable name of this device, as it stands in its Contacts: DESIGN.md D7. */
  readonly instance: string;
  /** Our own "address:port" towards that server, IPv6 in brackets. */
  readonly localTowards: (server: number) => string;
  readonly carry: (order: WatcherOrder) => void;
}

export type WatcherOrder =
  | { readonly kind: "send"; readonly server: number; readonly bytes: Uint8Array }
  /** An answer; `server` is where the request came from, undefined: no server of the set. */
  | {
      readonly kind: "reply";
      readonly server: number | undefined;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
    }
  /** The registrar that serves the line has let its binding go. */
  | { readonly kind: "lost"; readonly line: string; readonly event: string }
  /** A remark for people. */
  | { readonly kind: "notice"; readonly text: string };

/** From one loss that is told to the next of a line: a registrar that gives and takes makes no storm. */
const LOSS_SPACING_MS = 10_000;
/** Longest that a registrar may keep us away by a `retry-after`. */
const LOSS_WAIT_MAX_MS = 600_000;
/** Subscriptions of one line that may be ending at a time. */
const LEAVING_MAX = 4;

export interface Served {
  readonly line: string;
  readonly server: number;
  /** It was out of service before: the server may have forgotten all, so it is asked. */
  readonly afresh: boolean;
  /** Whether a server is not to be reached: the one that is left is told nothing then. */
  readonly isOut: (server: number) => boolean;
  readonly now: number;
}

interface Placed {
  readonly server: number;
  readonly subscription: Subscription;
}

interface Watch {
  readonly line: WatchedLine;
  /** Where the line is served; undefined: nowhere. */
  server: number | undefined;
  /** By server: one that was refused must not ask again because the line came back. */
  readonly subscriptions: Map<number, Subscription>;
  leaving: readonly Placed[];
  /** A loss that is not told yet. */
  loss: { readonly event: string; readonly dueAt: number } | undefined;
  toldAt: number;
}

export class Watcher {
  readonly #options: WatcherOptions;
  readonly #watches: ReadonlyMap<string, Watch>;
  /** Refusals that were told: once for a server and a reason, until it accepts something. */
  readonly #told = new Map<string, number>();
  #now = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#watches = new Map(options.lines.map((line) => [line.number, newWatch(line)]));
  }

  /** When tick() has something to do; Infinity: never. */
  get nextAt(): number {
    const all = [...this.#watches.values()];
    return Math.min(...all.map(nextOf), Number.POSITIVE_INFINITY);
  }

  /** A line is served by that server now. */
  serve({ line, server, afresh, isOut, now }: Served): void {
    this.#now = now;
    const watch = this.#watches.get(line);
    if (!watch) return;
    const before = watch.server;
    watch.server = server;
    const known = watch.subscriptions.get(server);
    if (before === server && known) {
      if (afresh && !known.isIdle) known.ask(now);
      return;
    }
    if (before !== undefined) this.#depart(watch, before, !isOut(before), now);
    if (known) known.tick(now);
    else this.#subscribe(watch, server, now);
  }

  /** The line has other credentials at that server: what was refused may be granted now. */
  credentials(number: string, server: number, now: number): void {
    this.#now = now;
    const watch = this.#watches.get(number);
    if (!watch) return;
    this.#depart(watch, server, true, now);
    watch.subscriptions.delete(server);
    if (watch.server === server) this.#subscribe(watch, server, now);
  }

  /**
   * Takes a message that is none of the registration's.
   * @param source rank of the server that it came from; undefined: no server of the set
   * @returns false: it is not ours either
   */
  hear(bytes: Uint8Array, source: number | undefined, from: Endpoint, now: number): boolean {
    this.#now = now;
    const answer = readAnswer(bytes);
    if (answer) {
      const found = this.#find(first(answer, "call-id"));
      if (found && found.server === source) found.subscription.answer(answer, now);
      return found !== undefined;
    }
    const request = readRequest(bytes);
    if (request?.method !== "NOTIFY") return false;
    const found = this.#find(first(request, "call-id"));
    const isReg = isRegNotify(request);
    if (!found && !isReg) return false;
    const isTheirs = found !== undefined && found.server === source;
    const status = isReg ? (isTheirs ? found.subscription.notify(request, now) : 481) : 489;
    const reply = writeAnswer(request, from, status, this.#options.random.hex(4), MORE[status]);
    this.#options.carry({ kind: "reply", server: source, to: answerTo(request, from), bytes: reply });
    return true;
  }

  tick(now: number): void {
    this.#now = now;
    for (const watch of this.#watches.values()) {
      currentOf(watch)?.tick(now);
      for (const { subscription } of watch.leaving) subscription.tick(now);
      watch.leaving = watch.leaving.filter(({ subscription }) => !subscription.isClosed);
      if (watch.loss && now >= watch.loss.dueAt) this.#tellLoss(watch, watch.loss.event);
    }
  }

  /** Ends every subscription; what comes back is still answered. */
  stop(now: number): void {
    this.#now = now;
    for (const watch of this.#watches.values()) {
      if (watch.server !== undefined) this.#depart(watch, watch.server, true, now);
      watch.server = undefined;
      watch.loss = undefined;
    }
  }

  #subscribe(watch: Watch, server: number, now: number): void {
    const { accountOf, instance, localTowards, servers } = this.#options;
    const { number, display } = watch.line;
    const its = servers[server];
    if (!its) throw new RangeError(`no server ${server}`);
    const subscription = new Subscription({
      ...this.#options,
      ...its,
      ...accountOf(number, server),
      user: number,
      display,
      local: () => localTowards(server),
      isOurAor: (aor) => readUri(aor)?.user === number,
      isOurs: (uri) => isOurs(uri, number, `${instance}${server}`),
      carry: (order) => this.#take(watch, server, order),
    });
    watch.subscriptions.set(server, subscription);
    subscription.ask(now);
  }

  /** Leaves a server; a subscription that only waits there is kept, with its wait. */
  #depart(watch: Watch, server: number, isAlive: boolean, now: number): void {
    watch.loss = undefined;
    const subscription = watch.subscriptions.get(server);
    if (!subscription || subscription.isIdle) return;
    watch.subscriptions.delete(server);
    if (!isAlive) return;
    watch.leaving = [...watch.leaving, { server, subscription }].slice(-LEAVING_MAX);
    subscription.leave(now);
  }

  #take(watch: Watch, server: number, order: SubscriptionOrder): void {
    const { carry } = this.#options;
    const { number } = watch.line;
    switch (order.kind) {
      case "send":
        carry({ kind: "send", server, bytes: order.bytes });
        break;
      case "lost":
        this.#lose(watch, server, order.loss);
        break;
      case "accepted":
        for (const [key, at] of this.#told) if (at === server) this.#told.delete(key);
        break;
      case "refused":
        this.#tellRefusal(server, number, order.why, order.retryMs);
    }
  }

  /** Once for a server and a reason; wrong credentials are the line's own. */
  #tellRefusal(server: number, number: string, why: string, retryMs: number): void {
    const isOwn = why === "401" || why === "407";
    const key = `${server} ${why} ${isOwn ? number : ""}`;
    if (this.#told.has(key)) return;
    this.#told.set(key, server);
    const name = this.#options.servers[server]?.name;
    const minutes = Math.round(retryMs / 60_000);
    const text = `${name} does not let ${number} watch its registration (${why}); it is asked again in ${minutes} minutes`;
    this.#options.carry({ kind: "notice", text });
  }

  #lose(watch: Watch, server: number, { event, retryAfterSeconds = 0 }: Loss): void {
    if (watch.server !== server) return;
    const waitMs = Math.min(1000 * retryAfterSeconds, LOSS_WAIT_MAX_MS);
    const dueAt = Math.max(this.#now + waitMs, watch.toldAt + LOSS_SPACING_MS);
    watch.loss = { event, dueAt };
    if (dueAt <= this.#now) this.#tellLoss(watch, event);
  }

  #tellLoss(watch: Watch, event: string): void {
    watch.loss = undefined;
    watch.toldAt = this.#now;
    this.#options.carry({ kind: "lost", line: watch.line.number, event });
  }

  #find(callId: string | undefined): Placed | undefined {
    for (const watch of this.#watches.values()) {
      const leaving = watch.leaving.find(({ subscription }) => subscription.callId === callId);
      if (leaving) return leaving;
      const subscription = currentOf(watch);
      if (subscription && subscription.callId === callId && watch.server !== undefined) {
        return { server: watch.server, subscription };
      }
    }
    return undefined;
  }
}

/** What an answer to a NOTIFY has to say besides. RFC 3261 §21.4.13, RFC 6665 §8.3.2. */
const MORE: Readonly<Record<number, readonly string[]>> = {
  415: ["Accept: application/reginfo+xml"],
  489: ["Allow-Events: reg"],
};

function newWatch(line: WatchedLine): Watch {
  return {
    line,
    server: undefined,
    subscriptions: new Map(),
    leaving: [],
    loss: undefined,
    toldAt: Number.NEGATIVE_INFINITY,
  };
}

function currentOf({ server, subscriptions }: Watch): Subscription | undefined {
  return server === undefined ? undefined : subscriptions.get(server);
}

function nextOf(watch: Watch): number {
  const leaving = watch.leaving.map(({ subscription }) => subscription.nextAt);
  const current = currentOf(watch)?.nextAt ?? Number.POSITIVE_INFINITY;
  return Math.min(current, watch.loss?.dueAt ?? Number.POSITIVE_INFINITY, ...leaving);
}

/** RFC 3680 gives the Contact as the registrar has it: its address may be another, user and mark stand. */
function isOurs(uri: string, number: string, mark: string): boolean {
  const read = readUri(uri);
  return read?.user === number && read.params.get("sf") === mark;
}
