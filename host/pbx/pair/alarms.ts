// What is wrong with a node, since when, and what has changed of it. No clock.
//
// Above: host/node/pair/node.ts, which looks once a second.

import type { Alarm } from "../status.ts";

/** One thing that is wrong now: a row of problems.ts that found something. */
export type Wrong = Pick<Alarm, "name" | "text">;

/** It is wrong since now, or with another text; or it is over. */
export type AlarmChange = Wrong & { readonly on: boolean };

export class Alarms {
  #held: ReadonlyMap<string, Wrong & { readonly at: number }> = new Map();

  /** Takes all that is wrong at `now`, ms, and says what is other than before. */
  take(found: readonly Wrong[], now: number): readonly AlarmChange[] {
    const before = this.#held;
    this.#held = new Map(
      found.map(({ name, text }) => [name, { name, text, at: before.get(name)?.at ?? now }]),
    );
    const news = found.filter(({ name, text }) => before.get(name)?.text !== text);
    const over = [...before.keys()].filter((name) => !this.#held.has(name));
    return [
      ...news.map(({ name, text }) => ({ name, text, on: true })),
      ...over.map((name) => ({ name, text: "over", on: false })),
    ];
  }

  list(now: number): readonly Alarm[] {
    const seconds = (at: number): number => Math.floor((now - at) / 1000);
    return [...this.#held.values()].map(({ at, ...wrong }) => ({ ...wrong, sinceSeconds: seconds(at) }));
  }
}
