// A standby whose registrar is a Kamailio: its line at the master, the role, and what Kamailio is told.
//
// It answers no phone itself. Below: link.ts, role-clock.ts, kamailio.ts, http.ts. Above: host/cli/pair-run.ts.

import { statusOf } from "../../pbx/kamailio/status.ts";
import type { NodeStatus } from "../../pbx/status.ts";
import { writeEndpoint } from "../address.ts";
import { randomHex } from "../identity.ts";
import { httpDoor } from "./doors.ts";
import { type Http, openHttp } from "./http.ts";
import { KamailioRegistrar } from "./kamailio.ts";
import { Link } from "./link.ts";
import { type NodeEvent, nodeClock, type Tell, teller } from "./node-event.ts";
import { Notifier } from "./notify.ts";
import { RoleClock } from "./role-clock.ts";
import type { WatcherConfig } from "./settings-file.ts";

export class Watcher {
  readonly #config: WatcherConfig;
  readonly #tell: Tell;
  readonly #clock: RoleClock;
  readonly #registrar: KamailioRegistrar;
  readonly #link: Link;
  readonly #notifier: Notifier;
  #troubleSince = nodeClock();
  readonly #door = httpDoor();
  #http: Http | undefined;

  private constructor(config: WatcherConfig, onEvent: (event: NodeEvent) => void) {
    const { settings } = config;
    const { kamailio, master, takeoverDelayMs } = settings;
    if (kamailio === undefined || master === undefined) throw new TypeError("no standby with a Kamailio");
    this.#config = config;
    const tell = teller(this.#troubleSince, onEvent);
    this.#tell = tell;
    this.#clock = new RoleClock({ settings, tell, onFed: () => this.#registrar.look() });
    this.#notifier = new Notifier(process.env.NOTIFY_SOCKET, (text) => tell("remark", text));
    this.#registrar = new KamailioRegistrar({
      ...kamailio,
      master: `sip:${writeEndpoint({ address: master.address, port: master.ports.tls })};transport=tls`,
      takeoverDelayMs,
      clock: this.#clock,
      onHandedBack: (users) => tell("handBack", `handed back: ${users.join(" ")}`, { users }),
      onTrouble: (trouble) => this.#tellTrouble(trouble),
    });
    this.#link = new Link({
      config,
      instance: randomHex(8),
      onRegistered: () => this.#clock.feed({ kind: "registered" }),
      onLost: ({ text }) => this.#clock.feed({ kind: "lost", cause: text }),
    });
  }

  /** @throws HostError "http", "port", "ca-file"; nothing is left open */
  static async open(config: WatcherConfig, onEvent: (event: NodeEvent) => void): Promise<Watcher> {
    const watcher = new Watcher(config, onEvent);
    try {
      await watcher.#start();
    } catch (error) {
      await watcher.#close();
      throw error;
    }
    return watcher;
  }

  status(): NodeStatus {
    const { trouble: text, count } = this.#registrar;
    const trouble = text === undefined ? undefined : { text, since: this.#troubleSince };
    const parts = {
      settings: this.#config.settings,
      role: this.#clock.role,
      trouble,
      bound: count,
      door: this.#door.status(),
    };
    return statusOf(parts, this.#clock.now);
  }

  /** Takes its registration at the master away. Kamailio goes on as it is, and serves once its last order is over. */
  async stop(): Promise<void> {
    this.#tell("stopping", "stopping");
    this.#clock.close();
    await this.#registrar.close();
    await this.#link.stop();
    await this.#notifier.stop();
    await this.#close();
  }

  async #start(): Promise<void> {
    const { http } = this.#config.settings;
    if (http.port !== 0)
      this.#http = await openHttp({ ...http, status: () => this.status(), visitors: this.#door });
    this.#registrar.start();
    await this.#link.start();
  }

  async #close(): Promise<void> {
    this.#clock.close();
    await this.#registrar.close();
    await this.#http?.close();
  }

  #tellTrouble(trouble: string | undefined): void {
    this.#troubleSince = this.#clock.now;
    const name = "kamailio";
    const text = trouble ?? "over";
    this.#tell("problem", `${name}: ${text}`, { name, on: trouble !== undefined });
    this.#notifier.tell(trouble ?? "Kamailio takes orders", trouble === undefined);
  }
}
