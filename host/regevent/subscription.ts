// One line's subscription to its own registration at one server. RFC 3680, RFC 6665 §4.1.
//
// It asks, is refreshed, asks again after an end, and rests where asking is in vain. Every wait is
// bounded below, so no server can make a storm of it. Time and messages go in, orders come out.
// Below: dialog.ts, transaction.ts, credentials.ts, held.ts, notify.ts, rules.ts. Above: watcher.ts.

import { first, type SipAnswer, type SipRequest } from "../sip/message.ts";
import { Credentials } from "./credentials.ts";
import { Dialog, type Random, type Subscriber, seenFrom } from "./dialog.ts";
import { Held, type Loss } from "./held.ts";
import { type Notice, readNotify, seconds } from "./notify.ts";
import {
  AFTER_END,
  DEFAULT_SECONDS,
  MIN_EXPIRES_MAX,
  REFRESH_MIN_MS,
  REST_MS,
  SETTLED_MS,
  SPACING_MS,
  type Verdict,
  verdictOf,
} from "./rules.ts";
import { type Timing, Transaction, waitMs } from "./transaction.ts";

export interface SubscriptionOptions extends Subscriber {
  readonly account: string;
  readonly password: string;
  /** Asked for; 0: whatever the package's default is. */
  readonly expirySeconds: number;
  readonly timing: Timing;
  /** Waits after failures grow from the first to the second. RFC 5626 §4.5. */
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly random: Random;
  /** Our own address and port towards the server now. */
  readonly local: () => string;
  readonly isOurAor: (aor: string) => boolean;
  readonly isOurs: (uri: string) => boolean;
  readonly carry: (order: SubscriptionOrder) => void;
}

export type SubscriptionOrder =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  /** The registrar has let our binding go. */
  | { readonly kind: "lost"; readonly loss: Loss }
  | { readonly kind: "accepted" }
  /** Nothing is asked before `retryMs` have passed. `why`: a status, or the reason of an end. */
  | { readonly kind: "refused"; readonly why: string; readonly retryMs: number };

const NEVER = Number.POSITIVE_INFINITY;

