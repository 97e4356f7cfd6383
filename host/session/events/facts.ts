// What whoever watches the phones knows and says: the facts that service events are derived from.
//
// Facts come from phones of the same program (source.ts), or as NDJSON from a manager elsewhere. They may be wrong:
// twice, late, of a device that nobody knows. Below: event.ts. Above: board.ts, source.ts, link.ts.

import { CALL_STATES, type CallState, OUTAGE_CAUSES, type OutageCause } from "./event.ts";

/** An address at a terminal. Absent `server`: out of service. */
export interface SeatFact {
  readonly kind: "seat";
  readonly terminal: string;
  readonly address: string;
  /** `host:port` of the server that serves it. */
  readonly server?: string;
  /** Why it is out. */
  readonly cause?: OutageCause;
}

/** A call is up, in that state now. */
export interface CallFact {
  readonly kind: "call";
  readonly call: string;
  readonly terminal: string;
  readonly address: string;
  readonly state: CallState;
}

export type Fact =
  | SeatFact
  | CallFact
  | { readonly kind: "callOver"; readonly call: string }
  | { readonly kind: "removed"; readonly terminal: string }
  /** Whether any server answers, or may. */
  | { readonly kind: "reach"; readonly isReachable: boolean; readonly cause: OutageCause }
  /** All there is. What is not in it is gone. */
  | {
      readonly kind: "whole";
      readonly seats: readonly SeatFact[];
      readonly calls: readonly CallFact[];
      readonly isReachable: boolean;
    };

/** @returns the fact that a JSON object holds; undefined: none that this version knows */
export function readFact(value: unknown): Fact | undefined {
  if (!isRecord(value)) return undefined;
  const read = READERS.get(String(value.kind));
  return read?.(value);
}

type Json = Readonly<Record<string, unknown>>;

const READERS: ReadonlyMap<string, (value: Json) => Fact | undefined> = new Map([
  ["seat", readSeat],
  ["call", readCall],
  ["callOver", ({ call }: Json) => (isName(call) ? { kind: "callOver", call } : undefined)],
  ["removed", ({ terminal }: Json) => (isName(terminal) ? { kind: "removed", terminal } : undefined)],
  ["reach", readReach],
  ["whole", readWhole],
]);

function readSeat({ terminal, address, server, cause }: Json): SeatFact | undefined {
  if (!isName(terminal) || !isName(address)) return undefined;
  const seat = { kind: "seat", terminal, address } as const;
  if (isName(server)) return { ...seat, server };
  return { ...seat, cause: causeOf(cause) };
}

function readCall({ call, terminal, address, state }: Json): CallFact | undefined {
  const known = CALL_STATES.find((each) => each === state);
  if (!isName(call) || !isName(terminal) || !isName(address) || known === undefined) return undefined;
  return { kind: "call", call, terminal, address, state: known };
}

function readReach({ isReachable, cause }: Json): Fact | undefined {
  if (typeof isReachable !== "boolean") return undefined;
  return { kind: "reach", isReachable, cause: causeOf(cause) };
}

/** One part that is not understood spoils the whole: what is missing in it would count as gone. */
function readWhole({ seats, calls, isReachable }: Json): Fact | undefined {
  if (!Array.isArray(seats) || !Array.isArray(calls) || typeof isReachable !== "boolean") return undefined;
  const read = { seats: seats.map(seatOf), calls: calls.map(callOf) };
  if (!read.seats.every(isDefined) || !read.calls.every(isDefined)) return undefined;
  return { kind: "whole", seats: read.seats, calls: read.calls, isReachable };
}

function seatOf(value: unknown): SeatFact | undefined {
  return isRecord(value) ? readSeat(value) : undefined;
}

function callOf(value: unknown): CallFact | undefined {
  return isRecord(value) ? readCall(value) : undefined;
}

/** A cause that a later version may know is the server's doing here. */
function causeOf(value: unknown): OutageCause {
  return OUTAGE_CAUSES.find((each) => each === value) ?? "server";
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function isDefined<One>(value: One | undefined): value is One {
  return value !== undefined;
}
