// The service events of the phones in this program, and the calls that the application has on them.
//
// A terminal is a Phone. The application tells its calls; the phone is told too, so that it goes back to a better
// server only when it is idle. Below: host/session/events. Above: host/session.ts.

import { EventEmitter } from "node:events";
import type { PhoneConfig } from "../../config/model.ts";
import type { PhoneEvent } from "../../core/events.ts";
import type { LineState } from "../../core/view.ts";
import { type CallView, type SeatView, ServiceBoard } from "../../session/events/board.ts";
import type { CallState, ServiceEvent } from "../../session/events/event.ts";
import type { Fact } from "../../session/events/facts.ts";
import { PhoneSource } from "../../session/events/source.ts";

/** What of a Phone is needed: `Phone` of the library fits. */
export interface WatchedPhone {
  readonly config: PhoneConfig;
  /** Of the zero of `t` in its events; undefined before its start. */
  readonly startedAt: Date | undefined;
  /** ms since then. */
  readonly elapsedMs: number;
  lines(): readonly LineState[];
  on(name: "event", listener: (event: PhoneEvent) => void): unknown;
  on(name: "stopped", listener: () => void): unknown;
  off(name: "event", listener: (event: PhoneEvent) => void): unknown;
  off(name: "stopped", listener: () => void): unknown;
  callBegin(line: string): unknown;
  callEnd(line: string): unknown;
}

/** A call, when it begins. */
export interface CallBegin {
  /** A name that no other call has: it stays through any number of servers. */
  readonly call: string;
  readonly terminal: string;
  /** The line of the phone. */
  readonly address: string;
  readonly state: CallState;
}

interface Watched {
  readonly phone: WatchedPhone;
  readonly forget: () => void;
}

/** Where a call is. */
interface Place {
  readonly phone: WatchedPhone;
  readonly terminal: string;
  readonly address: string;
}

/** Events of provider, terminals, addresses and calls, from any number of phones. */
export class ServiceEvents extends EventEmitter<{ event: [ServiceEvent]; fact: [Fact, number] }> {
  readonly #board = new ServiceBoard((event) => this.emit("event", event));
  readonly #source = new PhoneSource((fact, at) => this.#feed(fact, at));
  readonly #watched = new Map<string, Watched>();
  readonly #calls = new Map<string, Place>();
  #lastAt = 0;

  /**
   * Watches a phone from now on. Of servers that it lost before nothing is known, so best before its `start()`.
   * @param terminal a name of its own
   * @throws RangeError when a terminal of that name is watched already
   */
  watch(terminal: string, phone: WatchedPhone): void {
    if (this.#watched.has(terminal))
      throw new RangeError(`terminal "${terminal}" is watched already: give each phone its own name`);
    const hear = (event: PhoneEvent): void => this.#source.hear(terminal, event, timeOf(phone, event.t));
    const end = (): void => this.#source.ended(terminal, this.#now(phone));
    phone.on("event", hear);
    phone.on("stopped", end);
    const forget = (): void => {
      phone.off("event", hear);
      phone.off("stopped", end);
    };
    this.#watched.set(terminal, { phone, forget });
    this.#source.add(terminal, phone.config, this.#now(phone));
    if (phone.startedAt !== undefined) for (const line of phone.lines()) this.#begin(hear, phone, line);
  }

  /** The terminal is no longer ours: its calls end here, whatever the phone goes on to do. */
  unwatch(terminal: string): void {
    const watched = this.#watched.get(terminal);
    if (watched === undefined) return;
    watched.forget();
    this.#watched.delete(terminal);
    this.#source.remove(terminal, this.#now(watched.phone));
  }

  /**
   * A call began, or came. While its address is out of service it is told with the snapshot.
   * @throws RangeError: no such terminal or address, or a call of that name is up
   */
  callBegan({ call, terminal, address, state }: CallBegin): void {
    const phone = this.#phoneAt(terminal, address);
    if (this.#calls.has(call))
      throw new RangeError(`call "${call}" is up already: give each call its own name`);
    this.#calls.set(call, { phone, terminal, address });
    phone.callBegin(address);
    this.#feed({ kind: "call", call, terminal, address, state }, this.#now(phone));
  }

  /** @throws RangeError when no such call is up */
  callChanged(call: string, state: CallState): void {
    const { phone, terminal, address } = this.#callNamed(call);
    this.#feed({ kind: "call", call, terminal, address, state }, this.#now(phone));
  }

  /** @throws RangeError when no such call is up */
  callEnded(call: string): void {
    const { phone, address } = this.#callNamed(call);
    this.#calls.delete(call);
    phone.callEnd(address);
    this.#feed({ kind: "callOver", call }, this.#now(phone));
  }

  /** Everything goes out of service, the provider last; nothing is told afterwards. The phones go on. */
  shutdown(): void {
    for (const { forget } of this.#watched.values()) forget();
    this.#watched.clear();
    this.#board.shutdown(this.#lastAt);
  }

  get provider(): "out" | "in" | "shutdown" {
    return this.#board.provider;
  }

  /** Every address at every terminal, as it is now. */
  seats(): readonly SeatView[] {
    return this.#board.seats();
  }

  /** Every call that was told and has not ended. */
  calls(): readonly CallView[] {
    return this.#board.calls();
  }

  /** All of it as one fact, for a manager to hand on. */
  whole(): Fact {
    return this.#board.whole();
  }

  /** A line that is served already is in service from now on. */
  #begin(hear: (event: PhoneEvent) => void, phone: WatchedPhone, { line, state, server }: LineState): void {
    if (state === "served" && server !== undefined)
      hear({ t: phone.elapsedMs, type: "inService", line, server });
  }

  #feed(fact: Fact, at: number): void {
    this.#lastAt = at;
    this.#board.feed(fact, at);
    this.emit("fact", fact, at);
  }

  #now(phone: WatchedPhone): number {
    return timeOf(phone, phone.elapsedMs) || this.#lastAt;
  }

  #phoneAt(terminal: string, address: string): WatchedPhone {
    const phone = this.#watched.get(terminal)?.phone;
    if (phone?.config.lines.some(({ number }) => number === address)) return phone;
    const known = this.seats().map((seat) => `${seat.address} at ${seat.terminal}`);
    throw new RangeError(
      `no address "${address}" at a terminal "${terminal}"; there is ${known.join(", ") || "none"}`,
    );
  }

  #callNamed(call: string): Place {
    const found = this.#calls.get(call);
    if (found !== undefined) return found;
    const known = [...this.#calls.keys()].join(", ") || "none";
    throw new RangeError(`no call "${call}" is up; up: ${known}`);
  }
}

/** Of the wall clock, ms; 0 before the start. */
function timeOf({ startedAt }: WatchedPhone, t: number): number {
  return startedAt === undefined ? 0 : startedAt.getTime() + t;
}
