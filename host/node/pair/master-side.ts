// What a standby has to do with its master beside the registration: requests passed on, facts asked for, bindings handed
// back. DESIGN.md D35.
//
// Below: upstream.ts, host/pbx/pair/asker.ts. Above: node.ts.
import { randomBytes } from "node:crypto";
import type { Binding, Locations } from "../../pbx/locations.ts";
import { Asker, outcomeOf } from "../../pbx/pair/asker.ts";
import { type Facts, readFacts } from "../../pbx/pair/facts.ts";
import { agentOf, STANDBY_USER } from "../../pbx/pair/marker.ts";
import { every } from "../clock.ts";
import { readAuthorities } from "../tls.ts";
import type { NodeConfig } from "./settings-file.ts";
import { type Answered, Upstream } from "./upstream.ts";

export interface MasterSideOptions {
  readonly config: NodeConfig;
  readonly instance: string;
  readonly locations: Locations;
  /** Users with a binding here that is the master's business now; none: there is nothing to hand back. */
  readonly held: () => readonly string[];
  readonly now: () => number;
  readonly onHandedBack: (user: string, isTaken: boolean) => void;
}

/** How often bindings that the master did not take yet are offered again, ms. */
const OFFER_MS = 5000;
/** Offers that wait for an answer: a standby with thousands of bindings does not flood its master. */
const OFFERS_MAX = 50;

export class MasterSide {
  readonly #options: MasterSideOptions;
  readonly #upstream: Upstream;
  readonly #asker: Asker;
  /** Bindings that the master was offered and has not answered for. */
  readonly #offered = new Set<Binding>();
  /** Bindings that it could not take: they wait for the next time. */
  readonly #waiting = new Set<Binding>();
  #stopOffering: () => void = () => {};

  constructor(options: MasterSideOptions) {
    this.#options = options;
    const { settings, pbxPassword, authorityFile } = options.config;
    const { address = "", ports } = settings.master ?? {};
    this.#upstream = new Upstream({
      to: { address, port: ports?.tls ?? 0 },
      security: { host: address, ca: readAuthorities(authorityFile) },
      onHeard: (bytes) => void this.#asker.hear(bytes),
      onLost: () => this.#asker.lost(),
    });
    this.#asker = new Asker({
      realm: settings.realm,
      pbxPassword,
      name: settings.name,
      sentBy: settings.address.includes(":") ? `[${settings.address}]` : settings.address,
      userAgent: agentOf(options.instance),
      random: (bytes) => randomBytes(bytes).toString("hex"),
      send: (bytes) => this.#upstream.send(bytes),
    });
  }

  /** What the master says of itself; undefined: nothing that could be read. */
  askFacts(take: (facts: Facts | undefined) => void): void {
    this.#asker.ask({ user: STANDBY_USER }, (answer) => take(answer && readFacts(answer.body)));
  }

  relay(branch: string, bytes: Uint8Array, done: Answered): void {
    this.#upstream.relay(branch, bytes, done);
  }

  /** Offers every binding until the master has them all. */
  handBack(): void {
    this.#stopOffering();
    this.#stopOffering = every(OFFER_MS, () => this.#offerAll());
    this.#offerAll();
  }

  close(): void {
    this.#stopOffering();
    this.#upstream.close();
  }

  #offerAll(): void {
    this.#waiting.clear();
    this.#offer();
  }

  /** Each binding goes to the master, a few at a time, and is dropped here when it has it. */
  #offer(): void {
    const { locations, held, now } = this.#options;
    const bindings = held().flatMap((user) =>
      locations.of(user, now()).map((binding) => ({ user, binding })),
    );
    if (bindings.length === 0) this.#stopOffering();
    const next = bindings.filter(({ binding }) => !this.#offered.has(binding) && !this.#waiting.has(binding));
    for (const { user, binding } of next.slice(0, OFFERS_MAX - this.#offered.size)) {
      this.#offered.add(binding);
      const { contact, expiresAt } = binding;
      const seconds = Math.ceil((expiresAt - now()) / 1000);
      this.#asker.ask({ user, contact, seconds }, (answer) => {
        this.#offered.delete(binding);
        this.#settle(user, binding, outcomeOf(answer));
        if (answer !== undefined && this.#offered.size === 0) this.#offer();
      });
    }
  }

  #settle(user: string, binding: Binding, outcome: ReturnType<typeof outcomeOf>): void {
    const { locations, held, now, onHandedBack } = this.#options;
    if (outcome === "again") this.#waiting.add(binding);
    if (outcome === "again" || !held().includes(user)) return;
    locations.drop(user, now(), binding.contact);
    onHandedBack(user, outcome === "taken");
  }
}
