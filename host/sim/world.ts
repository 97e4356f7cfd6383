// A phone, its servers and the network between them, in virtual time.
//
// The phone is the shipped module under the agent; the servers are those of host/pbx. The world jumps
// from one moment that matters to the next. Within one moment servers change first, then the host
// acts, then datagrams arrive, and only then the phone is told that its time has come. Nothing here
// draws at random but the phone, from its seed: the same options give the same trace.
// Below: core/agent.ts, pbx/server.ts, scenario.ts. Above: whatif.ts, tests.

import * as abi from "../../assembly/abi.ts";
import type { PhoneConfig } from "../config/model.ts";
import { Agent, type Output, type Source } from "../core/agent.ts";
import type { CommandName, PhoneEvent } from "../core/events.ts";
import { type CompiledModule, load, type Wrap } from "../core/load.ts";
import type { ServerVerb } from "../pbx/faults.ts";
import type { PbxServer } from "../pbx/server.ts";
import type { Endpoint } from "../sip/message.ts";
import { Queue } from "./queue.ts";
import type { Action, Step } from "./scenario.ts";
import { seedBytes } from "./seed.ts";
import { buildServers, phoneTowards, placesOf } from "./servers.ts";
import { type LineSummary, Service } from "./service.ts";
import { Streams } from "./streams.ts";
import { eventLine, failureLine, flowLine, packetLine, stepLine } from "./trace.ts";

export interface WorldOptions {
  readonly module: Uint8Array | CompiledModule;
  readonly config: PhoneConfig;
  readonly steps?: readonly Step[];
  /** Whatever the phone draws comes from it; default 1. */
  readonly seed?: number;
  /** What the clock of the core shows at 0, ms: near 2^32 it wraps in the middle of a run. */
  readonly clockAtMs?: number;
  /** Stands before the module, and may record it. */
  readonly wrap?: Wrap;
  /** Sees each packet when it leaves, and may inject others. */
  readonly tap?: (packet: Packet, world: World) => void;
  /** Sees everything of a run as it happens. */
  readonly watch?: Watch;
}

/** Called at each thing that happens; all may be left out. */
export interface Watch {
  /** A step of the scenario was carried out. */
  step?(step: Step, world: World): void;
  /** A packet left. */
  packet?(packet: Packet, world: World): void;
  /** An answer reached the phone. */
  arrived?(packet: Packet, world: World): void;
  /** The phone told something. */
  told?(event: PhoneEvent, world: World): void;
  /** A moment is over: nothing more happens in it. */
  moment?(world: World): void;
}

/** One datagram on the virtual wire, or a message on a virtual stream. */
export interface Packet {
  /** When it left, ms. */
  readonly at: number;
  readonly from: "phone" | "server";
  readonly server: string;
  readonly bytes: Uint8Array;
}

/** More turns than this in one moment: phone and servers chase each other for ever. */
const TURNS_MAX = 100_000;

/** Within one moment: servers change, the phone starts, the host acts, datagrams arrive. */
const [SERVERS_CHANGE, PHONE_STARTS, HOST_ACTS, DATAGRAM_ARRIVES] = [0, 1, 2, 3] as const;

export class World {
  readonly agent: Agent;
  readonly servers: ReadonlyMap<string, PbxServer>;
  readonly events: PhoneEvent[] = [];
  readonly packets: Packet[] = [];
  readonly trace: string[] = [];
  /** Datagrams the phone handed back as meant for its own SIP stack. */
  readonly handedBack: Uint8Array[] = [];
  /** When the phone had removed its bindings and ended, ms. */
  stoppedAt: number | undefined;
  /** The phone as servers see it, when a NAT lies between them. */
  publicEndpoint: Endpoint | undefined;
  readonly #options: WorldOptions;
  readonly #service: Service;
  readonly #due = new Queue();
  readonly #streams = new Streams();
  #now = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  #linkUp = true;

