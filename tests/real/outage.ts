// The primary is struck and healed: the lines move within the promised time, return within the promised
// time, and leave no binding behind at the backup. DESIGN.md, timelines T2, T3, T4, T10.
//
// Below: stage.ts, quick.ts. Above: the runs of server/ and network/.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { betweenHeartbeats, bindingsLeft, boot, farewell, heartbeatAnswered } from "./quick.ts";
import type { Row } from "./row.ts";
import { SLACK_MS, type Stage, type Stale } from "./stage.ts";

export type Outage<On extends Stage = Stage> = {
  readonly fault: string;
  /** Strikes just after the primary was heard to this, the worst moment for noticing by it. */
  readonly after: "REGISTER" | "OPTIONS";
  readonly strike: (stage: On) => Promise<void>;
  /** Makes the primary answer again. @returns from when on it may have, and which of its bindings are from before */
  readonly heal: (stage: On) => Promise<Healed>;
  /** From a request to its answer, when that takes long. */
  readonly rttMs?: number;
  /** How soon it is noticed when that is sooner than the linter can promise. */
  readonly detectMs?: number;
  /** The promise for the way back: a server that is dead refuses, one that hangs is silent. */
  readonly back: "returnMs" | "returnRefusedMs";
};

export type Healed = { readonly atMs: number; readonly stale: readonly Stale[] };

export const KILLED: Outage = {
  fault: "SIGKILL, then started again",
  after: "OPTIONS",
  strike: (stage) => stage.primary.kill(),
  heal: async (stage) => {
    const atMs = Date.now();
    await stage.primary.start();
    return { atMs, stale: [] };
  },
  back: "returnRefusedMs",
};

export const FROZEN: Outage = {
  fault: "SIGSTOP, then SIGCONT",
  after: "REGISTER",
  strike: async (stage) => stage.primary.freeze(),
  heal: async (stage) => {
    await betweenHeartbeats(stage);
    const atMs = Date.now();
    // What it was asked before the freeze, and during it: that it answers late.
    const stale = stage.requests(stage.primary, "REGISTER").filter((request) => request.atMs < atMs);
    stage.primary.thaw();
    return { atMs, stale };
  },
  back: "returnMs",
};

/** One whole run. */
export async function thereAndBack<On extends Stage>(stage: On, outage: Outage<On>): Promise<Row> {
  const { primary, backup, plan } = stage;
  const promise = await stage.promises();
  await boot(stage);
  await heartbeatAnswered(stage);
  await requestAnswered(stage, outage.after);
  await sleep(outage.rttMs ?? 0);

  const struckAt = Date.now();
  await outage.strike(stage);
  const spreadMs = 1_000 * Number(plan.params.failoverSpread ?? 0);
  const servedPromiseMs = (outage.detectMs ?? promise.detectMs) + spreadMs;
  const withinMs = servedPromiseMs + SLACK_MS;
  const leftAt = await stage.reachedAt(backup, struckAt, withinMs);
  const servedAt = await stage.boundAt(backup, struckAt + withinMs - Date.now());

  const noticed = howNoticed(stage, struckAt, leftAt);

  const healed = await outage.heal(stage);
  const backPromiseMs = promise[outage.back] + 3 * (outage.rttMs ?? 0);
  const backWithinMs = healed.atMs + backPromiseMs + SLACK_MS - Date.now();
  // What was sent to the primary long ago may still arrive: only a line that has returned leaves the backup.
  const backAt = await stage.emptyAt(backup, backWithinMs);
  await stage.boundAt(primary, SLACK_MS, healed.stale);
  await stage.capture?.settle();
  checkTheWayBack(stage, healed.atMs);

  // The contact of a broken connection is removed by a request of its own.
  const each = plan.lines.length;
  await stage.tableShows(primary, ({ length }) => length === each, SLACK_MS, "one binding a line");
  const left = await bindingsLeft(stage);
  assert.deepEqual(left, { primary: each, backup: 0 });
  await farewell(stage);
  assert.deepEqual(await bindingsLeft(stage), { primary: 0, backup: 0 });
  return {
    run: plan.name,
    fault: outage.fault,
    leftMs: leftAt && leftAt - struckAt,
    servedMs: servedAt - struckAt,
    servedPromiseMs,
    backMs: backAt - healed.atMs,
    backPromiseMs,
    left,
    found: stage.seen(noticed),
  };
}

/** Waits for the next such request to the primary. */
async function requestAnswered(stage: Stage, method: string): Promise<void> {
  if (!stage.isReadable && method === "REGISTER") {
    await stage.boundAt(stage.primary, SLACK_MS, await stage.primary.table());
  }
  await stage.sentAt(stage.primary, method, Date.now());
  await stage.capture?.settle();
}

/** What a stream still has to deliver comes late, or never: when the phone said it is not on the wire. */
function isTold(stage: Stage): boolean {
  return stage.isReadable && stage.plan.transport !== "tcp";
}

/**
 * By a refresh that failed; or by exactly one heartbeat more than are forgiven. What was under way when the server was
 * struck is repeated after it, and counts.
 */
function howNoticed(stage: Stage, struckAtMs: number, leftAtMs = 0): string {
  const count = (method: string) => {
    const unheard = stage
      .sendings(stage.primary, method)
      .filter(({ atMs }) => atMs >= struckAtMs && atMs < leftAtMs);
    return new Set(unheard.map(({ branch }) => branch)).size;
  };
  if (!isTold(stage)) return "";
  if (count("REGISTER") > 0) return "seen by the refresh";
  assert.equal(count("OPTIONS"), Number(stage.plan.params.maxDetectFailCount) + 1);
  return "seen by the heartbeats";
}

/** Only a heartbeat that was sent after the healing, and answered, brings a line back. */
function checkTheWayBack(stage: Stage, healedAtMs: number): void {
  if (!isTold(stage)) return;
  const [returning] = stage.requests(stage.primary, "REGISTER", healedAtMs);
  // It may have been sent before as well, and be repeated.
  const asked = stage.sendings(stage.primary, "OPTIONS").filter(({ atMs }) => atMs >= healedAtMs);
  const answer = stage
    .answers(stage.primary, "OPTIONS", healedAtMs)
    .find(({ branch }) => asked.some((request) => request.branch === branch));
  assert.ok(returning && answer, "no heartbeat was answered");
  assert.ok(answer.atMs <= returning.atMs, "the return came before a heartbeat was answered");
}
