// Once nothing is wrong any more, the phone is whole again: every line on its primary, one binding for each, and no
// trace of what was.

import type { Invariant } from "../watcher.ts";

export const heals: Invariant = {
  name: "heals",
  source: "DESIGN.md D8, D10, D13",
  says: "after the calm every line is in service on the primary, with one binding there and none elsewhere",
  watch({ servers, lines }, broken) {
    const [primary = ""] = servers;
    return {
      healed({ lines: views, held }) {
        for (const { line, state, server, pinned, next } of views) {
          if (state !== "served" || server !== primary || pinned !== undefined)
            broken(
              `${line} is ${state} at ${server}${pinned === undefined ? "" : ", pinned"}, next ${next?.what}`,
            );
        }
        for (const line of lines) {
          for (const server of servers) {
            const count = held(server, line).length;
            if (count !== (server === primary ? 1 : 0))
              broken(`${server} holds ${count} bindings of ${line}`);
          }
        }
      },
    };
  },
};
