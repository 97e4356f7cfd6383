// The phone at work: a configuration put into the core, inputs fed, every output carried on.
//
// One input at a time: after each the core is asked until it sleeps. It owns no clock and no socket;
// whoever has them calls feed() and gets send, event and sleep back through one callback. A trap
// poisons the instance: it is told once, and nothing is fed any more. Below: core.ts, events.ts.
// Above: host/node, host/sim, host/web.

import * as abi from "../../assembly/abi.ts";
import type { Credentials, LineConfig, PhoneConfig, ServerConfig } from "../config/model.ts";
import { coreNumber } from "../params/row.ts";
import { CORE, type CoreName, paramNamed, type Settings } from "../params/table.ts";
import { type RouteSet, Routes } from "../sip/routes.ts";
import type { Core } from "./core.ts";
import { COMMANDS, type CommandName, describe, lossNumber, type Names, type PhoneEvent } from "./events.ts";
import type { LineState, ServerState } from "./view.ts";

/** Where one server is, and where we are towards it. */
export interface Place {
  /** The address it was resolved to, no brackets. */
  readonly address: string;
  /** Our own "address:port", IPv6 in brackets. */
  readonly local: string;
  /** The "address:port" of our Contact there that an earlier run may have left bound. */
  readonly earlierContact?: string;
}

export interface Identity {
  /** 32 bytes of this boot. */
  readonly seed: Uint8Array;
  /** Stable name of this device: 8 hex digits. */
  readonly instance: string;
  readonly userAgent: string;
}

/** Where a datagram came from: a server by its rank, an address of the accept list, or any other. */
export type Source = number | "listed" | "foreign";

export type Input =
  /** Time has passed. */
  | { readonly kind: "tick" }
  /** `server` undefined: the source is no server of the set. */
  | { readonly kind: "datagram"; readonly source: Source; readonly bytes: Uint8Array }
  /** The transport reported an error for that server. */
  | { readonly kind: "failed"; readonly server: number }
  /** What became of a flow: FLOW_*. */
  | { readonly kind: "flow"; readonly server: number; readonly flow: number; readonly state: number }
  /** Without a line every line is meant. */
  | {
      readonly kind: "command";
      readonly command: CommandName;
      readonly line?: string;
      readonly server?: string;
    }
  | {
      readonly kind: "credentials";
      readonly line: string;
      readonly server: string;
      readonly held: Credentials;
    }
  /** The registrar where the line is served has let its binding go; `why` is its word, RFC 3680 §4.7.1. */
  | { readonly kind: "bindingLost"; readonly line: string; readonly why: string };

export type Output =
  | { readonly kind: "send"; readonly server: number; readonly bytes: Uint8Array }
  | { readonly kind: "event"; readonly event: PhoneEvent }
  /** A flow of that number is wanted, to the address of that index; the earlier one is to be forgotten. */
  | { readonly kind: "flow"; readonly server: number; readonly target: number; readonly flow: number }
  /** Another way for the requests of the phone's own SIP stack at that server. */
  | { readonly kind: "routes"; readonly server: string; readonly routes: RouteSet }
  /** A datagram for the phone's own SIP stack, unread. */
  | { readonly kind: "handBack"; readonly source: Source; readonly bytes: Uint8Array }
  /** Infinity: nothing is due. */
  | { readonly kind: "sleep"; readonly forMs: number }
  | { readonly kind: "stopped" }
  /** The core trapped; the agent is dead. */
  | { readonly kind: "fault"; readonly error: Error };

/** How many decisions of a line are kept. */
const DECISIONS_KEPT = 16;

type Mode = "new" | "running" | "stopped" | "faulty";

export class Agent {
  readonly #core: Core;
  readonly #carry: (output: Output) => void;
  readonly #waiting: { readonly input: Input; readonly now: number }[] = [];
  readonly #routes = new Routes();
  readonly #decisions = new Map<string, PhoneEvent[]>();
  #names: Names = { servers: [], lines: [] };
  #mode: Mode = "new";
  #busy = false;
  /** Host time of the latest input, and the time since the start that it stands for, ms. */
  #lastAt = 0;
  #elapsedMs = 0;

  constructor(core: Core, carry: (output: Output) => void) {
    this.#core = core;
    this.#carry = carry;
  }

