// What the server of the open session says of its users and calls.
//
// It is one session's and no other's: with the session it goes, and the first answer of the next one fills it anew, so
// nothing of the last server is left standing. Above: whoever shows it.

import type { Change } from "./driver.ts";
import type { SessionEvent } from "./events.ts";

/** More than any PBX has; one that names ever new users does not fill the memory. */
const ITEMS_MAX = 50_000;

export class View {
  #serial = 0;
  readonly #items = new Map<string, Change>();

  take(event: SessionEvent): void {
    if (event.kind === "opened" || event.kind === "closed") {
      this.#items.clear();
      this.#serial = event.kind === "opened" ? event.session.serial : 0;
    } else if (event.kind === "news" && event.session.serial === this.#serial) {
      for (const change of event.changes) this.#put(change);
    }
  }

  /** Users and calls, sorted by kind and name; 50,000 at most, the first that were told. */
  get items(): readonly Change[] {
    return [...this.#items.keys()].sort().map((key) => this.#items.get(key) as Change);
  }

  #put(change: Change): void {
    const key = `${change.kind} ${change.id}`;
    if (change.state === undefined) this.#items.delete(key);
    else if (this.#items.size < ITEMS_MAX || this.#items.has(key)) this.#items.set(key, change);
  }
}
