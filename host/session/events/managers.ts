// The way through a list of managers: who is asked when, when a silence is a loss, and when it is over.
//
// A manager is a program that watches phones and tells facts to applications elsewhere. The first pass through the list
// has to find one; after that the list is gone through again and again, as Cisco's JTAPI guide has it. The rows say what
// follows; time comes in. Below: nothing. Above: host/node/session/provider.ts.

export type LinkState = "new" | "opening" | "up" | "trying" | "pausing" | "failed" | "shutdown";
export type LinkInput =
  | "open"
  | "accepted"
  | "refused" //   there is another one in the list
  | "exhausted" // there is none, and another pass may follow
  | "spent" //     nor may another pass follow
  | "lost" //      closed, or silent for two intervals
  | "due"
  | "shutdown";
export type LinkAct = "connect" | "greet" | "loseAndConnect" | "pause" | "fail" | "end";

export type LinkRow = readonly [state: LinkState, input: LinkInput, act: LinkAct, next: LinkState];

export const LINK_ROWS: readonly LinkRow[] = [
  ["new", "open", "connect", "opening"],
  ["new", "shutdown", "end", "shutdown"],
  ["opening", "accepted", "greet", "up"],
  ["opening", "refused", "connect", "opening"],
  ["opening", "exhausted", "fail", "failed"], // nobody at the first time: likely the list is wrong
  ["opening", "spent", "fail", "failed"],
  ["opening", "shutdown", "end", "shutdown"],
  ["up", "lost", "loseAndConnect", "trying"],
  ["up", "shutdown", "end", "shutdown"],
  ["trying", "accepted", "greet", "up"],
  ["trying", "refused", "connect", "trying"],
  ["trying", "exhausted", "pause", "pausing"],
  ["trying", "spent", "end", "shutdown"],
  ["trying", "shutdown", "end", "shutdown"],
  ["pausing", "due", "connect", "trying"],
  ["pausing", "shutdown", "end", "shutdown"],
];

export type LinkOrder =
  /** Ends what there was, and connects; `accepted`, `refused` or `closed` come back with the same number. */
  | { readonly kind: "connect"; readonly manager: string; readonly attempt: number }
  | { readonly kind: "up"; readonly manager: string }
  | { readonly kind: "lost"; readonly manager: string }
  | { readonly kind: "failed" }
  | { readonly kind: "shutdown" };

export interface LinkSettings {
  /** Between two passes through the list, s: 5.., default 30. */
  readonly retrySeconds: number;
  /** Passes after a loss; 0: for ever. */
  readonly passes: number;
}

const MANAGERS_MAX = 10;
const RETRY_MIN_SECONDS = 5;

/** @throws RangeError: what is wrong with the list or a setting, and what is allowed */
export function checkLink(managers: readonly string[], { retrySeconds, passes }: LinkSettings): void {
  const { length } = managers;
  if (length < 1 || length > MANAGERS_MAX)
    throw new RangeError(`managers: ${length} are given; 1 to ${MANAGERS_MAX} are allowed`);
  for (const [at, manager] of managers.entries()) {
    const first = managers.indexOf(manager);
    if (first < at)
      throw new RangeError(`managers: "${manager}" stands at ${first + 1} and at ${at + 1}; name each once`);
  }
  if (!(retrySeconds >= RETRY_MIN_SECONDS))
    throw new RangeError(`retrySeconds ${retrySeconds}: ${RETRY_MIN_SECONDS} or more`);
  if (!Number.isInteger(passes) || passes < 0) throw new RangeError(`passes ${passes}: 0 (for ever) or more`);
}

/** @returns the row that applies; undefined: nothing happens */
export function linkRow(state: LinkState, input: LinkInput): LinkRow | undefined {
  return LINK_ROWS.find(([of, on]) => of === state && on === input);
}

