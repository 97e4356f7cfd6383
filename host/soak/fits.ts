// Which answers belong to what was asked last: the measure for what the phone believes. RFC 3261 §17.1.3.
//
// Errs on the side of belief: an answer to a request that the phone has dropped meanwhile may still fit here.
// Above: invariants/.

import type { Arrived, Sent } from "./wire.ts";

interface Open {
  readonly at: number;
  readonly branch: string;
  readonly cseq: number;
}

export class Fits {
  readonly #timeoutMs: (method: string) => number;
  readonly #open = new Map<string, Open>();

  /** @param timeoutMs how long an answer to a method is waited for */
  constructor(timeoutMs: (method: string) => number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @returns whether it is a request, and no copy of one */
  sent({ at, server, method, callId, branch, cseq }: Sent): boolean {
    const name = `${server} ${callId}`;
    if (method === "" || this.#open.get(name)?.branch === branch) return false;
    this.#open.set(name, { at, branch, cseq });
    return true;
  }

  /** Is it the first final answer, and in time, to what was asked there last? */
  fits({ at, server, method, callId, branch, cseq, status }: Arrived): boolean {
    const name = `${server} ${callId}`;
    const open = this.#open.get(name);
    if (open === undefined || status < 200 || open.branch !== branch || open.cseq !== cseq) return false;
    this.#open.delete(name);
    return at - open.at <= this.#timeoutMs(method);
  }

  /** Whatever is under way is dropped. */
  clear(): void {
    this.#open.clear();
  }
}
