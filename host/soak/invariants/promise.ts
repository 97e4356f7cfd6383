// What the linter promises for one outage holds to the millisecond: detection, service on a backup, and the way back.
// host/lint/promises.ts
//
// Only where the promise applies: one server falls silent or refuses while everybody else is well, calm and idle.

import type { Step } from "../../sim/scenario.ts";
import type { Facts, Invariant } from "../watcher.ts";

/** The one outage of a case, if it has one. */
interface Outage {
  readonly server: string;
  readonly refuses: boolean;
  readonly fromMs: number;
  readonly backMs: number;
}

export const promise: Invariant = {
  name: "promise",
  source: "host/lint/README.md; DESIGN.md D10, D13",
  says: "one outage is noticed, survived and returned from within the linter's worst cases",
  watch(facts, broken) {
    const found = onlyOutage(facts);
    if (found === undefined) return {};
    const { server, refuses, fromMs, backMs } = found;
    const { promises, lines, servers } = facts;
    /** Lines that the server served when it fell. */
    const hit = new Set<string>();
    let heard = false;
    let downAt: number | undefined;
    const noticed = (): number => {
      if (refuses) return promises.detectRefusedMs;
      return heard ? promises.detectMs : promises.detectColdMs;
    };
    const returnMs = (): number | null => {
      if (refuses) return promises.returnRefusedMs;
      return downAt !== undefined && downAt > backMs ? promises.returnEarlyMs : promises.returnMs;
    };
    const within = (what: string, tookMs: number, mostMs: number | null): void => {
      if (mostMs !== null && tookMs > mostMs) broken(`${what} took ${tookMs} ms, promised ${mostMs}`);
    };
    return {
      told({ type, line = "", server: at, t, reason }) {
        if (t < fromMs) return;
        if (type === "serverDown" && at === server && downAt === undefined) {
          downAt = t;
          if (hit.size > 0) within("detection", t - fromMs, noticed());
        }
        if (type === "inService" && at !== server && hit.delete(line))
          within("service", t - fromMs, noticed() + (promises.serviceMs ?? 0) - promises.detectMs);
        if (
          type === "moved" &&
          at === server &&
          t >= backMs &&
          downAt !== undefined &&
          reason?.rule === "failback"
        )
          within("return", t - backMs, returnMs());
      },
      moment({ now, lines: views, servers: healths }) {
        if (now < fromMs) {
          heard = healths.find((one) => one.server === server)?.heard ?? false;
          hit.clear();
          for (const { line, state, server: at } of views)
            if (state === "served" && at === server && lines.includes(line)) hit.add(line);
        }
        if (now < backMs && hit.size > 0 && servers.length > 1) {
          const most = noticed() + (promises.serviceMs ?? 0) - promises.detectMs;
          if (now > fromMs + most) broken(`${[...hit]} still waits for a backup after ${now - fromMs} ms`);
        }
      },
    };
  },
};

/** undefined: more happens than one outage, or things that the linter does not reckon with. */
function onlyOutage({ steps, case: it, servers }: Facts): Outage | undefined {
  if (it.targets > 1 || it.scenario.length === 0) return undefined;
  const acts = steps.filter(({ atMs }) => atMs < it.calmAtMs);
  const [first, second] = acts;
  if (first === undefined || acts.length > 2) return undefined;
  const begins = verbOf(first);
  if (begins?.kind !== "silent" && begins?.kind !== "refuses") return undefined;
  if (second !== undefined && (verbOf(second)?.kind !== "back" || serverOf(second) !== serverOf(first)))
    return undefined;
  const server = serverOf(first);
  return server === undefined || !servers.includes(server)
    ? undefined
    : { server, refuses: begins.kind === "refuses", fromMs: first.atMs, backMs: second?.atMs ?? it.calmAtMs };
}

function verbOf({ action }: Step) {
  return action.kind === "server" ? action.verb : undefined;
}

function serverOf({ action }: Step): string | undefined {
  return action.kind === "server" ? action.server : undefined;
}
