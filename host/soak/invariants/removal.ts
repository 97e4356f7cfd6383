// A line that went back leaves nothing behind. failover.md §3, Failback, "removeLastRegistration".

import type { Invariant } from "../watcher.ts";

export const removal: Invariant = {
  name: "removal",
  source: "DESIGN.md D13",
  says: "a line that moved back removes the binding it left at once",
  watch({ settings: { removeLastRegistration }, case: { transport, targets } }, broken) {
    /** Where each line is in service. */
    const used = new Map<string, string>();
    /** Line and server of the moves of this moment. */
    let left: (readonly [line: string, server: string])[] = [];
    const removed = new Set<string>();
    return {
      sent({ method, line, server, expires }) {
        if (method !== "REGISTER" || expires !== 0) return;
        removed.add(`${line} ${server}`);
      },
      told({ type, line = "", server = "", reason }) {
        const from = used.get(line);
        if (type === "moved" && reason?.rule === "failback" && from !== undefined) left.push([line, from]);
        if (type === "inService" || type === "moved") used.set(line, server);
        if (type === "outOfService") used.delete(line);
      },
      moment() {
        // Over a stream the connection there may have to be opened first.
        const isSoon = transport === "udp" && targets === 1 && removeLastRegistration;
        for (const [line, server] of left)
          if (isSoon && !removed.has(`${line} ${server}`)) broken(`${line} left its binding at ${server}`);
        left = [];
        removed.clear();
      },
    };
  },
};
