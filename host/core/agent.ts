// The phone at work: a configuration put into the core, inputs fed, every output carried on.
//
// One input at a time: after each the core is asked until it sleeps. It owns no clock and no socket;
// whoever has them calls feed() and gets send, event and sleep back through one callback. A trap
// poisons the instance: it is told, and another instance goes on from the state before that input; the
// input is not fed again. DESIGN.md D30. Below: core.ts, events.ts. Above: host/node, host/sim, host/web.

import * as abi from "../../assembly/abi.ts";
import type { Credentials, PhoneConfig } from "../config/model.ts";
import { type RouteSet, Routes } from "../sip/routes.ts";
import type { Core } from "./core.ts";
import { COMMANDS, type CommandName, describe, lossNumber, type Names, type PhoneEvent } from "./events.ts";
import { Instances, isTrap, type Spare } from "./instances.ts";
import { type Identity, type Place, Setup } from "./setup.ts";
import type { Image } from "./snapshot.ts";
import type { LineState, ServerState } from "./view.ts";

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
  /** The core trapped, and does not go on; the agent is dead. */
  | { readonly kind: "fault"; readonly error: Error };

/** How many decisions of a line are kept. */
const DECISIONS_KEPT = 16;
/** Why a line starts over after a trap. */
const RESUMED = { rule: "start", resumed: 1 };

type Mode = "new" | "running" | "stopped" | "faulty";

export class Agent {
  readonly #instances: Instances;
  readonly #carry: (output: Output) => void;
  readonly #waiting: { readonly input: Input; readonly now: number }[] = [];
  readonly #routes = new Routes();
  readonly #decisions = new Map<string, PhoneEvent[]>();
  #mode: Mode = "new";
  /** Since the order to stop; from then on no state is worth keeping. */
  #stopping = false;
  #busy = false;
  /** Host time of the latest input, and the time since the start that it stands for, ms. */
  #lastAt = 0;
  #elapsedMs = 0;
  /** What the core's clock is ahead of the host's, ms: it goes on where an earlier run stopped. */
  #aheadMs = 0;
  readonly #warned = new Set<string>();

  /** @param spare without it the first trap is the end */
  constructor(core: Core, carry: (output: Output) => void, spare?: Spare) {
    this.#instances = new Instances(core, spare);
    this.#carry = carry;
  }

  /** The instance that works now; another one after a trap. */
  get core(): Core {
    return this.#instances.core;
  }

  /** Host time of the latest input, ms; the views are of then. */
  get inputAt(): number {
    return this.#lastAt;
  }

  get names(): Names {
    return this.#instances.setup?.names ?? { servers: [], lines: [] };
  }

  /** @throws CoreError when the core refuses a value that the configuration let through */
  configure(config: PhoneConfig, places: readonly Place[], identity: Identity): void {
    const setup = new Setup(config, places, identity);
    this.#instances.setup = setup;
    setup.furnish(this.core, identity.seed);
  }

  /** Where a server is, and where we are towards it: at the start, and when either has changed. */
  place(rank: number, place: Place): void {
    this.#ask((core) => this.#instances.setup?.place(core, rank, place), undefined);
  }

  /** How many addresses a server has, 1..8, and which is in use. The flow in use is not touched. ABI.md, "Flows". */
  targets(rank: number, count: number, current: number): void {
    this.#ask((core) => this.#instances.setup?.setTargets(core, rank, { count, current }), undefined);
  }

  /** @param now host time, ms; only its difference to later calls counts, and it may wrap at 2^32 */
  start(now: number): void {
    this.#begin(now, () => this.core.start(this.#lastAt));
  }

  /**
   * Starts from the state of an earlier run, in place of start(). Whatever was in service is verified first; time has
   * stood still meanwhile.
   */
  resume(image: Image, now: number): void {
    this.#aheadMs = (image.clock - now) | 0;
    this.#begin(now, () => this.#instances.resume(image.memory, this.#lastAt));
  }

