// One node of an application that runs on several: it owns by a lease in etcd, or alone.
//
// Below: host/session/lease, which decides; etcd.ts, which asks. Above: host/session.ts.

import { EventEmitter } from "node:events";
import {
  LEASE_SECONDS,
  LeaseOwner,
  leaseTimes,
  type Order,
  type OwnerEvent,
  type Question,
} from "../../session/lease/owner.ts";
import { monotonicMs, NodeClock } from "../clock.ts";
import { checkAddress } from "./address.ts";
import { Etcd } from "./etcd.ts";

export interface OwnershipOptions {
  /**
   * Where etcd is, such as `["http://10.0.0.1:2379", ..]`: members of one cluster, asked in turn. Empty: there is one
   * node only, which owns from its start under epoch 0.
   */
  readonly etcd: readonly string[];
  /** What is owned: nodes with the same key are rivals. Default "/standfast/owner". */
  readonly key?: string;
  /** Of this node, for people. */
  readonly name: string;
  /** 3..600 s, default 9: so long at most nobody owns after an owner is lost. It stops itself after two thirds. */
  readonly leaseSeconds?: number;
}

/** Whether this node may act. Events are for people and for what has to be prepared; `permit()` decides. */
export class Ownership extends EventEmitter<{ event: [OwnerEvent] }> {
  readonly #etcd: Etcd | undefined;
  readonly #owner: LeaseOwner;
  readonly #clock = new NodeClock();
  #isAlone = false;

  /** @throws RangeError: leaseSeconds; or an address that is no http or https URL */
  constructor({
    etcd,
    key = "/standfast/owner",
    name,
    leaseSeconds = LEASE_SECONDS.byDefault,
  }: OwnershipOptions) {
    super();
    const times = leaseTimes(leaseSeconds);
    for (const endpoint of etcd) checkAddress("etcd", endpoint);
    this.#owner = new LeaseOwner(times);
    if (etcd.length > 0) this.#etcd = new Etcd({ endpoints: etcd, key, name, timeoutMs: times.everyMs });
  }

  /**
   * To be asked before each operation that only the owner may do, and by no timer instead: a process that was stopped
   * finds out here. The epoch goes with the operation, so that its receiver can refuse an older one.
   * @returns the epoch; undefined: do nothing
   */
  permit(): number | undefined {
    if (this.#etcd === undefined) return this.#isAlone ? 0 : undefined;
    return this.#owner.permit(monotonicMs());
  }

  /** Tries to own from now on. */
  start(): void {
    if (this.#etcd === undefined) this.#be(true);
    else this.#carry(this.#owner.start(monotonicMs()));
  }

  /** Gives up at once what is owned, and lets the next one have it. */
  stop(): void {
    if (this.#etcd === undefined) this.#be(false);
    else this.#carry(this.#owner.stop(monotonicMs()));
  }

  #be(owns: boolean): void {
    if (owns === this.#isAlone) return;
    this.#isAlone = owns;
    this.emit("event", owns ? { type: "owner", epoch: 0 } : { type: "notOwner", epoch: 0, cause: "stopped" });
  }

  #carry(orders: readonly Order[]): void {
    for (const order of orders) {
      if (order.kind === "tell") this.emit("event", order.event);
      else void this.#ask(order);
    }
    const waitMs = this.#owner.wakeInMs(monotonicMs());
    if (Number.isFinite(waitMs)) this.#clock.wake(waitMs, this.#tick);
    else this.#clock.cancel();
  }

  async #ask(question: Question): Promise<void> {
    const answer = await this.#etcd?.ask(question);
    if (answer !== undefined) this.#carry(this.#owner.answer(question.id, answer, monotonicMs()));
  }

  readonly #tick = (): void => this.#carry(this.#owner.tick(monotonicMs()));
}