export class ManagerList {
  readonly #managers: readonly string[];
  readonly #settings: LinkSettings;
  #state: LinkState = "new";
  #attempt = 0;
  #index = 0;
  /** Left in this pass, and passes left; Infinity: no end. */
  #left: number;
  #passesLeft = 1;
  #dueAt = Number.POSITIVE_INFINITY;
  #heardAt = 0;
  #heartbeatMs = 0;

  /** @throws RangeError */
  constructor(managers: readonly string[], settings: LinkSettings) {
    checkLink(managers, settings);
    this.#managers = managers;
    this.#settings = settings;
    this.#left = managers.length;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The manager that is asked, or that is up. */
  get manager(): string {
    return this.#managers[this.#index] ?? "";
  }

  /** Until something is due, ms; Infinity: nothing is. */
  wakeInMs(now: number): number {
    return Math.max(0, (this.#state === "up" ? this.#silentAt : this.#dueAt) - now);
  }

  open(now: number): readonly LinkOrder[] {
    return this.#do("open", now);
  }

  shutdown(now: number): readonly LinkOrder[] {
    return this.#do("shutdown", now);
  }

  tick(now: number): readonly LinkOrder[] {
    if (this.#state === "up") return now >= this.#silentAt ? this.#do("lost", now) : [];
    return now >= this.#dueAt ? this.#do("due", now) : [];
  }

  /** The manager of that attempt has greeted. @param heartbeatMs at most so long it says nothing */
  accepted(attempt: number, heartbeatMs: number, now: number): readonly LinkOrder[] {
    if (attempt !== this.#attempt) return [];
    this.#heartbeatMs = heartbeatMs;
    this.#heardAt = now;
    return this.#do("accepted", now);
  }

  /** Anything has come from it. A silence that was long enough is a loss all the same. */
  heard(attempt: number, now: number): readonly LinkOrder[] {
    if (attempt !== this.#attempt) return [];
    const orders = this.tick(now);
    this.#heardAt = now;
    return orders;
  }

  /** The attempt, or the connection that it became, is over. */
  closed(attempt: number, now: number): readonly LinkOrder[] {
    if (attempt !== this.#attempt) return [];
    return this.#state === "up" ? this.#do("lost", now) : this.#do(this.#refusal(), now);
  }

  /** Two intervals without a word. */
  get #silentAt(): number {
    return this.#heardAt + 2 * this.#heartbeatMs;
  }

  #refusal(): LinkInput {
    this.#left -= 1;
    if (this.#left > 0) return "refused";
    this.#passesLeft -= 1;
    return this.#passesLeft > 0 ? "exhausted" : "spent";
  }

  #do(input: LinkInput, now: number): readonly LinkOrder[] {
    const row = linkRow(this.#state, input);
    if (row === undefined) return [];
    const [, , act, next] = row;
    this.#state = next;
    this.#dueAt = act === "pause" ? now + this.#settings.retrySeconds * 1000 : Number.POSITIVE_INFINITY;
    return this.#act(act, input);
  }

  #act(act: LinkAct, input: LinkInput): readonly LinkOrder[] {
    switch (act) {
      case "connect":
        if (input === "refused") this.#index = this.#after(this.#index);
        return [this.#connect()];
      case "greet":
        return [{ kind: "up", manager: this.manager }];
      case "loseAndConnect": {
        const lost = { kind: "lost", manager: this.manager } as const;
        this.#passesLeft = this.#settings.passes || Number.POSITIVE_INFINITY;
        this.#beginPass();
        return [lost, this.#connect()];
      }
      case "pause":
        this.#beginPass();
        return [];
      case "fail":
        return [{ kind: "failed" }];
      case "end":
        this.#attempt += 1;
        return [{ kind: "shutdown" }];
    }
  }

  /** Begins behind the one that was lost, or tried last. */
  #beginPass(): void {
    this.#index = this.#after(this.#index);
    this.#left = this.#managers.length;
  }

  #after(index: number): number {
    return (index + 1) % this.#managers.length;
  }

  #connect(): LinkOrder {
    this.#attempt += 1;
    return { kind: "connect", manager: this.manager, attempt: this.#attempt };
  }
}
