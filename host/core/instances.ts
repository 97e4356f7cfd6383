// The instance that works, and the one that goes on in its place after a trap. DESIGN.md D30.
//
// A trap leaves the records half written, so that instance is never called again. The state after each input is kept:
// from it another one goes on. Below: core.ts, setup.ts. Above: agent.ts.

import type { Core } from "./core.ts";
import type { Setup } from "./setup.ts";

/** What it takes to go on in another instance. */
export interface Spare {
  readonly load: () => Core;
  /** 32 random bytes, others at each call. */
  readonly seed: () => Uint8Array;
}

/** More traps than this within TRAPS_MS: whatever it is comes again and again. */
const TRAPS_MAX = 3;
const TRAPS_MS = 60_000;

export class Instances {
  #core: Core;
  readonly #spare: Spare | undefined;
  /** What the host has told, for the next instance; absent before it has. */
  setup: Setup | undefined;
  #state: Uint8Array | undefined;
  /** When it trapped, ms since the start; only the last TRAPS_MS. */
  #traps: number[] = [];

  constructor(core: Core, spare: Spare | undefined) {
    this.#core = core;
    this.#spare = spare;
  }

  get core(): Core {
    return this.#core;
  }

  /** The state kept last; undefined: none was. */
  get state(): Uint8Array | undefined {
    return this.#state;
  }

  /** Keeps the state as it is now, between two inputs. */
  keep(): void {
    this.#state = this.#core.save(this.#state);
  }

  /** The working instance takes the state of an earlier run. */
  resume(state: Uint8Array, now: number): void {
    this.#goOn(state, this.setup?.identity.seed, now);
  }

  /** A trap has come. @returns whether another instance may go on */
  trapped(atMs: number): boolean {
    this.#traps = [...this.#traps.filter((earlier) => atMs - earlier < TRAPS_MS), atMs];
    return this.#spare !== undefined && this.#traps.length <= TRAPS_MAX;
  }

  /** Another instance goes on from the state kept last; before there was one it starts. */
  goOn(now: number): void {
    if (this.#state === undefined) {
      this.startOver(now);
      return;
    }
    this.#core = this.#another();
    this.#goOn(this.#state, this.#spare?.seed(), now);
  }

  /** Another instance starts, as a boot without memory. */
  startOver(now: number): void {
    this.#core = this.#another();
    this.setup?.furnish(this.#core, this.#spare?.seed() ?? new Uint8Array());
    this.#core.start(now);
  }

  /** Another instance goes on with an exact copy: the same outputs follow. */
  copy(): void {
    const next = this.#another();
    next.restore(this.#core.save());
    this.setup?.tellCredentials(next);
    this.#core = next;
  }

  /** Calls that were up in the state kept last, by line. */
  callsUp(): readonly number[] {
    const names = this.setup?.names;
    if (this.#state === undefined || names === undefined) return [];
    const core = this.#another();
    core.restore(this.#state);
    try {
      return names.lines.map((_, index) => core.line(index, names)?.calls ?? 0);
    } catch (error) {
      if (isTrap(error)) return [];
      throw error;
    }
  }

  #goOn(state: Uint8Array, seed: Uint8Array | undefined, now: number): void {
    this.#core.restore(state);
    this.setup?.renew(this.#core);
    this.#core.resume(seed ?? new Uint8Array(), now);
  }

  #another(): Core {
    if (this.#spare === undefined) throw new Error("without a spare there is one instance only");
    return this.#spare.load();
  }
}

/** A trap of the module, told apart from an error of the host. */
export function isTrap(error: unknown): error is Error {
  return error instanceof Error && error.name === "RuntimeError";
}
