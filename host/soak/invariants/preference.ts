// A line does not stay on a lower server than it needs to.

import type { Invariant } from "../watcher.ts";

export const preference: Invariant = {
  name: "preference",
  source: "DESIGN.md D8, D13, D14; host/lint, return",
  says: "a line below a server that is well returns within the bound, unless pinned, in a call or damped",
  watch({ servers, bounds, truth, settings }, broken) {
    /** Since when a line is free to return from the server it is at, ms. */
    const free = new Map<string, { readonly server: string; readonly at: number }>();
    return {
      moment({ now, lines, servers: healths }) {
        for (const { line, state, server, pinned } of lines) {
          const inCall = truth.calls(line) > 0 && !settings.failbackInCall;
          if (state !== "served" || server === undefined || pinned !== undefined || inCall) free.delete(line);
          else if (free.get(line)?.server !== server) free.set(line, { server, at: now });
          const since = free.get(line);
          if (since === undefined || server === undefined) continue;
          for (const { server: better, suspendedMs } of healths.slice(0, servers.indexOf(server))) {
            const well = truth.wellSince(better);
            if (well === undefined || suspendedMs !== undefined) continue;
            const late = now - Math.max(since.at, well) - bounds.returnMs;
            if (late > 0)
              broken(
                `${line} is at ${server} since ${since.at}, ${better} is well since ${well}: ${late} ms too long`,
              );
          }
        }
      },
    };
  },
};
