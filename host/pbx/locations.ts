// Where every account can be reached: the bindings a registrar has granted. RFC 3261 §10.3.
//
// A pure table: it compares, adds, renews, removes and forgets what has lapsed. Two registrars may
// share one. Below: host/sip. Above: registrar.ts.

import { type SipUri, sameUri } from "../sip/uri.ts";

export interface Binding {
  /** As it was written, with its brackets. */
  readonly contact: string;
  readonly uri: SipUri;
  readonly expiresAt: number;
  readonly callId: string;
  readonly cseq: number;
}

/** One Contact of a request. seconds 0: remove it. */
export interface Wish {
  readonly contact: string;
  readonly uri: SipUri;
  readonly seconds: number;
}

/** Told what an account is about to hold; it has kept that when it returns, and when it throws nothing changes. */
export type Keep = (user: string, held: readonly Binding[], now: number) => void;

/** A change could not be written down, so it was not made. */
export class NotKept extends Error {}

export class Locations {
  readonly #table = new Map<string, readonly Binding[]>();
  readonly #keep: Keep;

  /** @param keep what remembers bindings over a restart */
  constructor(keep: Keep = () => {}) {
    this.#keep = keep;
  }

  /** Bindings of an earlier run, which are kept already. */
  restore(user: string, held: readonly Binding[]): void {
    this.#table.set(user, held);
  }

  /** The live bindings of an account, oldest first. */
  of(user: string, now: number): readonly Binding[] {
    const live = (this.#table.get(user) ?? []).filter((binding) => binding.expiresAt > now);
    if (live.length === 0) this.#table.delete(user);
    else this.#table.set(user, live);
    return live;
  }

  /**
   * Grants all wishes of one request, or none of them. RFC 3261 §10.3 step 7.
   * @returns false: a binding was made by a later request of the same Call-ID
   * @throws NotKept
   */
  grant(user: string, wishes: readonly Wish[], callId: string, cseq: number, now: number): boolean {
    if (wishes.length === 0) return true;
    const held = this.of(user, now);
    const old = wishes.map((wish) => held.find((binding) => sameUri(binding.uri, wish.uri)));
    if (old.some((binding) => outOfOrder(binding, callId, cseq))) return false;
    const renewed = wishes
      .filter((wish) => wish.seconds > 0)
      .map((wish) => ({
        contact: wish.contact,
        uri: wish.uri,
        expiresAt: now + wish.seconds * 1000,
        callId,
        cseq,
      }));
    this.#hold(user, [...held.filter((binding) => !old.includes(binding)), ...renewed], now);
    return true;
  }

  /** The binding of a contact ends then at the earliest; nothing else of it changes. @throws NotKept */
  prolong(user: string, contact: string, expiresAt: number, now: number): void {
    const held = this.of(user, now);
    const isShorter = (one: Binding): boolean => one.contact === contact && one.expiresAt < expiresAt;
    if (!held.some(isShorter)) return;
    this.#hold(
      user,
      held.map((one) => (isShorter(one) ? { ...one, expiresAt } : one)),
      now,
    );
  }

  /** `Contact: *`: removes every binding. RFC 3261 §10.3 step 6. @throws NotKept */
  removeAll(user: string, callId: string, cseq: number, now: number): boolean {
    if (this.of(user, now).some((binding) => outOfOrder(binding, callId, cseq))) return false;
    this.#hold(user, [], now);
    return true;
  }

  /**
   * Removes every binding of an account, or the one of a contact, whoever made it. What cannot be written down is removed
   * here all the same, and is there again after a restart: then it is found out again.
   */
  drop(user: string, now = 0, contact?: string): void {
    const held = this.#table.get(user);
    if (held === undefined) return;
    const kept = contact === undefined ? [] : held.filter((binding) => binding.contact !== contact);
    try {
      this.#hold(user, kept, now);
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      this.#table.set(user, kept);
    }
  }

  /** Every account with a live binding. */
  users(now: number): readonly string[] {
    return [...this.#table.keys()].filter((user) => this.of(user, now).length > 0);
  }

  clear(): void {
    for (const user of [...this.#table.keys()]) this.drop(user);
  }

  #hold(user: string, held: readonly Binding[], now: number): void {
    try {
      this.#keep(user, held, now);
    } catch (error) {
      throw new NotKept((error as Error).message, { cause: error });
    }
    if (held.length === 0) this.#table.delete(user);
    else this.#table.set(user, held);
  }
}

function outOfOrder(binding: Binding | undefined, callId: string, cseq: number): boolean {
  return binding !== undefined && binding.callId === callId && cseq <= binding.cseq;
}
