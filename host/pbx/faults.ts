// What can be wrong with a server, as verbs of a scenario; docs of the verbs: README of this folder.
//
// Holds which faults are in force and says what becomes of one request. Knows neither bytes nor time.
// Above: server.ts; the verbs are read by sim/scenario.ts.

import type { Terms } from "./registrar.ts";

export type ServerVerb =
  | { readonly kind: "back" }
  | { readonly kind: "silent" }
  | { readonly kind: "refuses" }
  | { readonly kind: "deaf" }
  | { readonly kind: "mute"; readonly line?: string }
  | StatusVerb
  | { readonly kind: "grants"; readonly seconds: number; readonly line?: string }
  | { readonly kind: "minExpires"; readonly seconds: number }
  | { readonly kind: "latency"; readonly delayMs: number }
  | { readonly kind: "restarts" }
  | { readonly kind: "sharesLocation"; readonly server: string }
  /** on: a nonce is good for one request; off: for ever. */
  | { readonly kind: "challenges"; readonly isOn: boolean }
  | { readonly kind: "wrongContact" }
  | { readonly kind: "forges" };

/** `answers STATUS`: what a server says instead of serving. */
export interface StatusVerb {
  readonly kind: "answers";
  readonly status: number;
  readonly to: "REGISTER" | "OPTIONS";
  readonly retryAfterSeconds?: number;
  /** Server a 3xx sends the phone to. */
  readonly contact?: string;
  readonly line?: string;
}

/** What becomes of one request. */
export type Fate =
  | { readonly kind: "lost" }
  | { readonly kind: "refused" }
  | { readonly kind: "answered"; readonly verb: StatusVerb }
  | { readonly kind: "served"; readonly terms: Terms };

export class Faults {
  #verbs: readonly ServerVerb[] = [];

  /** A later verb adds to what is in force; `back` withdraws all of it. */
  apply(verb: ServerVerb): void {
    if (verb.kind === "back") this.#verbs = [];
    else if (verb.kind !== "restarts") this.#verbs = [...this.#verbs, verb];
  }

  /** From request to answer. */
  get delayMs(): number {
    return this.#last("latency")?.delayMs ?? 0;
  }

  /** The server whose location table is used; undefined: its own. */
  get tableOf(): string | undefined {
    return this.#last("sharesLocation")?.server;
  }

  /** Whether somebody sends forged answers beside its own. */
  get isForged(): boolean {
    return this.#last("forges") !== undefined;
  }

  /** Whether anything comes back at all: "lost", "refused", or undefined: yes. */
  get unreachable(): "lost" | "refused" | undefined {
    const verb = this.#verbs.findLast(({ kind }) => kind === "silent" || kind === "refuses");
    if (verb === undefined) return undefined;
    return verb.kind === "silent" ? "lost" : "refused";
  }

  /** @param line user part of To */
  fate(method: string, line: string): Fate {
    const { unreachable } = this;
    if (unreachable !== undefined) return { kind: unreachable };
    if (method === "OPTIONS" && this.#last("deaf") !== undefined) return { kind: "lost" };
    if (method === "REGISTER" && this.#last("mute", line) !== undefined) return { kind: "lost" };
    const answers = this.#verbs.findLast(
      (verb): verb is StatusVerb => verb.kind === "answers" && verb.to === method && meant(verb.line, line),
    );
    if (answers !== undefined) return { kind: "answered", verb: answers };
    const [grants, least] = [this.#last("grants", line), this.#last("minExpires")];
    const challenges = this.#last("challenges");
    return {
      kind: "served",
      terms: {
        ...(grants && { grantSeconds: grants.seconds }),
        ...(least && { minExpiresSeconds: least.seconds }),
        ...(challenges && { nonces: challenges.isOn ? "once" : "forever" }),
        ...(this.#last("wrongContact") && { listsStranger: true }),
      },
    };
  }

  #last<K extends ServerVerb["kind"]>(kind: K, line?: string): Extract<ServerVerb, { kind: K }> | undefined {
    return this.#verbs.findLast(
      (verb): verb is Extract<ServerVerb, { kind: K }> =>
        verb.kind === kind && (line === undefined || meant("line" in verb ? verb.line : undefined, line)),
    );
  }
}

/** A verb without a line means every line. */
function meant(wanted: string | undefined, line: string): boolean {
  return wanted === undefined || wanted === line;
}
