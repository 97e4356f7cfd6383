// The monotonic clock and the one timer that the core needs.
import { performance } from "node:perf_hooks";

/** setTimeout takes 31 bits; a longer delay would fire at once. */
const LONGEST_MS = 0x7fff_ffff;

/** Milliseconds of a monotonic clock as the core counts them, and one wake-up. */
export class NodeClock {
  readonly #startAt: number;
  #timer: NodeJS.Timeout | undefined;
  #job: () => void = () => {};
  /** When the timer fires, ms of performance.now(). */
  #dueAt = 0;

  /** @param startAt what the clock shows at the start of the process, ms; tests begin close to the wrap */
  constructor(startAt = 0) {
    this.#startAt = startAt;
  }

  /** Now, ms, a u32 that wraps. Never goes back, whatever happens to the time of day. */
  now(): number {
    return Math.floor(this.#startAt + performance.now()) >>> 0;
  }

  /**
   * Calls `job` once after `delayMs`; an earlier call that is still to come is dropped. A delay over
   * 24.8 days is cut short: the caller finds nothing due and sleeps again. The same job at the same
   * moment is left alone: a datagram that changes nothing, and a flood of them, costs no new timer.
   */
  wake(delayMs: number, job: () => void): void {
    const waitMs = Math.min(delayMs, LONGEST_MS);
    const dueAt = performance.now() + waitMs;
    const same = this.#timer !== undefined && job === this.#job && Math.abs(dueAt - this.#dueAt) < 1;
    if (same) return;
    this.cancel();
    this.#job = job;
    this.#dueAt = dueAt;
    this.#timer = setTimeout(this.#fire, waitMs);
  }

  readonly #fire = (): void => {
    this.#timer = undefined;
    this.#job();
  };

  /** Drops the call that is to come. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Calls `job` once after `delayMs`; the returned function drops it. Infinity: never. */
export function after(delayMs: number, job: () => void): () => void {
  if (!Number.isFinite(delayMs)) return () => {};
  const timer = setTimeout(job, Math.min(delayMs, LONGEST_MS));
  return () => clearTimeout(timer);
}

/** Calls `job` every `intervalMs` until the returned function is called. */
export function every(intervalMs: number, job: () => void): () => void {
  const timer = setInterval(job, intervalMs);
  return () => clearInterval(timer);
}

/** A monotonic time in ms with no particular zero, for measuring. */
export function monotonicMs(): number {
  return performance.now();
}

/** The time of day as ISO 8601, UTC. */
export function timeOfDay(): string {
  return new Date().toISOString();
}