  get core(): Core {
    return this.#core;
  }

  get names(): Names {
    return this.#names;
  }

  /** @throws CoreError when the core refuses a value that the configuration let through */
  configure(config: PhoneConfig, places: readonly Place[], identity: Identity): void {
    this.#names = {
      servers: config.servers.map(({ name }) => name),
      lines: config.lines.map(({ number }) => number),
    };
    this.#core.setSeed(identity.seed);
    this.#setParams(config.settings);
    for (const [rank, server] of config.servers.entries()) this.#setServer(server, rank, places[rank]);
    for (const [index, line] of config.lines.entries()) this.#setLine(line, index);
    this.#core.setText(abi.TEXT_AGENT, 0, 0, identity.userAgent);
    this.#core.setText(abi.TEXT_INSTANCE, 0, 0, identity.instance);
  }

  /** Where a server is, and where we are towards it: at the start, and when either has changed. */
  place(rank: number, place: Place): void {
    this.#core.setText(abi.TEXT_ADDRESS, 0, rank, place.address);
    this.#core.setText(abi.TEXT_LOCAL, 0, rank, place.local);
  }

  /** How many addresses a server has, 1..8, and which is in use. The flow in use is not touched. ABI.md, "Flows". */
  targets(rank: number, count: number, current: number): void {
    this.#core.setTargets(rank, count, current);
  }

  /** @param now host time, ms; only its difference to later calls counts, and it may wrap at 2^32 */
  start(now: number): void {
    this.#lastAt = now >>> 0;
    this.#mode = "running";
    this.#guarded(() => this.#core.start(this.#lastAt));
    this.#takeWaiting();
  }

  /** Every line as of the last input. */
  lines(): readonly LineState[] {
    return this.#names.lines.flatMap((_, index) => this.#core.line(index, this.#names) ?? []);
  }

  /** Every server as of the last input, by rank. */
  servers(): readonly ServerState[] {
    return this.#names.servers.flatMap((_, rank) => this.#core.server(rank, this.#names) ?? []);
  }

  /** The last decisions on a line, at most 16, newest first. */
  decisions(line: string): readonly PhoneEvent[] {
    this.#line(line);
    return this.#decisions.get(line) ?? [];
  }

  /** What a server said about the way of requests with its last grant. */
  routes(server: string): RouteSet {
    return this.#routes.of(this.#server(server));
  }

  /** Feeds one input. Called from within a callback it is taken up after the outputs of the current one. */
  feed(input: Input, now: number): void {
    this.#waiting.push({ input, now });
    if (!this.#busy) this.#takeWaiting();
  }

  #takeWaiting(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#mode !== "running") continue;
      const { input, now } = next;
      this.#pass(now >>> 0);
      this.#guarded(() => this.#take(input));
    }
  }

  /** Time goes forward only: an earlier `now` counts as none. */
  #pass(now: number): void {
    const passedMs = (now - this.#lastAt) | 0;
    if (passedMs < 0) return;
    this.#elapsedMs += passedMs;
    this.#lastAt = now;
  }

  #take(input: Input): void {
    const now = this.#lastAt;
    switch (input.kind) {
      case "tick":
        this.#core.wake(now);
        break;
      case "datagram":
        this.#receive(input.source, input.bytes, now);
        break;
      case "failed":
        this.#core.failed(input.server, now);
        break;
      case "flow":
        this.#core.flow(input.server, input.flow, input.state, now);
        break;
      case "command": {
        const [line, server] = [this.#line(input.line), this.#server(input.server)];
        if (input.command === "restart") this.#routes.clear();
        this.#core.command(COMMANDS[input.command], line, server, now);
        break;
      }
      case "bindingLost":
        this.#core.command(abi.CMD_BINDING_LOST, this.#line(input.line), lossNumber(input.why), now);
        break;
      case "credentials": {
        const [line, server] = [this.#line(input.line), this.#server(input.server)];
        this.#setCredentials(line, server, input.held);
        this.#core.command(abi.CMD_CREDENTIALS, line, server, now);
        break;
      }
    }
  }

  #receive(source: Source, bytes: Uint8Array, now: number): void {
    const result = this.#core.receive(sourceIndex(source), bytes, now);
    if (result === abi.NOT_MINE) this.#carry({ kind: "handBack", source, bytes });
  }

  /** Runs one call of the core and carries out what follows from it. */
  #guarded(call: () => void): void {
    this.#busy = true;
    try {
      call();
      this.#drain();
    } catch (error) {
      if (!isTrap(error)) throw error;
      this.#mode = "faulty";
      const text = error.message;
      this.#carry({ kind: "event", event: { t: this.#elapsedMs, type: "fault", text } });
      this.#carry({ kind: "fault", error });
    } finally {
      this.#busy = false;
    }
  }

  #drain(): void {
    for (;;) {
      const output = this.#core.poll();
      if (output.kind === "event") this.#tell(this.#describe(output.record));
      else if (output.kind === "field") this.#routes.take(output.server, output.field, output.value);
      else {
        this.#offerRoutes();
        this.#carry(output);
      }
      if (output.kind === "stopped") this.#mode = "stopped";
      if (output.kind === "sleep" || output.kind === "stopped") return;
    }
  }

  #offerRoutes(): void {
    for (const rank of this.#routes.changes()) {
      const server = this.#names.servers[rank] ?? "";
      this.#carry({ kind: "routes", server, routes: this.#routes.of(rank) });
    }
  }

  #tell(event: PhoneEvent): void {
    if (event.line !== undefined) {
      const earlier = this.#decisions.get(event.line) ?? [];
      this.#decisions.set(event.line, [event, ...earlier].slice(0, DECISIONS_KEPT));
    }
    this.#carry({ kind: "event", event });
  }

  #describe(record: Parameters<typeof describe>[0]): PhoneEvent {
    const agoMs = Math.max((this.#lastAt - record.at) | 0, 0);
    return describe(record, this.#elapsedMs - agoMs, this.#names);
  }

  #setParams(settings: Settings): void {
    for (const row of CORE) {
      this.#core.setParam(row.id, coreNumber(row, settings[row.name as CoreName]));
    }
  }

  #setServer(server: ServerConfig, rank: number, place: Place | undefined): void {
    if (place === undefined) throw new Error(`no address was given for ${server.name}`);
    this.#core.setServer(rank, server.port, transportNumber(server.transport));
    this.#core.setText(abi.TEXT_HOST, 0, rank, server.host);
    this.#core.setText(abi.TEXT_DOMAIN, 0, rank, server.domain);
    this.place(rank, place);
    if (place.earlierContact) this.#core.setText(abi.TEXT_OLD_CONTACT, 0, rank, place.earlierContact);
  }

  #setLine(line: LineConfig, index: number): void {
    this.#core.setText(abi.TEXT_USER, index, 0, line.number);
    if (line.display !== "") this.#core.setText(abi.TEXT_DISPLAY, index, 0, line.display);
    line.credentials.forEach((held, rank) => {
      // A server without credentials of ours is asked all the same: it may want none.
      if (held) this.#setCredentials(index, rank, held);
    });
  }

  #setCredentials(line: number, server: number, held: Credentials): void {
    this.#core.setText(abi.TEXT_ACCOUNT, line, server, held.account);
    this.#core.setText(abi.TEXT_PASSWORD, line, server, held.password);
  }

  #line(name: string | undefined): number {
    if (name === undefined) return abi.LINE_ALL;
    return indexOf(this.#names.lines, name, "line");
  }

  #server(name: string | undefined): number {
    if (name === undefined) return 0;
    return indexOf(this.#names.servers, name, "server");
  }
}

function indexOf(names: readonly string[], name: string, what: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new RangeError(`no ${what} "${name}"; there are ${names.join(", ")}`);
  return index;
}

/** The word of a configuration as the number of the core. */
function transportNumber(word: string): number {
  const row = paramNamed("transport");
  return (row?.kind === "choice" && row.choices[word]) || abi.TRANSPORT_UDP;
}

function sourceIndex(source: Source): number {
  if (source === "listed") return abi.SERVER_LISTED;
  return source === "foreign" ? abi.SERVER_NONE : source;
}

/** A trap of the module, told apart from an error of the host. */
function isTrap(error: unknown): error is Error {
  return error instanceof Error && error.name === "RuntimeError";
}
