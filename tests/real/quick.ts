// What runs share: timers short enough to wait for, and the few sentences every run begins with.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Params } from "./phone.ts";
import type { Row } from "./row.ts";
import { EARLY_MS, type Stage } from "./stage.ts";

/**
 * A dead primary is noticed by the refresh: half of 12 s, and a register timeout. The time-outs are long enough for a
 * server that lives on a busy machine.
 */
export const QUICK: Params = {
  registerRefreshInterval: 12,
  primaryDetectInterval: 5,
  maxDetectFailCount: 1,
  preferPrimary: true,
  registerTimeout: 4_000,
  optionsTimeout: 2_000,
};

export const ONE_LINE = [{ user: "6001", password: "pw6001" }];

/** From the start of the program to the first binding; most of it is Node starting, on a busy machine. */
export const BOOT_MS = 60_000;

/** Starts the phone and waits until the primary has its bindings. */
export async function boot(stage: Stage): Promise<void> {
  stage.phone.start();
  await stage.boundAt(stage.primary, BOOT_MS);
}

/**
 * Waits until the primary has answered a heartbeat: misses only count against a server that is known
 * to answer them. @returns when that was
 */
export async function heartbeatAnswered(stage: Stage): Promise<number> {
  const intervalMs = 1_000 * Number(stage.plan.params.primaryDetectInterval);
  const sentAt = await stage.sentAt(stage.primary, "OPTIONS", 0, intervalMs + BOOT_MS);
  if (sentAt === undefined) await sleep(intervalMs);
  else await stage.capture?.settle();
  return sentAt ?? Date.now();
}

/** Waits until no heartbeat to the primary can be pending: what it answers then is late for certain. */
export async function betweenHeartbeats(stage: Stage): Promise<void> {
  const sentAt = await stage.sentAt(stage.primary, "OPTIONS", Date.now());
  if (sentAt !== undefined) await sleep(Number(stage.plan.params.optionsTimeout) + EARLY_MS);
}

/** How many answers the primary gave to what the phone had given up before. */
export function lateAnswers(stage: Stage): number {
  if (stage.capture === undefined) return 0;
  const timeoutMs = Number(stage.plan.params.registerTimeout);
  const methods = ["REGISTER", "OPTIONS"];
  const asked = methods.flatMap((method) => stage.requests(stage.primary, method));
  const firstSentAt = new Map(asked.map(({ branch, atMs }) => [branch, atMs]));
  const late = methods
    .flatMap((method) => stage.answers(stage.primary, method))
    .filter(({ branch, atMs }) => atMs - (firstSentAt.get(branch) ?? atMs) > timeoutMs);
  assert.ok(late.length > 0, "the thaw brought no late answer: the run proved nothing");
  return late.length;
}

/** Ctrl-C ends every run: the bindings go and the program ends well. */
export async function farewell(stage: Stage): Promise<void> {
  assert.equal(await stage.phone.stop(), 0, "exit code after Ctrl-C");
}

export async function bindingsLeft(stage: Stage): Promise<Row["left"]> {
  const count = async (server: Stage["primary"]) => (server.isRunning ? (await server.table()).length : 0);
  return { primary: await count(stage.primary), backup: await count(stage.backup) };
}
