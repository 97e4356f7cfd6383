// What is really wrong at each moment, as the scenario has it: the measure for what the phone makes of it.
//
// A server is well while no fault of it, of the network towards it or of our own side is in force. The phone
// never sees this. Below: sim/scenario.ts. Above: trial.ts, invariants/.

import type { ServerVerb } from "../pbx/faults.ts";
import type { NetworkVerb } from "../sim/network.ts";
import type { Action, Step } from "../sim/scenario.ts";

/** What a server does to one line's REGISTER, as far as the phone can notice. */
export type Deed = "serves" | "lies" | "fails";

interface Server {
  verbs: ServerVerb[];
  /** What the network does on the way to it, the latest of each kind. */
  readonly way: Map<NetworkVerb["kind"], NetworkVerb>;
  wellSince: number | undefined;
}

export class Truth {
  readonly #servers: ReadonlyMap<string, Server>;
  readonly #calls = new Map<string, number>();
  readonly #callsSince = new Map<string, number>();
  #linkUp = true;
  /** When our own side changed last: the link, a restart, a command that moves lines. */
  ownSince = 0;
  /** When anybody last gave a command. */
  commandAt = Number.NEGATIVE_INFINITY;

  constructor(servers: readonly string[]) {
    this.#servers = new Map(servers.map((name) => [name, { verbs: [], way: new Map(), wellSince: 0 }]));
  }

  get linkUp(): boolean {
    return this.#linkUp;
  }

  /** The moment from which on that server has been well, ms; undefined: it is not. */
  wellSince(server: string): number | undefined {
    const since = this.#servers.get(server)?.wellSince;
    return since === undefined || !this.#linkUp ? undefined : Math.max(since, this.ownSince);
  }

  /** What a REGISTER of that line would meet there now. */
  deed(server: string, line: string): Deed {
    const it = this.#servers.get(server);
    const verbs = (it?.verbs ?? []).filter((verb) => concerns(verb, line));
    const isCut = [...(it?.way.values() ?? [])].some(blocks);
    if (!this.#linkUp || isCut || verbs.some(({ kind }) => FAILING.has(kind))) return "fails";
    const answers = verbs.findLast((verb) => verb.kind === "answers" && verb.to === "REGISTER");
    // A provisional answer alone is none.
    if (answers?.kind === "answers") return answers.status >= 200 && answers.status < 300 ? "lies" : "fails";
    return "serves";
  }

  /** Calls of a line now. */
  calls(line: string): number {
    return this.#calls.get(line) ?? 0;
  }

  /** Since when the number of its calls is what it is, ms. */
  callsSince(line: string): number {
    return this.#callsSince.get(line) ?? 0;
  }

  apply({ action, atMs }: Step, lines: readonly string[]): void {
    if (isBoot(action)) {
      this.ownSince = atMs;
      for (const line of lines) this.#calls.set(line, 0);
    }
    if (action.kind === "device" && action.verb.kind === "crash") this.ownSince = atMs;
    switch (action.kind) {
      case "server":
        this.#change(action.server, action.verb, atMs);
        break;
      case "network":
        for (const [name, server] of this.#servers)
          if (action.server === undefined || action.server === name)
            this.#obstruct(server, action.verb, atMs);
        break;
      case "call":
        for (const line of action.line === undefined ? lines : [action.line])
          this.#call(line, action.begins, atMs);
        break;
      case "link":
        this.#linkUp = action.up;
        this.ownSince = atMs;
        break;
      case "host":
        this.#command(action, atMs);
        break;
    }
  }

  #change(name: string, verb: ServerVerb, atMs: number): void {
    const server = this.#servers.get(name);
    if (server === undefined) return;
    if (verb.kind === "back") server.verbs = [];
    else if (verb.kind !== "restarts") server.verbs.push(verb);
    settle(server, atMs, verb.kind === "restarts");
  }

  #obstruct(server: Server, verb: NetworkVerb, atMs: number): void {
    if (verb.kind !== "rebind") server.way.set(verb.kind, verb);
    settle(server, atMs, verb.kind === "rebind");
  }

  #call(line: string, begins: boolean, atMs: number): void {
    const calls = this.calls(line);
    const next = Math.min(255, Math.max(0, calls + (begins ? 1 : -1)));
    if (next === calls) return;
    this.#calls.set(line, next);
    this.#callsSince.set(line, atMs);
  }

  #command(action: Extract<Action, { kind: "host" }>, atMs: number): void {
    this.commandAt = atMs;
    if (action.verb === "moveTo") this.ownSince = atMs;
  }
}

/** The phone starts over: by command, or without its power. */
export function isBoot(action: Action): boolean {
  return action.kind === "device"
    ? action.verb.kind === "reboot"
    : action.kind === "host" && action.verb === "restart";
}

/** @param anew well, but what the phone had there is gone */
function settle(it: Server, atMs: number, anew: boolean): void {
  if (!it.verbs.every(isHarmless) || ![...it.way.values()].every(isClear)) it.wellSince = undefined;
  else if (it.wellSince === undefined || anew) it.wellSince = atMs;
}

/** Nothing is lost or late; what comes twice, or is not told, harms nobody. */
function isClear(verb: NetworkVerb): boolean {
  if (verb.kind === "loss") return verb.percent === 0;
  if (verb.kind === "delay") return verb.mostMs === 0;
  return verb.kind !== "cut" || verb.way === "none";
}

/** Nothing comes through. */
function blocks(verb: NetworkVerb): boolean {
  return (verb.kind === "cut" && verb.way !== "none") || (verb.kind === "loss" && verb.percent === 100);
}

/** No answer comes at all. A slow one may come in time: that counts as served. */
const FAILING: ReadonlySet<string> = new Set(["silent", "refuses", "mute"]);

function concerns(verb: ServerVerb, line: string): boolean {
  return !("line" in verb) || verb.line === undefined || verb.line === line;
}

/** A table that is shared serves as well as one's own; nonces may live as they like, and what is forged is not believed. */
function isHarmless(verb: ServerVerb): boolean {
  return HARMLESS.has(verb.kind) || (verb.kind === "latency" && verb.delayMs === 0);
}

const HARMLESS: ReadonlySet<string> = new Set(["sharesLocation", "challenges", "forges"]);

/** `silent`, `answers 503 REGISTER`. */
export function faultName(verb: ServerVerb): string {
  return verb.kind === "answers" ? `answers ${verb.status} ${verb.to}` : verb.kind;
}
