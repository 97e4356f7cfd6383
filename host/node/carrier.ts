// One phone on this machine: the agent with sockets, a clock and names behind it.
//
// It finds the servers, takes a port, feeds the core what comes in and carries out what it says.
// A server whose name has no address fails like any other that cannot be reached, and is asked for
// again at each try: a dead name server must not keep a phone from its backup.
// Below: host/core, flows.ts, clock.ts, dns/locator.ts. Above: host/index.ts.
import * as abi from "../../assembly/abi.ts";
import type { PhoneConfig } from "../config/model.ts";
import { Agent, type Input, type Output, type Source } from "../core/agent.ts";
import type { Core } from "../core/core.ts";
import type { PhoneEvent } from "../core/events.ts";
import type { Place } from "../core/setup.ts";
import { type Fit, ownerOf, readSnapshot, type Snapshot, writeSnapshot } from "../core/snapshot.ts";
import type { RouteSet } from "../sip/routes.ts";
import { refusalIn } from "../sip/warning.ts";
import type { Endpoint } from "./address.ts";
import { after, monotonicMs, NodeClock } from "./clock.ts";
import { Locator, soughtIn } from "./dns/locator.ts";
import { type Lookup, namesOf } from "./dns/names.ts";
import { HostError } from "./error.ts";
import { Flows } from "./flows.ts";
import { bootSeed, deviceName, machineName } from "./identity.ts";
import { Memory } from "./memory.ts";
import { type Withheld, without } from "./rests.ts";
import { SnapshotFile } from "./snapshot-file.ts";
import { readAuthorities } from "./tls.ts";

export interface CarrierOptions {
  readonly config: PhoneConfig;
  /** Makes an instance of the module: the first one, and another after each trap. */
  readonly load: () => Core;
  /** SHA-256 of the module. */
  readonly moduleHash: Uint8Array;
  readonly userAgent: string;
  readonly lookup?: Lookup;
  /** File that remembers over a crash where we may still be bound. */
  readonly stateFile?: string;
  /** What snapshot() gave in an earlier run. */
  readonly snapshot?: Uint8Array;
  /** File that keeps a snapshot over a crash. */
  readonly snapshotFile?: string;
  readonly report: (report: Report) => void;
}

/** What the carrier tells. It comes after the core has been served, never from within one of its calls. */
export type Report =
  | { readonly kind: "event"; readonly event: PhoneEvent }
  /** A message for the phone's own SIP stack; `server` is its rank when it came from one of the set. */
  | {
      readonly kind: "datagram";
      readonly bytes: Uint8Array;
      readonly from: Endpoint;
      readonly server: number | undefined;
    }
  /** A server names another way for the requests of the phone's own SIP stack. */
  | { readonly kind: "routes"; readonly server: string; readonly routes: RouteSet }
  /** What a server says in words beside an answer that refuses. RFC 3261 §20.43. */
  | { readonly kind: "refusal"; readonly server: string; readonly text: string }
  /** A remark for people. */
  | { readonly kind: "notice"; readonly text: string }
  /** Sockets and timers are closed; nothing comes any more. */
  | { readonly kind: "closed" };

export class Carrier {
  readonly agent: Agent;
  readonly #options: CarrierOptions;
  readonly #clock = new NodeClock();
  /** Servers whose packets are dropped here. */
  readonly #cut = new Set<number>();
  readonly #locator: Locator;
  #flows: Flows | undefined;
  #memory: Memory | undefined;
  readonly #fit: Fit;
  #snapshots: SnapshotFile | undefined;
  /** Each ends the wait for credentials that rest. */
  readonly #rests = new Map<string, () => void>();
  #closed = false;
  /** Where the message that is being fed came from. */
  #from: Endpoint = { address: "", port: 0 };
  #startedMs = 0;
  #instance = "";
  #startedAt: Date | undefined;

