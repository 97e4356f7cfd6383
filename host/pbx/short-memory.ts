// What is remembered of others, and forgotten: when nothing is added to it for a while, and the oldest first when there is
// too much, so nobody fills it.
//
// No clock: the time is handed in. Above: guesses.ts, pair/house.ts.

export interface MemoryLimits {
  readonly entries: number;
  /** From the last time an entry was set, ms. */
  readonly keptMs: number;
}

export class ShortMemory<Value> {
  readonly #limits: MemoryLimits;
  /** By the time they were set, the oldest first. */
  readonly #held = new Map<string, { readonly value: Value; readonly at: number }>();

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  get(key: string, now: number): Value | undefined {
    const entry = this.#held.get(key);
    return entry !== undefined && now - entry.at < this.#limits.keptMs ? entry.value : undefined;
  }

  set(key: string, value: Value, now: number): void {
    this.#held.delete(key);
    this.#held.set(key, { value, at: now });
    for (const [old, { at }] of this.#held) {
      if (this.#held.size <= this.#limits.entries && now - at < this.#limits.keptMs) return;
      this.#held.delete(old);
    }
  }

  forget(key: string): void {
    this.#held.delete(key);
  }
}
