// One node of an application that runs on several: whether it owns the work, and under which epoch.
//
// The holder believes in its lease for two thirds of what etcd granted, counted from the moment it asked. Etcd counts
// from when it heard that, later, so the holder has stopped before anybody else can begin; also when it was stopped or
// cut off meanwhile, for it compares with its clock at each operation and not when a timer says so. Time comes in and
// only differences count: the time of day is never read. Below: rows.ts. Above: host/node/session/lease.ts.

import { type OwnerAct, type OwnerInput, type OwnerState, ownerRow } from "./rows.ts";

/** What etcd answered. */
export type Answer =
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly by: string }
  | { readonly kind: "granted"; readonly lease: string; readonly seconds: number }
  | { readonly kind: "claimed"; readonly epoch: number }
  | { readonly kind: "beaten" }
  | { readonly kind: "renewed" }
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly why: string };

/** What to ask etcd; the answer comes back with the same number, late ones too. */
export type Question =
  | { readonly kind: "look"; readonly id: number }
  | { readonly kind: "grant"; readonly id: number; readonly seconds: number }
  | { readonly kind: "claim"; readonly id: number; readonly lease: string }
  /** Is the key still the one of that epoch, after the lease was renewed? */
  | { readonly kind: "renew"; readonly id: number; readonly lease: string; readonly epoch: number }
  /** Nobody waits for its answer. */
  | { readonly kind: "revoke"; readonly id: number; readonly lease: string };

export type OwnerEvent =
  | { readonly type: "owner"; readonly epoch: number }
  | { readonly type: "notOwner"; readonly epoch: number; readonly cause: "lapsed" | "gone" | "stopped" }
  | { readonly type: "held"; readonly by: string }
  | { readonly type: "trouble"; readonly why: string };

export type Order = Question | { readonly kind: "tell"; readonly event: OwnerEvent };

export interface LeaseTimes {
  /** Asked of etcd. */
  readonly leaseSeconds: number;
  /** How long the holder believes in a lease, from when it asked for it. */
  readonly holdMs: number;
  /** Between renewals of a holder, and between looks of the others. */
  readonly everyMs: number;
}

/** The lease, s: etcd itself grants none below 2 s, as its elections take that long. */
export const LEASE_SECONDS = { min: 3, max: 600, byDefault: 9 } as const;

/** @throws RangeError */
export function leaseTimes(leaseSeconds: number = LEASE_SECONDS.byDefault): LeaseTimes {
  const { min, max } = LEASE_SECONDS;
  if (!Number.isInteger(leaseSeconds) || leaseSeconds < min || leaseSeconds > max)
    throw new RangeError(`leaseSeconds ${leaseSeconds}: allowed are whole seconds from ${min} to ${max}`);
  // Whole, as a timer takes nothing else.
  const [holdMs, everyMs] = [Math.floor((leaseSeconds * 2000) / 3), Math.floor((leaseSeconds * 1000) / 6)];
  return { leaseSeconds, holdMs, everyMs };
}

const SILENT: Answer = { kind: "failed", why: "" };

export class LeaseOwner {
  readonly #times: LeaseTimes;
  #state: OwnerState = "idle";
  /** The question whose answer counts; any other answer is late. */
  #question = 0;
  #askedAt = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #lease = "";
  #epoch = 0;
  /** Until then the lease is certainly alive. */
  #holdsUntil = Number.NEGATIVE_INFINITY;
  #orders: Order[] = [];
  /** The last event. */
  #told = "";

  constructor(times: LeaseTimes) {
    this.#times = times;
  }

  get state(): OwnerState {
    return this.#state;
  }

  /**
   * Ask before each operation that only the owner may do, and send the epoch with it.
   * @returns the epoch, or undefined: do nothing
   */
  permit(now: number): number | undefined {
    const isOwner = this.#state === "owner" || this.#state === "renewing";
    return isOwner && now < this.#holdsUntil ? this.#epoch : undefined;
  }

