// A binding is renewed in time, and while its server is well it is really there.

import type { Invariant } from "../watcher.ts";

export const lease: Invariant = {
  name: "lease",
  source: "DESIGN.md D9, Leases; RFC 3261 §10.2.4",
  says: "no lease runs out at a server that was well while it ran, and what the phone says is bound is bound",
  watch({ truth, bounds, servers }, broken) {
    const granted = new Map<string, number>();
    /** Since when a line is in service at one server, ms. */
    const servedSince = new Map<string, { readonly server: string; readonly at: number }>();
    return {
      told({ type, line = "", server = "", reason, t }) {
        if (type !== "outOfService" || reason?.rule !== "lease") return;
        const well = truth.wellSince(server);
        const grantedMs = 1000 * (granted.get(line) ?? 0);
        if (well !== undefined && well <= t - grantedMs)
          broken(`${line} lost its lease of ${grantedMs} ms at ${server}, which is well since ${well}`);
      },
      moment({ now, lines, held }) {
        for (const { line, state, server, grantedSeconds } of lines) {
          if (grantedSeconds !== undefined) granted.set(line, grantedSeconds);
          if (state !== "served" || server === undefined) servedSince.delete(line);
          else if (servedSince.get(line)?.server !== server) servedSince.set(line, { server, at: now });
          const since = servedSince.get(line);
          const well = since === undefined ? undefined : truth.wellSince(since.server);
          if (since === undefined || well === undefined || !servers.includes(since.server)) continue;
          if (
            now - Math.max(well, since.at) > bounds.refreshMs + bounds.attemptMs &&
            held(since.server, line).length === 0
          )
            broken(
              `${line} is in service at ${since.server}, well since ${well}, which holds no binding of it`,
            );
        }
      },
    };
  },
};
