// When faults strike: anywhere, or just where it hurts, at the millisecond of something that is due.
//
// Above: faults.ts. Below: sim/random.ts, lint/clock.ts.

import { delayMs, refreshMs, sendings, timeoutMs } from "../../lint/clock.ts";
import type { Settings } from "../../params/table.ts";
import type { Random } from "../../sim/random.ts";

export class Moments {
  readonly #random: Random;
  readonly #untilMs: number;
  /** What recurs: heartbeats, refreshes, ms. */
  readonly #periods: readonly number[];
  /** What follows on something, ms. */
  readonly #delays: readonly number[];
  #lastMs = 0;

  constructor(random: Random, settings: Settings, untilMs: number) {
    this.#random = random;
    this.#untilMs = untilMs;
    const { primaryDetectInterval, sipOptions, sipOptionsInterval, registerRefreshInterval } = settings;
    const seconds = [primaryDetectInterval, sipOptions ? sipOptionsInterval : 0].filter((each) => each > 0);
    this.#periods = [...seconds.map((each) => 1000 * each), refreshMs(settings)];
    const timeouts = [timeoutMs(settings, "registerTimeout"), timeoutMs(settings, "optionsTimeout")];
    this.#delays = [
      0,
      ...timeouts,
      ...timeouts.flatMap((each) => sendings(settings, each).slice(1, 4)),
      2 * (timeouts[0] ?? 0),
      settings.registerSpacing,
      delayMs(settings),
      1000 * registerRefreshInterval,
      1000 * settings.lineCool,
    ];
  }

  /** ms, before the calm. */
  next(): number {
    const random = this.#random;
    const roll = random.next();
    let at: number;
    if (roll < 0.05) at = 0;
    else if (roll < 0.4) at = random.below(this.#untilMs);
    else if (roll < 0.75) at = this.#point() + random.pick(this.#delays) + random.between(-1, 1);
    else at = this.#lastMs + random.pick(this.#delays) + random.between(-1, 1);
    this.#lastMs = Math.min(Math.max(0, at), this.#untilMs - 1);
    return this.#lastMs;
  }

  /** `afterMs` or so after the moment drawn last. */
  after(afterMs: number): number {
    return Math.min(this.#lastMs + afterMs + this.#random.between(-1, 1), this.#untilMs - 1);
  }

  #point(): number {
    const period = this.#random.pick(this.#periods);
    return period * this.#random.below(Math.max(1, Math.floor(this.#untilMs / period)));
  }
}