  /** The state after the last input, for a later run; undefined before the start and since the order to stop. */
  get image(): Image | undefined {
    const { state } = this.#instances;
    const isKept = state !== undefined && this.#mode === "running" && !this.#stopping;
    return isKept ? { memory: Uint8Array.from(state), clock: this.#lastAt } : undefined;
  }

  /** Loses the instance as a trap does, and goes on in another: for rehearsals. */
  crash(now: number): void {
    if (this.#mode !== "running") return;
    this.#pass(now);
    this.#guarded(() => this.#instances.goOn(this.#lastAt));
    this.#takeWaiting();
  }

  /** Goes on in another instance with an exact copy of the state: the same outputs follow. */
  copy(): void {
    this.#instances.copy();
  }

  /** Every line as of the last input. */
  lines(): readonly LineState[] {
    const { names } = this;
    return this.#ask((core) => names.lines.flatMap((_, index) => core.line(index, names) ?? []), []);
  }

  /** Every server as of the last input, by rank. */
  servers(): readonly ServerState[] {
    const { names } = this;
    return this.#ask((core) => names.servers.flatMap((_, rank) => core.server(rank, names) ?? []), []);
  }

  /** "address:port" of our Contact at the server of that rank. */
  contact(rank: number): string {
    return this.#ask((core) => core.contact(rank), "");
  }

  /** How many bytes at the start of a stream make one unit; 0: not whole yet; negative: no SIP. */
  frame(bytes: Uint8Array): number {
    return this.#ask((core) => core.frame(bytes), abi.REFUSED_BASE);
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
      this.#pass(now);
      this.#guarded(() => this.#take(input));
    }
  }

  /** Time goes forward only: an earlier `now` counts as none. */
  #pass(now: number): void {
    const at = (now + this.#aheadMs) >>> 0;
    const passedMs = (at - this.#lastAt) | 0;
    if (passedMs < 0) return;
    this.#elapsedMs += passedMs;
    this.#lastAt = at;
  }

  #begin(now: number, call: () => void): void {
    this.#lastAt = (now + this.#aheadMs) >>> 0;
    this.#mode = "running";
    this.#guarded(call);
    this.#takeWaiting();
  }

  #take(input: Input): void {
    const now = this.#lastAt;
    switch (input.kind) {
      case "tick":
        this.core.wake(now);
        break;
      case "datagram":
        this.#receive(input.source, input.bytes, now);
        break;
      case "failed":
        this.core.failed(input.server, now);
        break;
      case "flow":
        this.core.flow(input.server, input.flow, input.state, now);
        break;
      case "command": {
        const [line, server] = [this.#line(input.line), this.#server(input.server)];
        if (input.command === "restart") this.#routes.clear();
        if (input.command === "stop") this.#stopping = true;
        this.core.command(COMMANDS[input.command], line, server, now);
        break;
      }
      case "bindingLost":
        this.core.command(abi.CMD_BINDING_LOST, this.#line(input.line), lossNumber(input.why), now);
        break;
      case "credentials": {
        const [line, server] = [this.#line(input.line), this.#server(input.server)];
        this.#instances.setup?.setCredentials(this.core, line, server, input.held);
        this.core.command(abi.CMD_CREDENTIALS, line, server, now);
        break;
      }
    }
  }

  #receive(source: Source, bytes: Uint8Array, now: number): void {
    const result = this.core.receive(sourceIndex(source), bytes, now);
    if (result === abi.NOT_MINE) this.#carry({ kind: "handBack", source, bytes });
  }

  /** Runs one call of the core and carries out what follows from it. */
  #guarded(call: () => void): void {
    this.#busy = true;
    try {
      this.#run(call);
    } catch (error) {
      this.#trapped(error);
    } finally {
      this.#busy = false;
    }
  }

  #run(call: () => void): void {
    call();
    this.#drain();
    if (!this.#stopping) this.#instances.keep();
  }

  /** Looks at the core between two inputs; within one a trap is that of the input. */
  #ask<T>(look: (core: Core) => T, otherwise: T): T {
    if (this.#mode === "faulty") return otherwise;
    if (this.#busy || this.#mode === "new") return look(this.core);
    let answer = otherwise;
    try {
      answer = look(this.core);
    } catch (error) {
      this.#guarded(() => {
        throw error;
      });
    }
    return answer;
  }

