// Flap damping of returns to the master, with the numbers and the manner of the phone's: DESIGN.md D14, RFC 2439 §4.
//
// A return that fails, and a master that falls soon after one, are charged; the charges halve on a fixed grid; above a
// limit returns are suspended. It never delays a takeover: a standby that could serve and does not is an outage.
// Above: role.ts.

import type { Damping } from "./settings.ts";

export class ReturnDamping {
  readonly #is: Damping;
  #penalty = 0;
  /** When the penalty became non-zero, or was last halved. */
  #halvedAt = 0;
  #freeAt = Number.NEGATIVE_INFINITY;
  #returnedAt = Number.NEGATIVE_INFINITY;

  constructor(damping: Damping) {
    this.#is = damping;
  }

  /** No return before this; in the past, or -Infinity: nothing is suspended. */
  get freeAt(): number {
    return this.#freeAt;
  }

  /** The charges of this moment. */
  penalty(now: number): number {
    this.#halve(now);
    return this.#penalty;
  }

  returned(now: number): void {
    this.#returnedAt = now;
  }

  /** The master is given up. @param lostAt when its registration was lost: charged within flapWindow of a return */
  fell(lostAt: number, now: number): void {
    const isSoon = lostAt - this.#returnedAt < this.#is.flapWindow * 1000;
    this.#returnedAt = Number.NEGATIVE_INFINITY;
    if (isSoon) this.#charge(now);
  }

  /** The master came back and did not stay. While returns are suspended nothing was tried, so nothing is charged. */
  failed(now: number): void {
    if (now >= this.#freeAt) this.#charge(now);
  }

  #charge(now: number): void {
    const { flapDamping, flapPenalty, flapSuppress, flapMaxSuppress } = this.#is;
    if (!flapDamping) return;
    this.#halve(now);
    if (this.#penalty === 0) this.#halvedAt = now;
    this.#penalty += flapPenalty;
    if (this.#penalty > flapSuppress)
      this.#freeAt = Math.min(this.#reusableAt(), now + flapMaxSuppress * 1000);
  }

  #halve(now: number): void {
    const lifeMs = this.#is.flapHalfLife * 1000;
    const halvings = Math.floor((now - this.#halvedAt) / lifeMs);
    this.#penalty = Math.floor(this.#penalty / 2 ** halvings);
    this.#halvedAt += halvings * lifeMs;
  }

  /** The halving that brings the charges below flapReuse; it is looked at with halvings only, as the phone does. */
  #reusableAt(): number {
    let [penalty, at] = [this.#penalty, this.#halvedAt];
    do {
      penalty = Math.floor(penalty / 2);
      at += this.#is.flapHalfLife * 1000;
    } while (penalty >= this.#is.flapReuse);
    return at;
  }
}
