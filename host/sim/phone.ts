// The phone of the virtual world: the shipped module under the agent, and the device that runs it.
//
// Below: core/agent.ts, servers.ts. Above: world.ts.

import type { PhoneConfig } from "../config/model.ts";
import { Agent, type Input, type Output } from "../core/agent.ts";
import { type CompiledModule, load, type Wrap } from "../core/load.ts";
import { seedBytes } from "./seed.ts";
import { placesOf } from "./servers.ts";

export interface PhoneOptions {
  readonly module: Uint8Array | CompiledModule;
  readonly wrap: Wrap | undefined;
  readonly config: PhoneConfig;
  readonly seed: number;
  /** Time since the start of the world, ms. */
  readonly now: () => number;
  /** What the clock of the core shows at 0, ms. */
  readonly clockAtMs: number;
  /** Takes every output but `sleep`. */
  readonly carry: (output: Output) => void;
}

export class Phone {
  readonly agent: Agent;
  readonly #options: PhoneOptions;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(options: PhoneOptions) {
    const { module, wrap, config, seed } = options;
    this.#options = options;
    this.agent = new Agent(load(module, wrap), (output) => this.#take(output));
    const identity = { seed: seedBytes(seed), instance: "0a0b0c0d", userAgent: "standfast" };
    this.agent.configure(config, placesOf(config), identity);
  }

  /** When it wants to be woken, ms; Infinity: never. */
  get wakeAt(): number {
    return this.#wakeAt;
  }

  start(): void {
    this.agent.start(this.#clock);
  }

  feed(input: Input): void {
    this.agent.feed(input, this.#clock);
  }

  /** Its time has come. */
  wake(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.feed({ kind: "tick" });
  }

  get #clock(): number {
    return this.#options.now() + this.#options.clockAtMs;
  }

  #take(output: Output): void {
    if (output.kind === "sleep") this.#wakeAt = this.#options.now() + output.forMs;
    else {
      if (output.kind === "stopped") this.#wakeAt = Number.POSITIVE_INFINITY;
      this.#options.carry(output);
    }
  }
}
