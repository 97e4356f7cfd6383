// Nothing rests without a reason: each state has a next action and a time, and no time is longer than the longest
// that the rules know.

import type { LineState, ServerState } from "../../core/view.ts";
import { delayMs } from "../../lint/clock.ts";
import type { Facts, Invariant } from "../watcher.ts";

export const reason: Invariant = {
  name: "reason",
  source: "DESIGN.md D9; ABI.md, What is due next",
  says: "every line has a next action and a time for it, or waits for a call or the link, and no time is too long",
  watch(facts, broken) {
    const { settings } = facts;
    const longest = longestOf(facts);
    const wrongLine = (it: LineState): string | undefined => {
      const { state, next } = it;
      if (state === "off" || state.startsWith("state")) return state;
      if (state === "leaving") return undefined;
      if (state === "cut") return next?.what === "link" ? undefined : `next ${next?.what}`;
      if (next === undefined) return "nothing next";
      if (next.inMs > longest.line) return `${next.what} in ${next.inMs} ms, at most ${longest.line}`;
      if (state === "served" && (it.leaseMs ?? 0) === 0) return "no lease";
      if ((it.leaseMs ?? 0) > facts.bounds.leaseMs) return `a lease of ${it.leaseMs} ms`;
      if (state !== "served" && it.returning !== undefined) return `returning to ${it.returning}`;
      if (it.asking !== undefined && it.asking === it.returning) return `asks and returns to ${it.asking}`;
      if (next.what === "giveUp" && next.inMs > facts.bounds.attemptMs + settings.registerSpacing)
        return `gives up in ${next.inMs} ms`;
      return undefined;
    };
    const wrongServer = (it: ServerState): string | undefined => {
      if ((it.untilMs ?? 0) > longest.hold) return `${it.health} for ${it.untilMs} ms`;
      if ((it.suspendedMs ?? 0) > longest.suspended) return `suspended for ${it.suspendedMs} ms`;
      if ((it.heartbeatMs ?? 0) > longest.heartbeat) return `heartbeat in ${it.heartbeatMs} ms`;
      const isOut = it.health === "down" || it.health === "cooling";
      if (isOut && settings.primaryDetectInterval > 0 && it.heartbeatMs === undefined)
        return `${it.health}, no heartbeat`;
      return undefined;
    };
    return {
      moment({ lines, servers }) {
        for (const it of lines) {
          const wrong = wrongLine(it);
          if (wrong !== undefined) broken(`${it.line} is ${it.state}: ${wrong}`);
        }
        if (lines.some(({ state }) => state === "leaving")) return;
        for (const it of servers) {
          const wrong = wrongServer(it);
          if (wrong !== undefined) broken(`${it.server}: ${wrong}`);
        }
      },
    };
  },
};

/** The longest times there may be, ms. */
function longestOf({ settings, bounds }: Facts) {
  const { retryMax, retryAfterMax, startSpread, failoverSpread, flapMaxSuppress } = settings;
  const hold = Math.max(delayMs(settings), 1000 * retryAfterMax);
  const suspended = 1000 * flapMaxSuppress;
  const { primaryDetectInterval, backupDetectInterval, sipOptionsInterval } = settings;
  return {
    hold,
    suspended,
    heartbeat:
      1000 *
      Math.max(
        primaryDetectInterval,
        settings.detectRetryInterval,
        settings.sipOptions ? sipOptionsInterval : 0,
        primaryDetectInterval > 0 ? backupDetectInterval : 0,
      ),
    line: Math.max(
      hold,
      suspended,
      1000 * Math.max(retryMax, startSpread, failoverSpread),
      bounds.restMs,
      bounds.excludedMs,
      bounds.refreshMs,
      bounds.attemptMs + settings.registerSpacing,
      1000 * Math.max(primaryDetectInterval, backupDetectInterval, sipOptionsInterval),
    ),
  };
}
