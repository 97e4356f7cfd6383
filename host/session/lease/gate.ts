// Refuses what an owner of before still wants, at whoever carries it out.
//
// An operation may be under way while its owner is stopped, and arrive when somebody else owns: only the receiver can
// tell, by the epoch that comes with it. Above: host/node/session/manager-server.ts, any receiver of commands.

export class EpochGate {
  #highest: number;

  /** @param highest of an earlier run, where the receiver remembers it */
  constructor(highest = 0) {
    this.#highest = highest;
  }

  /** The highest epoch that was seen. */
  get highest(): number {
    return this.#highest;
  }

  /** Whether a command of that epoch may be carried out. From then on none of a lower epoch may. */
  accepts(epoch: number): boolean {
    if (!Number.isSafeInteger(epoch) || epoch < this.#highest) return false;
    this.#highest = epoch;
    return true;
  }
}
