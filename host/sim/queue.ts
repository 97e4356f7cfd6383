// What is to come, soonest first: a binary heap. Of two that are due at the same moment the one of lower
// rank comes first, and of two of the same rank the one that was planned first.
//
// Above: world.ts.

export interface Due {
  readonly at: number;
  readonly rank: number;
  readonly run: () => void;
}

interface Entry extends Due {
  readonly order: number;
}

export class Queue {
  readonly #heap: Entry[] = [];
  #planned = 0;

  /** The soonest; undefined: nothing is planned. */
  get first(): Due | undefined {
    return this.#heap[0];
  }

  add(due: Due): void {
    const entry = { ...due, order: this.#planned++ };
    let at = this.#heap.length;
    for (let above = (at - 1) >> 1; at > 0 && isBefore(entry, this.#at(above)); above = (at - 1) >> 1) {
      this.#heap[at] = this.#at(above);
      at = above;
    }
    this.#heap[at] = entry;
  }

  /** Takes the soonest out. */
  take(): Due | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (first !== undefined && last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts `entry` at the top and lets it sink to its place. */
  #sink(entry: Entry): void {
    const count = this.#heap.length;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      if (below + 1 < count && isBefore(this.#at(below + 1), this.#at(below))) below++;
      if (isBefore(entry, this.#at(below))) break;
      this.#heap[at] = this.#at(below);
      at = below;
    }
    this.#heap[at] = entry;
  }

  #at(index: number): Entry {
    return this.#heap[index] as Entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank !== b.rank ? a.rank < b.rank : a.order < b.order;
}