  /** Goes on in another instance, from the state before this input, or as after a boot; not for ever. */
  #trapped(first: unknown): void {
    const ways = [() => this.#instances.goOn(this.#lastAt), () => this.#startOver()];
    for (let error = first; ; ) {
      if (!isTrap(error)) throw error;
      const mayGoOn = this.#instances.trapped(this.#elapsedMs) && !this.#stopping;
      const way = mayGoOn ? ways.shift() : undefined;
      this.#tellFault(error, way !== undefined);
      if (way === undefined) return;
      try {
        this.#run(way);
        return;
      } catch (again) {
        error = again;
      }
    }
  }

  #tellFault(error: Error, goesOn: boolean): void {
    const t = this.#elapsedMs;
    const next = goesOn ? { next: { what: "restart", at: t } } : {};
    this.#carry({ kind: "event", event: { t, type: "fault", text: error.message, ...next } });
    if (goesOn) return;
    this.#mode = "faulty";
    this.#carry({ kind: "fault", error });
  }

  /** As a boot without memory; only the calls that are up are counted on. */
  #startOver(): void {
    const calls = this.#instances.callsUp();
    this.#instances.startOver(this.#lastAt);
    this.#routes.clear();
    for (const line of this.#warned)
      this.#tell({ t: this.#elapsedMs, type: "warningOff", line, reason: RESUMED });
    for (const [line, count] of calls.entries()) {
      for (let call = 0; call < count; call++) {
        this.#drain();
        this.core.command(abi.CMD_CALL_BEGIN, line, 0, this.#lastAt);
      }
    }
  }

  #drain(): void {
    for (;;) {
      const output = this.core.poll();
      if (output.kind === "event") this.#tell(this.#describe(output.record));
      else if (output.kind === "field") this.#routes.take(output.server, output.field, output.value);
      else {
        if (output.kind === "flow") this.#instances.setup?.noteTarget(output.server, output.target);
        this.#offerRoutes();
        this.#carry(output);
      }
      if (output.kind === "stopped") this.#mode = "stopped";
      if (output.kind === "sleep" || output.kind === "stopped") return;
    }
  }

  #offerRoutes(): void {
    for (const rank of this.#routes.changes()) {
      const server = this.names.servers[rank] ?? "";
      this.#carry({ kind: "routes", server, routes: this.#routes.of(rank) });
    }
  }

  #tell(event: PhoneEvent): void {
    if (event.type === "warningOn") this.#warned.add(event.line ?? "");
    if (event.type === "warningOff") this.#warned.delete(event.line ?? "");
    if (event.line !== undefined) {
      const earlier = this.#decisions.get(event.line) ?? [];
      this.#decisions.set(event.line, [event, ...earlier].slice(0, DECISIONS_KEPT));
    }
    this.#carry({ kind: "event", event });
  }

  #describe(record: Parameters<typeof describe>[0]): PhoneEvent {
    const agoMs = Math.max((this.#lastAt - record.at) | 0, 0);
    return describe(record, this.#elapsedMs - agoMs, this.names);
  }

  #line(name: string | undefined): number {
    if (name === undefined) return abi.LINE_ALL;
    return indexOf(this.names.lines, name, "line");
  }

  #server(name: string | undefined): number {
    if (name === undefined) return 0;
    return indexOf(this.names.servers, name, "server");
  }
}

function indexOf(names: readonly string[], name: string, what: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new RangeError(`no ${what} "${name}"; there are ${names.join(", ")}`);
  return index;
}

function sourceIndex(source: Source): number {
  if (source === "listed") return abi.SERVER_LISTED;
  return source === "foreign" ? abi.SERVER_NONE : source;
}
