// When the standby session may be given up for main: main has to be found serving several times in a row, and after a
// return that failed it is asked half as often, so that a main server that comes and goes costs ever fewer sessions.
//
// Above: machine.ts, which probes and goes back.

/** One may be a main server that was restarted just then. */
const SHORT_MAX = 2;

export class Comeback {
  readonly #shortestMs: number;
  readonly #longestMs: number;
  readonly #inRow: number;
  #intervalMs: number;
  #served = 0;
  /** The session at main came by a return that has not lasted yet. */
  #isYoung = false;
  /** The session at main has lasted. */
  #hasLasted = false;
  /** Sessions at main in a row that were lost before they had lasted. */
  #short = 0;

  /** @param inRow probes that have to succeed one after the other */
  constructor(shortestMs: number, longestMs: number, inRow: number) {
    this.#shortestMs = shortestMs;
    this.#longestMs = longestMs;
    this.#inRow = inRow;
    this.#intervalMs = shortestMs;
  }

  /** From one probe to the next, ms. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Probes in a row that found main serving. */
  get served(): number {
    return this.#served;
  }

  /** Whether it is time to go back. */
  get isTime(): boolean {
    return this.#served >= this.#inRow;
  }

  /** Main lets us in and keeps no session: it answers, and does not serve. */
  get isHollow(): boolean {
    return this.#short >= SHORT_MAX;
  }

  /** A standby session has begun: what was found before it does not count. */
  begin(): void {
    this.#served = 0;
  }

  probed(isServing: boolean): void {
    this.#served = isServing ? this.#served + 1 : 0;
  }

  /** Main has let us in. */
  entered(byReturn: boolean): void {
    this.#isYoung = byReturn;
    this.#hasLasted = false;
  }

  /** The session at main has lasted. */
  settled(): void {
    this.#isYoung = false;
    this.#hasLasted = true;
    this.#intervalMs = this.#shortestMs;
  }

  /** The session at main is lost. */
  lost(): void {
    this.#short = this.#hasLasted ? 0 : this.#short + 1;
    if (this.#isYoung) this.failed();
    this.#isYoung = false;
  }

  /** A return has failed. */
  failed(): void {
    this.#intervalMs = Math.min(2 * this.#intervalMs, this.#longestMs);
  }
}
