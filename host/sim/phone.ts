// The phone of the virtual world: the shipped module under the agent, and the device that runs it, which may
// sleep and lose its power.
//
// Below: core/agent.ts, core/contacts.ts, servers.ts. Above: world.ts.

import type { PhoneConfig } from "../config/model.ts";
import { Agent, type Input, type Output } from "../core/agent.ts";
import { Contacts } from "../core/contacts.ts";
import type { Core } from "../core/core.ts";
import type { PhoneEvent } from "../core/events.ts";
import { type CompiledModule, type CoreExports, load, type Wrap } from "../core/load.ts";
import { mirror } from "./mirror.ts";
import type { Random } from "./random.ts";
import { seedBytes } from "./seed.ts";
import { placesOf } from "./servers.ts";

export interface PhoneOptions {
  readonly module: Uint8Array | CompiledModule;
  readonly wrap: Wrap | undefined;
  readonly config: PhoneConfig;
  /** What the first boot draws comes from it. */
  readonly seed: number;
  /** Seeds and ports of later boots. */
  readonly random: Random;
  /** Time since the start of the world, ms. */
  readonly now: () => number;
  /** What the clock of the core shows at 0, ms. */
  readonly clockAtMs: number;
  /** Takes every output but `sleep`. */
  readonly carry: (output: Output) => void;
}

export class Phone {
  readonly #options: PhoneOptions;
  #agent: Agent;
  #contacts: Contacts;
  #port: number;
  #bootedAt = 0;
  #wakeAt = Number.POSITIVE_INFINITY;
  /** Until when it sleeps, ms. */
  #asleepUntil = 0;
  /** What was to be fed meanwhile. */
  #waiting: (() => void)[] = [];
  /** Those of the instance that works. */
  #exports: CoreExports | undefined;
  /** Those of one that is to be fed beside the next that is loaded. */
  #beside: CoreExports | undefined;
  /** Something was told since the bindings were taken down. */
  #hasNews = false;

  constructor(options: PhoneOptions) {
    const { local, servers } = options.config;
    this.#options = options;
    this.#port = local.random ? local.min : local.port;
    this.#contacts = new Contacts(servers);
    this.#agent = this.#boot(options.seed);
  }

  /** That of the present boot. */
  get agent(): Agent {
    return this.#agent;
  }

  /** Its own port. */
  get port(): number {
    return this.#port;
  }

  get isAwake(): boolean {
    return this.#options.now() >= this.#asleepUntil;
  }

  /** When it wants to be woken, ms; Infinity: never. */
  get wakeAt(): number {
    return this.isAwake ? this.#wakeAt : Number.POSITIVE_INFINITY;
  }

  start(): void {
    this.#agent.start(this.#clock);
  }

  /** While it sleeps, inputs wait. */
  feed(input: Input): void {
    this.#whenAwake(() => this.#agent.feed(input, this.#clock));
  }

  /** The instance is lost, as by a trap; another goes on from its last state. */
  crash(): void {
    this.#whenAwake(() => this.#agent.crash(this.#clock));
  }

  /** Goes on in a copy of the instance; from now on the one before is fed as well, and has to say the same. */
  copy(): void {
    this.#whenAwake(() => {
      this.#beside = this.#exports;
      this.#agent.copy();
      this.#beside = undefined;
    });
  }

  /** Its time has come. */
  wake(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.feed({ kind: "tick" });
  }

  /** It sleeps until then, ms; resume() has to be called then. */
  suspend(untilMs: number): void {
    this.#asleepUntil = Math.max(this.#asleepUntil, untilMs);
  }

  /** It wakes, unless it was sent to sleep for longer meanwhile. */
  resume(): void {
    if (this.isAwake) this.wake();
  }

  /** Its power is gone and comes back: all is forgotten but what a state file remembers. DESIGN.md D22. */
  reboot(): void {
    const { config, random } = this.#options;
    const { random: isRandom, min, max } = config.local;
    this.#takeDown();
    this.#contacts = new Contacts(config.servers, this.#contacts.all);
    if (isRandom) this.#port = random.between(min, max);
    this.#asleepUntil = 0;
    this.#waiting = [];
    this.#wakeAt = Number.POSITIVE_INFINITY;
    this.#bootedAt = this.#options.now();
    this.#agent = this.#boot(random.below(2 ** 32));
    this.start();
  }

  #boot(seed: number): Agent {
    const { config, random } = this.#options;
    const spare = { load: () => this.#load(), seed: () => seedBytes(random.below(2 ** 32)) };
    const agent = new Agent(spare.load(), (output) => this.#take(output), spare);
    const places = placesOf(config, this.#port).map((place, rank) => {
      const server = config.servers[rank];
      const earlierContact = server && this.#contacts.earlierAt(server);
      return { ...place, ...(earlierContact !== undefined && { earlierContact }) };
    });
    agent.configure(config, places, { seed: seedBytes(seed), instance: "0a0b0c0d", userAgent: "standfast" });
    return agent;
  }

  #load(): Core {
    const { module, wrap } = this.#options;
    return load(module, (fresh) => {
      const exports = wrap === undefined ? fresh : wrap(fresh);
      this.#exports = exports;
      return this.#beside === undefined ? exports : mirror(exports, this.#beside);
    });
  }

  /** Now, or when it wakes; what waits already comes first. */
  #whenAwake(act: () => void): void {
    this.#waiting.push(act);
    if (!this.isAwake) return;
    for (const one of this.#waiting.splice(0)) one();
  }

  get #clock(): number {
    return this.#options.now() + this.#options.clockAtMs;
  }

  #take(output: Output): void {
    if (output.kind === "sleep") {
      this.#wakeAt = this.#options.now() + output.forMs;
      this.#takeDown();
      return;
    }
    if (output.kind === "stopped") this.#wakeAt = Number.POSITIVE_INFINITY;
    if (output.kind === "event") this.#tell(output.event);
    else this.#options.carry(output);
  }

  #tell(event: PhoneEvent): void {
    this.#hasNews = true;
    this.#contacts.note(event, this.#agent.lines());
    this.#options.carry({ kind: "event", event: later(event, this.#bootedAt) });
  }

  /** Where it is bound now, for the next boot. */
  #takeDown(): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#contacts.settle(this.#agent.lines(), (rank) => this.#agent.contact(rank));
  }
}

/** The agent counts from its boot, the world from its beginning. */
function later(event: PhoneEvent, byMs: number): PhoneEvent {
  if (byMs === 0) return event;
  const { t, next, ...rest } = event;
  const at = next?.at === undefined ? {} : { at: next.at + byMs };
  return { ...rest, t: t + byMs, ...(next && { next: { ...next, ...at } }) };
}
