// What an invariant is: a rule with a name and a source, and something that watches a run for it.
//
// An invariant sees facts only, never the world, so a test can show it facts that never were.
// Below: case.ts, truth.ts, wire.ts. Above: invariants/, trial.ts.

import type { PhoneConfig } from "../config/model.ts";
import type { PhoneEvent } from "../core/events.ts";
import type { CompiledModule } from "../core/load.ts";
import type { LineState, ServerState } from "../core/view.ts";
import type { Promises } from "../lint/promises.ts";
import type { Settings } from "../params/table.ts";
import type { Step } from "../sim/scenario.ts";
import type { Bounds } from "./bounds.ts";
import type { Case } from "./case.ts";
import type { Truth } from "./truth.ts";
import type { Arrived, Sent } from "./wire.ts";

/** What holds for a whole run. */
export interface Facts {
  readonly module: CompiledModule;
  readonly case: Case;
  readonly config: PhoneConfig;
  readonly settings: Settings;
  /** Names, the primary first. */
  readonly servers: readonly string[];
  readonly lines: readonly string[];
  /** The whole scenario, the calm included. */
  readonly steps: readonly Step[];
  readonly bounds: Bounds;
  readonly promises: Promises;
  /** What is really wrong now. */
  readonly truth: Truth;
}

/** A binding as a server holds it. */
export interface Held {
  readonly contact: string;
  readonly expiresAt: number;
}

/** The end of a moment: all that happened in it has settled. */
export interface Moment {
  /** ms since the start. */
  readonly now: number;
  /** The phone took an input in this moment: what it shows is of now, and not of a moment before. */
  readonly isFresh: boolean;
  readonly lines: readonly LineState[];
  readonly servers: readonly ServerState[];
  /** The live bindings of a line in a server's own table. */
  held(server: string, line: string): readonly Held[];
  /** The memory of the core, as it lies. */
  memory(): ArrayBuffer;
}

/** Called as things happen; `moment` after everything of a moment. */
export interface Watcher {
  stepped?(step: Step): void;
  sent?(sent: Sent): void;
  arrived?(arrived: Arrived): void;
  told?(event: PhoneEvent): void;
  moment?(moment: Moment): void;
  /** The calm has lasted long enough: everything is as it should be. */
  healed?(moment: Moment): void;
  /** `stop` was given at `askedAt`, and the phone has ended; endedAt undefined: it did not. */
  stopped?(moment: Moment, askedAt: number, endedAt: number | undefined): void;
}

export interface Invariant {
  readonly name: string;
  /** Where it is promised. */
  readonly source: string;
  /** What must be true, one sentence. */
  readonly says: string;
  /** @param broken tells that it is not, and how */
  watch(facts: Facts, broken: (text: string) => void): Watcher;
}
