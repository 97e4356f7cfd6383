// Much happens and nobody may move: answers that come late, a primary that forgot everything, a NAT
// that forgot its mapping, peace, and strangers who shower the phone with forged datagrams.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  betweenHeartbeats,
  bindingsLeft,
  boot,
  farewell,
  heartbeatAnswered,
  lateAnswers,
  ONE_LINE,
  QUICK,
} from "../../real/quick.ts";
import { SLACK_MS } from "../../real/stage.ts";
import { flood } from "../hostile.ts";
import type { Run } from "../run.ts";

const HEARTBEAT_MS = 5_000;

/** Long enough for two heartbeats and two refreshes. */
const WATCH_MS = 13_000;

/** Back only after twelve hours: the primary answers late, and then on time, and nobody moves. */
export const lateAndHeld: Run = {
  plan: { name: "late, held", params: { ...QUICK, preferPrimary: false }, lines: ONE_LINE },
  play: async (bench) => {
    const promise = await bench.promises();
    await boot(bench);
    await heartbeatAnswered(bench);
    const struckAt = Date.now();
    bench.primary.freeze();
    const withinMs = promise.detectMs + SLACK_MS;
    const leftAt = await bench.sentAt(bench.backup, "REGISTER", struckAt, withinMs);
    const servedAt = await bench.boundAt(bench.backup, withinMs);
    await betweenHeartbeats(bench);
    const thawedAt = Date.now();
    bench.primary.thaw();
    const counts = await bench.watch(bench.backup, WATCH_MS);
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the backup: ${counts}`,
    );
    assert.equal(bench.requests(bench.primary, "REGISTER", thawedAt).length, 0);
    const late = lateAnswers(bench);
    const left = await bindingsLeft(bench);
    assert.equal(left.backup, 1);
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "SIGSTOP, SIGCONT, delay of 12 h",
      leftMs: leftAt && leftAt - struckAt,
      servedMs: servedAt - struckAt,
      servedPromiseMs: promise.detectMs,
      left,
      found: bench.seen(`${late} late answers, nobody moved`),
    };
  },
};

/** Half of 20 s: when the refresh finds out that the primary has forgotten the binding and its nonces. */
const REFRESH_MS = 10_000;

export const restartedEmpty: Run = {
  plan: {
    name: "restarted empty",
    params: { ...QUICK, registerRefreshInterval: 20 },
    lines: ONE_LINE,
    primary: { withQop: true },
  },
  play: async (bench) => {
    const { primary, backup } = bench;
    await boot(bench);
    await heartbeatAnswered(bench); // the next one, and the refresh, are seconds away
    const struckAt = Date.now();
    await primary.kill();
    await primary.start();
    assert.deepEqual(await primary.table(), []);
    const backAt = await bench.boundAt(primary, REFRESH_MS + SLACK_MS);
    await bench.capture?.settle();

    const registers = bench.requests(primary, "REGISTER", struckAt);
    const refused = bench.answers(primary, "REGISTER", struckAt).filter(({ status }) => status === 401);
    if (bench.capture !== undefined) {
      assert.deepEqual([registers.length, refused.length], [2, 1], "one challenge, answered once");
      assert.equal(bench.requests(backup, "REGISTER").length, 0);
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "SIGKILL and started at once: bindings and nonces lost",
      backMs: backAt - struckAt,
      backPromiseMs: REFRESH_MS,
      left,
      found: bench.seen(`${registers.length} REGISTER, nobody moved`),
    };
  },
};

/** The answer to the next refresh shows the new port; a REGISTER one second later tells it. */
const REBOUND_MS = 6_000 + 1_000;

export const behindNat: Run = {
  plan: {
    name: "behind a NAT",
    params: { ...QUICK, natSettle: 2 },
    lines: ONE_LINE,
    behindNat: true,
  },
  play: async (bench) => {
    const { primary, backup, nat } = bench;
    await boot(bench);
    await bench.contactsAre(primary, [nat.outer], REBOUND_MS + SLACK_MS);
    await nat.rebind();
    const reboundAt = Date.now();
    await bench.contactsAre(primary, [nat.outer], REBOUND_MS + SLACK_MS);
    const backMs = Date.now() - reboundAt;
    await sleep(HEARTBEAT_MS); // nothing more may come of it
    await bench.capture?.settle();

    const registers = bench.requests(primary, "REGISTER", reboundAt);
    assert.equal(bench.requests(backup, "REGISTER").length, 0);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "the NAT forgets its mapping",
      backMs,
      backPromiseMs: REBOUND_MS,
      left,
      found: bench.seen(`old contact removed; ${registers.length} REGISTER`),
    };
  },
};

/** Five heartbeats and five refreshes or so. */
const PEACE_MS = 30_000;

export const undisturbed: Run = {
  plan: { name: "undisturbed", params: QUICK, lines: ONE_LINE, primary: { withQop: true } },
  play: async (bench) => {
    const promise = await bench.promises();
    await boot(bench);
    const since = Date.now();
    const counts = await bench.watch(bench.primary, PEACE_MS);
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the primary: ${counts}`,
    );
    const sent = ["REGISTER", "OPTIONS"].flatMap((method) => bench.requests(bench.primary, method, since));
    const promised = (promise.perHourQuiet * (Date.now() - since)) / 3_600_000;
    if (bench.capture !== undefined) {
      assert.ok(sent.length <= promised + 2, `${sent.length} sent, ${promised.toFixed(1)} promised`);
      assert.ok(sent.length >= promised / 2, `${sent.length} sent, ${promised.toFixed(1)} promised`);
      assert.equal(bench.requests(bench.backup, "REGISTER").length, 0);
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "none",
      left,
      found: bench.seen(`${sent.length} requests, ${promised.toFixed(1)} promised`),
    };
  },
};

const FLOOD_PER_SECOND = 10_000;
const FLOOD_SIZE = 60_000;

export const hostile: Run = {
  plan: { name: "hostile datagrams", params: QUICK, lines: ONE_LINE },
  play: async (bench) => {
    const { primary, backup } = bench;
    await boot(bench);
    await heartbeatAnswered(bench);
    const [binding] = await primary.table();
    const phone = { address: "127.0.0.1", port: Number(/:(\d+)/.exec(binding?.contact ?? "")?.[1]) };
    const since = Date.now();
    const from = ["127.0.0.1", primary.endpoint.address];
    const refreshed = bench.boundAt(primary, WATCH_MS + SLACK_MS, await primary.table());
    const showering = flood(
      phone,
      from,
      { size: FLOOD_SIZE, perSecond: FLOOD_PER_SECOND, until: refreshed },
      () => bench.requests(primary, "REGISTER").at(-1),
    );
    const counts = await bench.watchDuring(primary, showering);
    const shower = await showering;
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the primary: ${counts}`,
    );
    const refreshes = bench.requests(primary, "REGISTER", since);
    if (bench.capture !== undefined) {
      assert.ok(refreshes.length > 0, "no refresh during the shower: the run proved nothing");
      assert.equal(bench.requests(backup, "REGISTER").length, 0);
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: `${shower.sent} datagrams of strangers`,
      left,
      found: bench.seen(`refreshes: ${refreshes.length}; strangers answered: ${shower.answered}`),
    };
  },
};
