// Nobody counts on a server that is out.

import type { Invariant } from "../watcher.ts";

export const standing: Invariant = {
  name: "standing",
  source: "DESIGN.md D9, In service; D13",
  says: "no line is in service at a server that is DOWN or COOLING, nor pinned to one",
  watch(_, broken) {
    return {
      moment({ lines, servers }) {
        const out = new Set(
          servers
            .filter(({ health }) => health === "down" || health === "cooling")
            .map(({ server }) => server),
        );
        for (const { line, state, server = "", pinned = "" } of lines) {
          if (state === "served" && out.has(server))
            broken(`${line} is in service at ${server}, which is out`);
          if (state !== "leaving" && out.has(pinned)) broken(`${line} is pinned to ${pinned}, which is out`);
        }
      },
    };
  },
};
