// The addresses of one server over time: when its name is asked for again, and what a new answer changes.
//
// The target in use stays in use whatever a new answer says: only the core leaves it. While the DNS
// fails the last good answer serves, however old (in the spirit of RFC 8767); when the DNS says that
// there is nothing, the target in use is all that is left. Below: locate.ts. Above: locator.ts.
import { sameEndpoint } from "../address.ts";
import { type Located, TARGETS_MAX, type Target } from "./locate.ts";

/** A clock in ms and a way to be called later; virtual in tests. */
export interface Timing {
  now(): number;
  /** Calls once after `delayMs`; the returned function drops it. */
  after(delayMs: number, job: () => void): () => void;
}

export interface WatchOptions {
  /** Asks anew; never rejects. */
  readonly locate: () => Promise<Located>;
  readonly timing: Timing;
  /** `targets` or `current` are others now. */
  readonly onChange: () => void;
  /** A remark for people. */
  readonly onNotice: (text: string) => void;
}

/** Whatever a time to live says, the name is not asked for more often than this in the background, s. */
export const REFRESH_LEAST_S = 30;
/** And not more often than this when somebody needs it: what lives for 0 s is asked for at each need. */
export const NEED_LEAST_S = 5;
/** After a failure, while no address is known at all; otherwise REFRESH_LEAST_S (RFC 8767 §4). */
export const RETRY_S = 5;

const NONE: readonly Target[] = [];

export class Watch {
  readonly #options: WatchOptions;
  #targets = NONE;
  #current = 0;
  /** The target in use, once an answer lacked it. */
  #stale: Target | undefined;
  /** The answer that `targets` are from missed nothing on the way. */
  #isWhole = false;
  #asking: Promise<Located> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #goodUntil = Number.NEGATIVE_INFINITY;
  #told: Located["kind"] | "part" = "found";
  #forget = (): void => {};
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** 0 to 8, in the order in which they are to be tried. */
  get targets(): readonly Target[] {
    return this.#targets;
  }

  /** Index of the target in use. */
  get current(): number {
    return this.#current;
  }

  /** Asks now, or waits for the answer under way. */
  async ask(): Promise<Located> {
    this.#asking ??= this.#askNow();
    return this.#asking;
  }

  /** Somebody is about to use the addresses: asks when they are no longer good. */
  need(): void {
    const now = this.#options.timing.now();
    const mayAsk = now >= this.#goodUntil && now - this.#askedAt >= 1000 * NEED_LEAST_S;
    if (mayAsk && !this.#closed) void this.ask();
  }

  /** The core uses that target from now on. One that was kept for its sake only is dropped. */
  use(index: number): void {
    this.#current = index;
    const used = this.#targets[index];
    if (!this.#stale || !used || sameEndpoint(this.#stale, used)) return;
    const stale = this.#stale;
    this.#stale = undefined;
    this.#put(
      this.#targets.filter((target) => !sameEndpoint(target, stale)),
      used,
    );
  }

  close(): void {
    this.#closed = true;
    this.#forget();
  }

  async #askNow(): Promise<Located> {
    this.#forget();
    this.#askedAt = this.#options.timing.now();
    const located = await this.#options.locate();
    this.#asking = undefined;
    if (!this.#closed) this.#take(located);
    return located;
  }

  #take(located: Located): void {
    this.#tell(located);
    switch (located.kind) {
      case "found":
        this.#found(located.targets, located.missed.length === 0, located.ttlSeconds);
        return;
      case "none":
        this.#adopt(this.#targets.slice(this.#current, this.#current + 1));
        this.#good(located.ttlSeconds);
        return;
      case "failed":
        this.#retry();
    }
  }

  /** What was found in part does not replace what was whole. */
  #found(targets: readonly Target[], isWhole: boolean, ttlSeconds: number): void {
    if (isWhole || !this.#isWhole) this.#adopt(targets);
    this.#isWhole ||= isWhole;
    if (isWhole) this.#good(ttlSeconds);
    else this.#retry();
  }

  #good(ttlSeconds: number): void {
    this.#goodUntil = this.#options.timing.now() + 1000 * ttlSeconds;
    this.#askAfter(Math.max(ttlSeconds, REFRESH_LEAST_S));
  }

  #retry(): void {
    this.#askAfter(this.#targets.length > 0 ? REFRESH_LEAST_S : RETRY_S);
  }

  #askAfter(seconds: number): void {
    this.#forget = this.#options.timing.after(1000 * seconds, () => void this.ask());
  }

  /** A new list, in which the target in use keeps its part. */
  #adopt(found: readonly Target[]): void {
    const used = this.#targets[this.#current];
    const list = found.slice(0, TARGETS_MAX);
    const isKept = used === undefined || list.some((target) => sameEndpoint(target, used));
    this.#stale = isKept ? undefined : used;
    this.#put(isKept ? list : [used, ...list].slice(0, TARGETS_MAX), used);
  }

  #put(list: readonly Target[], used: Target | undefined): void {
    const before = this.#targets;
    const current = used ? list.findIndex((target) => sameEndpoint(target, used)) : 0;
    const isSame =
      list.length === before.length && list.every((target, at) => sameEndpoint(target, before[at] as Target));
    this.#targets = list;
    if (isSame && current === this.#current) return;
    this.#current = current;
    this.#options.onChange();
  }

  /** Each kind of trouble once, and its end. */
  #tell(located: Located): void {
    const isPart = located.kind === "found" && located.missed.length > 0;
    const state = isPart ? "part" : located.kind;
    if (state === this.#told) return;
    this.#told = state;
    this.#options.onNotice(this.#words(located));
  }

  #words(located: Located): string {
    if (located.kind !== "found") {
      const held = this.#targets.length > 0 ? "; what was known before is used" : "";
      return `no address found (${located.why})${held}`;
    }
    const { missed } = located;
    return missed.length === 0 ? "found again" : `found in part (${missed.join("; ")})`;
  }
}
