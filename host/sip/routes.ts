// What a registrar says with a grant about the way of other requests: Path (RFC 3327 §5.1) and
// Service-Route (RFC 3608 §6.1), kept for each server and offered to the phone's own SIP stack.
//
// Never used on a REGISTER. A set that is longer than the limits is kept as none at all: half a route
// leads astray. Below: message.ts. Above: core/agent.ts.

import { FIELD_NONE, FIELD_PATH, FIELD_SERVICE_ROUTE } from "../../assembly/abi.ts";
import { splitValues } from "./message.ts";

/** Values in their order, each with its brackets: `<sip:edge.example;lr>`. */
export interface RouteSet {
  /** The proxies between the registrar and us, as it knows them. */
  readonly path: readonly string[];
  /** The Route of requests that we begin. RFC 3608 §6.1. */
  readonly serviceRoute: readonly string[];
}

/** Values of one header of one grant; more hops than any request survives. */
const VALUES_MAX = 16;
/** Characters of one value. */
const VALUE_MAX = 256;

const NONE: RouteSet = { path: [], serviceRoute: [] };

export class Routes {
  readonly #held = new Map<number, RouteSet>();
  readonly #told = new Map<number, string>();

  of(server: number): RouteSet {
    const { path, serviceRoute } = this.#held.get(server) ?? NONE;
    return { path: bounded(path), serviceRoute: bounded(serviceRoute) };
  }

  /** Takes one output of the core: FIELD_NONE begins, a header line each follows. */
  take(server: number, field: number, line: string): void {
    const { path, serviceRoute } = this.#held.get(server) ?? NONE;
    const values = splitValues(line.replace(/\r?\n[ \t]+/g, " "));
    if (field === FIELD_NONE) this.#held.set(server, NONE);
    if (field === FIELD_PATH) this.#held.set(server, { path: [...path, ...values], serviceRoute });
    if (field === FIELD_SERVICE_ROUTE) {
      this.#held.set(server, { path, serviceRoute: [...serviceRoute, ...values] });
    }
  }

  /** Forgets what every server said, as a boot does. */
  clear(): void {
    for (const server of this.#held.keys()) this.#held.set(server, NONE);
  }

  /** The servers whose set is another one than when this was last asked. */
  changes(): readonly number[] {
    return [...this.#held.keys()].filter((server) => {
      const text = JSON.stringify(this.of(server));
      const before = this.#told.get(server) ?? JSON.stringify(NONE);
      this.#told.set(server, text);
      return text !== before;
    });
  }
}

function bounded(values: readonly string[]): readonly string[] {
  const fits = values.length <= VALUES_MAX && values.every(({ length }) => length <= VALUE_MAX);
  return fits ? values : [];
}
