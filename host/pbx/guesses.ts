// Wrong passwords, counted by the account and the network that tried them: after a few the account rests for that network.
//
// While it rests no proof is looked at, and the answer is that of a wrong password, so what is tried then is lost on the one
// who tries. Others are not touched: neither the account from elsewhere, nor other accounts from there (many phones are
// behind one address). Only wrong answers to our own challenge count, so nobody does it in the name of another. No clock.
// Below: short-memory.ts. Above: digest.ts, host/node/pair.

import { ShortMemory } from "./short-memory.ts";

/** Wrong answers without a consequence: somebody mistypes, a phone tries the password of yesterday. */
export const FREE_GUESSES = 10;
/** The rest after the last of them; each further wrong answer doubles it. */
const FIRST_REST_MS = 1000;
/** So a phone whose password was mended is served within a minute. */
export const LONGEST_REST_MS = 60_000;
/** Wrong answers are forgotten when none came for so long. */
export const GUESSES_KEPT_MS = 3_600_000;
/** Accounts, each by the networks that were wrong about it. */
const ENTRIES_MAX = 20_000;

export interface Guesser {
  readonly account: string;
  readonly network: string;
}

interface Tried {
  readonly wrong: number;
  readonly restsUntil: number;
}

export class Guesses {
  readonly #tried = new ShortMemory<Tried>({ entries: ENTRIES_MAX, keptMs: GUESSES_KEPT_MS });
  #shown: Guesser | undefined;
  #refused = 0;

  /** Proofs that were not looked at, since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** One who has used up what is free; the same one for as long as it goes on. undefined: nobody was seen lately. */
  trying(now: number): Guesser | undefined {
    const tried = this.#shown && this.#tried.get(keyOf(this.#shown), now);
    if (tried === undefined || tried.wrong < FREE_GUESSES) this.#shown = undefined;
    return this.#shown;
  }

  /** Whether a proof may be looked at; if not, that is counted. */
  mayTry(who: Guesser, now: number): boolean {
    const isResting = now < (this.#tried.get(keyOf(who), now)?.restsUntil ?? 0);
    if (isResting) this.#refused += 1;
    return !isResting;
  }

  judged(who: Guesser, isRight: boolean, now: number): void {
    const key = keyOf(who);
    if (isRight) {
      this.#tried.forget(key);
      return;
    }
    const wrong = (this.#tried.get(key, now)?.wrong ?? 0) + 1;
    this.#tried.set(key, { wrong, restsUntil: now + restAfter(wrong) }, now);
    if (wrong >= FREE_GUESSES) this.#shown = this.trying(now) ?? who;
  }
}

function restAfter(wrong: number): number {
  return wrong < FREE_GUESSES ? 0 : Math.min(FIRST_REST_MS * 2 ** (wrong - FREE_GUESSES), LONGEST_REST_MS);
}

function keyOf({ account, network }: Guesser): string {
  return `${network} ${account}`;
}
