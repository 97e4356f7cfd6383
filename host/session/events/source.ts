// Turns what a core tells into facts: which address is in service at which terminal and server, and why not.
//
// A terminal is one phone, an address one of its lines. Nothing here decides anything: the rows of `WHAT` say what an
// event of the core means. Below: reach.ts, facts.ts, host/core/events.ts. Above: service.ts.

import type { PhoneConfig } from "../../config/model.ts";
import type { EventType, PhoneEvent, Reason } from "../../core/events.ts";
import type { OutageCause } from "./event.ts";
import type { Fact } from "./facts.ts";
import { Reach } from "./reach.ts";

/** What an event of the core means for the server it names, and for the line. */
interface Meaning {
  readonly answers?: boolean;
  readonly line?: "in" | "out";
}

/** What is not here changes neither a server nor a line. */
const WHAT: ReadonlyMap<EventType, Meaning> = new Map<EventType, Meaning>([
  ["inService", { answers: true, line: "in" }],
  ["moved", { answers: true, line: "in" }],
  ["outOfService", { line: "out" }],
  ["serverUp", { answers: true }],
  ["serverHolding", { answers: true }],
  ["serverCooling", { answers: true }], // it answers, if only with 503
  ["serverDown", { answers: false }],
]);

/** By the rule that took a line out of service; any other is the server's doing. */
const CAUSES: ReadonlyMap<string, OutageCause> = new Map<string, OutageCause>([
  ["link", "link"],
  ["start", "restart"],
  ["credentials", "permission"],
  ["401", "permission"],
  ["403", "permission"],
  ["404", "permission"],
  ["407", "permission"],
]);

export class PhoneSource {
  readonly #tell: (fact: Fact, at: number) => void;
  readonly #reach = new Reach();
  readonly #phones = new Map<string, PhoneConfig>();
  /** `TERMINAL LINE SERVER` where the account was refused since it was bound there last. */
  readonly #refused = new Set<string>();
  #wasReachable = false;
  /** A server has answered once: before, nothing is known of any. */
  #hasBegun = false;

  constructor(tell: (fact: Fact, at: number) => void) {
    this.#tell = tell;
  }

  /** Declares a terminal and its addresses, all out of service. */
  add(terminal: string, config: PhoneConfig, at: number): void {
    this.#phones.set(terminal, config);
    this.#reach.add(
      terminal,
      config.servers.flatMap(({ name }) => serverAt(config, name) ?? []),
    );
    for (const { number: address } of config.lines)
      this.#tell({ kind: "seat", terminal, address, cause: "restart" }, at);
  }

  /** The terminal is no longer watched. */
  remove(terminal: string, at: number): void {
    this.#phones.delete(terminal);
    this.#reach.remove(terminal);
    this.#tell({ kind: "removed", terminal }, at);
    this.#tellReach("restart", at);
  }

  /** The phone has ended: it stopped, was closed, or cannot go on. */
  ended(terminal: string, at: number): void {
    for (const { number: address } of this.#phones.get(terminal)?.lines ?? [])
      this.#tell({ kind: "seat", terminal, address, cause: "restart" }, at);
    this.#reach.cut(terminal);
    this.#tellReach("restart", at);
  }

  /** Takes an event of the core; one of a terminal or a line that nobody declared changes nothing. */
  hear(terminal: string, event: PhoneEvent, at: number): void {
    const config = this.#phones.get(terminal);
    if (config === undefined) return;
    if (event.type === "fault" && event.next === undefined) this.ended(terminal, at);
    this.#noteRefusal(terminal, event);
    const meaning = WHAT.get(event.type);
    if (meaning === undefined) return;
    const server = serverAt(config, event.server);
    const cause = this.#causeOf(terminal, event);
    if (meaning.answers !== undefined && server !== undefined) this.#note(terminal, server, meaning.answers);
    if (meaning.line === "out" && cause === "link") this.#reach.cut(terminal);
    this.#tellReach(cause, at);
    const address = config.lines.find(({ number }) => number === event.line)?.number;
    if (meaning.line === undefined || address === undefined) return;
    const seat = { kind: "seat", terminal, address } as const;
    this.#tell(meaning.line === "in" && server !== undefined ? { ...seat, server } : { ...seat, cause }, at);
  }

  /** A binding that runs out at a server that refuses to renew it is a matter of the account, not of the server. */
  #causeOf(terminal: string, { line, server, reason }: PhoneEvent): OutageCause {
    if (reason?.rule === "lease" && this.#refused.has(`${terminal} ${line} ${server}`)) return "permission";
    return causeOf(reason);
  }

  #noteRefusal(terminal: string, { type, line, server }: PhoneEvent): void {
    if (type === "rejected") this.#refused.add(`${terminal} ${line} ${server}`);
    if (type === "bound") this.#refused.delete(`${terminal} ${line} ${server}`);
  }

  #note(terminal: string, server: string, answers: boolean): void {
    this.#hasBegun ||= answers;
    this.#reach.note(terminal, server, answers);
  }

  /** Tells a change; who speaks first then is the board's business. */
  #tellReach(cause: OutageCause, at: number): void {
    const isReachable = this.#hasBegun && this.#reach.isAny;
    if (isReachable === this.#wasReachable) return;
    this.#wasReachable = isReachable;
    this.#tell({ kind: "reach", isReachable, cause }, at);
  }
}

/** A server as two phones name it alike: `host:port`. */
function serverAt({ servers }: PhoneConfig, name: string | undefined): string | undefined {
  const server = servers.find((each) => each.name === name);
  if (server === undefined) return undefined;
  const host = server.host.includes(":") ? `[${server.host}]` : server.host;
  return `${host}:${server.port}`;
}

/** A registrar takes bindings away for an administrator (RFC 3680 §4.7.1); other commands are those of a restart. */
function causeOf(reason: Reason | undefined): OutageCause {
  if (reason?.rule === "command") return reason.command === "bindingLost" ? "permission" : "restart";
  return CAUSES.get(reason?.rule ?? "") ?? "server";
}
