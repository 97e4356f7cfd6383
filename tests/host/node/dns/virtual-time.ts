// A clock for tests that jumps from job to job.
import type { Timing } from "../../../../host/node/dns/watch.ts";

export class VirtualTime implements Timing {
  #now = 0;
  #jobs: { readonly at: number; readonly job: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, job: () => void): () => void {
    const entry = { at: this.#now + delayMs, job };
    this.#jobs.push(entry);
    return () => {
      this.#jobs = this.#jobs.filter((each) => each !== entry);
    };
  }

  /** Runs what is due up to then. */
  async until(seconds: number): Promise<void> {
    for (;;) {
      const [next] = [...this.#jobs].sort((a, b) => a.at - b.at);
      if (!next || next.at > 1000 * seconds) break;
      this.#jobs = this.#jobs.filter((each) => each !== next);
      this.#now = next.at;
      next.job();
      await settled();
    }
    this.#now = 1000 * seconds;
  }
}

/** Lets what was promised come true. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
}
