// The standby's own line at its master, over TLS: a line of the core, whose word about itself feeds the role.
//
// It asks the master every few seconds and comes back at once when the master does.
// Above: pair.ts.

import type { PhoneConfig } from "../../../host/config/model.ts";
import type { Core } from "../../../host/core/core.ts";
import type { PhoneEvent } from "../../../host/core/events.ts";
import { load, moduleHash } from "../../../host/core/load.ts";
import { shippedModule } from "../../../host/module.ts";
import { Carrier, type Report } from "../../../host/node/carrier.ts";
import { defaultSettings, type Settings } from "../../../host/params/table.ts";
import { linkInput } from "../../../host/pbx/standby/link.ts";
import type { RoleInput } from "../../../host/pbx/standby/role.ts";

export interface LinkOptions {
  /** Where the master is; its certificate must be for this IP address. */
  readonly master: { readonly address: string; readonly tlsPort: number };
  /** User and account of the line. */
  readonly user: string;
  readonly password: string;
  /** Domain of the address of record. */
  readonly realm: string;
  /** Who signed the master's certificate, PEM. */
  readonly authorityFile: string;
  /** How often the master is asked, s, 5..60. */
  readonly intervalSeconds: number;
  readonly userAgent: string;
  /** Every event of the line. */
  readonly onEvent?: (event: PhoneEvent) => void;
  readonly onInput: (input: RoleInput) => void;
}

export class MasterLink {
  readonly #options: LinkOptions;
  readonly #carrier: Carrier;
  #onClosed: () => void = () => {};

  constructor(options: LinkOptions) {
    this.#options = options;
    const module = shippedModule();
    this.#carrier = new Carrier({
      config: configOf(options),
      load: (): Core => load(module),
      moduleHash: moduleHash(module),
      userAgent: options.userAgent,
      report: (report) => this.#hear(report),
    });
  }

  /** @throws HostError: no local port is free, or the authorities cannot be read */
  async start(): Promise<void> {
    await this.#carrier.start();
  }

  /** Takes the registration at the master away and closes; takes at most one register timeout, 2 s. */
  stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#onClosed = resolve;
    });
    this.#carrier.feed({ kind: "command", command: "stop" });
    return closed;
  }

  #hear(report: Report): void {
    if (report.kind === "closed") this.#onClosed();
    if (report.kind !== "event") return;
    this.#options.onEvent?.(report.event);
    const input = linkInput(report.event);
    if (input !== undefined) this.#options.onInput(input);
  }
}

function configOf({
  master,
  user,
  password,
  realm,
  authorityFile,
  intervalSeconds,
}: LinkOptions): PhoneConfig {
  return {
    settings: { ...defaultSettings(), ...settingsOf(intervalSeconds) },
    local: { random: true, port: 5060, min: 50_000, max: 60_000 },
    tlsCaFile: authorityFile,
    acceptList: [],
    outboundProxyInDialog: false,
    servers: [
      { name: "primary", host: master.address, port: master.tlsPort, transport: "tls", domain: realm },
    ],
    lines: [{ number: user, display: "", credentials: [{ account: user, password }] }],
  };
}

/** One server and nowhere else to go: two misses are a loss, and no wait after a failure grows. */
function settingsOf(intervalSeconds: number): Partial<Settings> {
  return {
    registerRefreshInterval: 60,
    primaryDetectInterval: intervalSeconds,
    maxDetectFailCount: 1,
    registerTimeout: 2_000,
    optionsTimeout: 2_000,
    lineCool: intervalSeconds,
    rejectRetry: 30,
    retryBase: intervalSeconds,
    retryMax: 30,
  };
}
