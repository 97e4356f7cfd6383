// Derives service events from facts, in the order that applications rely on.
//
// On a loss: observation of calls ends < addresses and terminals go out < the provider goes out, when every server is
// gone. On the return: provider < addresses and terminals < a snapshot of each call. What an object says on an input
// stands in rows.ts; here is only who has to speak before whom. Below: rows.ts, facts.ts. Above: service.ts, link.ts.

import type { CallState, Cause, OutageCause, ServiceEvent, ServiceEventType } from "./event.ts";
import type { CallFact, Fact, SeatFact } from "./facts.ts";
import {
  CALL_ROWS,
  type CallInput,
  type CallPhase,
  PROVIDER_ROWS,
  type ProviderInput,
  type ProviderState,
  rowOf,
  SEAT_ROWS,
  type SeatInput,
  type SeatState,
} from "./rows.ts";

interface Call {
  readonly id: string;
  readonly seat: Seat;
  state: CallState;
  phase: CallPhase;
}

interface Seat {
  readonly terminal: string;
  readonly address: string;
  readonly calls: Set<Call>;
  state: SeatState;
  server: string | undefined;
  cause: OutageCause;
}

/** A seat as it is now. */
export interface SeatView {
  readonly terminal: string;
  readonly address: string;
  readonly inService: boolean;
  /** The server in use, or the last one. */
  readonly server?: string;
  /** Why it is out. */
  readonly cause?: OutageCause;
}

/** A call as the application knows it. */
export interface CallView {
  readonly call: string;
  readonly terminal: string;
  readonly address: string;
  readonly state: CallState;
  /** False: its seat is out, and the state may be old. */
  readonly isObserved: boolean;
}

export class ServiceBoard {
  readonly #tell: (event: ServiceEvent) => void;
  readonly #seats = new Map<string, Map<string, Seat>>();
  readonly #calls = new Map<string, Call>();
  /** Seats in service, by the name of the terminal, of the address, and all of them. */
  readonly #terminalsIn = new Map<string, number>();
  readonly #addressesIn = new Map<string, number>();
  #seatsIn = 0;
  #provider: ProviderState = "out";
  #isReachable = false;
  #at = 0;

  /** @param tell gets each event at once, in order */
  constructor(tell: (event: ServiceEvent) => void) {
    this.#tell = tell;
  }

  get provider(): ProviderState {
    return this.#provider;
  }

