// Facts that never were, shown to one invariant: what does it say of them?

import type { LineState, ServerState } from "../../host/core/view.ts";
import { type Case, PLAIN } from "../../host/soak/case.ts";
import { factsOf } from "../../host/soak/trial.ts";
import type { Facts, Held, Invariant, Moment, Watcher } from "../../host/soak/watcher.ts";
import { type Arrived, readSent, type Sent } from "../../host/soak/wire.ts";
import { module } from "../sim/fixture.ts";

export interface Doctored {
  readonly facts: Facts;
  readonly watcher: Required<Watcher>;
  /** What was broken so far. */
  readonly broken: readonly string[];
}

/** A phone of that case, and one invariant that looks at it. */
export function doctored(invariant: Invariant, part: Partial<Case> = {}): Doctored {
  const facts = factsOf(module(), { ...PLAIN, ...part });
  const broken: string[] = [];
  const nothing = () => {};
  const watcher = {
    ...{ stepped: nothing, sent: nothing, arrived: nothing, told: nothing },
    ...{ moment: nothing, healed: nothing, stopped: nothing },
    ...invariant.watch(facts, (text) => broken.push(text)),
  };
  return { facts, watcher, broken };
}

/** A line in service on the primary, its next refresh far away. */
export const LINE: LineState = {
  line: "6000",
  state: "served",
  server: "primary",
  calls: 0,
  warning: false,
  leaseMs: 1_800_000,
  grantedSeconds: 1800,
  next: { what: "refresh", inMs: 900_000 },
};

export const SERVERS: readonly ServerState[] = ["primary", "backup1"].map((server) => ({
  server,
  health: "up",
  misses: 0,
  heard: true,
  penalty: 0,
}));

const BINDING: Held = { contact: "<sip:6000@192.0.2.100>", expiresAt: 1e9 };

export interface MomentPart extends Partial<Omit<Moment, "held" | "lines">> {
  readonly line?: Partial<LineState>;
  /** How many bindings each server holds of every line. */
  readonly held?: Readonly<Record<string, number>>;
}

export function moment(now: number, part: MomentPart = {}): Moment {
  const { line = {}, held = { primary: 1 }, ...rest } = part;
  return {
    now,
    isFresh: true,
    lines: [{ ...LINE, ...line }],
    servers: SERVERS,
    memory: () => new ArrayBuffer(65_536),
    ...rest,
    held: (server) => Array<Held>(held[server] ?? 0).fill(BINDING),
  };
}

/** A REGISTER as the phone would send it, with changes. */
export function sent(at: number, part: Partial<Sent> = {}): Sent {
  const text = [
    "REGISTER sip:sip.example SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.100:5060;branch=z9hG4bK1;rport",
    "From: <sip:6000@sip.example>;tag=1",
    "To: <sip:6000@sip.example>",
    "Call-ID: a",
    "CSeq: 1 REGISTER",
    "Max-Forwards: 70",
    "Contact: <sip:6000@192.0.2.100:5060;sf=0a0b0c0d0>;expires=1800",
    "Content-Length: 0",
  ].join("\r\n");
  return { ...readSent(at, "primary", new TextEncoder().encode(`${text}\r\n\r\n`)), ...part };
}

export function arrived(at: number, part: Partial<Arrived> = {}): Arrived {
  return {
    at,
    server: "primary",
    status: 200,
    method: "REGISTER",
    line: "6000",
    callId: "a",
    cseq: 1,
    branch: "z9hG4bK1",
    retryAfter: undefined,
    challenges: [],
    ...part,
  };
}