  constructor(options: CarrierOptions) {
    this.#options = options;
    const { config, lookup, load, moduleHash: module, userAgent } = options;
    this.agent = new Agent(load(), (output) => this.#carry(output), { load, seed: bootSeed });
    this.#fit = { module, owner: ownerOf(config, `${machineName()} ${userAgent}`) };
    this.#locator = new Locator({
      servers: soughtIn(config),
      ask: namesOf({ nameServers: config.dns?.nameServers ?? [], ...(lookup && { lookup }) }),
      timing: { now: monotonicMs, after },
      onChange: (server) => void this.#moveTargets(server),
      onNotice: (text) => this.#tell({ kind: "notice", text }),
    });
  }

  /** Wall-clock time of the start; undefined before. */
  get startedAt(): Date | undefined {
    return this.#startedAt;
  }

  /** Since the start, ms. */
  get elapsedMs(): number {
    return this.#startedAt ? performance.now() - this.#startedMs : 0;
  }

  /** Stable name of this device: 8 hex digits; "" before the start. */
  get instance(): string {
    return this.#instance;
  }

  get localPort(): number {
    return this.#flows?.localPort ?? 0;
  }

  /** Where the server of that rank is; undefined while its name has no address. */
  endpointOf(server: number): Endpoint | undefined {
    return this.#flows?.endpointOf(server);
  }

  /**
   * Finds the servers, opens, configures and starts.
   * @throws HostError when no server exists by name, or no port is free; nothing is left open
   */
  async start(): Promise<void> {
    const { config, userAgent } = this.#options;
    const ca = config.tlsCaFile === undefined ? undefined : readAuthorities(config.tlsCaFile);
    await this.#locator.start();
    const earlier = this.#earlierSnapshot();
    const flows = await Flows.open({
      servers: config.servers,
      targets: config.servers.map((_, server) => this.#locator.endpointsOf(server)),
      local: config.local,
      ...(earlier && { earlierPort: earlier.localPort }),
      ca,
      acceptList: config.acceptList,
      frame: (bytes) => this.agent.frame(bytes),
      onHeard: (source, bytes, from) => this.#hear(source, bytes, from),
      onFlow: (server, flow, state) => this.#tellFlow(server, flow, state),
      onFailure: (server) => this.feed({ kind: "failed", server }),
      isCut: (server) => this.#cut.has(server),
      onRemark: (text) => this.#tell({ kind: "notice", text }),
    });
    this.#flows = flows;
    if (this.#closed) return flows.close();
    this.#memory = this.#openMemory();
    const places = config.servers.map((_, server) => this.#firstPlaceOf(server, flows));
    const name = deviceName(flows.localPort);
    this.#instance = this.#memory?.instance(earlier?.instance ?? name) ?? earlier?.instance ?? name;
    const identity = { seed: bootSeed(), instance: this.#instance, userAgent };
    const withheld = this.#memory?.withheld() ?? [];
    this.agent.configure(without(config, withheld), places, identity);
    for (const server of places.keys()) void this.#takeTargets(server, flows);
    this.#startedAt = new Date();
    this.#startedMs = performance.now();
    if (earlier) this.#goOn(earlier);
    else this.agent.start(this.#clock.now());
    for (const one of withheld) this.#release(one);
  }

  /** The state now, for a later run; undefined before the start and since the order to stop. */
  snapshot(): Uint8Array | undefined {
    const taken = this.#take();
    return taken && writeSnapshot(taken, this.#fit);
  }

  feed(input: Input): void {
    if (input.kind === "credentials") this.#rests.get(keyOf(input))?.(); // these are newer
    if (this.#startedAt && !this.#closed) this.agent.feed(input, this.#clock.now());
  }

  /** The network of this machine is there again: our own address may be another one now. */
  async linkUp(): Promise<void> {
    await this.#flows?.reconnect();
    for (const server of this.#options.config.servers.keys()) this.#placeAgain(server);
    this.feed({ kind: "command", command: "linkUp" });
    void this.#locator.askAll();
  }

  async sendTo(to: Endpoint, bytes: Uint8Array): Promise<void> {
    if (!this.#flows) throw new HostError("state", "nothing can be sent before the start");
    await this.#flows.sendTo(to, bytes);
  }

  /** Our own "address:port" towards that server, IPv6 in brackets. */
  localTowards(server: number): string {
    return this.#flows?.placeOf(server).local ?? "";
  }

  /** Sends what is not the core's to a server of the set; what fails is as lost as any datagram. */
  sendBeside(server: number, bytes: Uint8Array): void {
    const to = this.endpointOf(server);
    if (to && !this.#cut.has(server)) this.sendTo(to, bytes).catch(() => {});
  }

  /** Drops the packets of one server in both directions, or lets them pass again. */
  cut(server: number, off: boolean): void {
    if (off) this.#cut.add(server);
    else this.#cut.delete(server);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clock.cancel();
    for (const end of this.#rests.values()) end();
    this.#locator.close();
    this.#snapshots?.flush();
    this.#flows?.close();
    this.#tell({ kind: "closed" });
  }

  #take(): Snapshot | undefined {
    const { image } = this.agent;
    return image && { image, instance: this.#instance, localPort: this.localPort };
  }

  /** What an earlier run has left, where it is of use. */
  #earlierSnapshot(): Snapshot | undefined {
    const { snapshot, snapshotFile: path } = this.#options;
    const notice = (text: string): void => this.#tell({ kind: "notice", text });
    if (path !== undefined)
      this.#snapshots = new SnapshotFile({ path, fit: this.#fit, take: () => this.#take(), notice });
    if (snapshot === undefined) return this.#snapshots?.read();
    try {
      return readSnapshot(snapshot, this.#fit);
    } catch (error) {
      notice(`the snapshot: ${(error as Error).message}; the phone starts without it`);
      return undefined;
    }
  }

  #goOn({ image }: Snapshot): void {
    this.agent.resume(image, this.#clock.now());
    for (const { line, calls } of this.agent.lines()) {
      if (calls === 0) continue;
      const text = `${line}: the snapshot counts ${calls} calls; end those that are over, or the line does not go back`;
      this.#tell({ kind: "notice", text });
    }
  }

  #openMemory(): Memory | undefined {
    const { stateFile: path, config } = this.#options;
    const notice = (text: string): void => this.#tell({ kind: "notice", text });
    return path === undefined ? undefined : new Memory({ path, config, device: machineName(), notice });
  }

  /** The place at the start: what an earlier run left bound is removed, where the phone removes anything. */
  #firstPlaceOf(server: number, flows: Flows): Place {
    const { servers, settings } = this.#options.config;
    const config = settings.removeLastRegistration ? servers[server] : undefined;
    const earlierContact = config && this.#memory?.earlierContact(config);
    return { ...flows.placeOf(server), ...(earlierContact !== undefined && { earlierContact }) };
  }

  /** Gives credentials that an earlier run saw refused to the core when their rest is over. */
  #release(one: Withheld): void {
    const { line, server, held, forMs } = one;
    const span = `${Math.ceil(forMs / 1000)} s`;
    const text = `${line}: ${server} refused its password in an earlier run; it is not sent again for ${span}`;
    this.#tell({ kind: "notice", text });
    const free = after(forMs, () => this.feed({ kind: "credentials", line, server, held }));
    this.#rests.set(keyOf(one), free);
  }

  #remember(): void {
    this.#memory?.settle(this.agent.lines(), (server) => this.agent.contact(server));
  }

  /** Tells the core where a server is now, and where we are towards it. */
  #placeAgain(server: number): void {
    if (this.#flows && !this.#closed) this.agent.place(server, this.#flows.placeOf(server));
  }

  readonly #tick = (): void => this.feed({ kind: "tick" });

  #carry(output: Output): void {
    switch (output.kind) {
      case "send":
        this.#locator.need(output.server);
        this.#flows?.send(output.server, output.bytes);
        return;
      case "flow":
        this.#locator.need(output.server);
        this.#flows?.open(output.server, output.target, output.flow);
        this.#placeAgain(output.server);
        this.#locator.use(output.server, output.target);
        return;
      case "event":
        this.#memory?.note(output.event, this.agent.lines());
        this.#tell({ kind: "event", event: output.event });
        return;
      case "routes":
        this.#tell(output);
        return;
      case "handBack":
        this.#tell({
          kind: "datagram",
          bytes: output.bytes,
          from: this.#from,
          server: typeof output.source === "number" ? output.source : undefined,
        });
        return;
      case "sleep":
        this.#remember();
        this.#snapshots?.note();
        if (Number.isFinite(output.forMs)) this.#clock.wake(output.forMs, this.#tick);
        else this.#clock.cancel();
        return;
      case "stopped":
        this.#remember();
        this.#snapshots?.remove();
        this.close();
        return;
      case "fault":
        this.#snapshots?.remove();
        this.close();
    }
  }

  #hear(source: Source, bytes: Uint8Array, from: Endpoint): void {
    this.#from = from;
    this.#tellRefusal(source, bytes);
    this.feed({ kind: "datagram", source, bytes });
  }

  /** Words of a server for people; over UDP anybody may have sent them. */
  #tellRefusal(source: Source, bytes: Uint8Array): void {
    const server = typeof source === "number" ? this.#options.config.servers[source] : undefined;
    const text = server === undefined || server.transport === "udp" ? "" : refusalIn(bytes);
    if (text !== "") this.#tell({ kind: "refusal", server: server?.name ?? "", text });
  }

  #tellFlow(server: number, flow: number, state: number): void {
    if (state === abi.FLOW_UP) this.#placeAgain(server);
    this.feed({ kind: "flow", server, flow, state });
  }

  /** A server has other addresses now. */
  async #moveTargets(server: number): Promise<void> {
    if (!this.#flows || !this.#startedAt) return; // the start takes them
    const { servers } = this.#options.config;
    const wasNowhere = servers.every((_, rank) => !this.endpointOf(rank));
    const addresses = this.#locator.endpointsOf(server).map(({ address }) => address);
    this.#tell({ kind: "notice", text: `${servers[server]?.name}: found at ${addresses.join(", ")}` });
    await this.#takeTargets(server, this.#flows);
    this.#placeAgain(server);
    if (wasNowhere) this.feed({ kind: "command", command: "refresh" });
  }

  /** Hands the addresses of a server on. The flow in use is not touched. */
  async #takeTargets(server: number, flows: Flows): Promise<void> {
    const targets = this.#locator.endpointsOf(server);
    if (targets.length === 0) return;
    const placed = flows.place(server, targets);
    this.agent.targets(server, targets.length, this.#locator.currentOf(server));
    await placed;
  }

  /** Listeners may throw or order something: neither may happen inside a call of the core. */
  #tell(report: Report): void {
    queueMicrotask(() => this.#options.report(report));
  }
}

function keyOf({ line, server }: { readonly line: string; readonly server: string }): string {
  return `${line} ${server}`;
}
