// A line uses one server at a time, and no more bindings of it stand than the rules leave.
//
// A binding that a failover left lapses by itself; one that a move of its own left is removed, or lapses when its
// server did not hear it.

import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";
import type { Sent } from "../wire.ts";

export const oneServer: Invariant = {
  name: "one-server",
  source: "DESIGN.md D7, D13",
  says: "REGISTERs go to the server in use, the one asked and the one returned to; bindings elsewhere lapse",
  watch({ servers, lines, bounds, truth, settings }, broken) {
    /** Since when each line is served by one server without a break. */
    const since = new Map<string, { readonly server: string; readonly at: number }>();
    /** A NAT that gave us another address leaves the binding of the old one, until it is removed or lapses. */
    const allowed = (server: string, now: number): number => {
      const well = truth.wellSince(server);
      const settled = bounds.leaseMs + 1000 * settings.natSettle;
      return well !== undefined && now - well > settled ? 1 : Number.POSITIVE_INFINITY;
    };
    /** When each line last asked each server for a binding, or was answered, ms. */
    const askedAt = new Map<string, number>();
    let registers: Sent[] = [];
    /** What was sent in the moment of a boot or of a broken link belongs to what is no more. */
    let brokenAt = -1;
    let used = new Map<string, readonly (string | undefined)[]>();
    return {
      stepped({ action, atMs }) {
        if (isBoot(action) || action.kind === "link") brokenAt = atMs;
      },
      sent(sent) {
        if (sent.method !== "REGISTER" || sent.expires === 0) return;
        registers.push(sent);
        askedAt.set(`${sent.line} ${sent.server}`, sent.at);
      },
      arrived({ method, line, server, at }) {
        // Over a stream what was given up may reach the server all the same, and is answered then.
        if (method === "REGISTER") askedAt.set(`${line} ${server}`, at);
      },
      told({ type, line = "", server }) {
        // A whole attempt fits into one moment.
        if (type === "inService" || type === "moved" || type === "returnFailed")
          used.set(line, [...(used.get(line) ?? []), server]);
      },
      moment({ now, lines: views, held }) {
        const before = used;
        used = new Map(views.map((it) => [it.line, [it.server, it.asking, it.returning]]));
        for (const { line, server } of now === brokenAt ? [] : registers) {
          if (views.some((it) => it.line === line && it.state === "leaving")) continue;
          const may = [...(before.get(line) ?? []), ...(used.get(line) ?? [])];
          if (
            !may.includes(server) &&
            truth.deed(server, line) === "serves" &&
            truth.wellSince(server) !== undefined
          )
            broken(`${line} registers at ${server}, which it neither uses nor asks`);
        }
        registers = [];
        for (const { line, state, server, returning } of views) {
          if (state !== "served" || server === undefined || returning !== undefined) since.delete(line);
          else if (since.get(line)?.server !== server) since.set(line, { server, at: now });
        }
        for (const line of lines) {
          const steady = since.get(line);
          if (steady === undefined) continue;
          for (const server of servers) {
            const asked = server === steady.server ? 0 : (askedAt.get(`${line} ${server}`) ?? 0);
            if (now - Math.max(steady.at, asked) <= bounds.leaseMs + bounds.attemptMs) continue;
            const count = held(server, line).length;
            if (count > (server === steady.server ? allowed(server, now) : 0))
              broken(`${server} holds ${count} of ${line}, served at ${steady.server}`);
          }
        }
      },
    };
  },
};
