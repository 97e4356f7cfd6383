// A phone, its servers and the network between them, in virtual time.
//
// The phone is the shipped module under the agent; the servers are those of host/pbx. The world jumps
// from one moment that matters to the next. Within one moment servers and network change first, then the
// host acts, then packets arrive, and only then the phone is told that its time has come. All that is drawn,
// by the phone and by a bad network, comes from one seed: the same options give the same trace.
// Below: phone.ts, wire.ts, journal.ts, scenario.ts. Above: whatif.ts, tests.

import type { PhoneConfig } from "../config/model.ts";
import type { Agent, Output, Source } from "../core/agent.ts";
import type { CommandName, PhoneEvent } from "../core/events.ts";
import type { CompiledModule, Wrap } from "../core/load.ts";
import type { ServerVerb } from "../pbx/faults.ts";
import type { PbxServer } from "../pbx/server.ts";
import type { Endpoint } from "../sip/message.ts";
import { Journal, type Packet, type Watch } from "./journal.ts";
import { Network, type NetworkVerb } from "./network.ts";
import { Phone } from "./phone.ts";
import { Random } from "./random.ts";
import type { Step } from "./scenario.ts";
import { HOST_ACTS, PACKET_ARRIVES, PHONE_STARTS, Schedule, WORLD_CHANGES } from "./schedule.ts";
import { buildServers, phoneTowards } from "./servers.ts";
import { type LineSummary, Service } from "./service.ts";
import type { Action, DeviceVerb } from "./verbs.ts";
import { Wire } from "./wire.ts";

export type { Packet, Watch } from "./journal.ts";

export interface WorldOptions {
  readonly module: Uint8Array | CompiledModule;
  readonly config: PhoneConfig;
  readonly steps?: readonly Step[];
  /** Whatever the phone and the network draw comes from it; default 1. */
  readonly seed?: number;
  /** What the clock of the core shows at 0, ms: near 2^32 it wraps in the middle of a run. */
  readonly clockAtMs?: number;
  /** Stands before the module, and may record it. */
  readonly wrap?: Wrap;
  /** Goes on after a trap, as a host does; otherwise a trap ends the run with an Error. */
  readonly survivesTraps?: boolean;
  /** Keeps no events, no packets and no trace: whoever watches sees them all the same. */
  readonly isQuiet?: boolean;
  /** Sees all that happens, and may inject packets. */
  readonly watch?: Watch;
}

/** More turns than this in one moment: phone and servers chase each other for ever. */
const TURNS_MAX = 100_000;

export class World {
  readonly servers: ReadonlyMap<string, PbxServer>;
  /** Datagrams the phone handed back as meant for its own SIP stack. */
  readonly handedBack: Uint8Array[] = [];
  /** When the phone had removed its bindings and ended, ms. */
  stoppedAt: number | undefined;
  /** The phone as servers see it, when a NAT lies between them. */
  publicEndpoint: Endpoint | undefined;
  readonly #config: PhoneConfig;
  readonly #journal: Journal;
  readonly #network: Network;
  readonly #phone: Phone;
  readonly #schedule = new Schedule();
  readonly #service: Service;
  readonly #wire: Wire;
  readonly #survivesTraps: boolean;
  #linkUp = true;

