// What happened, in the words of the outside: the records of the core as the objects that programs
// print, one JSON object a line.
//
// `reason` and `next` are data, never prose; fields that do not apply are absent. Below: abi.ts of the
// core. Above: agent.ts, and every program that shows events.

import * as abi from "../../assembly/abi.ts";
import type { EventRecord } from "./core.ts";
import { refusalName, resultWords } from "./results.ts";

export type EventType = (typeof TYPES)[number][1] | "fault";

/** Why: the rule, and the numbers it decided by. */
export interface Reason {
  readonly rule: string;
  readonly [input: string]: string | number;
}

export interface PhoneEvent {
  /** Since the start, ms. */
  readonly t: number;
  readonly type: EventType;
  readonly line?: string;
  readonly server?: string;
  readonly reason?: Reason;
  /** `at` is absent while it waits for somebody else: a call to end, the link to come up. */
  readonly next?: { readonly what: string; readonly at?: number };
  /** For people; only where a message has to be shown word for word. */
  readonly text?: string;
}

/** Names of servers by rank, and of lines by index. */
export interface Names {
  readonly servers: readonly string[];
  readonly lines: readonly string[];
}

const TYPES = [
  [abi.EV_IN_SERVICE, "inService"],
  [abi.EV_OUT_OF_SERVICE, "outOfService"],
  [abi.EV_MOVED, "moved"],
  [abi.EV_BOUND, "bound"],
  [abi.EV_UNBOUND, "unbound"],
  [abi.EV_REJECTED, "rejected"],
  [abi.EV_SERVER_UP, "serverUp"],
  [abi.EV_SERVER_SUSPECT, "serverSuspect"],
  [abi.EV_SERVER_DOWN, "serverDown"],
  [abi.EV_SERVER_HOLDING, "serverHolding"],
  [abi.EV_SERVER_COOLING, "serverCooling"],
  [abi.EV_FAILBACK_SCHEDULED, "failbackScheduled"],
  [abi.EV_FAILBACK_DEFERRED, "failbackDeferred"],
  [abi.EV_RETURN_FAILED, "returnFailed"],
  [abi.EV_WARNING_ON, "warningOn"],
  [abi.EV_WARNING_OFF, "warningOff"],
  [abi.EV_STANDBY_DOWN, "standbyDown"],
  [abi.EV_CONTACT_MISSING, "contactMissing"],
  [abi.EV_ADDRESS_CHANGED, "addressChanged"],
  [abi.EV_PACKET_REFUSED, "packetRefused"],
  [abi.EV_RESTING, "resting"],
] as const;

const NEXT: ReadonlyMap<number, string> = new Map([
  [abi.NEXT_REGISTER, "register"],
  [abi.NEXT_REFRESH, "refresh"],
  [abi.NEXT_ROUND, "round"],
  [abi.NEXT_RETRY, "retry"],
  [abi.NEXT_RETURN, "return"],
  [abi.NEXT_HEARTBEAT, "heartbeat"],
  [abi.NEXT_CALL_END, "callEnd"],
  [abi.NEXT_LINK, "link"],
  [abi.NEXT_GIVE_UP, "giveUp"],
]);

/** What waits for somebody else and so has no time of its own. */
const UNTIMED: ReadonlySet<number> = new Set([abi.NEXT_CALL_END, abi.NEXT_LINK]);

/** Commands of the host, by the names that scenarios and programs use. */
export const COMMANDS = {
  refresh: abi.CMD_REFRESH,
  returnNow: abi.CMD_RETURN_NOW,
  moveTo: abi.CMD_MOVE_TO,
  callFailed: abi.CMD_CALL_FAILED,
  callBegin: abi.CMD_CALL_BEGIN,
  callEnd: abi.CMD_CALL_END,
  linkDown: abi.CMD_LINK_DOWN,
  linkUp: abi.CMD_LINK_UP,
  restart: abi.CMD_RESTART,
  stop: abi.CMD_STOP,
  credentials: abi.CMD_CREDENTIALS,
  bindingLost: abi.CMD_BINDING_LOST,
} as const;

/** Why a registrar let a binding go. RFC 3680 §4.7.1; what is not here counts as `deactivated`. */
const LOSSES: Readonly<Record<string, number>> = {
  deactivated: abi.REG_DEACTIVATED,
  probation: abi.REG_PROBATION,
  rejected: abi.REG_REJECTED,
  expired: abi.REG_EXPIRED,
  unregistered: abi.REG_UNREGISTERED,
};

export function lossNumber(word: string): number {
  return LOSSES[word] ?? abi.REG_DEACTIVATED;
}

export type CommandName = keyof typeof COMMANDS;

type Inputs = Record<string, string | number>;

