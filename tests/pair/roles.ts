// The roles that a standby went through, when they are all told.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../host/running.ts";

/**
 * Waits until the standby has told its last role, and compares. A master that was lost and found again before anybody
 * took over is left out: a machine that stands still for two seconds does that, and nothing follows from it.
 */
export async function rolesAre(told: () => readonly string[], wanted: readonly string[]): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  while (withoutBlinks(told()).join() !== wanted.join() && !signal.aborted) await sleep(50);
  assert.deepEqual(withoutBlinks(told()), wanted);
}

function withoutBlinks(roles: readonly string[]): readonly string[] {
  const isBlink = (at: number): boolean => roles[at] === "LOST" && roles[at + 1] === "STANDBY";
  return roles.filter((_, at) => !isBlink(at) && !isBlink(at - 1));
}
