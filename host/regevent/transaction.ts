// One request under way: when it is repeated, and when it has been waited for in vain. RFC 3261
// §17.1.2, timers E and F.
//
// A plain clockwork; the bytes are the caller's. Above: subscription.ts.

export interface Timing {
  /** RFC 3261 §17.1.1.1, ms. */
  readonly t1Ms: number;
  readonly t2Ms: number;
}

export class Transaction {
  /** Of the top Via: what an answer is matched by. RFC 3261 §17.1.3. */
  readonly branch: string;
  readonly bytes: Uint8Array;
  readonly #timing: Timing;
  readonly #endsAt: number;
  #repeatAt: number;
  #gapMs: number;

  /** @param reliable over a stream nothing is repeated */
  constructor(branch: string, bytes: Uint8Array, timing: Timing, reliable: boolean, now: number) {
    this.branch = branch;
    this.bytes = bytes;
    this.#timing = timing;
    this.#gapMs = timing.t1Ms;
    this.#repeatAt = reliable ? Number.POSITIVE_INFINITY : now + timing.t1Ms;
    this.#endsAt = now + waitMs(timing);
  }

  get nextAt(): number {
    return Math.min(this.#repeatAt, this.#endsAt);
  }

  /** A provisional answer came: repeats slow down, the end stays. §17.1.2.2 "Proceeding". */
  slowDown(now: number): void {
    if (this.#repeatAt === Number.POSITIVE_INFINITY) return;
    this.#gapMs = this.#timing.t2Ms;
    this.#repeatAt = now + this.#gapMs;
  }

  /** What is due at `now`. */
  tick(now: number): "repeat" | "timeout" | undefined {
    if (now >= this.#endsAt) return "timeout";
    if (now < this.#repeatAt) return undefined;
    this.#gapMs = Math.min(2 * this.#gapMs, this.#timing.t2Ms);
    this.#repeatAt = now + this.#gapMs;
    return "repeat";
  }
}

/** How long an answer is waited for, and a NOTIFY after it: RFC 6665 §4.1.2.4, timer N. */
export function waitMs({ t1Ms }: Timing): number {
  return 64 * t1Ms;
}
