// A session and its two servers in virtual time: what is under way, and everything that crossed the wire.

import type { Call, Result, ServerName } from "../../../../host/session/login/driver.ts";
import type { SessionEvent, SessionInput } from "../../../../host/session/login/events.ts";
import { LoginSession } from "../../../../host/session/login/machine.ts";
import { type Settings, settingsWith } from "../../../../host/session/login/settings.ts";
import { View } from "../../../../host/session/login/view.ts";
import { Queue } from "../../../../host/sim/queue.ts";
import { WorldServer } from "./server.ts";

/** A request as it left, or an answer as it came back. */
export interface Crossing {
  readonly at: number;
  readonly server: ServerName;
  readonly what: string;
}

const ARRIVAL = 0;
const SCRIPT = 1;

export class World {
  now = 0;
  readonly servers: Readonly<Record<ServerName, WorldServer>>;
  readonly machine: LoginSession;
  readonly events: SessionEvent[] = [];
  readonly wire: Crossing[] = [];
  readonly view = new View();
  /** Sees every event and every request, and the end of each moment. */
  watch: {
    event?(event: SessionEvent): void;
    sent?(call: Call): void;
    answered?(call: Call, result: Result): void;
    moment?(): void;
  } = {};
  readonly #queue = new Queue();
  readonly #keep: boolean;

  /** @param keep whether events and crossings are kept; not for long runs */
  constructor(given: Partial<Settings> = {}, hasStandby = true, keep = true) {
    const later = (delayMs: number, job: () => void) => this.#at(this.now + delayMs, ARRIVAL, job);
    this.servers = {
      main: new WorldServer(() => this.now, later),
      standby: new WorldServer(() => this.now, later),
    };
    this.machine = new LoginSession(settingsWith(given), hasStandby, 0);
    this.#keep = keep;
  }

  /** Does something at a moment, after what arrives then and before what is due then. */
  at(ms: number, job: () => void): void {
    this.#at(ms, SCRIPT, job);
  }

  feed(input: SessionInput): void {
    for (const output of this.machine.feed(input, this.now)) {
      if (output.kind === "call") this.#send(output.id, output.call);
      else if (output.kind === "event") this.#note(output.event);
    }
  }

  /** Lets time pass up to a moment, that one included. */
  run(untilMs: number): void {
    for (;;) {
      const queued = this.#queue.first?.at ?? Number.POSITIVE_INFINITY;
      const wakeIn = this.machine.wakeInMs(this.now);
      const next = Math.min(queued, wakeIn === undefined ? Number.POSITIVE_INFINITY : this.now + wakeIn);
      if (next > untilMs) break;
      this.now = next;
      while ((this.#queue.first?.at ?? Number.POSITIVE_INFINITY) <= next) this.#queue.take()?.run();
      this.feed({ kind: "tick" });
      this.watch.moment?.();
    }
    this.now = untilMs;
  }

  /** Lines of states and banners, as `30000 standby`. */
  get states(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === "state" ? [`${event.at} ${event.to}`] : []));
  }

  get banners(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === "banner" ? [`${event.at} ${event.banner}`] : []));
  }

  /** What went to a server from a moment on, with its time. */
  sent(server: ServerName, fromMs = 0): readonly string[] {
    return this.wire
      .filter((one) => one.server === server && one.at >= fromMs)
      .map(({ at, what }) => `${at} ${what}`);
  }

  #send(id: number, call: Call): void {
    const name = call.kind === "poll" || call.kind === "end" ? call.session.server : call.server;
    const server = this.servers[name];
    if (this.#keep) this.wire.push({ at: this.now, server: name, what: wordFor(call) });
    this.watch.sent?.(call);
    const there = Math.floor(server.latencyMs / 2);
    const back = server.latencyMs - there;
    this.#at(this.now + there, ARRIVAL, () => {
      server.receive(call, (result) => {
        this.#at(this.now + back, ARRIVAL, () => {
          this.watch.answered?.(call, result);
          this.feed({ kind: "result", id, result });
        });
      });
    });
  }

  #note(event: SessionEvent): void {
    if (this.#keep) this.events.push(event);
    this.view.take(event);
    this.watch.event?.(event);
  }

  #at(at: number, rank: number, run: () => void): void {
    this.#queue.add({ at, rank, run });
  }
}

/** A world that has started; every answer takes 10 ms. */
export function started(world = new World()): World {
  world.feed({ kind: "start" });
  return world;
}

/** Logged in at main since 10 ms, echoes at 10 010, 20 010 and so on; main falls silent as it has answered the first. */
export function lostMain(): World {
  const world = started();
  world.at(10_020, () => world.servers.main.become("silent"));
  return world;
}

function wordFor(call: Call): string {
  if (call.kind === "poll" || call.kind === "end") return `${call.kind} ${call.session.ticket.id}`;
  if (call.kind === "open") return "open";
  return call.session === undefined ? "probe" : `echo ${call.session.ticket.id}`;
}
