// Under which Contact each server may still have us bound, as one boot leaves it to the next. DESIGN.md D22.
//
// After a crash or a loss of power the registrar still holds the binding of the old boot, often under a port
// that nobody listens on any more, and calls go there until the lease ends. Above: node/memory.ts, which
// keeps it in a file; sim/phone.ts, which keeps it over a reboot.

import type { ServerConfig } from "../config/model.ts";
import type { PhoneEvent } from "./events.ts";
import type { LineState } from "./view.ts";

export class Contacts {
  readonly #servers: readonly ServerConfig[];
  /** By the name of a server: who is bound there, as this boot knows. */
  readonly #bound = new Map<string, Set<string>>();
  readonly #earlier: Readonly<Record<string, string>>;
  readonly #contacts: Record<string, string>;

  /** @param earlier what `all` was at the end of the boot before */
  constructor(servers: readonly ServerConfig[], earlier: Readonly<Record<string, string>> = {}) {
    this.#servers = servers;
    this.#earlier = earlier;
    this.#contacts = { ...earlier };
  }

  /** By `host:port` of a server. */
  get all(): Readonly<Record<string, string>> {
    return this.#contacts;
  }

  /** The Contact under which an earlier boot may be bound at a server; undefined: none. */
  earlierAt(server: ServerConfig): string | undefined {
    return this.#earlier[keyOf(server)];
  }

  /** A binding that was removed needs no remembering, unless another has taken its place. */
  note({ type, line = "", server = "" }: PhoneEvent, lines: readonly LineState[]): void {
    if (type !== "unbound" || servedAt(server, lines).includes(line)) return;
    const left = this.#bound.get(server);
    left?.delete(line);
    const config = this.#servers.find(({ name }) => name === server);
    if (config && !left?.size) delete this.#contacts[keyOf(config)];
  }

  /** Takes down where the lines are bound now. @param contactAt our Contact at a server, by rank */
  settle(lines: readonly LineState[], contactAt: (rank: number) => string): void {
    for (const [rank, server] of this.#servers.entries()) {
      const here = servedAt(server.name, lines);
      if (here.length === 0) continue;
      const bound = this.#bound.get(server.name) ?? new Set();
      this.#bound.set(server.name, new Set([...bound, ...here]));
      this.#contacts[keyOf(server)] = contactAt(rank);
    }
  }
}

/** The name of a server that stays the same over boots. */
function keyOf({ host, port }: ServerConfig): string {
  return `${host}:${port}`;
}

function servedAt(server: string, lines: readonly LineState[]): string[] {
  return lines.filter((it) => it.state === "served" && it.server === server).map(({ line }) => line);
}
