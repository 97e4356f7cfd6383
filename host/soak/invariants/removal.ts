// A line that went back leaves nothing behind.

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
    /** Lines that the server they use would not serve on: another one took over, and the binding lapses. */
    const refused = new Set<string>();
    const answered = new Map<string, string>();
    return {
      sent({ method, line, server, expires }) {
        if (method !== "REGISTER" || expires !== 0) return;
        removed.add(`${line} ${server}`);
      },
      arrived({ line, server, method, status, branch }) {
        if (method !== "REGISTER" || used.get(line) !== server || status === 401 || status === 407) return;
        // An answer that comes twice says nothing the second time.
        if (answered.get(line) === branch) return;
        answered.set(line, branch);
        if (status < 300) refused.delete(line);
        else refused.add(line);
      },
      told({ type, line = "", server = "", reason }) {
        const from = used.get(line);
        if ((type === "contactMissing" || type === "rejected") && from === server) refused.add(line);
        const isOwnWill = reason?.rule === "failback" && !refused.has(line);
        if (type === "moved" && isOwnWill && from !== undefined) left.push([line, from]);
        if (type === "inService" || type === "moved") {
          used.set(line, server);
          refused.delete(line);
        }
        if (type === "outOfService") used.delete(line);
      },
      moment() {
        // Over a stream the connection there may have to be opened first.
        const isSoon = transport === "udp" && targets === 1 && removeLastRegistration;
        // Who is back there within the moment keeps it.
        for (const [line, server] of left)
          if (isSoon && used.get(line) !== server && !removed.has(`${line} ${server}`))
            broken(`${line} left its binding at ${server}`);
        left = [];
        removed.clear();
      },
    };
  },
};
