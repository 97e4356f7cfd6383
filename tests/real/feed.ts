// Things that arrive one by one, kept in order: a test may look back, or wait for the next one.

import { EventEmitter, once } from "node:events";

export class Feed<Item> {
  readonly items: Item[] = [];
  readonly #news = new EventEmitter();

  add(item: Item): void {
    this.items.push(item);
    this.#news.emit("item");
  }

  /** Waits for the first item that is `wanted`, one of the past included. `what` names it in the error. */
  async until(wanted: (item: Item) => boolean, timeoutMs: number, what: string): Promise<Item> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.items.find(wanted);
      if (found !== undefined) return found;
      await once(this.#news, "item", { signal }).catch(() => {
        throw new Error(`${what}: not within ${timeoutMs} ms`);
      });
    }
  }
}
