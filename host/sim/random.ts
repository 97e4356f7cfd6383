// Numbers that look drawn and can be drawn again: the same seed gives the same ones everywhere.
//
// splitmix32: a counter that is mixed well, so that seeds 1, 2, 3 .. have nothing in common. Above: the
// network of the world, and whoever draws cases. Not for secrets.

export class Random {
  #state: number;

  /** @param seed any integer; its lower 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 up to and without 1, in steps of 2^-32. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to and without `limit`, 1..2^32. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /**
   * One of a list.
   * @throws RangeError when there is none
   */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("nothing to pick from");
    return list[this.below(list.length)] as T;
  }

  /** true this often: 0 never, 1 always. */
  chance(share: number): boolean {
    return this.next() < share;
  }
}
