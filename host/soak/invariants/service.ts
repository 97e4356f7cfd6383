// While one server is well, every line is in service within the rules' bound.
//
// In service means: the phone says so, and the server it names would take a REGISTER now; a server that lies about
// its grants is no fault of the phone's.

import type { Facts, Invariant } from "../watcher.ts";

export const service: Invariant = {
  name: "service",
  source: "DESIGN.md D8, D9; host/lint, service; D26 for outages that overlap",
  says: "a line for which a server is well is in service there or elsewhere within the bound",
  watch({ servers: [primary], bounds, truth, settings }: Facts, broken) {
    /** Since when a line has no service, ms. */
    const outSince = new Map<string, number>();
    /** When the primary last refused the account for good: a line rests there on purpose, D8. */
    const rejectedAt = new Map<string, number>();
    const mayWait = (line: string, server: string): number =>
      server === primary || settings.failoverOnReject
        ? 0
        : (rejectedAt.get(line) ?? -Infinity) + bounds.restMs;
    return {
      told({ type, line = "", server, t }) {
        if (type === "rejected" && server === primary) rejectedAt.set(line, t);
      },
      moment({ now, lines, servers }) {
        for (const { line, state, server = "" } of lines) {
          if (state === "leaving") continue;
          if (state === "served" && truth.deed(server, line) !== "fails") outSince.delete(line);
          else if (!outSince.has(line)) outSince.set(line, now);
          const since = outSince.get(line);
          if (since === undefined) continue;
          for (const { server: other } of servers) {
            const well = truth.wellSince(other);
            if (well === undefined) continue;
            const late = now - Math.max(since, well, mayWait(line, other)) - bounds.serviceMs;
            if (late > 0)
              broken(
                `${line} is ${state} since ${since}, ${other} is well since ${well}: ${late} ms too long`,
              );
          }
        }
      },
    };
  },
};
