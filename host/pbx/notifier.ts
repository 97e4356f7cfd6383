// Subscriptions to what a registrar holds: the reg event package, the side that tells. RFC 3680, RFC 6665.
//
// A NOTIFY with the whole state follows each SUBSCRIBE, one with what changed follows each change. It
// is sent once: there are no timers here. Below: locations.ts, host/sip. Above: registrar.ts.

import {
  type Endpoint,
  first,
  fromLatin1,
  paramsOf,
  type SipAnswer,
  type SipRequest,
  uriOf,
} from "../sip/message.ts";
import type { Binding } from "./locations.ts";

/** What became of one contact. RFC 3680 §4.7.1. */
export interface Change {
  readonly binding: Binding;
  /** A word for a contact that is gone; undefined: it is there. */
  readonly event: string | undefined;
}

export interface Notification {
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
}

interface Subscription {
  readonly to: Endpoint;
  readonly user: string;
  /** `To` and `From` of what we send. */
  readonly remote: string;
  readonly local: string;
  readonly callId: string;
  readonly target: string;
  readonly expiresAt: number;
  cseq: number;
  version: number;
}

/** RFC 3680 §4.4. */
const DEFAULT_SECONDS = 3761;

export class Notifier {
  readonly #realm: string;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(realm: string) {
    this.#realm = realm;
  }

  /** A restart: nobody is known any more. */
  forget(): void {
    this.#subscriptions.clear();
  }

  /**
   * Takes a SUBSCRIBE of somebody who may.
   * @param tag of the answer, and so of the dialog
   * @returns seconds granted; undefined: a refresh of nothing we know, 481
   */
  subscribe(request: SipRequest, from: Endpoint, user: string, tag: string, now: number): number | undefined {
    const callId = first(request, "call-id") ?? "";
    const to = first(request, "to") ?? "";
    const held = this.#alive(callId, now);
    if (paramsOf(to).has("tag") && held === undefined) return undefined;
    const seconds = Number(first(request, "expires") ?? DEFAULT_SECONDS);
    this.#subscriptions.set(callId, {
      to: from,
      user,
      remote: first(request, "from") ?? "",
      local: paramsOf(to).has("tag") ? to : `${to};tag=${tag}`,
      callId,
      target: uriOf(first(request, "contact") ?? ""),
      expiresAt: now + 1000 * seconds,
      cseq: held?.cseq ?? 0,
      version: held?.version ?? -1,
    });
    return seconds;
  }

  /** The whole state, which follows the answer to that SUBSCRIBE. */
  full(request: SipRequest, held: readonly Binding[], now: number): readonly Notification[] {
    const subscription = this.#subscriptions.get(first(request, "call-id") ?? "");
    if (subscription === undefined) return [];
    const changes = held.map((binding) => ({ binding, event: undefined }));
    const notification = this.#write(subscription, "full", changes, held.length > 0, now);
    if (subscription.expiresAt <= now) this.#subscriptions.delete(subscription.callId);
    return [notification];
  }

  /**
   * What changed of an address of record, to everybody who watches it.
   * @param isLeft whether it has a binding at all now
   */
  changed(user: string, changes: readonly Change[], isLeft: boolean, now: number): readonly Notification[] {
    if (changes.length === 0) return [];
    return [...this.#subscriptions.keys()].flatMap((callId) => {
      const subscription = this.#alive(callId, now);
      return subscription?.user === user ? [this.#write(subscription, "partial", changes, isLeft, now)] : [];
    });
  }

  /** A phone that answers 481 has forgotten us. */
  hear(answer: SipAnswer): void {
    if (answer.status === 481) this.#subscriptions.delete(first(answer, "call-id") ?? "");
  }

  #alive(callId: string, now: number): Subscription | undefined {
    const subscription = this.#subscriptions.get(callId);
    return subscription && subscription.expiresAt > now ? subscription : undefined;
  }

  #write(
    subscription: Subscription,
    state: "full" | "partial",
    changes: readonly Change[],
    isLeft: boolean,
    now: number,
  ): Notification {
    subscription.cseq += 1;
    subscription.version += 1;
    const { to, user, remote, local, callId, target, cseq, version, expiresAt } = subscription;
    const left = Math.ceil((expiresAt - now) / 1000);
    const body = document(`${user}@${this.#realm}`, version, state, changes, isLeft);
    const lines = [
      `NOTIFY ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#realm};rport;branch=z9hG4bK${callId}${cseq}`,
      "Max-Forwards: 70",
      `From: ${local}`,
      `To: ${remote}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} NOTIFY`,
      `Contact: <sip:${this.#realm}>`,
      "Event: reg",
      `Subscription-State: ${left > 0 ? `active;expires=${left}` : "terminated;reason=timeout"}`,
      "Content-Type: application/reginfo+xml",
      `Content-Length: ${body.length}`,
    ];
    return { to, bytes: fromLatin1(`${lines.join("\r\n")}\r\n\r\n${body}`) };
  }
}

/** RFC 3680 §5. */
function document(
  aor: string,
  version: number,
  state: string,
  changes: readonly Change[],
  isLeft: boolean,
): string {
  const contacts = changes.map(({ binding, event }) => {
    const { contact, callId, cseq } = binding;
    const what =
      event === undefined ? 'state="active" event="registered"' : `state="terminated" event="${event}"`;
    return `<contact id="${escaped(contact)}" ${what} callid="${escaped(callId)}" cseq="${cseq}"><uri>${escaped(uriOf(contact))}</uri></contact>`;
  });
  return [
    '<?xml version="1.0"?>',
    `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="${state}">`,
    `<registration aor="sip:${escaped(aor)}" id="r1" state="${isLeft ? "active" : "terminated"}">`,
    ...contacts,
    "</registration></reginfo>",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