  constructor(options: WorldOptions) {
    const {
      config,
      module,
      wrap,
      steps = [],
      seed = 1,
      clockAtMs = 0,
      watch = {},
      isQuiet = false,
      survivesTraps = false,
    } = options;
    this.#survivesTraps = survivesTraps;
    const [schedule, names] = [this.#schedule, config.servers.map(({ name }) => name)];
    const random = new Random(seed);
    this.#config = config;
    this.servers = buildServers(config);
    this.#journal = new Journal(this, watch, isQuiet);
    this.#service = new Service(config.lines.map(({ number }) => number));
    this.#network = new Network(names, new Random(random.below(2 ** 32)), (name) => this.#own(name));
    this.#wire = this.#buildWire();
    const [now, carry] = [() => schedule.now, (output: Output) => this.#carry(output)];
    this.#phone = new Phone({ module, wrap, config, seed, random, clockAtMs, now, carry });
    schedule.plan(0, PHONE_STARTS, () => this.#phone.start());
    for (const step of steps) {
      schedule.plan(step.atMs, rankOf(step.action), () => this.#play(step));
    }
  }

  get agent(): Agent {
    return this.#phone.agent;
  }

  get events(): readonly PhoneEvent[] {
    return this.#journal.events;
  }

  get packets(): readonly Packet[] {
    return this.#journal.packets;
  }

  get trace(): readonly string[] {
    return this.#journal.trace;
  }

  /** Time since the start, ms. */
  get now(): number {
    return this.#schedule.now;
  }

  /** Who was served, and when not, up to now. */
  get summary(): readonly LineSummary[] {
    return this.#service.summary(this.now);
  }

  /** Whether a caller could reach that line through that server at this moment. */
  serves(server: string, line: string): boolean {
    if (!this.#isListening || !this.#network.isOpen(server)) return false;
    const isAlive = ({ uri }: { uri: { host: string; port: number } }): boolean =>
      !this.#network.isStale(server, `${uri.host}:${uri.port}`);
    return this.servers.get(server)?.serves(line, this.now, isAlive) === true;
  }

  /** Does something at a moment to come, after what the scenario does then. */
  at(atMs: number, act: (world: World) => void): this {
    this.#schedule.plan(atMs, HOST_ACTS, () => act(this));
    return this;
  }

  /** Lets a datagram arrive at the phone after a delay, from a server of the set or from elsewhere. */
  inject(bytes: Uint8Array, from: string | "listed" | "foreign", delayMs = 0): void {
    const rank = this.#config.servers.findIndex((server) => server.name === from);
    const source: Source = from === "listed" || from === "foreign" ? from : rank;
    this.#schedule.plan(this.now + delayMs, PACKET_ARRIVES, () =>
      this.#arrive(source, { at: this.now, from: "server", server: from, bytes }),
    );
  }

  /** Gives the phone a command now. */
  command(command: CommandName, line?: string, server?: string): void {
    const names = { ...(line !== undefined && { line }), ...(server !== undefined && { server }) };
    this.#phone.feed({ kind: "command", command, ...names });
  }

  /** The phone's instance is lost now, as by a trap; another one goes on from its last state. */
  crash(): void {
    this.#phone.crash();
  }

  /** Runs on up to and including `untilMs`. */
  runTo(untilMs: number): this {
    for (;;) {
      const next = Math.min(this.#schedule.nextAt, this.#phone.wakeAt);
      if (next > untilMs) break;
      this.#schedule.goTo(next);
      this.#settle();
      this.#service.look(next, (server, line) => this.serves(server, line));
      this.#journal.moment();
    }
    this.#schedule.goTo(untilMs);
    return this;
  }

  /** One moment: everything that has come in, then what is due, until nothing is left. */
  #settle(): void {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      if (this.#schedule.runNext()) continue;
      if (this.#phone.wakeAt > this.now) return;
      this.#phone.wake();
    }
    throw new Error(
      `at ${this.now} ms phone and servers never come to rest; trace ends with\n${this.trace.slice(-10).join("\n")}`,
    );
  }

  #play(step: Step): void {
    this.#journal.note(this.now, step.text);
    this.#act(step.action);
    this.#journal.step(step);
  }

  #act(action: Action): void {
    switch (action.kind) {
      case "server":
        this.#change(action.server, action.verb);
        break;
      case "network":
        this.#disturb(action.verb, action.server);
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
      case "device":
        this.#treat(action.verb);
        break;
    }
  }

  #change(name: string, verb: ServerVerb): void {
    this.servers.get(name)?.apply(verb);
    this.#wire.changed(name, verb.kind === "restarts");
  }

  #disturb(verb: NetworkVerb, server?: string): void {
    this.#network.apply(verb, server);
    if (verb.kind === "rebind") this.#wire.forget(server);
  }

  #treat(verb: DeviceVerb): void {
    switch (verb.kind) {
      case "suspend": {
        const untilMs = this.now + verb.forMs;
        this.#phone.suspend(untilMs);
        this.#schedule.plan(untilMs, HOST_ACTS, () => this.#phone.resume());
        break;
      }
      case "copy":
        this.#phone.copy();
        break;
      case "crash":
        this.crash();
        break;
      case "reboot":
        this.#wire.close();
        this.#service.forget();
        this.stoppedAt = undefined;
        this.#network.move(() => this.#phone.reboot());
        if (!this.#linkUp) this.command("linkDown");
        break;
    }
  }

  #carry(output: Output): void {
    switch (output.kind) {
      case "send":
        this.#wire.send(output.server, output.bytes);
        break;
      case "flow":
        this.#wire.open(output.server, output.flow);
        break;
      case "event":
        if (output.event.type === "fault" && !this.#survivesTraps)
          throw new Error(`the core trapped: ${output.event.text}`);
        this.#journal.event(output.event);
        this.#service.hear(output.event);
        break;
      case "handBack":
        this.handedBack.push(output.bytes);
        break;
      case "stopped":
        this.stoppedAt = this.now;
        this.#journal.note(this.now, "phone stops");
        break;
      case "fault":
        throw output.error;
    }
  }

  #buildWire(): Wire {
    return new Wire({
      config: this.#config,
      servers: this.servers,
      network: this.#network,
      schedule: this.#schedule,
      note: (packet) => this.#journal.packet(packet),
      phone: {
        isListening: () => this.#isListening,
        packet: (rank, packet) => this.#arrive(rank, packet),
        refused: (rank, name) => this.#refuse(rank, name),
        flow: (rank, name, flow, state) => this.#flow(rank, name, flow, state),
      },
    });
  }

  get #isListening(): boolean {
    return this.#linkUp && this.#phone.isAwake;
  }

  #arrive(source: Source, packet: Packet): boolean {
    if (!this.#isListening) return false;
    this.#journal.arrived({ ...packet, at: this.now });
    this.#phone.feed({ kind: "datagram", source, bytes: packet.bytes });
    return true;
  }

  #refuse(rank: number, name: string): boolean {
    if (!this.#isListening) return false;
    this.#journal.failure(this.now, name);
    this.#phone.feed({ kind: "failed", server: rank });
    return true;
  }

  #flow(server: number, name: string, flow: number, state: number): boolean {
    if (!this.#isListening) return false;
    this.#journal.flow(this.now, name, state);
    this.#phone.feed({ kind: "flow", server, flow, state });
    return true;
  }

  /** Where the phone is towards a server, before the network's NAT. */
  #own(name: string): Endpoint {
    const server = this.#config.servers.find((one) => one.name === name);
    if (server === undefined) throw new RangeError(`no server "${name}"`);
    return this.publicEndpoint ?? phoneTowards(server, this.#phone.port);
  }
}

function rankOf(action: Action): number {
  return action.kind === "server" || action.kind === "network" ? WORLD_CHANGES : HOST_ACTS;
}
