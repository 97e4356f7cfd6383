// One node of a pair on this machine: it puts the parts together, starts and ends them, and says how they are.
//
// What a request is answered is decided in host/pbx/pair, when a standby serves in host/pbx/standby. Below: store.ts,
// phone-side.ts, standby.ts, replication.ts, node-readiness.ts, http.ts, control.ts. Above: host/cli/pair-run.ts.
import { randomBytes, X509Certificate } from "node:crypto";
import { Guesses } from "../../pbx/guesses.ts";
import { Alarms } from "../../pbx/pair/alarms.ts";
import { House } from "../../pbx/pair/house.ts";
import { problemsIn } from "../../pbx/pair/problems.ts";
import { PairServer } from "../../pbx/pair/server.ts";
import { statusOf } from "../../pbx/pair/status.ts";
import type { ReadinessOptions } from "../../pbx/readiness/options.ts";
import type { ReadinessState } from "../../pbx/readiness/table.ts";
import type { NodeStatus } from "../../pbx/status.ts";
import { every } from "../clock.ts";
import { type Control, openControl } from "./control.ts";
import { Doors } from "./doors.ts";
import { type Http, openHttp } from "./http.ts";
import { type NodeEvent, nodeClock, type Tell, teller } from "./node-event.ts";
import { NodeReadiness } from "./node-readiness.ts";
import { PhoneSide } from "./phone-side.ts";
import { idle, openReplication, type Replication, type ReplicationOptions } from "./replication.ts";
import type { NodeConfig } from "./settings-file.ts";
import { Standby } from "./standby.ts";
import { openStore, type Store } from "./store.ts";

/** How often problems are looked for without being called, ms. */
const LOOK_MS = 1000;
const DAY_MS = 86_400_000;

export class PairNode {
  readonly #config: NodeConfig;
  readonly #store: Store;
  readonly #startedAt = nodeClock();
  readonly #certificateEndsAt: number;
  readonly #tell: Tell;
  readonly #house: House;
  readonly #guesses = new Guesses();
  readonly #doors: Doors;
  readonly #server: PairServer;
  readonly #phones: PhoneSide;
  /** undefined: a master. */
  readonly #standby: Standby | undefined;
  readonly #readiness: NodeReadiness;
  readonly #alarms = new Alarms();
  readonly #replicating: ReplicationOptions;
  #replication: Replication;
  #http: Http | undefined;
  #control: Control | undefined;
  #stopLooking: () => void = () => {};
  #isStarted = false;
  #isClosed = false;

  private constructor(config: NodeConfig, store: Store, onEvent: (event: NodeEvent) => void) {
    const { settings, pbxPassword } = config;
    const { directory, locations } = store;
    this.#config = config;
    this.#store = store;
    this.#certificateEndsAt = Date.parse(new X509Certificate(config.identity.certificate).validTo);
    const tell = teller(this.#startedAt, (event) => {
      onEvent(event);
      this.#readiness?.keep(event); // not there yet while it is being made
    });
    this.#tell = tell;
    this.#doors = new Doors(settings);
    this.#house = new House({ settings, pbxPassword, directory, locations });
    this.#standby = settings.mode === "standby" ? this.#openStandby() : undefined;
    this.#server = new PairServer({
      settings,
      house: this.#house,
      locations,
      role: this.#standby?.role,
      key: randomBytes(16).toString("hex"),
      guesses: this.#guesses,
    });
    this.#phones = new PhoneSide({
      config,
      server: this.#server,
      tell,
      visitors: this.#doors.sip,
      relay: (branch, bytes, done) => this.#standby?.relay(branch, bytes, done),
    });
    const onReady = (): void => this.#becomeReady();
    this.#readiness = new NodeReadiness({
      config,
      store,
      server: this.#server,
      now: nodeClock,
      tell,
      onReady,
    });
    const guesses = this.#guesses;
    const visitors = this.#doors.replication;
    this.#replicating = { config, store, now: nodeClock, guesses, visitors, onChange: tell };
    this.#replication = idle(this.#replicating);
  }

  /**
   * Opens the store, then the ports, and begins.
   * @throws HostError "folder-in-use", "store", "port", "http"; nothing is left open
   */
  static async open(config: NodeConfig, onEvent: (event: NodeEvent) => void): Promise<PairNode> {
    const { settings, dataFolder: folder } = config;
    const { address = "", ports } = settings.master ?? {};
    const masterAt = settings.master && `${address} port ${ports?.tls}`;
    const store = await openStore({ folder, now: nodeClock, ...(masterAt !== undefined && { masterAt }) });
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
    const now = nodeClock();
    return statusOf(
      {
        settings: this.#config.settings,
        house: this.#house,
        server: this.#server,
        directory: this.#store.directory,
        locations: this.#store.locations,
        role: this.#standby?.role,
        replication: this.#replication.status(),
        readiness: this.#readiness.report(),
        doors: this.#doors.status(),
        alarms: this.#alarms.list(now),
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
    if (!this.#isClosed) await this.#standby?.stop();
    await this.#readiness.stop();
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopLooking();
    this.#readiness.close();
    this.#phones.close();
    this.#standby?.close();
    await this.#replication.close();
    await this.#http?.close();
    await this.#control?.close();
    this.#store.close();
  }

  async #start(): Promise<void> {
    const { settings, dataFolder } = this.#config;
    this.#control = await openControl(dataFolder, this.#store.directory);
    this.#replication = await openReplication(this.#replicating);
    if (settings.http.port !== 0)
      this.#http = await openHttp({
        ...settings.http,
        status: () => this.status(),
        visitors: this.#doors.http,
      });
    await this.#readiness.start();
    this.#isStarted = true;
    // A master checks nothing, and its ports are open when this returns.
    if (this.readiness === "OK") await this.#phones.open();
    await this.#standby?.start();
    this.#look();
    this.#stopLooking = every(LOOK_MS, () => this.#look());
  }

  #openStandby(): Standby {
    return new Standby({
      config: this.#config,
      store: this.#store,
      users: () => this.#house.users(nodeClock()),
      tell: this.#tell,
      // Else it has not found its master yet, and what it lacks nobody should be served with. DESIGN.md D37.
      mayServe: () => this.#isStarted && this.#readiness.report().eligible,
      onActive: () => void this.#readiness.promoted().then(() => this.#phones.openLate()),
      onStandby: () => this.#readiness.demoted(),
      onNews: () => this.#look(),
    });
  }

  /** Within start() it opens the ports itself, as a port that is taken ends a node that checks nothing. */
  #becomeReady(): void {
    this.#standby?.ready();
    if (this.#isStarted) this.#phones.openLate();
  }

  /** Tells what is wrong since the last look, and what is over. */
  #look(): void {
    if (this.#isClosed) return;
    this.#doors.sip.sweep();
    const now = nodeClock();
    const { directory } = this.#store;
    const found = problemsIn({
      settings: this.#config.settings,
      role: this.#standby?.role.name,
      lost: this.#standby?.lost,
      standbys: this.#house.standbys(now).length,
      objects: directory.size,
      licences: directory.licences,
      used: this.#house.users(now).length,
      master: this.#standby?.master,
      replicationTrouble: this.#replication.status().trouble,
      storeTrouble: this.#store.trouble(),
      certificateDays: (this.#certificateEndsAt - Date.now()) / DAY_MS,
      guesser: this.#guesses.trying(now),
      crowded: this.#doors.crowded(),
    });
    for (const { name, text, on } of this.#alarms.take(found, now))
      this.#tell("problem", `${name}: ${text}`, { name, on });
  }
}
