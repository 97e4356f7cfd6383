// stop removes what is bound and ends within one register timeout.

import { timeoutMs } from "../../lint/clock.ts";
import type { Invariant } from "../watcher.ts";

export const stop: Invariant = {
  name: "stop",
  source: "DESIGN.md D9, stop",
  says: "stop ends within one register timeout and leaves no binding at a server that is well",
  watch({ settings, servers, lines, truth, bounds }, broken) {
    const longest = timeoutMs(settings, "registerTimeout");
    return {
      stopped({ held }, askedAt, endedAt) {
        if (endedAt === undefined || endedAt - askedAt > longest)
          broken(`ended at ${endedAt}, asked at ${askedAt}`);
        for (const server of servers) {
          // What was left there before, by a failover say, has lapsed by now.
          const since = truth.wellSince(server);
          if (since === undefined || askedAt - since < bounds.leaseMs + bounds.returnMs) continue;
          for (const line of lines) {
            const count = held(server, line).length;
            if (count > 0) broken(`${server} still holds ${count} of ${line}`);
          }
        }
      },
    };
  },
};
