// SIPp as the primary: it answers heartbeats, and answers a REGISTER so that a naive phone would
// storm it, or give up, or stay without service. The backup serves, and the primary is spared.
// DESIGN.md, registering; RFC 3261 §10.2.8, §20.33, §8.1.3.4.

import assert from "node:assert/strict";
import { BOOT_MS, bindingsLeft, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import type { Row } from "../../real/row.ts";
import { EARLY_MS, SLACK_MS } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";
import { answers, SILENCE } from "../script.ts";

/** How long the phone is left alone with the two: four heartbeats or so. */
const WATCH_MS = 20_000;

/** A REGISTER that gets no answer is given up after this; one that gets any answer is over at once. */
const REGISTER_TIMEOUT_MS = Number(QUICK.registerTimeout);
const AT_ONCE_MS = 0;

export const tooBriefForEver: Run = {
  plan: {
    name: "423 for ever",
    params: QUICK,
    lines: ONE_LINE,
    primary: { register: [answers(423, "Min-Expires: 60")] },
  },
  play: async (bench) => {
    const row = await leftAlone(bench, "423 to every REGISTER", AT_ONCE_MS);
    // Once with the terms adopted, then the server is left out for 300 s.
    checkAttempts(bench, 2);
    return row;
  },
};

const RETRY_AFTER_MS = 7_000;

export const overloaded: Run = {
  plan: {
    name: "503 for ever",
    params: QUICK,
    lines: ONE_LINE,
    primary: { register: [answers(503, "Retry-After: 7")] },
  },
  play: async (bench) => {
    const row = await leftAlone(bench, "503, Retry-After: 7, to every REGISTER", AT_ONCE_MS);
    const attempts = bench.requests(bench.primary, "REGISTER");
    attempts.slice(1).forEach((attempt, index) => {
      const waitedMs = attempt.atMs - (attempts[index]?.atMs ?? 0);
      assert.ok(waitedMs >= RETRY_AFTER_MS - EARLY_MS, `asked again after ${waitedMs} ms`);
    });
    return row;
  },
};

export const redirecting: Run = {
  plan: {
    name: "302 for ever",
    params: QUICK,
    lines: ONE_LINE,
    primary: { register: [answers(302, "Contact: <sip:{backup1}>")] },
  },
  play: async (bench) => {
    const row = await leftAlone(bench, "302 to the backup, to every REGISTER", AT_ONCE_MS);
    checkAttempts(bench, 1); // followed; the sender is left out for 300 s
    return row;
  },
};

export const swallowing: Run = {
  plan: { name: "swallowing", params: QUICK, lines: ONE_LINE, primary: { register: [SILENCE] } },
  play: async (bench) => {
    const fault = "OPTIONS answered, REGISTER never";
    const row = await leftAlone(bench, fault, REGISTER_TIMEOUT_MS);
    // The start and three returns that fail: then damping holds the line at the backup.
    checkAttempts(bench, 4);
    return row;
  },
};

/** Starts the phone, expects it at the backup in time, and looks at it for a while. */
async function leftAlone(bench: Bench, fault: string, givenUpAfterMs: number): Promise<Row> {
  const { backup, plan } = bench;
  bench.phone.start();
  const askedAt = await bench.sentAt(bench.primary, "REGISTER", 0, BOOT_MS);
  const boundAt = await bench.boundAt(backup, BOOT_MS);
  const servedMs = askedAt && boundAt - askedAt;
  if (servedMs !== undefined) {
    assert.ok(servedMs <= givenUpAfterMs + SLACK_MS, `served after ${servedMs} ms`);
  }
  const counts = await bench.watch(backup, WATCH_MS);
  await bench.capture?.settle();

  assert.ok(
    counts.every((count) => count === 1),
    `bindings at the backup: ${counts}`,
  );
  const left = await bindingsLeft(bench);
  assert.deepEqual(left, { primary: 0, backup: 1 });
  await farewell(bench);
  const attempts = attemptsAt(bench);
  return {
    run: plan.name,
    fault,
    servedMs,
    servedPromiseMs: givenUpAfterMs,
    left,
    found: bench.seen(`attempts at the primary in ${WATCH_MS / 1_000} s: ${attempts}`),
  };
}

function checkAttempts(bench: Bench, most: number): void {
  const attempts = attemptsAt(bench);
  assert.ok(attempts <= most, `${attempts} attempts at the primary, ${most} at most`);
}

function attemptsAt(bench: Bench): number {
  return bench.requests(bench.primary, "REGISTER").length;
}
