// Whether this node could serve: its start-up check with everything it looks at and everybody it tells.
//
// Below: node-check.ts, notify.ts, event-log.ts. Above: node.ts.
import type { PairServer } from "../../pbx/pair/server.ts";
import { laterChanges, type ReadinessOptions } from "../../pbx/readiness/options.ts";
import type { ReadinessEvent, ReadinessReport } from "../../pbx/readiness/readiness.ts";
import { timeOfDay } from "../clock.ts";
import { EventLog } from "./event-log.ts";
import { checkOf } from "./node-check.ts";
import { Notifier } from "./notify.ts";
import type { NodeConfig } from "./settings-file.ts";
import type { StartCheck } from "./start-check.ts";
import type { Store } from "./store.ts";

export interface NodeReadinessOptions {
  readonly config: NodeConfig;
  readonly store: Store;
  readonly server: PairServer;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly tell: (type: string, text: string, data?: Readonly<Record<string, unknown>>) => void;
  /** It may listen; called once. */
  readonly onReady: () => void;
}

export class NodeReadiness {
  readonly #options: NodeReadinessOptions;
  readonly #check: StartCheck;
  readonly #notifier: Notifier;
  readonly #log: EventLog;

  constructor(options: NodeReadinessOptions) {
    this.#options = options;
    const { tell, config } = options;
    this.#log = new EventLog(config.dataFolder, (text) => tell("fault", text));
    this.#notifier = new Notifier(process.env.NOTIFY_SOCKET, (text) => tell("remark", text));
    this.#check = checkOf({ ...options, log: this.#log, onEvent: (event) => this.#say(event) });
  }

  /** The first look at everything is over when it returns. */
  async start(): Promise<void> {
    await this.#check.start();
  }

  report(): ReadinessReport {
    return this.#check.report();
  }

  /** Keeps an event of the node. */
  keep(event: object): void {
    this.#log.write({ at: timeOfDay(), ...event });
  }

  /** It has to serve, ready or not. @returns when no port is held by the check */
  async promoted(): Promise<void> {
    await this.#check.promoted();
  }

  demoted(): void {
    this.#check.demoted();
  }

  /** Says which options were changed since the start: none of them has an effect now. */
  reread(options: ReadinessOptions): void {
    for (const text of laterChanges(this.#options.config.settings.readiness, options))
      this.#options.tell("remark", text);
  }

  /** @returns when the service manager has been told everything */
  async stop(): Promise<void> {
    await this.#notifier.stop();
  }

  close(): void {
    this.#check.close();
  }

  #say(event: ReadinessEvent): void {
    const { tell } = this.#options;
    switch (event.kind) {
      case "remark":
        tell("remark", event.text);
        return;
      case "part":
        if (event.state !== "initialised") tell("component", `${event.name} ${event.state}: ${event.why}`);
        return;
      case "doubleFailure": {
        const text = event.on ? `serving without ${event.missing.join("; ")}` : "over";
        tell("doubleFailure", `double failure: ${text}`, { on: event.on, missing: event.missing });
        return;
      }
      case "readiness": {
        const { from, to, missing, isRecovered } = event;
        const lacks = missing.length === 0 ? "" : `: ${missing.join("; ")}`;
        const words = `${to}${isRecovered ? ", late" : ""}${lacks}`;
        tell("readiness", `${from} -> ${words}`, { from, to, missing, recovered: isRecovered });
        this.#notifier.tell(words, to === "OK");
      }
    }
  }
}