/** One row per rule: its name, and its inputs by name. */
const RULES: ReadonlyMap<number, (event: EventRecord, names: Names) => Reason> = new Map([
  rule(abi.RULE_START, "start", ({ a, b }) => ({
    ...(a !== 0 && { rounds: a }),
    ...(b !== 0 && { resumed: b }),
  })),
  rule(abi.RULE_HEARTBEAT, "heartbeat", ({ a, b }) => ({ misses: a, allowed: b })),
  rule(abi.RULE_TIMEOUT, "timeout", ({ a }) => ({ waitedMs: a })),
  rule(abi.RULE_TRANSPORT, "transport", transportInputs),
  rule(abi.RULE_STATUS, "", ({ a }) => (a === 0 ? {} : { retryAfterSeconds: a })),
  rule(abi.RULE_CREDENTIALS, "credentials", (event) => ({ ...statusOf(event), ...problemOf(event) })),
  rule(abi.RULE_LINK, "link", () => ({})),
  rule(abi.RULE_LEASE, "lease", ({ a, b }) => ({ grantedSeconds: a, ...(b !== 0 && { askedSeconds: b }) })),
  rule(abi.RULE_CALLS, "calls", ({ a }) => ({ calls: a })),
  rule(abi.RULE_DAMPING, "damping", ({ a, b }) => ({ penalty: a, limit: b })),
  rule(abi.RULE_HOLD, "hold", ({ a }) => ({ delaySeconds: a })),
  rule(abi.RULE_FAILOVER, "failover", ({ a }, names) => from(a, names)),
  rule(abi.RULE_FAILBACK, "failback", ({ a }, names) => from(a, names)),
  rule(abi.RULE_COMMAND, "command", ({ a }) => ({ command: commandName(a) })),
]);

const TYPE_NAMES: ReadonlyMap<number, EventType> = new Map(TYPES);

/** The name of an EV_ number; undefined: this host knows none. */
export function eventName(type: number): EventType | undefined {
  return TYPE_NAMES.get(type);
}

/** Every type of event, `fault` included. */
export function eventTypes(): readonly EventType[] {
  return [...TYPE_NAMES.values(), "fault"];
}

/**
 * @param t when it happened, ms since the start
 */
export function describe(event: EventRecord, t: number, names: Names): PhoneEvent {
  const type = eventName(event.type);
  if (type === undefined) throw new Error(`event ${event.type} is unknown to this host; update it`);
  const server = names.servers[event.server];
  const line = names.lines[event.line];
  const reason = RULES.get(event.rule)?.(event, names);
  const next = nextOf(event, t);
  return {
    t,
    type,
    ...(line !== undefined && { line }),
    ...(server !== undefined && { server }),
    ...(reason !== undefined && { reason }),
    ...(next !== undefined && { next }),
    ...(type === "standbyDown" && { text: "standby server is down" }),
  };
}

/** The name of a NEXT_ number; undefined: nothing is due. */
export function nextName(number: number): string | undefined {
  return NEXT.get(number);
}

function nextOf(event: EventRecord, t: number): PhoneEvent["next"] {
  const what = nextName(event.next);
  if (what === undefined) return undefined;
  return UNTIMED.has(event.next) ? { what } : { what, at: t + event.nextMs };
}

/** A rule with the name "" is told by its status. */
function rule(
  id: number,
  name: string,
  inputs: (event: EventRecord, names: Names) => Inputs,
): readonly [number, (event: EventRecord, names: Names) => Reason] {
  return [
    id,
    (event, names) => ({ rule: name === "" ? String(event.status) : name, ...inputs(event, names) }),
  ];
}

/** What became of a flow; what is not here is the error of a datagram. */
const FLOWS: ReadonlyMap<number, string> = new Map([
  [abi.FLOW_REFUSED, "refused"],
  [abi.FLOW_LOST, "lost"],
  [abi.FLOW_BROKEN, "broken"],
  [abi.FLOW_TLS, "tls"],
  [abi.FLOW_TLS_EXPIRED, "tlsExpired"],
  [abi.FLOW_TLS_NAME, "tlsName"],
  [abi.FLOW_TLS_UNTRUSTED, "tlsUntrusted"],
]);

/** What the transport tells depends on who hears it: a datagram refused, an address that changed, a flow that failed. */
function transportInputs({ type, a, b }: EventRecord): Inputs {
  if (type === abi.EV_PACKET_REFUSED) return { refusal: refusalName(a), count: b };
  if (type === abi.EV_ADDRESS_CHANGED) return { settleSeconds: a };
  const flow = FLOWS.get(a);
  return flow === undefined ? {} : { flow };
}

function statusOf({ status }: EventRecord): Inputs {
  return status === 0 ? {} : { status };
}

function problemOf({ a }: EventRecord): Inputs {
  return a === 0 ? {} : { problem: resultWords(a | 0).name };
}

function from(server: number, names: Names): Inputs {
  const name = names.servers[server];
  return name === undefined ? {} : { from: name };
}

function commandName(code: number): string {
  return Object.entries(COMMANDS).find(([, one]) => one === code)?.[0] ?? `command${code}`;
}
