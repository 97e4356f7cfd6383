// Virtual time: what is planned, and the moment that it is now.
//
// Within one moment servers and network change first, then the phone starts, then the host acts, then packets
// arrive. Below: queue.ts. Above: world.ts, wire.ts, streams.ts.

import { Queue } from "./queue.ts";

/** What comes first within a moment. */
export const [WORLD_CHANGES, PHONE_STARTS, HOST_ACTS, PACKET_ARRIVES] = [0, 1, 2, 3] as const;

export class Schedule {
  readonly #due = new Queue();
  #now = 0;

  /** Time since the start, ms. */
  get now(): number {
    return this.#now;
  }

  /** When the next thing is planned, ms; Infinity: nothing is. */
  get nextAt(): number {
    return this.#due.first?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Goes on to a moment. */
  goTo(atMs: number): void {
    this.#now = atMs;
  }

  plan(atMs: number, rank: number, run: () => void): void {
    if (atMs < this.#now) throw new RangeError(`${atMs} ms has passed; it is ${this.#now} ms`);
    this.#due.add({ at: atMs, rank, run });
  }

  /** Does it after a delay, and without one at once. */
  after(delayMs: number, run: () => void): void {
    if (delayMs === 0) run();
    else this.plan(this.#now + delayMs, PACKET_ARRIVES, run);
  }

  /** Runs the next thing that is due now. @returns false: there is none */
  runNext(): boolean {
    if (this.nextAt > this.#now) return false;
    this.#due.take()?.run();
    return true;
  }
}
