// The penalty of a server rises with its falls alone, and halves with time.

import type { Invariant } from "../watcher.ts";

interface Known {
  readonly penalty: number;
  /** Its next halving, ms. */
  readonly halvesAt: number;
}

export const penalty: Invariant = {
  name: "penalty",
  source: "DESIGN.md D14",
  says: "a flap penalty rises by one step for a fall at most, and halves each flapHalfLife",
  watch({ settings }, broken) {
    const lifeMs = 1000 * settings.flapHalfLife;
    const known = new Map<string, Known>();
    const falls = new Map<string, number>();
    /** Charges of a phone that ends are nobody's. */
    let isEnding = false;
    return {
      stepped({ action }) {
        isEnding ||= action.kind === "host" && action.verb === "stop";
      },
      told({ type, server = "" }) {
        if (type === "serverDown" || type === "serverCooling")
          falls.set(server, (falls.get(server) ?? 0) + 1);
      },
      moment({ now, servers }) {
        if (isEnding) return;
        for (const { server, penalty: is } of servers) {
          const { penalty: was, halvesAt } = known.get(server) ?? { penalty: 0, halvesAt: now };
          const halvings = was === 0 || now < halvesAt ? 0 : 1 + Math.floor((now - halvesAt) / lifeMs);
          const most = (was >> Math.min(halvings, 31)) + (falls.get(server) ?? 0) * settings.flapPenalty;
          if (is > most) broken(`${server} has a penalty of ${is}, at most ${most}`);
          if (is === 0) known.delete(server);
          else
            known.set(server, {
              penalty: is,
              halvesAt: was === 0 ? now + lifeMs : halvesAt + halvings * lifeMs,
            });
        }
        falls.clear();
      },
    };
  },
};