  constructor(options: WorldOptions) {
    const { config, module, steps = [], seed = 1 } = options;
    this.#options = options;
    this.servers = buildServers(config);
    this.#service = new Service(config.lines.map(({ number }) => number));
    this.agent = new Agent(load(module, options.wrap), (output) => this.#carry(output));
    const identity = { seed: seedBytes(seed), instance: "0a0b0c0d", userAgent: "standfast" };
    this.agent.configure(config, placesOf(config), identity);
    this.#plan(0, PHONE_STARTS, () => this.agent.start(this.#clock));
    for (const step of steps) {
      const rank = step.action.kind === "server" ? SERVERS_CHANGE : HOST_ACTS;
      this.#plan(step.atMs, rank, () => this.#play(step));
    }
  }

  /** Time since the start, ms. */
  get now(): number {
    return this.#now;
  }

  /** Who was served, and when not, up to now. */
  get summary(): readonly LineSummary[] {
    return this.#service.summary(this.#now);
  }

  /** Does something at a moment to come, after what the scenario does then. */
  at(atMs: number, act: (world: World) => void): this {
    this.#plan(atMs, HOST_ACTS, () => act(this));
    return this;
  }

  /** Lets a datagram arrive at the phone after a delay, from a server of the set or from elsewhere. */
  inject(bytes: Uint8Array, from: string | "listed" | "foreign", delayMs = 0): void {
    const rank = this.#rankOf(from);
    const source: Source = from === "listed" || from === "foreign" ? from : rank;
    this.#plan(this.#now + delayMs, DATAGRAM_ARRIVES, () => this.#arrive(from, source, bytes));
  }

  /** Gives the phone a command now. */
  command(command: CommandName, line?: string, server?: string): void {
    const names = { ...(line !== undefined && { line }), ...(server !== undefined && { server }) };
    this.agent.feed({ kind: "command", command, ...names }, this.#clock);
  }

  /** Runs on up to and including `untilMs`. */
  runTo(untilMs: number): this {
    for (;;) {
      const next = Math.min(this.#due.first?.at ?? Number.POSITIVE_INFINITY, this.#wakeAt);
      if (next > untilMs) break;
      this.#now = next;
      this.#settle();
      this.#service.look(next, (server, line) => this.#serves(server, line));
      this.#options.watch?.moment?.(this);
    }
    this.#now = untilMs;
    return this;
  }

  get #clock(): number {
    return this.#now + (this.#options.clockAtMs ?? 0);
  }

  /** One moment: everything that has come in, then what is due, until nothing is left. */
  #settle(): void {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const { first } = this.#due;
      if (first !== undefined && first.at <= this.#now) {
        this.#due.take()?.run();
      } else if (this.#wakeAt <= this.#now) {
        this.#wakeAt = Number.POSITIVE_INFINITY;
        this.agent.feed({ kind: "tick" }, this.#clock);
      } else return;
    }
    throw new Error(
      `at ${this.#now} ms phone and servers never come to rest; trace ends with\n${this.trace.slice(-10).join("\n")}`,
    );
  }

  #plan(at: number, rank: number, run: () => void): void {
    if (at < this.#now) throw new RangeError(`${at} ms has passed; it is ${this.#now} ms`);
    this.#due.add({ at, rank, run });
  }

  #play(step: Step): void {
    this.trace.push(stepLine(this.#now, step.text));
    this.#act(step.action);
    this.#options.watch?.step?.(step, this);
  }

  #act(action: Action): void {
    switch (action.kind) {
      case "server":
        this.#change(action.server, action.verb);
        break;
      case "call":
        this.command(action.begins ? "callBegin" : "callEnd", action.line);
        break;
      case "link":
        this.#linkUp = action.up;
        this.command(action.up ? "linkUp" : "linkDown");
        break;
      case "host":
        this.command(action.verb, action.line, action.server);
        break;
    }
  }

  #change(name: string, verb: ServerVerb): void {
    const pbx = this.servers.get(name);
    if (pbx === undefined) return;
    pbx.apply(verb);
    const rank = this.#rankOf(name);
    const flow = this.#streams.reset(rank, pbx, verb.kind === "restarts");
    if (flow !== undefined) this.#planFlow(rank, flow, abi.FLOW_LOST);
  }

