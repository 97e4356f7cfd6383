// What only a standby has: its role, the line to the master whose health is the role's input, and what it does there.
//
// Below: role-clock.ts, link.ts, master-side.ts. Above: node.ts.
import { shippedModule } from "../../module.ts";
import type { LinkCause } from "../../pbx/pair/cause.ts";
import type { Facts } from "../../pbx/pair/facts.ts";
import type { RoleEvent, StandbyRole } from "../../pbx/standby/role.ts";
import { Link } from "./link.ts";
import { MasterSide } from "./master-side.ts";
import { nodeClock, type Tell } from "./node-event.ts";
import { probeModule } from "./probes.ts";
import { RoleClock } from "./role-clock.ts";
import type { NodeConfig } from "./settings-file.ts";
import type { Store } from "./store.ts";
import type { Answered } from "./upstream.ts";

export interface StandbyOptions {
  readonly config: NodeConfig;
  readonly store: Store;
  /** Users with a binding here. */
  readonly users: () => readonly string[];
  readonly mayServe: () => boolean;
  readonly tell: Tell;
  /** It has to serve. */
  readonly onActive: () => void;
  /** It sends phones to the master from now on. */
  readonly onStandby: () => void;
  /** Something else is known of the role, of the line, or of the master. */
  readonly onNews: () => void;
}

export class Standby {
  readonly #options: StandbyOptions;
  readonly #clock: RoleClock;
  readonly #link: Link | undefined;
  readonly #masterSide: MasterSide;
  #lost: LinkCause | undefined = { kind: "down", text: "not registered at the master yet" };
  #master: Facts | undefined;

  constructor(options: StandbyOptions) {
    this.#options = options;
    const { config, store, users, mayServe, tell } = options;
    const { settings } = config;
    this.#clock = new RoleClock({ settings, tell, mayServe, onFed: (events) => this.#carryOut(events) });
    this.#link = this.#openLink();
    this.#masterSide = new MasterSide({
      config,
      instance: store.instance,
      locations: store.locations,
      held: () => (this.role.name === "STANDBY" ? users() : []),
      now: nodeClock,
      onHandedBack: (user, isTaken) => {
        const what = isTaken ? "handed back to the master" : "dropped: the master does not take it";
        tell("handedBack", `${user} ${what}`, { user, isTaken });
      },
    });
  }

  get role(): StandbyRole {
    return this.#clock.role;
  }

  /** Why it is not registered at the master; undefined: it is. */
  get lost(): LinkCause | undefined {
    return this.#lost;
  }

  /** What the master said last of itself; undefined: nothing yet. */
  get master(): Facts | undefined {
    return this.#master;
  }

  /** The check of the start is over: it can serve from now on. */
  ready(): void {
    this.#clock.ready();
  }

  relay(branch: string, bytes: Uint8Array, done: Answered): void {
    this.#masterSide.relay(branch, bytes, done);
  }

  async start(): Promise<void> {
    await this.#link?.start();
  }

  /** Removes its registration at the master; the role stays as it is. */
  async stop(): Promise<void> {
    this.#clock.close();
    await this.#link?.stop();
  }

  close(): void {
    this.#clock.close();
    this.#masterSide.close();
  }

  /** The check says that the module is damaged, and goes on; without the check that is the end of the node. */
  #openLink(): Link | undefined {
    const { config, store } = this.#options;
    if (config.settings.readiness.backupInitCheck && probeModule(shippedModule).kind === "failed")
      return undefined;
    return new Link({
      config,
      instance: store.instance,
      onRegistered: () => this.#registered(),
      onLost: (cause) => {
        this.#lost = cause;
        this.#clock.feed({ kind: "lost", cause: cause.text });
      },
    });
  }

  #registered(): void {
    this.#lost = undefined;
    this.#clock.feed({ kind: "registered" });
    this.#masterSide.askFacts((facts) => {
      this.#master = facts ?? this.#master;
      this.#options.onNews();
    });
  }

  #carryOut(events: readonly RoleEvent[]): void {
    const { onActive, onStandby, onNews } = this.#options;
    for (const event of events) {
      if (event.kind !== "role") continue;
      if (event.to === "ACTIVE") onActive();
      if (event.to !== "STANDBY") continue;
      onStandby();
      // Also what an earlier run granted, and what a loss of the link kept from being handed back.
      this.#masterSide.handBack();
    }
    onNews();
  }
}
