// Out of service, a line asks the best server there is.
//
// What a line leaves out for reasons of its own cannot be seen; a server it has not asked for so long that every such
// reason is over can only be the better choice. Rounds after the first ask in rank order, whatever the health.

import type { LineState } from "../../core/view.ts";
import type { Invariant } from "../watcher.ts";
import type { Sent } from "../wire.ts";

const PREFERRED: ReadonlySet<string> = new Set(["unknown", "up", "suspect"]);

/** The smaller, the better: any preferred server goes before one in a hold, and that before one that is out. */
function worth(health: string | undefined): number {
  if (health === undefined || PREFERRED.has(health)) return 0;
  return health === "holding" ? 1 : 2;
}

export const choice: Invariant = {
  name: "choice",
  source: "DESIGN.md D8",
  says: "a line that seeks asks no worse server than the best one it has no reason to leave out",
  watch({ servers, bounds, truth }, broken) {
    const longAgo = bounds.excludedMs + servers.length * bounds.attemptMs;
    const askedAt = new Map<string, number>();
    let before = new Map<string, string>();
    let lines = new Map<string, LineState>();
    let begun: Sent[] = [];
    /** Servers that fell in this moment, whatever they are at its end. */
    const fallen = new Set<string>();
    /** Lines out of service now, with none of the exceptions; and lines that were sent on, or elsewhere by command. */
    const seeking = new Map<string, boolean>();
    const sentOn = new Set<string>();
    /** Lines that had a whole round since they were in service. */
    const rounds = new Set<string>();

    const judge = ({ at, line, server }: Sent, now: ReadonlyMap<string, string>): void => {
      const best = Math.min(worth(before.get(server)), worth(now.get(server)));
      for (const [rank, other] of servers.entries()) {
        const worst = fallen.has(other) ? 2 : Math.max(worth(before.get(other)), worth(now.get(other)));
        const isBetter = worst < best || (worst === best && worst < 2 && rank < servers.indexOf(server));
        if (isBetter && at - (askedAt.get(`${line} ${other}`) ?? -Infinity) > longAgo)
          broken(
            `${line} asks ${server}, which is ${now.get(server)}, and not ${other}, which is ${now.get(other)}`,
          );
      }
    };

    return {
      stepped({ action }) {
        if (action.kind === "host" || action.kind === "link")
          for (const line of lines.keys()) sentOn.add(line);
      },
      arrived({ line, method, status }) {
        if (method === "REGISTER" && status >= 300 && status < 400) sentOn.add(line);
      },
      told({ type, line = "", server = "" }) {
        if (type === "serverDown" || type === "serverCooling") fallen.add(server);
        if (type === "outOfService") seeking.set(line, true);
        if (type === "inService") seeking.set(line, false);
      },
      sent(sent) {
        const { line, server, method, expires } = sent;
        if (method !== "REGISTER" || expires === 0) return;
        const it = lines.get(line);
        const isOn = it?.asking === server || it?.returning === server;
        if (!isOn && seeking.get(line) !== false && !sentOn.has(line) && !rounds.has(line)) begun.push(sent);
        sentOn.add(line); // what follows in this moment follows from it
        askedAt.set(`${line} ${server}`, sent.at);
      },
      moment({ lines: views, servers: healths }) {
        const now = new Map(healths.map(({ server, health }) => [server, health]));
        for (const sent of begun) if (before.get(sent.server) !== "cooling") judge(sent, now);
        begun = [];
        fallen.clear();
        sentOn.clear();
        before = now;
        lines = new Map(views.map((view) => [view.line, view]));
        for (const { line, state, pinned, next } of views) {
          seeking.set(line, state !== "served" && state !== "cut" && pinned === undefined && truth.linkUp);
          if (next?.what === "refresh") rounds.delete(line);
          else if (next?.what === "round") rounds.add(line);
        }
      },
    };
  },
};
