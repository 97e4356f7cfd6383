// A line with calls does not go back to a better server.
//
// A REGISTER that was under way before the call began is not given up, and may move the line during it.

import type { Invariant } from "../watcher.ts";

export const calls: Invariant = {
  name: "calls",
  source: "DESIGN.md D13",
  says: "no failback is begun for a line that has calls, unless a command asked for it",
  watch({ settings, truth, servers }, broken) {
    const returningSince = new Map<string, { server: string; at: number }>();
    const rankOf = (server: string | undefined): number => servers.indexOf(server ?? "");
    return {
      moment({ now, lines }) {
        for (const { line, server, returning, pinned } of lines) {
          const known = returningSince.get(line);
          if (returning === undefined) returningSince.delete(line);
          else if (known?.server !== returning) returningSince.set(line, { server: returning, at: now });
          if (returning === undefined || known?.server === returning || settings.failbackInCall) continue;
          const isAsked = pinned === returning || truth.commandAt === now;
          const isBetter = rankOf(returning) < rankOf(server);
          if (isBetter && !isAsked && truth.calls(line) > 0 && truth.callsSince(line) < now)
            broken(`${line} has ${truth.calls(line)} calls and returns to ${returning}`);
        }
      },
    };
  },
};
