// Whether a node could serve if it had to: the check of a backup while it starts, and what it tells.
//
// Nothing here looks at anything: each part says of itself that it is initialised, waits or failed, and the time is
// handed in. Below: table.ts, plan.ts, components.ts. Above: host/node/pair.

import { type Part, type PartName, type PartState, Parts } from "./components.ts";
import type { ReadinessOptions } from "./options.ts";
import { type Place, type Plan, planFor } from "./plan.ts";
import { type ReadinessInput, type ReadinessState, readinessRow } from "./table.ts";

/** Told to the management layer: exit code, /health, /ready, the service manager. docs/readiness.md. */
export interface ReadinessReport {
  readonly state: ReadinessState;
  /** Names of what is not ready, with reasons; empty in OK. */
  readonly missing: readonly string[];
  /** Whether it may be chosen to become active. */
  readonly eligible: boolean;
  /** It became active and was not ready: the partner failed, and this one lacks what `missing` says. */
  readonly doubleFailure: boolean;
  /** In CHECKING, until the timeout, whole seconds, at least 1; else 0. */
  readonly leftSeconds: number;
  readonly parts: readonly Part[];
}

/** What happened, with its reason: a line of the log each. `at` is the time that was handed in, ms. */
export type ReadinessEvent =
  | {
      readonly kind: "readiness";
      readonly at: number;
      readonly from: ReadinessState;
      readonly to: ReadinessState;
      readonly missing: readonly string[];
      /** OK after SERVICE_UNAVAILABLE: late, and it counts. */
      readonly isRecovered: boolean;
    }
  | ({ readonly kind: "part"; readonly at: number } & Part)
  | {
      readonly kind: "doubleFailure";
      readonly at: number;
      readonly on: boolean;
      readonly missing: readonly string[];
    }
  | { readonly kind: "remark"; readonly at: number; readonly text: string };

/** A part speaks with each call; the same words twice say nothing new. */
export class Readiness {
  readonly plan: Plan;
  readonly #timeoutMs: number;
  readonly #parts: Parts;
  #state: ReadinessState = "STARTING";
  #startedAt = 0;
  #isDoubleFailure = false;

  constructor(options: ReadinessOptions, place: Place) {
    this.plan = planFor(options, place);
    this.#timeoutMs = options.backupInitCheckTimeoutSeconds * 1000;
    this.#parts = new Parts(this.plan.checked);
  }

  get state(): ReadinessState {
    return this.#state;
  }

  /** The node begins to start; once, and before any part speaks. */
  start(now: number): readonly ReadinessEvent[] {
    const { checked, remark } = this.plan;
    const said: ReadinessEvent[] = remark === undefined ? [] : [{ kind: "remark", at: now, text: remark }];
    return [...said, ...this.#take(checked === "none" ? "unchecked" : "checked", now)];
  }

  initialised(name: PartName, now: number): readonly ReadinessEvent[] {
    return this.#say({ name, state: "initialised", why: "" }, now);
  }

  /** It is not there yet, for a reason that may go away by itself: the check goes on. */
  waits(name: PartName, why: string, now: number): readonly ReadinessEvent[] {
    return this.#say({ name, state: "waiting", why }, now);
  }

  /** It cannot: the node is told unavailable at once. It may be initialised later all the same. */
  failed(name: PartName, why: string, now: number): readonly ReadinessEvent[] {
    return this.#say({ name, state: "failed", why }, now);
  }

  /** For the timer: call when wakeInMs() is over, or at any time. */
  tick(now: number): readonly ReadinessEvent[] {
    return this.wakeInMs(now) === 0 ? this.#take("timeOver", now) : [];
  }

  /** The node became active, whether it was ready or not. */
  promoted(now: number): readonly ReadinessEvent[] {
    return this.#take("promoted", now);
  }

  /** The node is no longer active. */
  demoted(now: number): readonly ReadinessEvent[] {
    return this.#take("demoted", now);
  }

  /** ms until tick() has something to do; undefined: it never has. */
  wakeInMs(now: number): number | undefined {
    if (this.#state !== "CHECKING") return undefined;
    return Math.max(0, this.#timeoutMs - (now - this.#startedAt));
  }

  report(now: number): ReadinessReport {
    const eligible = this.#state === "OK";
    return {
      state: this.#state,
      missing: eligible ? [] : this.#parts.missing(),
      eligible,
      doubleFailure: this.#isDoubleFailure,
      leftSeconds: Math.ceil((this.wakeInMs(now) ?? 0) / 1000),
      parts: this.#parts.all(),
    };
  }

  #say(part: { name: PartName; state: PartState; why: string }, now: number): readonly ReadinessEvent[] {
    if (!this.#parts.set(part)) return [];
    const told: ReadinessEvent = { kind: "part", at: now, ...part };
    if (part.state === "failed") return [told, ...this.#take("failed", now)];
    return this.#parts.isComplete ? [told, ...this.#take("complete", now)] : [told];
  }

  #take(input: ReadinessInput, now: number): readonly ReadinessEvent[] {
    const { action, next } = readinessRow(this.#state, input);
    const from = this.#state;
    this.#state = next;
    switch (action) {
      case "none":
        return [];
      case "arm":
        this.#startedAt = now;
        return [this.#change(from, now)];
      case "pass":
        return [this.#change(from, now), ...this.#double(false, now)];
      case "refuse":
        return [this.#change(from, now)];
      case "doubleFailure":
        return this.#double(true, now);
      case "relieve":
        return this.#double(false, now);
    }
  }

  #change(from: ReadinessState, at: number): ReadinessEvent {
    const isOk = this.#state === "OK";
    const missing = isOk ? [] : this.#parts.missing();
    const isRecovered = isOk && from === "SERVICE_UNAVAILABLE";
    return { kind: "readiness", at, from, to: this.#state, missing, isRecovered };
  }

  #double(on: boolean, at: number): readonly ReadinessEvent[] {
    if (this.#isDoubleFailure === on) return [];
    this.#isDoubleFailure = on;
    return [{ kind: "doubleFailure", at, on, missing: this.#parts.missing() }];
  }
}
