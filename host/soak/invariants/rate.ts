// What the phone sends is bounded. host/lint/traffic.ts.
//
// The linter's worst hour is one in which servers die, hang and come back but grant what is asked, and our own link
// holds, for its return ends a wait; where it is otherwise only the spacing of attempts is checked.

import { sendings, timeoutMs } from "../../lint/clock.ts";
import { perHourWorst } from "../../lint/traffic.ts";
import type { Step } from "../../sim/scenario.ts";
import { isBoot } from "../truth.ts";
import type { Facts, Invariant } from "../watcher.ts";
import { Attempts } from "./attempts.ts";

const HOUR_MS = 3_600_000;
/** What a server may do in the linter's worst hour. */
const FAIR: ReadonlySet<string> = new Set(["silent", "refuses", "back", "restarts", "deaf"]);

export const rate: Invariant = {
  name: "rate",
  source: "DESIGN.md D9, Attempts; host/lint, requests in an hour",
  says: "requests of an hour stay below the linter's worst, and attempts of a line at one server keep their distance",
  watch(facts, broken) {
    const { settings, case: it } = facts;
    // The linter counts an hour on average: one that begins with a refresh and a heartbeat has one more of each.
    const copies = sendings(settings, timeoutMs(settings, "optionsTimeout")).length;
    const limit = it.lines * (perHourWorst(settings, it.servers, it.lines) + 2) + it.servers * copies;
    const isBounded = isFair(facts);
    const sentAt: number[] = [];
    let oldest = 0;
    const attempts = new Attempts();
    /** Where a request may go out once more on another flow, its attempt goes on. D23. */
    const isPlain = it.transport === "udp" && it.targets === 1;
    let bootAt = -1;
    const startedAt = new Map<string, number>();
    return {
      stepped({ action, atMs }) {
        if (isBoot(action)) bootAt = atMs;
      },
      arrived(arrived) {
        attempts.arrived(arrived);
      },
      sent(sent) {
        if (sent.method === "") return;
        sentAt.push(sent.at);
        while ((sentAt[oldest] ?? 0) <= sent.at - HOUR_MS) oldest++;
        const count = sentAt.length - oldest;
        if (isBounded && count > limit) broken(`${count} requests in an hour, at most ${limit}`);
        if (!attempts.begins(sent) || !isPlain) return;
        const pair = `${sent.line} ${sent.server}`;
        const before = startedAt.get(pair) ?? -Infinity;
        startedAt.set(pair, sent.at);
        // A boot knows of no attempt before it.
        if (before > bootAt && sent.at - before < settings.registerSpacing)
          broken(`${pair}: an attempt ${sent.at - before} ms after the one before`);
      },
    };
  },
};

function isFair({ steps, case: it }: Facts): boolean {
  return (
    it.targets === 1 &&
    steps.every(({ action }) => action.kind !== "server" || FAIR.has(action.verb.kind)) &&
    !steps.some(({ action }) => action.kind === "host" || action.kind === "device" || isBreak(action))
  );
}

function isBreak(action: Step["action"]): boolean {
  return action.kind === "link" && !action.up;
}
