// A model of etcd, and of nodes that ask it, in virtual time: requests and answers take time and get lost, nodes are
// stopped and cut off, their clocks run too fast or too slow, etcd goes away and comes back.
//
// Of etcd it knows what the documents promise: a lease lives at least its time from the grant or the last renewal, and
// longer after a restart; a transaction is atomic, and its revision is higher than all before.

import { EpochGate } from "../../../../host/session/lease/gate.ts";
import {
  type Answer,
  LeaseOwner,
  type LeaseTimes,
  type Order,
  type Question,
} from "../../../../host/session/lease/owner.ts";

type Job = { readonly at: number; readonly run: () => void };

export interface NodeShape {
  /** How fast its clock runs: 1 is right. */
  readonly rate: number;
  /** What its clock shows at 0, ms. */
  readonly offset: number;
}

export class Etcd {
  isUp = true;
  #revision = 1;
  #leases = 0;
  readonly #expiries = new Map<string, number>();
  #holder: { readonly lease: string; readonly by: string } | undefined;

  ask(question: Question, by: string, now: number): Answer {
    for (const [lease, at] of this.#expiries) if (at <= now) this.#revoke(lease);
    switch (question.kind) {
      case "look":
        return this.#holder === undefined ? { kind: "free" } : { kind: "held", by: this.#holder.by };
      case "grant": {
        this.#leases += 1;
        const lease = `${this.#leases}`;
        this.#expiries.set(lease, now + question.seconds * 1000);
        return { kind: "granted", lease, seconds: question.seconds };
      }
      case "claim":
        if (!this.#expiries.has(question.lease)) return { kind: "failed", why: "lease not found" };
        if (this.#holder !== undefined) return { kind: "beaten" };
        this.#holder = { lease: question.lease, by };
        this.#revision += 1;
        return { kind: "claimed", epoch: this.#revision };
      case "renew":
        if (!this.#expiries.has(question.lease)) return { kind: "gone" };
        this.#expiries.set(question.lease, now + this.#seconds * 1000);
        return { kind: "renewed" };
      case "revoke":
        this.#revoke(question.lease);
        return { kind: "gone" };
    }
  }

  readonly #seconds: number;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Leases that are alive get all of their time anew, as with a new leader. */
  restart(now: number): void {
    this.isUp = true;
    for (const [lease, at] of this.#expiries)
      if (at > now) this.#expiries.set(lease, now + this.#seconds * 1000);
  }

  #revoke(lease: string): void {
    this.#expiries.delete(lease);
    if (this.#holder?.lease !== lease) return;
    this.#holder = undefined;
    this.#revision += 1;
  }
}

export class Node {
  readonly name: string;
  readonly owner: LeaseOwner;
  isCut = false;
  pausedUntil = 0;
  readonly #shape: NodeShape;
  readonly #lab: Lab;
  #waiting: (() => void)[] = [];

  constructor(name: string, times: LeaseTimes, shape: NodeShape, lab: Lab) {
    this.name = name;
    this.owner = new LeaseOwner(times);
    this.#shape = shape;
    this.#lab = lab;
  }

  /** What its own clock shows. */
  get clock(): number {
    return this.#lab.now * this.#shape.rate + this.#shape.offset;
  }

  get isPaused(): boolean {
    return this.#lab.now < this.pausedUntil;
  }

  /** Runs it now, or when the node goes on. */
  whenAwake(act: () => void): void {
    if (this.isPaused) this.#waiting.push(act);
    else act();
  }

  goOn(): void {
    for (const act of this.#waiting.splice(0)) act();
  }

  carry(orders: readonly Order[]): void {
    for (const order of orders)
      if (order.kind !== "tell") this.#lab.send(this, order);
      else if (order.event.type === "owner") this.#lab.acquired(this, order.event.epoch);
  }
}

export class Lab {
  now = 0;
  readonly nodes: readonly Node[];
  readonly etcd: Etcd;
  /** Who acquired each epoch, in order. */
  readonly acquisitions: { readonly epoch: number; readonly node: string }[] = [];
  /** What a receiver of commands let through, and what it refused. */
  readonly accepted: { readonly epoch: number; readonly node: string }[] = [];
  refused = 0;
  readonly #gate = new EpochGate();
  readonly #draw: () => number;
  #jobs: Job[] = [];

  /** @param draw numbers from 0 to 1 */
  constructor(times: LeaseTimes, shapes: readonly NodeShape[], draw: () => number) {
    this.#draw = draw;
    this.etcd = new Etcd(times.leaseSeconds);
    this.nodes = shapes.map((shape, index) => new Node(`n${index}`, times, shape, this));
    for (const node of this.nodes) node.carry(node.owner.start(node.clock));
  }

  acquired(node: Node, epoch: number): void {
    this.acquisitions.push({ epoch, node: node.name });
  }

  /** A request goes out; it or its answer may be lost, and then the node hears of a time-out. */
  send(node: Node, question: Question): void {
    const answer = (given: Answer): void => {
      this.#later(this.#draw() * 400, () =>
        node.whenAwake(() => node.carry(node.owner.answer(question.id, given, node.clock))),
      );
    };
    const lost: Answer = { kind: "failed", why: "no answer" };
    const isLost = (): boolean => node.isCut || !this.etcd.isUp || this.#draw() < 0.05;
    this.#later(this.#draw() * 400, () => {
      if (isLost()) return this.#later(1500, () => answer(lost));
      const given = this.etcd.ask(question, node.name, this.now);
      if (isLost()) return this.#later(1500, () => answer(lost));
      answer(given);
    });
  }

  pause(node: Node, forMs: number): void {
    node.pausedUntil = Math.max(node.pausedUntil, this.now + forMs);
    this.#later(forMs, () => {
      if (!node.isPaused) node.goOn();
    });
  }

  /** Runs on in steps of 50 ms; in each, whoever may act sends a command that may be late. */
  run(forMs: number): void {
    const until = this.now + forMs;
    while (this.now < until) {
      this.now += 50;
      for (;;) {
        const due = this.#jobs.filter(({ at }) => at <= this.now);
        if (due.length === 0) break;
        this.#jobs = this.#jobs.filter(({ at }) => at > this.now);
        for (const { run } of due) run();
      }
      for (const node of this.nodes) if (!node.isPaused) this.#live(node);
      this.check();
    }
  }

  /** Nobody acts beside another; an epoch has one owner; epochs only rise. */
  check(): void {
    const acting = this.nodes.filter(({ owner, clock }) => owner.permit(clock) !== undefined);
    if (acting.length > 1) throw new Error(`two owners at ${this.now}: ${acting.map(({ name }) => name)}`);
    const epochs = this.acquisitions.map(({ epoch }) => epoch);
    if (epochs.some((epoch, at) => at > 0 && epoch <= (epochs[at - 1] ?? 0)))
      throw new Error(`epochs do not rise: ${epochs}`);
  }

  #live(node: Node): void {
    node.carry(node.owner.tick(node.clock));
    const epoch = node.owner.permit(node.clock);
    if (epoch === undefined) return;
    this.#later(this.#draw() < 0.05 ? 20_000 : this.#draw() * 300, () => {
      if (this.#gate.accepts(epoch)) this.accepted.push({ epoch, node: node.name });
      else this.refused += 1;
    });
  }

  #later(inMs: number, run: () => void): void {
    this.#jobs.push({ at: this.now + inMs, run });
  }
}
