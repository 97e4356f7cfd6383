// Waits for something to become true, and says what did not.
import { setTimeout as sleep } from "node:timers/promises";

/** Generous: a busy machine takes its time, and a test that fails has waited once. */
const LIMIT_MS = 30_000;

export async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 10) {
    if (waited >= LIMIT_MS) throw new Error(`not true in ${LIMIT_MS} ms: ${isTrue}`);
    await sleep(10);
  }
}
