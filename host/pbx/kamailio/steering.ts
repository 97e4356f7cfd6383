// A Kamailio as the registrar of a standby: what its role says becomes one variable of the routing in standfast.cfg, and
// its location table is kept as the role wants it.
//
// Nothing here is remembered: each look says all of it again, so a Kamailio or a watcher that was restarted is right within
// one look. No I/O: calls of JSON-RPC go out by a function. Below: ../standby. Above: host/node/pair/kamailio.ts.

import { conductFor } from "../standby/conduct.ts";
import type { StandbyRole } from "../standby/role.ts";

/** One call of JSON-RPC. @returns its result; rejects with an Error that says what Kamailio said */
export type Call = (method: string, params: readonly (string | number)[]) => Promise<unknown>;

/** What becomes of clients until a moment; after it they are served. */
export interface Order {
  readonly conduct: "divert" | "wait" | "serve";
  /** Unix time, ms; 0 with "serve". */
  readonly untilMs: number;
}

/** How this node is listed by itself while it is registered at its master. */
const ACTIVE = "_ACTIVE_";
const VARIABLE = "standfast";

export interface SteeringOptions {
  readonly call: Call;
  /** Name of the location table, as save() has it. */
  readonly table: string;
  /** URI of the master, as the contact of `_ACTIVE_`. */
  readonly master: string;
  /** As the role has it; an order to divert lasts as long without being renewed. */
  readonly takeoverDelayMs: number;
}

/**
 * What a role orders. UNREGISTERED orders nothing: Kamailio goes on as it is, so that a watcher that is restarted while
 * the master is down takes nobody out of service.
 * @param now ms, of the role's clock @param unixMs the same moment as unix time
 */
export function orderOf(
  role: StandbyRole,
  takeoverDelayMs: number,
  now: number,
  unixMs: number,
): Order | undefined {
  if (role.name === "UNREGISTERED") return undefined;
  switch (conductFor(role, "REGISTER", "redirect", now).kind) {
    case "serve":
      return { conduct: "serve", untilMs: 0 };
    case "wait":
      return { conduct: "wait", untilMs: unixMs + (role.wakeInMs(now) ?? 0) };
    case "redirect":
    case "relay":
      return { conduct: "divert", untilMs: unixMs + takeoverDelayMs };
  }
}

export class Steering {
  readonly #options: SteeringOptions;

  constructor(options: SteeringOptions) {
    this.#options = options;
  }

  /**
   * Says the order, and makes the table fit it.
   * @param order undefined: none, it is only looked whether Kamailio would take one
   * @returns the addresses of record that were handed back
   */
  async look(order: Order | undefined): Promise<readonly string[]> {
    const { call } = this.#options;
    if (order === undefined) {
      await call("pv.shvGet", [VARIABLE]);
      return [];
    }
    await call("pv.shvSet", [VARIABLE, "str", written(order)]);
    if (order.conduct !== "divert") {
      await this.#drop(ACTIVE);
      return [];
    }
    await this.#list();
    const held = await this.bound();
    for (const aor of held) await this.#drop(aor);
    return held;
  }

  /** The addresses of record that are bound here. */
  async bound(): Promise<readonly string[]> {
    return (await this.#listed()).filter((aor) => aor !== ACTIVE);
  }

  async #listed(): Promise<readonly string[]> {
    return readListed(await this.#options.call("ul.dump", ["brief"]), this.#options.table);
  }

  /** For as long as an order lasts: a watcher that died leaves nothing. */
  async #list(): Promise<void> {
    const { call, table, master, takeoverDelayMs } = this.#options;
    const lease = Math.ceil(takeoverDelayMs / 1000);
    await call("ul.add", [table, ACTIVE, master, lease, 1.0, "", 0, 0, 0]);
  }

  /** Nothing happens when it is not there. */
  async #drop(aor: string): Promise<void> {
    await this.#options.call("ul.rm", [this.#options.table, aor]);
  }
}

/** As standfast.cfg reads it: `wait/1763812345/250000`. */
function written({ conduct, untilMs }: Order): string {
  const [seconds, ms] = [Math.floor(untilMs / 1000), Math.floor(untilMs % 1000)];
  return `${conduct}/${seconds}/${ms * 1000}`;
}

/** Every address of record in the answer to ul.dump, long or brief. */
function readListed(result: unknown, table: string): readonly string[] {
  const domains = listAt(result, "Domains").filter((one) => fieldOf(one, "Domain", "Domain") === table);
  return domains.flatMap((one) =>
    listAt(fieldOf(one, "Domain"), "AoRs").map((entry) =>
      String(fieldOf(entry, "AoR") ?? fieldOf(entry, "Info", "AoR")),
    ),
  );
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const found = fieldOf(value, name);
  return Array.isArray(found) ? found : [];
}

function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  let at = value;
  for (const name of names) {
    at = typeof at === "object" && at !== null ? (at as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return at;
}
