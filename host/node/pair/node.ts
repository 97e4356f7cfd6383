// One node of a pair on this machine: the store, the ports, the role, the line to the master and what they tell.
//
// It starts what there is, feeds the role with the health of its own line, and carries out what the role says. What a
// request is answered is decided in host/pbx/pair. Below: store.ts, listeners.ts, link.ts, upstream.ts, start-check.ts,
// http.ts. Above: host/cli/pair-run.ts.
import { randomBytes, X509Certificate } from "node:crypto";
import { shippedModule } from "../../module.ts";
import type { LinkCause } from "../../pbx/pair/cause.ts";
import type { Facts } from "../../pbx/pair/facts.ts";
import { House } from "../../pbx/pair/house.ts";
import { problemsIn } from "../../pbx/pair/problems.ts";
import { type Handled, PairServer, type Way } from "../../pbx/pair/server.ts";
import type { PairSettings } from "../../pbx/pair/settings.ts";
import { statusOf } from "../../pbx/pair/status.ts";
import type { ReadinessOptions } from "../../pbx/readiness/options.ts";
import type { ReadinessState } from "../../pbx/readiness/table.ts";
import { type RoleEvent, type RoleInput, StandbyRole } from "../../pbx/standby/role.ts";
import { wordsOf } from "../../pbx/standby/words.ts";
import type { Alarm, NodeStatus } from "../../pbx/status.ts";
import { after, every, monotonicMs } from "../clock.ts";
import type { Heard, Listener } from "../pbx-listen.ts";
import { type Control, openControl } from "./control.ts";
import { type Http, openHttp } from "./http.ts";
import { Link } from "./link.ts";
import { listen, sipPorts } from "./listeners.ts";
import { MasterSide } from "./master-side.ts";
import { NodeReadiness } from "./node-readiness.ts";
import { probeModule } from "./probes.ts";
import { idle, openReplication, type Replication, type ReplicationOptions } from "./replication.ts";
import type { NodeConfig } from "./settings-file.ts";
import { openStore, type Store } from "./store.ts";

/** One decision or change: a line of the log. */
export interface NodeEvent {
  /** Since the start, ms. */
  readonly t: number;
  readonly type: string;
  /** For people. */
  readonly text: string;
  readonly [data: string]: unknown;
}

/** How often problems are looked for without being called, ms. */
const LOOK_MS = 1000;
const DAY_MS = 86_400_000;

/** Whole ms: they are shown. */
function clock(): number {
  return Math.floor(monotonicMs());
}

export class PairNode {
  readonly settings: PairSettings;
  readonly #config: NodeConfig;
  readonly #store: Store;
  readonly #onEvent: (event: NodeEvent) => void;
  readonly #startedAt = clock();
  readonly #role: StandbyRole | undefined;
  readonly #house: House;
  readonly #server: PairServer;
  readonly #readiness: NodeReadiness;
  readonly #replicating: ReplicationOptions;
  readonly #link: Link | undefined;
  readonly #masterSide: MasterSide | undefined;
  readonly #certificateEndsAt: number;
  #listeners: readonly Listener[] = [];
  #replication: Replication;
  #http: Http | undefined;
  #control: Control | undefined;
  #forgetWake: () => void = () => {};
  #stopLooking: () => void = () => {};
  #lost: LinkCause | undefined = { kind: "down", text: "not registered at the master yet" };
  #master: Facts | undefined;
  #alarms: ReadonlyMap<string, Alarm & { readonly at: number }> = new Map();
  #isStarted = false;
  #isListening = false;
  /** Why it does not listen though it should, as it was told last. */
  #fault = "";
  #isStopping = false;
  #isClosed = false;

