// What the runs share: timers short enough to wait for, and the few sentences every run begins with.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Params } from "../../real/phone.ts";
import { type Bench, type Plan, SLACK_MS } from "../bench.ts";
import type { Row } from "../row.ts";

/** One run of the suite. */
export type Run = { readonly plan: Plan; readonly play: (bench: Bench) => Promise<Row> };

/** A dead primary is noticed by the refresh: half of 12 s, and a register timeout. */
export const QUICK: Params = {
  registerRefreshInterval: 12,
  primaryDetectInterval: 5,
  maxDetectFailCount: 1,
  preferPrimary: true,
  registerTimeout: 1_000,
  optionsTimeout: 1_000,
};

export const ONE_LINE = [{ user: "6001", password: "pw6001" }];

/** From the start of the program to the first binding; most of it is Node starting. */
export const BOOT_MS = 10_000;

/** A heartbeat goes out at least this often. */
const HEARTBEAT_WAIT_MS = 6_000;

/** Starts the phone and waits until the primary has its bindings. */
export async function boot(bench: Bench): Promise<void> {
  bench.phone.start();
  await bench.boundAt(bench.primary, BOOT_MS);
}

/**
 * Waits until the primary has answered a heartbeat: misses only count against a server that is known
 * to answer them. @returns when that was
 */
export async function heartbeatAnswered(bench: Bench): Promise<number> {
  const intervalMs = 1_000 * Number(bench.plan.params.primaryDetectInterval);
  const sentAt = await bench.sentAt(bench.primary, "OPTIONS", 0, intervalMs + BOOT_MS);
  if (sentAt === undefined) await sleep(intervalMs);
  else await bench.capture?.settle();
  return sentAt ?? Date.now();
}

/** Waits until no heartbeat to the primary can be pending: what it answers then is late for certain. */
export async function betweenHeartbeats(bench: Bench): Promise<void> {
  const sentAt = await bench.sentAt(bench.primary, "OPTIONS", Date.now(), HEARTBEAT_WAIT_MS);
  if (sentAt !== undefined) await sleep(Number(bench.plan.params.optionsTimeout) + SLACK_MS);
}

/** Answers to what was queued during a freeze are out after this time. */
export const LATE_ANSWERS_MS = 300;

/** How many answers the primary gave to what the phone had given up before. */
export function lateAnswers(bench: Bench): number {
  if (bench.capture === undefined) return 0;
  const timeoutMs = Number(bench.plan.params.registerTimeout);
  const methods = ["REGISTER", "OPTIONS"];
  const asked = methods.flatMap((method) => bench.requests(bench.primary, method));
  const firstSentAt = new Map(asked.reverse().map(({ branch, atMs }) => [branch, atMs]));
  const late = methods
    .flatMap((method) => bench.answers(bench.primary, method))
    .filter(({ branch, atMs }) => atMs - (firstSentAt.get(branch) ?? atMs) > timeoutMs);
  assert.ok(late.length > 0, "the thaw brought no late answer: the run proved nothing");
  return late.length;
}

/** Ctrl-C ends every run: the bindings go and the program ends well. */
export async function farewell(bench: Bench): Promise<void> {
  assert.equal(await bench.phone.stop(), 0, "exit code after Ctrl-C");
}

export async function bindingsLeft(bench: Bench): Promise<Row["left"]> {
  const count = async (server: Bench["primary"]) => (server.isRunning ? (await server.table()).length : 0);
  return { primary: await count(bench.primary), backup: await count(bench.backup) };
}
