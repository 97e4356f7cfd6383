// Waiting for what has to come: generously, so that a busy machine makes a test slow and not red. Only silence, which is
// waited for once the other side has heard, may be short.
import { type EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** What has not come by then does not come, a takeover and a return of a pair included; a test that fails has waited once. */
export const PATIENCE_MS = 120_000;

/** Until it is true; says what was not. Turns are counted, not time: a machine that stood still has lost none. */
export async function until(
  isTrue: () => boolean,
  what: string | (() => string) = `${isTrue}`,
  withinMs = PATIENCE_MS,
): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 10) {
    if (waited >= withinMs)
      throw new Error(`not within ${withinMs} ms: ${typeof what === "string" ? what : what()}`);
    await sleep(10);
  }
}

/** The arguments of the next event of that name. */
export function next(emitter: EventEmitter, name: string): ReturnType<typeof once> {
  return once(emitter, name, { signal: AbortSignal.timeout(PATIENCE_MS) });
}
