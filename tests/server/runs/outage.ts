// The primary dies or hangs and comes back: the lines move within the promised time, return within
// the promised time, and leave no binding behind at the backup. DESIGN.md, timelines T2, T3, T4, T10.

import assert from "node:assert/strict";
import { FROZEN, KILLED, type Outage, thereAndBack } from "../../real/outage.ts";
import { lateAnswers, ONE_LINE, QUICK } from "../../real/quick.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const CUT: Outage<Bench> = {
  fault: "cable cut, then mended",
  after: "REGISTER",
  strike: async (bench) => bench.nat.cut(),
  heal: async (bench) => {
    const stale = await bench.primary.table();
    const atMs = Date.now();
    bench.nat.mend();
    return { atMs, stale };
  },
  back: "returnMs",
};

export const killed: Run = {
  plan: { name: "killed", params: QUICK, lines: ONE_LINE },
  play: (bench) => thereAndBack(bench, { ...KILLED, after: "REGISTER" }),
};

/** The refresh is far away: only the heartbeats can notice. */
export const killedUnseen: Run = {
  plan: {
    name: "killed, far from a refresh",
    params: { ...QUICK, registerRefreshInterval: 600 },
    lines: ONE_LINE,
    primary: { withQop: true, withSha256: true },
    backup: { withQop: true, withSha256: true },
  },
  play: async (bench) => {
    const row = await thereAndBack(bench, KILLED);
    if (bench.capture !== undefined) assert.equal(row.found, "seen by the heartbeats");
    return row;
  },
};

export const frozen: Run = {
  plan: { name: "frozen", params: QUICK, lines: ONE_LINE },
  play: async (bench) => {
    const row = await thereAndBack(bench, FROZEN);
    return { ...row, found: bench.seen(`${row.found}, ${lateAnswers(bench)} late answers`) };
  },
};

/** The primary lives on and keeps the binding: nobody but the phone can know. */
export const cutOff: Run = {
  plan: { name: "cut off", params: QUICK, lines: ONE_LINE, behindNat: true },
  play: (bench) => thereAndBack(bench, CUT),
};

/** The backup belongs to somebody else: it knows the lines by other passwords. */
export const twoLines: Run = {
  plan: {
    name: "two lines",
    params: QUICK,
    lines: [
      { user: "6001", password: "pw6001", backupPassword: "other6001" },
      { user: "6002", password: "pw6002", backupPassword: "other6002" },
    ],
    backup: { passwordPrefix: "other" },
  },
  play: (bench) => thereAndBack(bench, KILLED),
};

export const ipv6: Run = {
  plan: { name: "IPv6", params: QUICK, lines: ONE_LINE, onIpv6: true },
  play: (bench) => thereAndBack(bench, KILLED),
};