  seats(): readonly SeatView[] {
    return this.#allSeats().map(({ terminal, address, state, server, cause }) => ({
      terminal,
      address,
      inService: state === "in",
      ...(server !== undefined && { server }),
      ...(state === "out" && { cause }),
    }));
  }

  /** Calls that were told and have not ended. */
  calls(): readonly CallView[] {
    return [...this.#calls.values()]
      .filter(({ phase }) => phase === "live" || phase === "blind")
      .map(({ id, seat, state, phase }) => ({
        call: id,
        terminal: seat.terminal,
        address: seat.address,
        state,
        isObserved: phase === "live",
      }));
  }

  /** All that is known, as the one fact that brings another board to the same state. */
  whole(): Fact {
    const up = [...this.#calls.values()].filter(({ phase }) => phase !== "over");
    return {
      kind: "whole",
      isReachable: this.#isReachable,
      seats: this.#allSeats().map(factOf),
      calls: up.map(({ id, seat: { terminal, address }, state }) => ({
        kind: "call",
        call: id,
        terminal,
        address,
        state,
      })),
    };
  }

  /**
   * Takes a fact. One that says nothing new, or speaks of a device that nobody declared, changes nothing.
   * @param at when, ms since 1970
   */
  feed(fact: Fact, at: number): void {
    if (this.#provider === "shutdown") return;
    this.#at = at;
    switch (fact.kind) {
      case "seat":
        this.#takeSeat(fact);
        break;
      case "call":
        this.#takeCall(fact);
        break;
      case "callOver":
        this.#call(this.#calls.get(fact.call), "end", "normal");
        break;
      case "removed":
        this.#removeTerminal(fact.terminal);
        break;
      case "reach":
        this.#reach(fact.isReachable, fact.cause);
        break;
      case "whole":
        this.#takeWhole(fact);
        break;
    }
  }

  /** Whoever tells the facts is gone: nothing can be seen any more. */
  lose(cause: OutageCause, at: number): void {
    this.#at = at;
    for (const seat of this.#allSeats()) this.#seat(seat, "out", cause);
    this.#reach(false, cause);
  }

  /** The end: everything goes out, and nothing is told afterwards. */
  shutdown(at: number): void {
    this.lose("restart", at);
    this.#providerHears("shutdown", "normal");
  }

  #takeSeat({ terminal, address, server, cause = "server" }: SeatFact): void {
    const seat = this.#seatAt(terminal, address);
    if (server !== undefined) this.#reach(true, cause);
    this.#seat(seat, server === undefined ? "out" : "in", cause, server);
  }

  #takeCall({ call: id, terminal, address, state }: CallFact): void {
    const known = this.#calls.get(id);
    const seat = known?.seat ?? this.#seats.get(terminal)?.get(address);
    if (seat === undefined) return;
    const call = known ?? { id, seat, state, phase: "none" };
    if (known?.phase === "live" && known.state === state) return;
    call.state = state;
    this.#calls.set(id, call);
    seat.calls.add(call);
    this.#call(call, "up", "normal");
    if (call.phase === "hidden" && seat.state === "in") this.#call(call, "see", "normal");
  }

  /** Calls first, so that a seat that returns shows them as they are now. */
  #takeWhole({ seats, calls, isReachable }: Fact & { kind: "whole" }): void {
    for (const { terminal, address } of seats) this.#seatAt(terminal, address);
    this.#dropCalls(calls);
    for (const call of calls) this.#takeCall(call);
    for (const seat of seats) if (seat.server === undefined) this.#takeSeat(seat);
    this.#dropSeats(seats);
    this.#reach(isReachable, "server");
    for (const seat of seats) if (seat.server !== undefined) this.#takeSeat(seat);
  }

  /** Ends the calls that are not listed; one that is listed at another seat is another call. */
  #dropCalls(listed: readonly CallFact[]): void {
    const up = new Map(listed.map((fact) => [fact.call, fact]));
    for (const call of [...this.#calls.values()]) {
      const fact = up.get(call.id);
      if (fact === undefined) this.#call(call, "end", "snapshot");
      else if (!isAt(fact, call.seat)) this.#call(call, "remove", "snapshot");
    }
  }

  #dropSeats(listed: readonly SeatFact[]): void {
    const kept = new Map<string, Set<string>>();
    for (const { terminal, address } of listed)
      kept.set(terminal, (kept.get(terminal) ?? new Set()).add(address));
    for (const terminal of [...this.#seats.keys()]) if (!kept.has(terminal)) this.#removeTerminal(terminal);
    for (const seat of this.#allSeats()) {
      if (kept.get(seat.terminal)?.has(seat.address)) continue;
      this.#seat(seat, "remove", "permission");
      this.#seats.get(seat.terminal)?.delete(seat.address);
    }
  }

  #removeTerminal(terminal: string): void {
    const seats = this.#seats.get(terminal);
    if (seats === undefined) return;
    for (const seat of seats.values()) this.#seat(seat, "remove", "permission");
    this.#seats.delete(terminal);
    this.#say("terminalRemoved", { terminal, cause: "permission" });
  }

  #seat(seat: Seat, input: SeatInput, cause: Cause, server?: string): void {
    const row = rowOf(SEAT_ROWS, seat.state, input);
    if (row === undefined) return;
    const [, , act, next] = row;
    switch (act) {
      case "tellIn":
        this.#seatIn(seat, server);
        break;
      case "tellMoved":
        this.#seatMoved(seat, server);
        break;
      case "tellOut":
        this.#seatOut(seat, cause as OutageCause);
        break;
      case "tellOutAndRemoved":
        this.#seatOut(seat, cause as OutageCause);
        this.#endCalls(seat, cause);
        break;
      case "tellRemoved":
        this.#endCalls(seat, cause);
        break;
    }
    seat.state = next;
    this.#settle(cause);
  }

  #seatIn(seat: Seat, server: string | undefined): void {
    const { terminal, address } = seat;
    seat.state = "in";
    seat.server = server;
    this.#seatsIn += 1;
    if (count(this.#addressesIn, address, 1) === 1)
      this.#say("addressInService", { address, ...at(server), cause: "normal" });
    if (count(this.#terminalsIn, terminal, 1) === 1)
      this.#say("terminalInService", { terminal, ...at(server), cause: "normal" });
    for (const call of [...seat.calls]) this.#call(call, "see", "snapshot");
  }

  #seatMoved(seat: Seat, server: string | undefined): void {
    if (seat.server === server) return;
    seat.server = server;
    const { terminal, address } = seat;
    this.#say("addressMoved", { terminal, address, ...at(server), cause: "normal" });
    for (const call of seat.calls) this.#sayCall("callMoved", call, "normal");
  }

  #seatOut(seat: Seat, cause: OutageCause): void {
    const { terminal, address, server } = seat;
    for (const call of [...seat.calls]) this.#call(call, "lose", cause);
    seat.state = "out";
    seat.cause = cause;
    this.#seatsIn -= 1;
    if (count(this.#addressesIn, address, -1) === 0)
      this.#say("addressOutOfService", { address, ...at(server), cause });
    if (count(this.#terminalsIn, terminal, -1) === 0)
      this.#say("terminalOutOfService", { terminal, ...at(server), cause });
  }

  #endCalls(seat: Seat, cause: Cause): void {
    for (const call of [...seat.calls]) this.#call(call, "remove", cause);
  }

  #call(call: Call | undefined, input: CallInput, cause: Cause): void {
    const row = call && rowOf(CALL_ROWS, call.phase, input);
    if (call === undefined || row === undefined) return;
    const [, , act, next] = row;
    call.phase = next;
    if (next === "none") this.#forget(call);
    if (act !== "") this.#sayCall(CALL_EVENTS[act], call, cause);
  }

  #forget(call: Call): void {
    this.#calls.delete(call.id);
    call.seat.calls.delete(call);
  }

  #reach(isReachable: boolean, cause: OutageCause): void {
    this.#isReachable = isReachable;
    if (isReachable) this.#providerHears("reach", "normal");
    this.#settle(cause);
  }

  /** The provider goes last: no server is left, and no device. */
  #settle(cause: Cause): void {
    if (!this.#isReachable && this.#seatsIn === 0) this.#providerHears("gone", cause);
  }

  #providerHears(input: ProviderInput, cause: Cause): void {
    const row = rowOf(PROVIDER_ROWS, this.#provider, input);
    if (row === undefined) return;
    const [, , act, next] = row;
    this.#provider = next;
    if (act !== "") this.#say(PROVIDER_EVENTS[act], { cause });
  }

  #seatAt(terminal: string, address: string): Seat {
    const seats = this.#seats.get(terminal) ?? new Map<string, Seat>();
    this.#seats.set(terminal, seats);
    const known = seats.get(address);
    if (known !== undefined) return known;
    const seat: Seat = {
      terminal,
      address,
      calls: new Set(),
      state: "out",
      server: undefined,
      cause: "restart",
    };
    seats.set(address, seat);
    return seat;
  }

  #allSeats(): Seat[] {
    return [...this.#seats.values()].flatMap((seats) => [...seats.values()]);
  }

  #sayCall(type: ServiceEventType, { id, seat, state }: Call, cause: Cause): void {
    const { terminal, address, server } = seat;
    this.#say(type, { terminal, address, ...at(server), call: id, state, cause });
  }

  #say(type: ServiceEventType, rest: Omit<ServiceEvent, "at" | "type">): void {
    this.#tell({ at: this.#at, type, ...rest });
  }
}

const CALL_EVENTS = {
  tellStarted: "callStarted",
  tellChanged: "callChanged",
  tellSnapshot: "callSnapshot",
  tellEnded: "callEnded",
  tellUnobserved: "callObservationEnded",
} as const;

const PROVIDER_EVENTS = {
  tellIn: "providerInService",
  tellOut: "providerOutOfService",
  tellShutdown: "providerShutdown",
} as const;

function factOf({ terminal, address, state, server, cause }: Seat): SeatFact {
  const isIn = state === "in" && server !== undefined;
  return { kind: "seat", terminal, address, ...(isIn ? { server } : { cause }) };
}

function isAt(one: { terminal: string; address: string }, { terminal, address }: Seat): boolean {
  return one.terminal === terminal && one.address === address;
}

function at(server: string | undefined): { server?: string } {
  return server === undefined ? {} : { server };
}

/** @returns how many there are now */
function count(counts: Map<string, number>, name: string, by: number): number {
  const now = (counts.get(name) ?? 0) + by;
  if (now === 0) counts.delete(name);
  else counts.set(name, now);
  return now;
}
