// A password that is refused is not tried on. DESIGN.md D9, Credentials.
//
// Servers count wrong passwords and ban addresses: one wrong answer in an attempt, two where the password was good
// before, and then nothing until the rest is over.

import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";
import type { Arrived, Sent } from "../wire.ts";
import { Attempts } from "./attempts.ts";

interface Pair {
  /** Answers to challenges in this attempt that were refused. */
  wrong: number;
  /** They were good when they were judged last, before this attempt. */
  trusted: boolean;
  /** The request with credentials that waits for an answer. */
  branch: string;
  /** When a REGISTER last went there, ms. */
  sentAt: number;
  /** What it answers. */
  nonces: readonly string[];
  /** Nonces that were refused without `stale`, since they were good. */
  readonly refused: Set<string>;
  /** Nothing may be sent before, ms. */
  restsUntil: number;
}

export const credentials: Invariant = {
  name: "credentials",
  source: "DESIGN.md D9, Credentials; RFC 7616 §3.3; RFC 3261 §22.3",
  says: "refused credentials are sent once, twice where they were good, and then not before the rest is over",
  watch({ settings, servers }, broken) {
    const attempts = new Attempts();
    /** Pairs with an attempt under way when the last moment ended: answers to others come too late to be judged. */
    let active = new Set<string>();
    const pairs = new Map<string, Pair>();
    const pairOf = ({ line, server }: Pick<Sent, "line" | "server">): Pair => {
      const name = `${line} ${server}`;
      const known = pairs.get(name) ?? freshPair();
      pairs.set(name, known);
      return known;
    };
    const judge = (it: Pair, { status, challenges, line, server }: Arrived): void => {
      if (status < 300) {
        Object.assign(it, { wrong: 0, trusted: true });
        it.refused.clear();
      } else if ((status === 401 || status === 407) && !challenges.some(({ stale }) => stale)) {
        it.wrong++;
        for (const nonce of it.nonces) it.refused.add(nonce);
        const most = it.trusted ? 2 : 1;
        if (it.wrong > most)
          broken(`${line} was refused ${it.wrong} times by ${server} in one attempt, at most ${most}`);
      }
    };
    return {
      stepped({ action }) {
        if (isBoot(action)) pairs.clear();
      },
      sent(sent) {
        if (sent.method !== "REGISTER" || sent.expires === 0) return;
        const it = pairOf(sent);
        if (sent.at < it.restsUntil)
          broken(`${sent.line} asks ${sent.server} ${it.restsUntil - sent.at} ms before its rest is over`);
        it.sentAt = sent.at;
        if (attempts.begins(sent)) {
          it.branch = "";
          it.trusted = it.trusted && it.wrong === 0;
          it.wrong = 0;
        }
        if (sent.proofs.length === 0 || sent.branch === it.branch) return;
        it.branch = sent.branch;
        it.nonces = sent.proofs.map(({ nonce }) => nonce);
        if (it.nonces.some((nonce) => it.refused.has(nonce)))
          broken(`${sent.line} sends ${sent.server} what it refused`);
      },
      arrived(arrived) {
        if (arrived.method !== "REGISTER") return;
        attempts.arrived(arrived);
        const it = pairOf(arrived);
        const isAwaited = it.sentAt === arrived.at || active.has(`${arrived.line} ${arrived.server}`);
        if (!isAwaited || arrived.branch !== it.branch) return;
        it.branch = "";
        judge(it, arrived);
      },
      moment({ lines }) {
        active = new Set(
          lines.flatMap(({ line, asking, returning }) => [`${line} ${asking}`, `${line} ${returning}`]),
        );
      },
      told({ type, line = "", server = "", t }) {
        if (type === "rejected" && servers.includes(server))
          pairOf({ line, server }).restsUntil = t + 1000 * settings.rejectRetry;
      },
    };
  },
};

function freshPair(): Pair {
  return { wrong: 0, trusted: false, branch: "", sentAt: -1, nonces: [], refused: new Set(), restsUntil: 0 };
}
