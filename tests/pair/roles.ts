// The roles that a standby went through, when they are all told.

import { until } from "../host/until.ts";

/**
 * Waits until the standby has told its last role, and compares. A master that was lost and found again before anybody
 * took over is left out: a machine that stands still for two seconds does that, and nothing follows from it.
 */
export async function rolesAre(told: () => readonly string[], wanted: readonly string[]): Promise<void> {
  const isTold = (): boolean => withoutBlinks(told()).join() === wanted.join();
  await until(isTold, () => `${told()} is not ${wanted}`);
}

function withoutBlinks(roles: readonly string[]): readonly string[] {
  const isBlink = (at: number): boolean => roles[at] === "LOST" && roles[at + 1] === "STANDBY";
  return roles.filter((_, at) => !isBlink(at) && !isBlink(at - 1));
}
