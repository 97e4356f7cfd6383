// What must be true of a session through any outage, watched from outside: from what crosses the wire and what is told.

import type { Call, Result, ServerName } from "../../../../host/session/login/driver.ts";
import { serverOf } from "../../../../host/session/login/driver.ts";
import type { SessionEvent } from "../../../../host/session/login/events.ts";
import { promisesOf } from "../../../../host/session/login/promises.ts";
import { inMs, type Settings } from "../../../../host/session/login/settings.ts";
import type { Case } from "./draw.ts";
import type { World } from "./world.ts";

export type Rule =
  | "one session"
  | "end before begin"
  | "warning"
  | "service in time"
  | "return in time"
  | "second host"
  | "probes in a row";

export interface Breach {
  readonly rule: Rule;
  readonly at: number;
  readonly text: string;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Watch {
  readonly breaches: Breach[] = [];
  readonly #world: World;
  readonly #settings: Settings;
  readonly #limits: { readonly serviceMs: number; readonly returnMs: number };
  #hasStandby: boolean;
  /** Where we are logged in, by what was told, and since when. */
  #on: ServerName | undefined;
  #onSince = 0;
  #hasBegun = false;
  #warning = false;
  /** The session that was closed last; its end is waited for until then. */
  #closed = 0;
  #endingUntil = 0;
  /** Probes of main in a row that were answered well in time; the last one, and when it left. */
  #served = 0;
  #probe: Call | undefined;
  #probedAt = 0;
  /** Since when nothing, and since when something, is wrong with a server. */
  readonly #well = { main: 0, standby: 0 };
  readonly #ill = { main: NEVER, standby: NEVER };
  /** Until when a server rests that has refused us. */
  readonly #rest = { main: 0, standby: 0 };

  constructor(world: World, { settings, hasStandby }: Case) {
    this.#world = world;
    this.#settings = inMs(settings);
    this.#hasStandby = hasStandby;
    const { serviceMs, offeredMs, returnMs } = promisesOf(settings);
    this.#limits = { serviceMs: Math.max(serviceMs, offeredMs), returnMs };
    world.watch = {
      event: (event) => this.#told(event),
      sent: (call) => this.#sent(call),
      answered: (call, result) => this.#answered(call, result),
      moment: () => this.#moment(),
    };
  }

  /** Something about a server has changed. */
  changed(name: ServerName): void {
    const { mode, latencyMs } = this.#world.servers[name];
    const isWell = mode === "healthy" && latencyMs * 2 <= this.#settings.httpTimeout;
    this.#well[name] = isWell ? this.#world.now : NEVER;
    this.#ill[name] = isWell ? NEVER : Math.min(this.#ill[name], this.#world.now);
  }

  /** The standby server was taken out. */
  cleared(): void {
    this.#hasStandby = false;
  }

  /** Everything has been well for long. */
  finish(): void {
    const { main, standby } = this.#world.servers;
    if (this.#on !== "main") this.#breach("return in time", "it never came back");
    if (main.live !== 1 || standby.live !== 0) {
      this.#breach("one session", `main has ${main.live} sessions in the end, standby ${standby.live}`);
    }
  }

  #told(event: SessionEvent): void {
    if (event.kind === "opened") this.#opened(event.session.server);
    else if (event.kind === "closed") this.#close(event.session.serial);
    else if (event.kind === "banner") this.#warning = event.banner !== "none";
    else if (event.kind === "state") this.#stepped(event.from, event.input);
  }

  #opened(server: ServerName): void {
    if (this.#on !== undefined) this.#breach("one session", `${server} opened while ${this.#on} is open`);
    this.#on = server;
    this.#onSince = this.#world.now;
    this.#served = 0;
  }

  #close(serial: number): void {
    this.#on = undefined;
    this.#closed = serial;
  }

  #stepped(from: string, input: string): void {
    if (from === "starting") this.#hasBegun = true;
    if (input === "back" && this.#served < this.#settings.probesInRow) {
      this.#breach("probes in a row", `gone back after ${this.#served}`);
    }
  }

  #sent(call: Call): void {
    const { now } = this.#world;
    const to = serverOf(call);
    if (to === "standby" && !this.#hasStandby && call.kind !== "end") {
      this.#breach("second host", `${call.kind} to standby`);
    }
    if (call.kind === "end" && call.session.serial === this.#closed) {
      this.#endingUntil = now + this.#settings.endTimeout;
    }
    if (call.kind === "open" && (this.#on !== undefined || now < this.#endingUntil)) {
      this.#breach("end before begin", `${to} is opened before the session at the other is over`);
    }
    if (!isCheck(call)) return;
    if (this.#probe !== undefined) this.#served = 0; // it has found no answer
    this.#probe = call;
    this.#probedAt = this.#world.now;
  }

  #answered(call: Call, result: Result): void {
    if (result.kind === "rejected")
      this.#rest[serverOf(call)] = this.#world.now + this.#settings.rejectedRest;
    if (call.kind === "end" && call.session.serial === this.#closed) this.#endingUntil = this.#world.now;
    if (call !== this.#probe) return;
    this.#probe = undefined;
    const isInTime = this.#world.now - this.#probedAt <= this.#settings.httpTimeout;
    this.#served = isInTime && result.kind === "serving" ? this.#served + 1 : 0;
  }

  #moment(): void {
    const shouldWarn = this.#hasBegun && this.#on !== "main";
    if (this.#warning !== shouldWarn) this.#breach("warning", `it is ${this.#warning ? "on" : "off"}`);
    this.#checkService();
    this.#checkReturn();
  }

  #checkService(): void {
    const { main, standby } = this.#rest;
    const from = Math.max(this.#ill.main, this.#well.standby, main, standby);
    const late = this.#world.now - from - this.#limits.serviceMs;
    if (this.#hasStandby && late > 0 && this.#on !== "standby")
      this.#breach("service in time", `${late} ms late`);
  }

  #checkReturn(): void {
    const { httpTimeout, endTimeout, probesInRow, checkInterval } = this.#settings;
    const intervalMs = this.#world.machine.checkIntervalMs;
    const from = Math.max(this.#well.main, this.#rest.main);
    const limitMs = this.#limits.returnMs + probesInRow * (intervalMs - checkInterval);
    const late = this.#world.now - from - Math.max(limitMs, this.#limits.serviceMs);
    if (late > 0 && this.#on !== "main") this.#breach("return in time", `${late} ms late`);
    // Logged in at standby, the end of that session comes first, and sooner.
    const lateEnd = this.#world.now - Math.max(from, this.#onSince) - probesInRow * intervalMs - httpTimeout;
    if (lateEnd > 0 && this.#on === "standby") {
      this.#breach("return in time", `${lateEnd} ms late, and ${endTimeout + httpTimeout} ms to come`);
    }
  }

  #breach(rule: Rule, text: string): void {
    this.breaches.push({ rule, at: this.#world.now, text });
  }
}

function isCheck(call: Call): boolean {
  return call.kind === "probe" && call.session === undefined && call.server === "main";
}