  private constructor(config: NodeConfig, store: Store, onEvent: (event: NodeEvent) => void) {
    const { settings, pbxPassword } = config;
    this.settings = settings;
    this.#config = config;
    this.#store = store;
    this.#onEvent = onEvent;
    const { directory, locations } = store;
    this.#certificateEndsAt = Date.parse(new X509Certificate(config.identity.certificate).validTo);
    if (settings.mode === "standby") this.#role = new StandbyRole(settings, this.#startedAt);
    this.#house = new House({ settings, pbxPassword, directory, locations, facts: () => this.#facts() });
    this.#server = new PairServer({
      settings,
      house: this.#house,
      locations,
      role: this.#role,
      key: randomBytes(16).toString("hex"),
    });
    this.#readiness = new NodeReadiness({
      config,
      store,
      server: this.#server,
      now: clock,
      tell: (type, text, data) => this.#tell(type, text, data),
      onReady: () => this.#becomeReady(),
    });
    this.#replicating = { config, store, now: clock, onChange: (type, text) => this.#tell(type, text) };
    this.#replication = idle(this.#replicating);
    if (settings.master === undefined) return;
    this.#link = this.#openLink();
    this.#masterSide = new MasterSide({
      config,
      instance: store.instance,
      locations,
      held: () => (this.#role?.name === "STANDBY" ? this.#house.users(clock()) : []),
      now: clock,
      onHandedBack: (user, isTaken) => {
        const what = isTaken ? "handed back to the master" : "dropped: the master does not take it";
        this.#tell("handedBack", `${user} ${what}`, { user, isTaken });
      },
    });
  }

  /**
   * Opens the store, then the ports, and begins.
   * @throws HostError "folder-in-use", "store", "port", "http"; nothing is left open
   */
  static async open(config: NodeConfig, onEvent: (event: NodeEvent) => void): Promise<PairNode> {
    const { settings, dataFolder: folder } = config;
    const { address = "", ports } = settings.master ?? {};
    const masterAt = settings.master && `${address} port ${ports?.tls}`;
    const store = await openStore({ folder, now: clock, ...(masterAt !== undefined && { masterAt }) });
    const node = new PairNode(config, store, onEvent);
    try {
      await node.#start();
    } catch (error) {
      await node.close();
      throw error;
    }
    return node;
  }

  status(): NodeStatus {
    const now = clock();
    const { directory, locations } = this.#store;
    const { settings } = this;
    return statusOf(
      {
        settings,
        house: this.#house,
        server: this.#server,
        directory,
        locations,
        role: this.#role,
        replication: this.#replication.status(),
        readiness: this.#readiness.report(),
        alarms: [...this.#alarms.values()].map(({ name, text, at }) => ({
          name,
          text,
          sinceSeconds: Math.floor((now - at) / 1000),
        })),
        startedAt: this.#startedAt,
      },
      now,
    );
  }

  get readiness(): ReadinessState {
    return this.#readiness.report().state;
  }

  /** The configuration was read again: says what would be another after a restart. */
  reread(options: ReadinessOptions): void {
    this.#readiness.reread(options);
  }

  /** Removes its registration at the master and closes everything; bindings stay on the disk. */
  async stop(): Promise<void> {
    this.#tell("stopping", "stopping");
    this.#isStopping = true;
    if (!this.#isClosed) await this.#link?.stop();
    await this.#readiness.stop();
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forgetWake();
    this.#stopLooking();
    this.#readiness.close();
    for (const listener of this.#listeners) listener.close();
    this.#masterSide?.close();
    await this.#replication.close();
    await this.#http?.close();
    await this.#control?.close();
    this.#store.close();
  }

  async #start(): Promise<void> {
    const { http } = this.settings;
    this.#control = await openControl(this.#config.dataFolder, this.#store.directory);
    this.#replication = await openReplication(this.#replicating);
    if (http.port !== 0) this.#http = await openHttp({ ...http, status: () => this.status() });
    await this.#readiness.start();
    this.#isStarted = true;
    // A master checks nothing, and its ports are open when this returns.
    if (this.#readiness.report().state === "OK") await this.#listen();
    await this.#link?.start();
    this.#wakeRole();
    this.#look();
    this.#stopLooking = every(LOOK_MS, () => this.#look());
  }

  async #listen(): Promise<void> {
    if (this.#isListening || this.#isClosed) return;
    this.#isListening = true;
    const { identity } = this.#config;
    this.#listeners = await listen({
      settings: this.settings,
      identity,
      onHeard: (heard, way) => this.#hear(heard, way),
    });
    const places = sipPorts(this.settings).map(({ transport, port }) => `${transport} ${port}`);
    this.#tell("listening", `listening on ${this.settings.address}: ${places.join(", ")}`);
  }

  /** Within start() it opens the ports itself, as a port that is taken ends a node that checks nothing. */
  #becomeReady(): void {
    this.#role?.postpone(clock());
    if (this.#isStarted) this.#listenLate();
  }

  /** The check passed after the start, or the role had to serve. A port that is taken now may be free later. */
  #listenLate(): void {
    this.#listen().catch((error: Error) => {
      this.#isListening = false;
      if (this.#fault !== error.message) this.#tell("fault", error.message);
      this.#fault = error.message;
      after(LOOK_MS, () => this.#listenLate());
    });
  }

  #hear({ bytes, from, answer }: Heard, way: Way): void {
    if (this.#isClosed) return;
    const handled = this.#server.handle(bytes, from, way, clock());
    if (handled.kind === "answered") {
      for (const reply of handled.replies) answer(reply.bytes, reply.to);
      this.#tellAnswered(handled);
      return;
    }
    this.#masterSide?.relay(handled.branch, handled.bytes, (bytes) => {
      const { to, bytes: ours } = this.#server.unanswered(handled.request, from);
      answer(bytes ?? ours, to);
    });
  }

  #tellAnswered({ told }: Extract<Handled, { kind: "answered" }>): void {
    if (told === undefined || this.#server.isRoutine(told)) return;
    const { user, status, warning, change } = told;
    if (change !== undefined) this.#tell(change, `${user} ${change}`, { user });
    else
      this.#tell("answered", `${user}: ${status}${warning === "" ? "" : `, ${warning}`}`, { user, status });
  }

  /** The check says that the module is damaged, and goes on; without the check that is the end of the node. */
  #openLink(): Link | undefined {
    const config = this.#config;
    if (config.settings.readiness.backupInitCheck && probeModule(shippedModule).kind === "failed")
      return undefined;
    return new Link({
      config,
      instance: this.#store.instance,
      onRegistered: () => this.#registered(),
      onLost: (cause) => this.#lose(cause),
    });
  }

  #registered(): void {
    this.#lost = undefined;
    this.#feed({ kind: "registered" });
    this.#askFacts();
  }

  #lose(cause: LinkCause): void {
    this.#lost = cause;
    this.#feed({ kind: "lost", cause: cause.text });
  }

  #feed(input: RoleInput): void {
    if (this.#isStopping) return;
    // Not eligible: it has not found its master yet, and what it lacks nobody should be served with. DESIGN.md D37.
    if (!this.#readiness.report().eligible) this.#role?.postpone(clock());
    for (const event of this.#role?.feed(input, clock()) ?? []) this.#carryOut(event);
    this.#wakeRole();
    this.#look();
  }

  #wakeRole(): void {
    this.#forgetWake();
    const waitMs = this.#role?.wakeInMs(clock());
    if (waitMs !== undefined && !this.#isClosed)
      this.#forgetWake = after(Math.ceil(waitMs), () => this.#feed({ kind: "tick" }));
  }

  #carryOut(event: RoleEvent): void {
    const words = wordsOf(event);
    if (words !== undefined) this.#tell(words.type, words.text, words.data);
    if (event.kind !== "role") return;
    if (event.to === "ACTIVE") void this.#readiness.promoted().then(() => this.#listenLate());
    if (event.to !== "STANDBY") return;
    this.#readiness.demoted();
    // Also what an earlier run granted, and what a loss of the link kept from being handed back.
    this.#masterSide?.handBack();
  }

  #askFacts(): void {
    this.#masterSide?.askFacts((facts) => {
      this.#master = facts ?? this.#master;
      this.#look();
    });
  }

  #facts(): string {
    const { name, mode, general } = this.settings;
    const { directory } = this.#store;
    const facts: Facts = {
      name,
      mode,
      general,
      objects: directory.size,
      digest: directory.digest(),
      used: this.#house.users(clock()).length,
    };
    return JSON.stringify(facts);
  }

  /** Compares what is wrong now with what was wrong before. */
  #look(): void {
    if (this.#isClosed) return;
    const now = clock();
    const { directory } = this.#store;
    const found = problemsIn({
      settings: this.settings,
      role: this.#role?.name,
      lost: this.#role === undefined ? undefined : this.#lost,
      standbys: this.#house.standbys(now).length,
      objects: directory.size,
      licences: directory.licences,
      used: this.#house.users(now).length,
      master: this.#master,
      replicationTrouble: this.#replication.status().trouble,
      certificateDays: (this.#certificateEndsAt - Date.now()) / DAY_MS,
    });
    const before = this.#alarms;
    this.#alarms = new Map(
      found.map(({ name, text }) => [name, { name, text, sinceSeconds: 0, at: before.get(name)?.at ?? now }]),
    );
    for (const { name, text } of found)
      if (before.get(name)?.text !== text) this.#tell("problem", `${name}: ${text}`, { name, on: true });
    for (const { name } of before.values())
      if (!this.#alarms.has(name)) this.#tell("problem", `${name}: over`, { name, on: false });
  }

  #tell(type: string, text: string, data: Readonly<Record<string, unknown>> = {}): void {
    const event: NodeEvent = { t: clock() - this.#startedAt, type, text, ...data };
    this.#onEvent(event);
    this.#readiness?.keep(event);
  }
}