export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #credentials: Credentials;
  #dialog: Dialog;
  #held: Held;
  #request: Transaction | undefined;
  /** Our address, and as the server sees it. */
  #local = "";
  #seenFrom: string | undefined;
  #minExpiresSeconds = 0;
  #isRaised = false;
  #failures = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #grantedAt = NEVER;
  /** When to ask next, or to refresh. */
  #nextAt = NEVER;
  /** When what was granted ends; a first NOTIFY has to come before. */
  #expiresAt = NEVER;
  #notifyBy = NEVER;
  #isNotified = false;
  #isLeaving = false;
  #isClosed = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#credentials = new Credentials(options.account, options.password, options.random.hex);
    [this.#dialog, this.#held] = this.#fresh();
  }

  get callId(): string {
    return this.#dialog.callId;
  }

  /** Nothing is under way and nothing is granted: it waits, or rests. */
  get isIdle(): boolean {
    return !this.#request && !this.#dialog.isEstablished;
  }

  /** It has ended for good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** When tick() has something to do; Infinity: never. */
  get nextAt(): number {
    if (this.#isClosed) return NEVER;
    if (this.#request) return Math.min(this.#request.nextAt, this.#notifyBy);
    return Math.min(this.#nextAt, this.#expiresAt, this.#notifyBy);
  }

  /** Asks, or refreshes what is granted: the server may have forgotten it. */
  ask(now: number): void {
    if (!this.#request && !this.#isLeaving) this.#nextAt = Math.max(now, this.#askedAt + SPACING_MS);
    this.tick(now);
  }

  /** Ends it: politely where there is something to end. */
  leave(now: number): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#request = undefined;
    if (!this.#dialog.isEstablished) {
      this.#isClosed = true;
      return;
    }
    this.#notifyBy = now + waitMs(this.#options.timing);
    this.#begin(now);
  }

  tick(now: number): void {
    if (this.#isClosed) return;
    const due = this.#request?.tick(now);
    if (due === "repeat" && this.#request) this.#options.carry({ kind: "send", bytes: this.#request.bytes });
    if (due === "timeout") this.#fail(now);
    if (now >= this.#notifyBy) this.#missNotify(now);
    if (this.#request || this.#isClosed) return;
    if (now >= this.#expiresAt) this.#forget();
    if (now >= this.#nextAt) this.#begin(now);
  }

  /** Takes an answer with our Call-ID. */
  answer(answer: SipAnswer, now: number): void {
    const request = this.#request;
    if (!request || !this.#dialog.answers(answer, request.branch)) return;
    if (answer.status < 200) request.slowDown(now);
    else this.#conclude(answer, now);
  }

  #conclude(answer: SipAnswer, now: number): void {
    this.#seenFrom = seenFrom(answer) ?? this.#seenFrom;
    this.#request = undefined;
    const verdict = verdictOf(answer.status);
    if (verdict !== "challenged") this.#credentials.accepted();
    if (!this.#isLeaving) this.#judge(verdict, answer, now);
    else if (verdict === "challenged" && this.#credentials.take(answer)) this.#send(now);
    else if (verdict !== "granted") this.#isClosed = true;
  }

  /** Takes a NOTIFY with our Call-ID. @returns the status to answer it with */
  notify(request: SipRequest, now: number): number {
    if (this.#isClosed || !this.#dialog.owns(request)) return 481;
    const notice = readNotify(request);
    const order = this.#dialog.hear(request);
    if (order === "old") return 500; // RFC 3261 §12.2.2
    if (typeof notice === "number") return notice;
    if (order === "next") this.#hear(notice, now);
    return 200;
  }

  #judge(verdict: Verdict, answer: SipAnswer, now: number): void {
    const retryAfter = seconds(first(answer, "retry-after"));
    switch (verdict) {
      case "granted":
        this.#grant(answer, now);
        break;
      case "tooBrief":
        this.#raise(answer, now);
        break;
      case "gone":
        this.#again(now);
        break;
      case "later":
        this.#fail(now, retryAfter);
        break;
      case "challenged":
        if (this.#credentials.take(answer)) this.#send(now);
        else this.#rest(`${answer.status}`, retryAfter, now);
        break;
      case "refused":
        this.#rest(`${answer.status}`, retryAfter, now);
    }
  }

  #grant(answer: SipAnswer, now: number): void {
    this.#dialog.accept(answer);
    const asked = this.#asked() ?? DEFAULT_SECONDS;
    const granted = seconds(first(answer, "expires")) ?? asked;
    if (granted === 0 || !this.#dialog.isEstablished) {
      this.#fail(now); // no time at all, or no tag: RFC 3261 §12.1.1
      return;
    }
    if (this.#grantedAt === NEVER) this.#grantedAt = now;
    else if (now - this.#grantedAt >= SETTLED_MS) this.#failures = 0;
    if (!this.#isNotified) this.#notifyBy = now + waitMs(this.#options.timing);
    this.#lastFor(Math.min(granted, asked), now);
    this.#options.carry({ kind: "accepted" });
  }

  /** 423, RFC 3261 §21.4.17: believed once in an attempt. */
  #raise(answer: SipAnswer, now: number): void {
    const least = Number(/^\d{1,9}$/.exec(first(answer, "min-expires") ?? "")?.[0] ?? NEVER);
    if (this.#isRaised || least > MIN_EXPIRES_MAX) {
      this.#rest("423", undefined, now);
      return;
    }
    this.#isRaised = true;
    this.#minExpiresSeconds = least;
    this.#send(now);
  }

  #hear(notice: Notice, now: number): void {
    this.#isNotified = true;
    if (!this.#isLeaving) this.#notifyBy = NEVER;
    const news = notice.document && this.#held.take(notice.document);
    if (news?.kind === "read" && news.loss && !this.#isLeaving) {
      this.#options.carry({ kind: "lost", loss: news.loss });
    }
    if (notice.terminated) this.#end(notice, now);
    else if (notice.expiresSeconds !== undefined) this.#lastFor(notice.expiresSeconds, now);
    if (!notice.terminated && news?.kind === "read" && news.gap) this.#refreshSoon(now); // RFC 3680 §5.2
  }

  /** The notifier ended it. RFC 6665 §4.1.3. */
  #end({ reason, retryAfterSeconds }: Notice, now: number): void {
    this.#request = undefined;
    if (this.#isLeaving) {
      this.#isClosed = true;
      return;
    }
    const what = AFTER_END[reason] ?? "later";
    if (what === "again") this.#again(now);
    else if (what === "rest") this.#rest(reason, retryAfterSeconds, now);
    else {
      this.#forget();
      this.#fail(now, retryAfterSeconds);
    }
  }

  #refreshSoon(now: number): void {
    if (!this.#request) this.#nextAt = Math.max(now, this.#askedAt + REFRESH_MIN_MS);
  }

  /** It lasts from now on; it is refreshed two time-outs before its end, or at half of it. */
  #lastFor(lastsSeconds: number, now: number): void {
    const lastsMs = 1000 * lastsSeconds;
    this.#expiresAt = now + lastsMs;
    const refreshMs = Math.max(lastsMs / 2, lastsMs - 2 * waitMs(this.#options.timing));
    this.#nextAt = now + Math.max(refreshMs, REFRESH_MIN_MS);
  }

  /** A new subscription at once; after one that did not last, with a growing wait. */
  #again(now: number): void {
    const lastedMs = now - this.#grantedAt;
    const lasted = lastedMs >= SETTLED_MS;
    this.#forget();
    if (lasted) this.#failures = 0;
    if (!lasted && this.#failures > 0) this.#fail(now);
    else {
      this.#failures += 1;
      this.ask(now);
    }
  }

  /** Asks later; what is granted stays until its end. */
  #fail(now: number, retryAfterSeconds = 0): void {
    this.#request = undefined;
    if (this.#isLeaving) {
      this.#isClosed = true;
      return;
    }
    if (this.#expiresAt === NEVER) this.#forget();
    const { retryBaseMs, retryMaxMs, random } = this.#options;
    this.#failures = Math.min(this.#failures + 1, 20);
    const upTo = Math.min(retryMaxMs, retryBaseMs * 2 ** this.#failures);
    const drawnMs = upTo * (0.5 + random.fraction() / 2);
    this.#nextAt = now + Math.max(drawnMs, 1000 * retryAfterSeconds, SPACING_MS);
  }

  #rest(why: string, retryAfterSeconds: number | undefined, now: number): void {
    this.#forget();
    const retryMs = Math.max(REST_MS, 1000 * (retryAfterSeconds ?? 0));
    this.#nextAt = now + retryMs;
    this.#options.carry({ kind: "refused", why, retryMs });
  }

  /** It was granted, and nothing came: it counts as failed. RFC 6665 §4.1.2.4. */
  #missNotify(now: number): void {
    this.#notifyBy = NEVER;
    this.#expiresAt = NEVER;
    this.#fail(now);
  }

  #forget(): void {
    [this.#dialog, this.#held] = this.#fresh();
    this.#expiresAt = NEVER;
    this.#grantedAt = NEVER;
    this.#notifyBy = NEVER;
    this.#isNotified = false;
  }

  #fresh(): [Dialog, Held] {
    const { random, isOurAor, isOurs } = this.#options;
    return [new Dialog(this.#options, random), new Held(isOurAor, isOurs)];
  }

  #begin(now: number): void {
    this.#credentials.begin();
    this.#isRaised = false;
    this.#send(now);
  }

  #asked(): number | undefined {
    const { expirySeconds } = this.#options;
    if (expirySeconds === 0 && this.#minExpiresSeconds === 0) return undefined;
    return Math.max(expirySeconds === 0 ? DEFAULT_SECONDS : expirySeconds, this.#minExpiresSeconds);
  }

  #send(now: number): void {
    const { timing, transport, local } = this.#options;
    const own = local();
    if (own !== this.#local) this.#seenFrom = undefined; // another address of ours: seen from elsewhere
    this.#local = own;
    const { branch, bytes } = this.#dialog.write({
      local: own,
      contact: this.#seenFrom ?? own,
      expiresSeconds: this.#isLeaving ? 0 : this.#asked(),
      credentials: (method, uri) => this.#credentials.lines(method, uri),
    });
    this.#askedAt = now;
    this.#nextAt = NEVER;
    this.#request = new Transaction(branch, bytes, timing, transport !== "udp", now);
    this.#options.carry({ kind: "send", bytes });
  }
}
