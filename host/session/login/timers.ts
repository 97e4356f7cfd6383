// Named moments to come, one for each name. Above: machine.ts.

export class Timers<Name extends string> {
  readonly #moments = new Map<Name, number>();

  set(name: Name, at: number): void {
    this.#moments.set(name, at);
  }

  /** The same, unless it is due earlier already. */
  hasten(name: Name, at: number): void {
    this.#moments.set(name, Math.min(at, this.#moments.get(name) ?? at));
  }

  stop(...names: readonly Name[]): void {
    for (const name of names) this.#moments.delete(name);
  }

  clear(): void {
    this.#moments.clear();
  }

  isRunning(name: Name): boolean {
    return this.#moments.has(name);
  }

  /** The one that is due first; undefined: none runs. */
  get soonest(): { readonly name: Name; readonly at: number } | undefined {
    let found: { readonly name: Name; readonly at: number } | undefined;
    for (const [name, at] of this.#moments) if (found === undefined || at < found.at) found = { name, at };
    return found;
  }
}
