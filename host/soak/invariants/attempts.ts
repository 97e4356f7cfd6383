// Which REGISTER begins an attempt, and which goes on with one: after a challenge, 423 or 430. RFC 3261 §10.2.8, §22.2.
//
// Above: rate.ts, credentials.ts.

import type { Arrived, Sent } from "../wire.ts";

/** After these the same attempt asks once more, at once. */
const GO_ON: ReadonlySet<number> = new Set([401, 407, 423, 430, 439]);

export class Attempts {
  readonly #branch = new Map<string, string>();
  readonly #askedAgainAt = new Map<string, number>();

  arrived({ at, line, server, method, status }: Arrived): void {
    if (method === "REGISTER" && GO_ON.has(status)) this.#askedAgainAt.set(`${line} ${server}`, at);
  }

  /** A first REGISTER of an attempt; not a repeat, a removal, or what follows an answer. */
  begins(sent: Sent): boolean {
    if (sent.method !== "REGISTER" || sent.expires === 0) return false;
    const pair = `${sent.line} ${sent.server}`;
    if (this.#branch.get(pair) === sent.branch) return false;
    this.#branch.set(pair, sent.branch);
    return this.#askedAgainAt.get(pair) !== sent.at;
  }
}
