// Eight lines at one pair: together they leave a dead primary and return within the times promised for one, at once
// or spread out; one heartbeat a server does for all; and a line that is refused disturbs nobody.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { KILLED, thereAndBack } from "../../real/outage.ts";
import { BOOT_MS, bindingsLeft, farewell, QUICK } from "../../real/quick.ts";
import type { Row } from "../../real/row.ts";
import type { Server } from "../../real/server.ts";
import { EARLY_MS, SLACK_MS } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const USERS = ["6001", "6002", "6003", "6004", "6005", "6006", "6007", "6008"];
const LINES = USERS.map((user) => ({ user, password: `pw${user}` }));

export const eightLines: Run = {
  plan: { name: "eight lines", params: QUICK, lines: LINES },
  play: async (bench) => {
    const { row } = await arrivals(bench);
    return row;
  },
};

const SPREAD_SECONDS = 6;
/** Eight random points of six seconds are all within one of them once in 40,000 runs. */
const SPAN_MS = 1_000;

export const eightSpread: Run = {
  plan: { name: "eight lines, spread", params: { ...QUICK, failoverSpread: SPREAD_SECONDS }, lines: LINES },
  play: async (bench) => {
    const { row, spanMs } = await arrivals(bench);
    if (bench.capture !== undefined) {
      assert.ok(spanMs > SPAN_MS, `${spanMs} ms from first to last`);
      assert.ok(spanMs < 1_000 * SPREAD_SECONDS + SLACK_MS, `${spanMs} ms from first to last`);
    }
    return row;
  },
};

/** Heartbeats to both. */
const WATCHFUL = { ...QUICK, backupDetectInterval: 5 };

export const eightInPeace: Run = {
  plan: { name: "eight lines, undisturbed", params: WATCHFUL, lines: LINES },
  play: (bench) => peace(bench, USERS, "none"),
};

const WRONG = "6005";
const RIGHT = USERS.filter((user) => user !== WRONG);

export const oneWrong: Run = {
  plan: {
    name: "eight lines, one wrong password",
    params: WATCHFUL,
    lines: LINES.map((line) => (line.user === WRONG ? { ...line, password: "wrong" } : line)),
  },
  play: async (bench) => {
    const row = await peace(bench, RIGHT, `digest of ${WRONG} refused with 401`);
    assert.deepEqual(
      bench.phone.heard("rejected").map(({ line }) => line),
      [WRONG],
    );
    if (bench.capture !== undefined) {
      assert.deepEqual(said(bench, WRONG), ["1 unsigned: 401", "2 signed: 401"]);
    }
    return row;
  },
};

/** A whole outage, and how far apart the lines arrived at the backup. */
async function arrivals(bench: Bench): Promise<{ row: Row; spanMs: number }> {
  const row = await thereAndBack(bench, { ...KILLED, after: "REGISTER" });
  const firsts = USERS.flatMap(
    (name) => bench.requests(bench.backup, "REGISTER").find(({ user }) => user === name) ?? [],
  ).map(({ atMs }) => atMs);
  if (bench.capture !== undefined) assert.equal(firsts.length, USERS.length, "lines at the backup");
  const spanMs = Math.max(...firsts) - Math.min(...firsts);
  const found = bench.seen(`reached the backup within ${Math.ceil(spanMs)} ms`);
  return { row: { ...row, found }, spanMs };
}

/** Longer than from one refresh to the next. */
const PEACE_MS = 8_000;
/** Of WATCHFUL. */
const HEARTBEAT_MS = 5_000;

/** While nothing fails each of `users` sends what a line alone does, and all share the heartbeats. */
async function peace(bench: Bench, users: readonly string[], fault: string): Promise<Row> {
  const { primary, backup, phone, capture } = bench;
  phone.start();
  const areBound = (table: readonly { readonly aor: string }[]) =>
    table
      .map(({ aor }) => aor)
      .sort()
      .join() === users.join();
  await bench.tableShows(primary, areBound, BOOT_MS, "the lines");
  const boundAt = Date.now();
  for (const server of [primary, backup]) await bench.sent(server, "OPTIONS", 2, SLACK_MS);
  await sleep(boundAt + PEACE_MS - Date.now());
  await capture?.settle();
  if (capture !== undefined) {
    for (const user of users) {
      const [asked, proven, ...refreshes] = said(bench, user);
      assert.deepEqual([asked, proven], ["1 unsigned: 401", "2 signed: 200"], user);
      refreshes.forEach((refresh, index) => {
        assert.equal(refresh, `${index + 3} signed: 200`, user);
      });
      assert.ok(refreshes.length >= 1, user);
    }
    assert.equal(bench.requests(backup, "REGISTER").length, 0);
    for (const server of [primary, backup]) checkHeartbeats(bench, server);
  }
  const left = await bindingsLeft(bench);
  assert.deepEqual(left, { primary: users.length, backup: 0 });
  const registers = bench.requests(primary, "REGISTER").length;
  const heartbeats = bench.requests(primary, "OPTIONS").length;
  await farewell(bench);
  return {
    run: bench.plan.name,
    fault,
    left,
    found: bench.seen(`${registers} REGISTER and ${heartbeats} OPTIONS at the primary`),
  };
}

/** Each REGISTER of `name` to the primary, with what came back. */
function said(bench: Bench, name: string): string[] {
  const answers = bench.answers(bench.primary, "REGISTER");
  const registers = bench.requests(bench.primary, "REGISTER").filter(({ user }) => user === name);
  return registers.map(({ cseq, hasCredentials, branch }) => {
    const status = answers.find((answer) => answer.branch === branch)?.status;
    return `${cseq} ${hasCredentials ? "signed" : "unsigned"}: ${status}`;
  });
}

/** One for all lines: no more than one in each interval. */
function checkHeartbeats(bench: Bench, server: Server): void {
  const sentAt = bench.requests(server, "OPTIONS").map(({ atMs }) => atMs);
  assert.ok(sentAt.length >= 2, `${sentAt.length} heartbeats`);
  const tookMs = Number(sentAt.at(-1)) - Number(sentAt[0]);
  assert.ok(tookMs >= HEARTBEAT_MS * (sentAt.length - 1) - EARLY_MS, `${sentAt.length} in ${tookMs} ms`);
}
