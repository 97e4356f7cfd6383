// Remembers over runs of the program which passwords a server has refused, so that a program that is started again and
// again does not send them again and again.
//
// The core rests after a refusal (rejectRetry), but forgets it with the run; a server that counts wrong passwords
// (fail2ban: 5 in 600 s) would ban a phone that a watchdog keeps restarting. So until the rest is over such a line
// starts without credentials at that server: it asks, is challenged, and sends no answer. DESIGN.md D22.
// Above: memory.ts.
import { createHash } from "node:crypto";
import type { Credentials, LineConfig, PhoneConfig, ServerConfig } from "../config/model.ts";
import type { PhoneEvent } from "../core/events.ts";

/**
 * When each rest ends, ms of the wall clock, by a tag of 4 hex digits: enough to know the same credentials again, too
 * little to find a password by. Other credentials have another tag, and do not rest.
 */
export type RestTimes = Readonly<Record<string, number>>;

/** Credentials that are kept back, and for how long. */
export interface Withheld {
  readonly line: string;
  readonly server: string;
  readonly held: Credentials;
  readonly forMs: number;
}

export class Rests {
  readonly #config: PhoneConfig;
  readonly #device: string;
  readonly #until: Map<string, number>;

  /** @param times of an earlier run; those that are over, or later than any rest can be, are dropped */
  constructor(config: PhoneConfig, device: string, times: RestTimes, now: number) {
    this.#config = config;
    this.#device = device;
    const live = Object.entries(times).filter(([, until]) => until > now && until <= now + this.#longestMs);
    this.#until = new Map(live);
  }

  get times(): RestTimes {
    return Object.fromEntries(this.#until);
  }

  /** What must not be sent yet. All that a line keeps back comes free at one moment, the last of them. */
  withheld(now: number): readonly Withheld[] {
    return this.#config.lines.flatMap((line) => {
      const resting = this.#config.servers.flatMap((server, rank) => {
        const held = line.credentials[rank];
        if (!held) return [];
        const until = this.#until.get(this.#tagOf(line, server, held)) ?? 0;
        return until > now ? [{ server: server.name, held, until }] : [];
      });
      const last = Math.max(...resting.map(({ until }) => until));
      return resting.map(({ server, held }) => ({ line: line.number, server, held, forMs: last - now }));
    });
  }

  /** A refusal begins a rest; a binding shows that the credentials are good. */
  note({ type, line, server, reason }: PhoneEvent, now: number): void {
    const isRefusal = type === "rejected" && reason?.rule === "credentials" && !("problem" in reason);
    if (!isRefusal && type !== "bound") return;
    const its = this.#config.lines.find(({ number }) => number === line);
    const rank = this.#config.servers.findIndex(({ name }) => name === server);
    const at = this.#config.servers[rank];
    const held = its?.credentials[rank];
    if (!its || !at || !held) return;
    const tag = this.#tagOf(its, at, held);
    if (isRefusal) this.#until.set(tag, now + this.#longestMs);
    else this.#until.delete(tag);
  }

  /** The core rests for rejectRetry and up to a tenth more. */
  get #longestMs(): number {
    return 1100 * this.#config.settings.rejectRetry;
  }

  #tagOf({ number }: LineConfig, { host, port }: ServerConfig, { account, password }: Credentials): string {
    const text = JSON.stringify([this.#device, host, port, number, account, password]);
    return createHash("sha256").update(text).digest("hex").slice(0, 4);
  }
}

/** The configuration without what is withheld: the core then answers no challenge there. */
export function without(config: PhoneConfig, withheld: readonly Withheld[]): PhoneConfig {
  const isKeptBack = (line: string, server: string | undefined): boolean =>
    withheld.some((one) => one.line === line && one.server === server);
  const lines = config.lines.map((line) => ({
    ...line,
    credentials: line.credentials.map((held, rank) =>
      isKeptBack(line.number, config.servers[rank]?.name) ? null : held,
    ),
  }));
  return { ...config, lines };
}
