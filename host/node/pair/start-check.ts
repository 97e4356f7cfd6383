// Carries the check of a start out: asks the components again until they are there, tries the ports, and tells.
//
// Below: host/pbx/readiness, probes.ts, port-check.ts, notify.ts. Above: node.ts, which may listen when this says so.
import { type ComponentName, type PartName, SIP_PORT } from "../../pbx/readiness/components.ts";
import type { ReadinessOptions } from "../../pbx/readiness/options.ts";
import type { Place } from "../../pbx/readiness/plan.ts";
import { Readiness, type ReadinessEvent, type ReadinessReport } from "../../pbx/readiness/readiness.ts";
import { checkPorts, type Port } from "./port-check.ts";
import { type Finding, type Probe, verdict } from "./probes.ts";

export interface StartCheckOptions {
  readonly options: ReadinessOptions;
  readonly place: Place;
  /** The SIP ports of this node. */
  readonly ports: readonly Port[];
  readonly probes: Readonly<Record<ComponentName, Probe>>;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Calls once after that many ms; the result drops it. */
  readonly after: (delayMs: number, job: () => void) => () => void;
  readonly onEvent: (event: ReadinessEvent) => void;
  /** The check is over and well, once: the node may listen. */
  readonly onReady: () => void;
}

/** What is missing is asked for again after this, ms. */
const AGAIN_MS = 1000;

export class StartCheck {
  readonly #options: StartCheckOptions;
  readonly #readiness: Readiness;
  #cancelTimeout: () => void = () => {};
  #cancelRound: () => void = () => {};
  #isClosed = false;
  #isReady = false;
  #isPromoted = false;
  /** The round that is being asked, or the last one. */
  #round: Promise<void> | undefined;

  constructor(options: StartCheckOptions) {
    this.#options = options;
    this.#readiness = new Readiness(options.options, options.place);
  }

  /** Begins; the first round of questions is over, or nothing is checked, when it returns. */
  async start(): Promise<void> {
    this.#tell(this.#readiness.start(this.#options.now()));
    this.#arm();
    await this.look();
  }

  /** Asks whatever is still missing, now. A component that came by itself may call it. */
  look(): Promise<void> {
    this.#round ??= this.#ask().finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /** A part is there: it was seen at work. */
  works(name: PartName): void {
    this.#tell(this.#readiness.initialised(name, this.#options.now()));
  }

  /** A part that was initialised broke before it was needed, such as a port that was taken meanwhile. */
  failed(name: PartName, why: string): void {
    this.#tell(this.#readiness.failed(name, why, this.#options.now()));
  }

  /** The node became active. @returns when the ports are let go of: it may listen, ready or not */
  async promoted(): Promise<void> {
    this.#isPromoted = true;
    this.#tell(this.#readiness.promoted(this.#options.now()));
    await this.#round;
  }

  demoted(): void {
    this.#isPromoted = false;
    this.#tell(this.#readiness.demoted(this.#options.now()));
  }

  report(): ReadinessReport {
    return this.#readiness.report(this.#options.now());
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimeout();
    this.#cancelRound();
  }

  /** A timer drops fractions of a millisecond, and may come too early: then it is set again. */
  #arm(): void {
    const { now, after } = this.#options;
    const leftMs = this.#readiness.wakeInMs(now());
    if (leftMs === undefined) return;
    this.#cancelTimeout = after(leftMs, () => {
      this.#tell(this.#readiness.tick(now()));
      this.#arm();
    });
  }

  async #ask(): Promise<void> {
    this.#cancelRound();
    for (const { name, state } of this.report().parts) {
      if (state === "initialised" || this.#isOver) continue;
      const found = await this.#find(name);
      if (found !== undefined && !this.#isOver) this.#take(name, found);
    }
    if (!this.#isOver) this.#cancelRound = this.#options.after(AGAIN_MS, () => void this.look());
  }

  get #isOver(): boolean {
    return this.#isReady || this.#isClosed;
  }

  /** @returns undefined: the node listens there itself */
  async #find(name: PartName): Promise<Finding | undefined> {
    const { probes, ports } = this.#options;
    try {
      if (name !== SIP_PORT) return await probes[name]();
      return this.#isPromoted ? undefined : verdict(await checkPorts(ports));
    } catch (error) {
      return { kind: "failed", why: (error as Error).message };
    }
  }

  #take(name: PartName, found: Finding): void {
    const at = this.#options.now();
    if (found.kind === "initialised") this.#tell(this.#readiness.initialised(name, at));
    else this.#tell(this.#readiness[found.kind](name, found.why, at));
  }

  #tell(events: readonly ReadinessEvent[]): void {
    for (const event of events) this.#options.onEvent(event);
    if (this.#readiness.state !== "OK" || this.#isReady) return;
    this.#isReady = true;
    this.#cancelTimeout();
    this.#cancelRound();
    this.#options.onReady();
  }
}
