// Where nobody serves, each wait is longer than the one before. RFC 5626 §4.5.
//
// A wait that begins while a server is asked out of turn is seen later: the time of asking counts as waited.

import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";

interface Waiting {
  /** Failed rounds in a row, as far as they were seen. */
  rounds: number;
  /** End of the wait seen last, ms. */
  until: number;
  /** Since when a server is being asked, ms; undefined: none is. */
  askingSince: number | undefined;
}

export const waits: Invariant = {
  name: "waits",
  source: "DESIGN.md D9, Rounds; RFC 5626 §4.5",
  says: "after the n-th failed round a line waits at least half of retryBase * 2^n, at most of retryMax",
  watch({ settings: { retryBase, retryMax }, truth }, broken) {
    const known = new Map<string, Waiting>();
    const forget = (line: string): void => void known.delete(line);

    const judge = (line: string, it: Waiting, now: number, inMs: number): void => {
      it.rounds++;
      it.until = now + inMs;
      const least = 500 * Math.min(retryMax, retryBase * 2 ** it.rounds);
      if (now - (it.askingSince ?? now) + inMs < least)
        broken(`${line} waits ${inMs} ms after round ${it.rounds}, not ${least}`);
    };

    return {
      stepped({ action }) {
        // A new beginning for the count: the link, a boot. What a refresh cuts short goes on with the next round.
        if (!truth.linkUp || isBoot(action)) known.clear();
      },
      told({ type, line = "" }) {
        if (type === "inService") forget(line);
      },
      moment({ now, isFresh, lines }) {
        if (!isFresh) return;
        for (const { line, asking, next } of lines) {
          if (next?.what === "refresh") forget(line);
          const it = known.get(line) ?? { rounds: 0, until: -1, askingSince: undefined };
          known.set(line, it);
          if (next?.what === "round" && it.until !== now + next.inMs) judge(line, it, now, next.inMs);
          it.askingSince = asking === undefined ? undefined : (it.askingSince ?? now);
        }
      },
    };
  },
};
