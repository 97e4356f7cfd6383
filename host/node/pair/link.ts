// The registration of a standby at its master: a line of our own core over TLS. Its health is the role's input.
//
// The account is `_STANDBY_`, the password the PBX password. Below: host/index.ts, host/pbx/pair/cause.ts. Above: node.ts.
import { fromOptions } from "../../config/options.ts";
import { Phone, type PhoneEvent } from "../../index.ts";
import { causeOf, type LinkCause } from "../../pbx/pair/cause.ts";
import { agentOf, STANDBY_USER } from "../../pbx/pair/marker.ts";
import { type Endpoint, writeEndpoint } from "../address.ts";
import type { NodeConfig } from "./settings-file.ts";

/** What the line is made of. */
export type LinkGround = Pick<NodeConfig, "settings" | "pbxPassword" | "authorityFile">;

export interface LinkOptions {
  readonly config: LinkGround;
  readonly instance: string;
  readonly onRegistered: () => void;
  readonly onLost: (cause: LinkCause) => void;
}

/** The parameters of the line: the shortest time-outs that a network of a site needs, one server, and no rest. */
function paramsOf(intervalSeconds: number): readonly string[] {
  return [
    `registerRefreshInterval=${4 * intervalSeconds}`,
    `primaryDetectInterval=${intervalSeconds}`,
    "maxDetectFailCount=0",
    "registerTimeout=2000",
    "optionsTimeout=2000",
    "detectPhase=fixed",
    "preferPrimary=on",
    `retryBase=${intervalSeconds}`,
    "retryMax=30",
    `lineCool=${intervalSeconds}`,
    "rejectRetry=30",
    "flapDamping=off",
  ];
}

export class Link {
  readonly #options: LinkOptions;
  readonly #phone: Phone;
  /** What the master said since the last event. */
  #said = "";
  /** Why it is not registered, as it was told last; undefined: it is, or nothing was told. */
  #cause: LinkCause | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#phone = new Phone(linkConfig(options.config), { userAgent: agentOf(options.instance) });
    this.#phone.on("refusal", (_, text) => {
      this.#said = text;
    });
    this.#phone.on("event", (event) => this.#judge(event));
  }

  async start(): Promise<void> {
    await this.#phone.start();
  }

  /** Asks at once, whatever is due: the master may be back. */
  refresh(): void {
    this.#phone.refresh();
  }

  /** The registration is removed, so that the master knows at once. */
  async stop(): Promise<void> {
    await this.#phone.stop();
  }

  #judge(event: PhoneEvent): void {
    const { type, reason, server } = event;
    if (type === "inService") {
      this.#said = "";
      this.#cause = undefined;
      this.#options.onRegistered();
    }
    if (type === "rejected" || type === "outOfService" || type === "serverDown" || type === "resting") {
      // Without a server it only follows from what was told before, as a rest from a rejection.
      const before = server === undefined ? this.#cause : undefined;
      this.#cause = before ?? causeOf(reason, this.#said);
      this.#options.onLost(this.#cause);
    }
  }
}

/** The configuration of that line; the linter can say what it promises. */
export function linkConfig({ settings, pbxPassword, authorityFile }: LinkGround): Phone["config"] {
  const { address = "", ports } = settings.master ?? {};
  const place: Endpoint = { address, port: ports?.tls ?? 0 };
  const reading = fromOptions({
    primary: writeEndpoint(place),
    backups: [],
    users: [STANDBY_USER],
    password: pbxPassword,
    display: settings.name,
    domain: settings.realm,
    transport: "tls",
    ca: authorityFile,
    params: paramsOf(settings.linkIntervalSeconds),
  });
  if (reading.kind === "refused")
    throw new Error(`the line to the master: ${JSON.stringify(reading.errors)}`);
  return reading.config;
}