  /** Until something is due, ms; Infinity: nothing is. */
  wakeInMs(now: number): number {
    return Math.max(0, Math.min(this.#dueAt, this.#hasLease ? this.#holdsUntil : this.#dueAt) - now);
  }

  start(now: number): readonly Order[] {
    return this.#do("start", now);
  }

  stop(now: number): readonly Order[] {
    return this.#do("stop", now);
  }

  tick(now: number): readonly Order[] {
    return this.#do("due", now);
  }

  /** Takes the answer to the question of that number. A late one changes nothing. */
  answer(question: number, answer: Answer, now: number): readonly Order[] {
    if (question !== this.#question) return [];
    const isShort = answer.kind === "granted" && answer.seconds < this.#times.leaseSeconds;
    return this.#do(isShort ? "failed" : answer.kind, now, answer);
  }

  /** What is over at this moment is over before anything else is heard. */
  #do(input: OwnerInput, now: number, answer: Answer = SILENT): readonly Order[] {
    this.#orders = [];
    if (this.#hasLease && now >= this.#holdsUntil) this.#step("lapsed", now, SILENT);
    if (input !== "due" || now >= this.#dueAt) this.#step(input, now, answer);
    return this.#orders;
  }

  #step(input: OwnerInput, now: number, answer: Answer): void {
    const row = ownerRow(this.#state, input);
    if (row === undefined) return;
    const [, , act, next] = row;
    if (answer.kind === "failed" && answer.why !== "") this.#tell({ type: "trouble", why: answer.why });
    if (answer.kind === "held") this.#tell({ type: "held", by: answer.by });
    this.#state = next;
    this.#question += 1;
    this.#dueAt =
      next === "waiting" || next === "owner" ? now + this.#times.everyMs : Number.POSITIVE_INFINITY;
    if (act !== "") this.#act(act, input, now, answer);
  }

  #act(act: OwnerAct, input: OwnerInput, now: number, answer: Answer): void {
    const id = this.#question;
    switch (act) {
      case "look":
        this.#orders.push({ kind: "look", id });
        break;
      case "grant":
        this.#askedAt = now;
        this.#orders.push({ kind: "grant", id, seconds: this.#times.leaseSeconds });
        break;
      case "claim":
        if (answer.kind === "granted") this.#lease = answer.lease;
        this.#holdsUntil = this.#askedAt + this.#times.holdMs;
        this.#orders.push({ kind: "claim", id, lease: this.#lease });
        break;
      case "own":
        if (answer.kind === "claimed") this.#epoch = answer.epoch;
        this.#tell({ type: "owner", epoch: this.#epoch });
        break;
      case "renew":
        this.#askedAt = now;
        this.#orders.push({ kind: "renew", id, lease: this.#lease, epoch: this.#epoch });
        break;
      case "extend":
        this.#holdsUntil = this.#askedAt + this.#times.holdMs;
        break;
      case "giveUp":
        this.#revoke();
        break;
      case "lose":
        this.#tell({ type: "notOwner", epoch: this.#epoch, cause: input === "gone" ? "gone" : "lapsed" });
        this.#revoke();
        break;
      case "release":
        this.#tell({ type: "notOwner", epoch: this.#epoch, cause: "stopped" });
        this.#revoke();
        break;
    }
  }

  /** Lets the others begin at once, where etcd still hears. */
  #revoke(): void {
    this.#orders.push({ kind: "revoke", id: this.#question, lease: this.#lease });
  }

  /** Once for each thing that is new: the same holder and the same trouble come with every look. */
  #tell(event: OwnerEvent): void {
    const words = JSON.stringify(event);
    if (words === this.#told) return;
    this.#told = words;
    this.#orders.push({ kind: "tell", event });
  }

  get #hasLease(): boolean {
    return this.#state === "claiming" || this.#state === "owner" || this.#state === "renewing";
  }
}
