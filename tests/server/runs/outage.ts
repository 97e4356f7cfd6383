// The primary dies or hangs and comes back: the lines move within the promised time, return within
// the promised time, and leave no binding behind at the backup. DESIGN.md, timelines T2, T3, T4, T10.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binding } from "../../real/location.ts";
import { type Bench, SLACK_MS } from "../bench.ts";
import type { Row } from "../row.ts";
import {
  betweenHeartbeats,
  bindingsLeft,
  boot,
  farewell,
  heartbeatAnswered,
  LATE_ANSWERS_MS,
  lateAnswers,
  ONE_LINE,
  QUICK,
  type Run,
} from "./quick.ts";

type Outage = {
  readonly fault: string;
  /** Strikes just after the primary was heard to this, the worst moment for noticing by it. */
  readonly after: "REGISTER" | "OPTIONS";
  readonly strike: (bench: Bench) => Promise<void>;
  /** Makes the primary answer again. @returns what its table holds from before */
  readonly heal: (bench: Bench) => Promise<Healed>;
  /** The promise for the way back: a server that is dead refuses, one that hangs is silent. */
  readonly back: "returnMs" | "returnRefusedMs";
};

type Healed = { readonly atMs: number; readonly stale: readonly Binding[] };

/** Heartbeats go out every 5 s, refreshes every 6 s. */
const REQUEST_WAIT_MS = 7_000;

const KILLED: Outage = {
  fault: "SIGKILL, then started again",
  after: "OPTIONS",
  strike: (bench) => bench.primary.kill(),
  heal: async (bench) => {
    await bench.primary.start();
    return { atMs: Date.now(), stale: [] };
  },
  back: "returnRefusedMs",
};

const FROZEN: Outage = {
  fault: "SIGSTOP, then SIGCONT",
  after: "REGISTER",
  strike: async (bench) => bench.primary.freeze(),
  heal: async (bench) => {
    await betweenHeartbeats(bench);
    bench.primary.thaw();
    const atMs = Date.now();
    await sleep(LATE_ANSWERS_MS);
    return { atMs, stale: await bench.primary.table() };
  },
  back: "returnMs",
};

const CUT: Outage = {
  fault: "cable cut, then mended",
  after: "REGISTER",
  strike: async (bench) => bench.nat.cut(),
  heal: async (bench) => {
    const stale = await bench.primary.table();
    bench.nat.mend();
    return { atMs: Date.now(), stale };
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

async function thereAndBack(bench: Bench, outage: Outage): Promise<Row> {
  const { primary, backup, plan } = bench;
  const promise = await bench.promises();
  await boot(bench);
  await heartbeatAnswered(bench);
  await requestAnswered(bench, outage.after);

  const struckAt = Date.now();
  await outage.strike(bench);
  const withinMs = promise.detectMs + SLACK_MS;
  const leftAt = await bench.sentAt(backup, "REGISTER", struckAt, withinMs);
  const servedAt = await bench.boundAt(backup, struckAt + withinMs - Date.now());

  const noticed = howNoticed(bench, struckAt, leftAt);

  const healed = await outage.heal(bench);
  const backPromiseMs = promise[outage.back];
  const backWithinMs = healed.atMs + backPromiseMs + SLACK_MS - Date.now();
  const backAt = await bench.boundAt(primary, backWithinMs, healed.stale);
  await bench.emptyAt(backup, SLACK_MS);
  await bench.capture?.settle();
  checkTheWayBack(bench, healed.atMs);

  const left = await bindingsLeft(bench);
  assert.deepEqual(left, { primary: plan.lines.length, backup: 0 });
  await farewell(bench);
  assert.deepEqual(await bindingsLeft(bench), { primary: 0, backup: 0 });
  return {
    run: plan.name,
    fault: outage.fault,
    leftMs: leftAt && leftAt - struckAt,
    servedMs: servedAt - struckAt,
    servedPromiseMs: promise.detectMs,
    backMs: backAt - healed.atMs,
    backPromiseMs,
    left,
    found: bench.seen(noticed),
  };
}

/** Waits for the next such request to the primary; without a capture for nothing. */
async function requestAnswered(bench: Bench, method: string): Promise<void> {
  await bench.sentAt(bench.primary, method, Date.now(), REQUEST_WAIT_MS);
  await bench.capture?.settle();
}

/** By a refresh that failed; or by exactly one heartbeat more than are forgiven. */
function howNoticed(bench: Bench, struckAtMs: number, leftAtMs = 0): string {
  const count = (method: string) =>
    new Set(
      bench
        .requests(bench.primary, method, struckAtMs)
        .filter(({ atMs }) => atMs < leftAtMs)
        .map(({ branch }) => branch),
    ).size;
  if (bench.capture === undefined || count("REGISTER") > 0) return "seen by the refresh";
  assert.equal(count("OPTIONS"), Number(bench.plan.params.maxDetectFailCount) + 1);
  return "seen by the heartbeats";
}

/** Only a heartbeat that was sent after the healing, and answered, brings a line back. */
function checkTheWayBack(bench: Bench, healedAtMs: number): void {
  if (bench.capture === undefined) return;
  const [returning] = bench.requests(bench.primary, "REGISTER", healedAtMs);
  const asked = bench.requests(bench.primary, "OPTIONS", healedAtMs);
  const answer = bench
    .answers(bench.primary, "OPTIONS", healedAtMs)
    .find(({ branch }) => asked.some((request) => request.branch === branch));
  assert.ok(returning && answer, "no heartbeat was answered");
  assert.ok(answer.atMs <= returning.atMs, "the return came before a heartbeat was answered");
}
