// Heartbeats are counted as they were sent and answered.
//
// Counted from the wire, and never more strictly than the phone may: a miss that cannot be told from outside counts
// as none, and over streams, where a heartbeat may wait for its connection, nothing is counted.

import { timeoutMs } from "../../lint/clock.ts";
import { Fits } from "../fits.ts";
import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";

interface Count {
  /** Heartbeats sent since the last good answer to one. */
  asked: number;
  /** Good answers since it was told to be out. */
  goods: number;
  /** Ups while nobody was in service, since a heartbeat without a good answer or a binding. */
  outOfTurn: number;
  /** When it was told to be out, ms. */
  outAt: number;
  /** Health when the last moment ended. */
  health: string;
}

const MISSES: ReadonlySet<number> = new Set([408, 502, 503, 504]);
const OUT_OF_TURN_MAX = 3;
/** What is DOWN may be forgotten at each multiple of this, ms, without a word. D10, "Lapse". */
const LAPSE_MS = 300_000;

export const heartbeats: Invariant = {
  name: "heartbeats",
  source: "DESIGN.md D9, Rounds; D10",
  says: "DOWN takes more misses than are allowed and no fewer, UP takes recoverCount answers, out of turn is three times",
  watch({ settings, servers, truth, case: { transport } }, broken) {
    const { maxDetectFailCount, recoverCount, detectAnswer } = settings;
    const waitMs = timeoutMs(settings, "optionsTimeout");
    const fits = new Fits(() => waitMs);
    const counts = new Map<string, Count>();
    let servedAt = Number.NEGATIVE_INFINITY;
    let isServed = false;
    const of = (server: string): Count => {
      const known = counts.get(server) ?? { asked: 0, goods: 0, outOfTurn: 0, outAt: 0, health: "" };
      counts.set(server, known);
      return known;
    };
    const isGood = (status: number): boolean =>
      detectAnswer === "2xx" ? status < 300 : !MISSES.has(status) && status !== 500;

    const recovered = (server: string, t: number): void => {
      const it = of(server);
      // After an outage of all, one answer is enough for a while.
      const isOurs = t - servedAt <= waitMs;
      const mayHaveLapsed = (t - it.outAt) % LAPSE_MS === 0;
      if (it.health !== "down" || isOurs || mayHaveLapsed) return;
      if (it.goods < recoverCount) broken(`${server} is up after ${it.goods} answers, not ${recoverCount}`);
      if (isServed) return;
      it.outOfTurn++;
      if (it.outOfTurn > OUT_OF_TURN_MAX) broken(`${server} is up ${it.outOfTurn} times out of turn`);
    };

    if (transport !== "udp") return {};
    return {
      stepped({ action }) {
        if (!truth.linkUp) fits.clear();
        if (action.kind === "link" || action.kind === "host")
          for (const it of counts.values()) it.outOfTurn = 0;
        if (isBoot(action)) counts.clear();
      },
      sent(sent) {
        if (sent.method !== "OPTIONS" || !fits.sent(sent)) return;
        const it = of(sent.server);
        if (it.asked > 0) it.outOfTurn = 0;
        it.asked++;
      },
      arrived(arrived) {
        const { method, status, server } = arrived;
        // A binding too short to be one is a good word all the same.
        if (method === "REGISTER" && status < 300) of(server).outOfTurn = 0;
        if (method !== "OPTIONS" || !fits.fits(arrived)) return;
        const it = of(server);
        if (isGood(status)) Object.assign(it, { asked: 0, goods: it.goods + 1 });
        else it.outOfTurn = 0;
      },
      told({ type, server = "", reason, t }) {
        const it = of(server);
        if (type === "inService") servedAt = t;
        if (type === "serverDown" && reason?.rule === "heartbeat" && it.asked <= maxDetectFailCount)
          broken(
            `${server} is down after ${it.asked} heartbeats, of which ${maxDetectFailCount} may be lost`,
          );
        if (type === "serverHolding" || (type === "serverUp" && reason?.rule === "heartbeat"))
          recovered(server, t);
        if (type === "serverDown" || type === "serverCooling") Object.assign(it, { goods: 0, outAt: t });
      },
      moment({ lines, servers: views }) {
        isServed = lines.some(({ state }) => state === "served");
        for (const { server, health, misses } of views) {
          of(server).health = health;
          if (servers.includes(server) && misses > maxDetectFailCount)
            broken(`${server} is ${health} with ${misses} misses, of ${maxDetectFailCount} allowed`);
        }
      },
    };
  },
};
