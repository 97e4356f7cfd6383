// A server that asks for a pause gets it.

import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";

export const cooling: Invariant = {
  name: "cooling",
  source: "DESIGN.md D10, D18",
  says: "no line asks a server before the Retry-After of its 503 is over, within the bounds of the parameters",
  watch({ settings }, broken) {
    const { retryAfterMin, retryAfterMax } = settings;
    const coolUntil = new Map<string, number>();
    /** What the last 503 of a server asked for, s. */
    const wished = new Map<string, number>();
    return {
      stepped({ action }) {
        if (isBoot(action)) coolUntil.clear();
      },
      arrived({ server, method, status, retryAfter }) {
        if (method === "REGISTER" && status === 503 && retryAfter !== undefined)
          wished.set(server, retryAfter);
      },
      told({ type, server = "", t }) {
        if (type === "serverUp") coolUntil.delete(server);
        if (type !== "serverCooling") return;
        const seconds = Math.min(Math.max(wished.get(server) ?? 0, retryAfterMin), retryAfterMax);
        coolUntil.set(server, t + 1000 * seconds);
      },
      sent({ at, server, line, method, expires }) {
        const until = coolUntil.get(server) ?? 0;
        if (method === "REGISTER" && expires !== 0 && at < until)
          broken(`${line} asks ${server} ${until - at} ms before its pause is over`);
      },
    };
  },
};
