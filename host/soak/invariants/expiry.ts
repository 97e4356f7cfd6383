// A phone never counts on a binding longer than its server keeps it.

import type { Invariant } from "../watcher.ts";

export const expiry: Invariant = {
  name: "expiry",
  source: "DESIGN.md D9, Leases; RFC 3261 §10.2.4",
  says: "a lease that was just granted ends no later than the binding in the server's table",
  watch({ settings: { registerSpacing } }, broken) {
    /** Line and server of the grants of this moment. */
    const granted = new Set<string>();
    return {
      arrived({ line, server, method, status }) {
        if (method === "REGISTER" && status >= 200 && status < 300) granted.add(`${line} ${server}`);
      },
      told({ type, line, server }) {
        if (type === "contactMissing") granted.delete(`${line} ${server}`);
      },
      moment({ now, lines, held }) {
        for (const { line, state, server = "", leaseMs = 0 } of lines) {
          if (state !== "served" || !granted.has(`${line} ${server}`)) continue;
          const ends = Math.max(...held(server, line).map(({ expiresAt }) => expiresAt));
          // A grant that may not be renewed before it ends counts as none: the lease before it goes on.
          if (ends > now + registerSpacing && now + leaseMs > ends)
            broken(`${line} counts on ${server} for ${leaseMs} ms, which keeps the binding ${ends - now} ms`);
        }
        granted.clear();
      },
    };
  },
};