  #carry(output: Output): void {
    switch (output.kind) {
      case "send":
        this.#send(output.server, output.bytes);
        break;
      case "flow":
        this.#open(output.server, output.flow);
        break;
      case "event":
        this.events.push(output.event);
        this.trace.push(eventLine(output.event));
        this.#service.hear(output.event);
        this.#options.watch?.told?.(output.event, this);
        break;
      case "handBack":
        this.handedBack.push(output.bytes);
        break;
      case "sleep":
        this.#wakeAt = this.#now + output.forMs;
        break;
      case "stopped":
        this.stoppedAt = this.#now;
        this.trace.push(stepLine(this.#now, "phone stops"));
        this.#wakeAt = Number.POSITIVE_INFINITY;
        break;
      case "fault":
        throw output.error;
    }
  }

  /** From the phone to a server; what comes back is planned. */
  #send(rank: number, bytes: Uint8Array): void {
    const { config } = this.#options;
    const server = config.servers[rank];
    const pbx = this.servers.get(server?.name ?? "");
    if (server === undefined || pbx === undefined) throw new Error(`the phone sent to server ${rank}`);
    this.#note({ at: this.#now, from: "phone", server: server.name, bytes });
    if (!this.#linkUp) return;
    const source = this.publicEndpoint ?? phoneTowards(config, server);
    const outcome = pbx.handle(bytes, source, this.#now);
    if (outcome.kind === "refused") {
      this.#plan(this.#now, DATAGRAM_ARRIVES, () => this.#refuse(server.name, rank));
    } else if (outcome.kind === "answered") {
      for (const { to, bytes } of outcome.replies) {
        if (to.address !== source.address || to.port !== source.port) continue;
        this.#note({ at: this.#now, from: "server", server: server.name, bytes });
        this.inject(bytes, server.name, outcome.delayMs);
      }
    }
  }

  #open(rank: number, flow: number): void {
    const server = this.#options.config.servers[rank];
    const pbx = this.servers.get(server?.name ?? "");
    if (server === undefined || pbx === undefined || server.transport === "udp" || !this.#linkUp) return;
    const state = this.#streams.open(rank, flow, pbx);
    if (state !== undefined) this.#planFlow(rank, flow, state);
  }

  #planFlow(server: number, flow: number, state: number): void {
    this.#plan(this.#now, DATAGRAM_ARRIVES, () => {
      if (!this.#linkUp) return;
      this.trace.push(flowLine(this.#now, this.#options.config.servers[server]?.name ?? "", state));
      this.agent.feed({ kind: "flow", server, flow, state }, this.#clock);
    });
  }

  #note(packet: Packet): void {
    this.packets.push(packet);
    if (packet.from === "phone") {
      this.trace.push(packetLine(packet.at, ">", packet.server, packet.bytes));
    }
    this.#options.tap?.(packet, this);
    this.#options.watch?.packet?.(packet, this);
  }

  #arrive(from: string, source: Source, bytes: Uint8Array): void {
    if (!this.#linkUp) return;
    this.trace.push(packetLine(this.#now, "<", from, bytes));
    this.#options.watch?.arrived?.({ at: this.#now, from: "server", server: from, bytes }, this);
    this.agent.feed({ kind: "datagram", source, bytes }, this.#clock);
  }

  #refuse(name: string, rank: number): void {
    if (!this.#linkUp) return;
    this.trace.push(failureLine(this.#now, name));
    this.agent.feed({ kind: "failed", server: rank }, this.#clock);
  }

  #rankOf(name: string): number {
    return this.#options.config.servers.findIndex((server) => server.name === name);
  }

  #serves(server: string, line: string): boolean {
    return this.#linkUp && this.servers.get(server)?.serves(line, this.#now) === true;
  }
}
