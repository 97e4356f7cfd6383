// A watcher beside a phone at work: events of the phone in, and what the watcher orders carried out.
//
// It knows neither socket nor clock: whoever has the phone lends both. Below: watcher.ts.
// Above: host/index.ts.

import type { Credentials, PhoneConfig } from "../config/model.ts";
import type { PhoneEvent } from "../core/events.ts";
import type { Endpoint } from "../sip/message.ts";
import type { Random } from "./dialog.ts";
import { Watcher, type WatcherOrder } from "./watcher.ts";

/** What the phone lends. */
export interface Loan {
  readonly config: PhoneConfig;
  readonly userAgent: string;
  /** Stable name of this device, as it stands in its Contacts. */
  readonly instance: string;
  readonly random: Random;
  /** Since the start, ms. */
  readonly now: () => number;
  /** Calls once after that time; the result drops the call. */
  readonly after: (delayMs: number, job: () => void) => () => void;
  /** Our own "address:port" towards that server. */
  readonly localTowards: (server: number) => string;
  /** Sends to a server by the way that its registrations take. */
  readonly send: (server: number, bytes: Uint8Array) => void;
  /** Answers somebody else. */
  readonly sendTo: (to: Endpoint, bytes: Uint8Array) => void;
  readonly isOut: (server: number) => boolean;
  readonly onLost: (line: string, event: string) => void;
  readonly onNotice: (text: string) => void;
}

export class Attached {
  readonly #loan: Loan;
  readonly #watcher: Watcher;
  /** Lines that are out of service. */
  readonly #out = new Set<string>();
  /** Credentials that replaced those of the configuration, by line and server. */
  readonly #renewed = new Map<string, Credentials>();
  #forget: () => void = () => {};

  constructor(loan: Loan) {
    const { config, userAgent, instance, random, localTowards } = loan;
    const { t1, t2, rport, retryBase, retryMax } = config.settings;
    this.#loan = loan;
    this.#watcher = new Watcher({
      servers: config.servers,
      lines: config.lines,
      accountOf: (line, server) => this.#accountOf(line, server),
      instance,
      localTowards,
      rport,
      userAgent,
      expirySeconds: config.registerSubscription?.expirySeconds ?? 0,
      timing: { t1Ms: t1, t2Ms: t2 },
      retryBaseMs: 1000 * retryBase,
      retryMaxMs: 1000 * retryMax,
      random,
      carry: (order) => this.#carry(order),
    });
  }

  /** Follows the lines to the servers that serve them. */
  note({ type, line, server: name }: PhoneEvent): void {
    if (line === undefined) return;
    if (type === "outOfService") this.#out.add(line);
    if (type !== "inService" && type !== "moved") return;
    const { servers } = this.#loan.config;
    const server = servers.findIndex((one) => one.name === name);
    const afresh = this.#out.delete(line);
    const isOut = (rank: number): boolean => this.#loan.isOut(rank);
    this.#watcher.serve({ line, server, afresh, isOut, now: this.#loan.now() });
    this.#plan();
  }

  /** @returns whether the message was one of ours */
  hear(bytes: Uint8Array, server: number | undefined, from: Endpoint): boolean {
    const taken = this.#watcher.hear(bytes, server, from, this.#loan.now());
    if (taken) this.#plan();
    return taken;
  }

  setCredentials(line: string, server: number, held: Credentials): void {
    this.#renewed.set(`${line} ${server}`, held);
    this.#watcher.credentials(line, server, this.#loan.now());
    this.#plan();
  }

  /** Ends every subscription; answers to that are still taken until close(). */
  stop(): void {
    this.#watcher.stop(this.#loan.now());
    this.#plan();
  }

  close(): void {
    this.#forget();
  }

  #plan(): void {
    this.#forget();
    const waitMs = this.#watcher.nextAt - this.#loan.now();
    this.#forget = this.#loan.after(Math.max(0, waitMs), () => {
      this.#watcher.tick(this.#loan.now());
      this.#plan();
    });
  }

  #carry(order: WatcherOrder): void {
    switch (order.kind) {
      case "send":
        this.#loan.send(order.server, order.bytes);
        break;
      case "reply":
        if (order.server === undefined) this.#loan.sendTo(order.to, order.bytes);
        else this.#loan.send(order.server, order.bytes);
        break;
      case "lost":
        this.#loan.onLost(order.line, order.event);
        break;
      case "notice":
        this.#loan.onNotice(order.text);
    }
  }

  #accountOf(line: string, server: number): Credentials {
    const configured = this.#loan.config.lines.find(({ number }) => number === line)?.credentials[server];
    return this.#renewed.get(`${line} ${server}`) ?? configured ?? { account: line, password: "" };
  }
}
