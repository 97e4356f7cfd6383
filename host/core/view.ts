// What the core shows of a line or a server at any time, as the objects that programs print.
//
// Below: abi.ts of the core; ABI.md, "LineView" and "ServerView". Above: core.ts, agent.ts.

import * as abi from "../../assembly/abi.ts";
import { type Names, nextName } from "./events.ts";

const STATES = new Map<number, string>([
  [abi.LINE_OFF, "off"],
  [abi.LINE_STARTING, "starting"],
  [abi.LINE_SEEKING, "seeking"],
  [abi.LINE_WAITING, "waiting"],
  [abi.LINE_RESTING, "resting"],
  [abi.LINE_SERVED, "served"],
  [abi.LINE_CUT, "cut"],
  [abi.LINE_LEAVING, "leaving"],
]);

const HEALTH = new Map<number, string>([
  [abi.UNKNOWN, "unknown"],
  [abi.UP, "up"],
  [abi.SUSPECT, "suspect"],
  [abi.DOWN, "down"],
  [abi.HOLDING, "holding"],
  [abi.COOLING, "cooling"],
]);

/** A line at one moment. */
export interface LineState {
  readonly line: string;
  /** off, starting, seeking, waiting, resting, served, cut, leaving. */
  readonly state: string;
  /** The server in use; absent: none. */
  readonly server?: string;
  /** A server that is being registered at. */
  readonly asking?: string;
  /** A better server that is being registered at while `server` serves. */
  readonly returning?: string;
  /** A server that moveTo pinned the line to. */
  readonly pinned?: string;
  readonly calls: number;
  /** Out of service, or not on the primary. */
  readonly warning: boolean;
  /** Until the binding lapses, ms; absent: none. */
  readonly leaseMs?: number;
  readonly grantedSeconds?: number;
  readonly next?: { readonly what: string; readonly inMs: number };
}

/** A server at one moment. */
export interface ServerState {
  readonly server: string;
  /** unknown, up, suspect, down, holding, cooling. */
  readonly health: string;
  /** Heartbeats lost in a row. */
  readonly misses: number;
  /** It has answered a heartbeat well, so its silence means something. */
  readonly heard: boolean;
  /** Until a hold or a pause ends, ms. */
  readonly untilMs?: number;
  /** Flap penalty. */
  readonly penalty: number;
  /** Until moves back there are allowed again, at the latest, ms. */
  readonly suspendedMs?: number;
  /** Until the next heartbeat, ms; absent: none is planned. */
  readonly heartbeatMs?: number;
}

/** Reads a LineView at `at`. */
export function readLine(view: DataView, at: number, line: string, names: Names): LineState {
  const byte = (offset: number): number => view.getUint8(at + offset);
  const word = (offset: number): number => view.getUint32(at + offset, true);
  const what = nextName(byte(2));
  return {
    line,
    state: STATES.get(byte(0)) ?? `state${byte(0)}`,
    ...named("server", names.servers[byte(1)]),
    ...named("asking", names.servers[byte(4)]),
    ...named("returning", names.servers[byte(5)]),
    ...named("pinned", names.servers[byte(7)]),
    calls: byte(3),
    warning: byte(6) === 1,
    ...(word(8) !== 0 && { leaseMs: word(8), grantedSeconds: word(16) }),
    ...(what !== undefined && { next: { what, inMs: word(12) } }),
  };
}

/** Reads a ServerView at `at`. */
export function readServer(view: DataView, at: number, server: string): ServerState {
  const byte = (offset: number): number => view.getUint8(at + offset);
  const word = (offset: number): number => view.getUint32(at + offset, true);
  return {
    server,
    health: HEALTH.get(byte(0)) ?? `health${byte(0)}`,
    misses: byte(1),
    heard: byte(2) === 1,
    ...(word(4) !== 0 && { untilMs: word(4) }),
    penalty: word(8),
    ...(word(12) !== 0 && { suspendedMs: word(12) }),
    ...(word(16) !== NEVER && { heartbeatMs: word(16) }),
  };
}

/** ServerView.heartbeatMs: none is planned. */
const NEVER = 0xffff_ffff;

function named<Key extends string>(key: Key, name: string | undefined): { [K in Key]?: string } {
  return name === undefined ? {} : ({ [key]: name } as { [K in Key]?: string });
}
