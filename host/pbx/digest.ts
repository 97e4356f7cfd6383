// Digest access authentication, the side that asks. RFC 7616, RFC 8760, RFC 3261 §22.
//
// A nonce says when and for whom it was made, under a seal (RFC 7616 §3.3), so giving one out costs no memory and no flood
// of requests ages another's. Kept is the highest count of those that were answered rightly.
// Below: sip/digest.ts, guesses.ts. Above: registrar.ts.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Algorithm, readAlgorithm, readDigest, responseOf, storedHash } from "../sip/digest.ts";
import { fromLatin1 } from "../sip/message.ts";
import type { Guesser, Guesses } from "./guesses.ts";

/** What is kept of an account: its password, or only the hashes of it. RFC 7616 §5.13. */
export type Secret =
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "ha1"; readonly hashes: Readonly<Partial<Record<Algorithm, string>>> };

export interface DigestOptions {
  readonly realm: string;
  /** Offered in this order. RFC 8760 §2.3: the strongest first. */
  readonly algorithms: readonly Algorithm[];
  /** false: the form of RFC 2069, without counts. */
  readonly qop: boolean;
  /** After this a nonce is stale. */
  readonly nonceLifeMs: number;
  /** Makes nonces that nobody can guess; the same key gives the same nonces. */
  readonly key: string;
  /** Counts wrong answers; undefined: nobody does. */
  readonly guesses?: Guesses | undefined;
}

/** once: for one request; forever: it never gets old. Otherwise as long as the options say. */
export type NonceLife = "once" | "forever";

export type Verdict =
  | { readonly kind: "proven"; readonly account: string }
  | { readonly kind: "ask"; readonly stale: boolean }
  | { readonly kind: "wrong" };

/** Of a nonce that is ours. */
interface Nonce {
  readonly text: string;
  /** Who asked for it. */
  readonly network: string;
}

/** Hex digits of the stamp, 142 years, and of the seal. The network stands behind them. */
const STAMP_DIGITS = 13;
const SEAL_DIGITS = 19;
/** Nonces that were answered rightly; with more the one that was first is stale, and all before it that are unused. */
const USED_MAX = 10_000;

export class Digest {
  readonly #options: DigestOptions;
  /** The highest count of each, in the order of their first use. */
  readonly #used = new Map<string, number>();
  readonly #hashes = new Map<string, string>();
  /** Stamp of the latest nonce, and of the latest that is good only if it stands among the used, µs. */
  #latest = 0;
  #voidUntil = 0;

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  /**
   * The challenge lines of a 401 or a 407; every call gives out a new nonce.
   * @param network who asks: wrong answers to this challenge are counted as its own
   */
  challenge(
    header: "WWW-Authenticate" | "Proxy-Authenticate",
    stale: boolean,
    now: number,
    network = "",
  ): readonly string[] {
    const { realm, algorithms, qop } = this.#options;
    const nonce = this.#issue(now, network);
    return algorithms.map(
      (algorithm) =>
        `${header}: Digest realm="${realm}", nonce="${nonce}", algorithm=${algorithm}` +
        `${qop ? ', qop="auth"' : ""}${stale ? ", stale=true" : ""}`,
    );
  }

  /** Judges the credentials of a request. RFC 7616 §3.4. */
  judge(
    values: readonly string[],
    method: string,
    secretOf: (account: string) => Secret | undefined,
    now: number,
    life?: NonceLife,
  ): Verdict {
    const given = values.map(readDigest).find((one) => one.get("realm") === this.#options.realm);
    if (given === undefined) return { kind: "ask", stale: false };
    const nonce = this.#read(given.get("nonce") ?? "", now, life);
    if (nonce === undefined) return { kind: "ask", stale: true };
    const account = given.get("username") ?? "";
    const secret = secretOf(account);
    if (secret === undefined) return { kind: "wrong" };
    if (!this.#isRight(given, method, { account, network: nonce.network }, secret, now))
      return { kind: "ask", stale: false };
    return this.#use(nonce, given, life) ? { kind: "proven", account } : { kind: "ask", stale: true };
  }

  /** Every nonce is void from now on, as after a restart. */
  forget(): void {
    this.#used.clear();
    this.#voidUntil = this.#latest;
  }

  #issue(now: number, network: string): string {
    this.#latest = Math.max(this.#latest + 1, Math.floor(now * 1000));
    const stamp = this.#latest.toString(16).padStart(STAMP_DIGITS, "0");
    return `${stamp}${this.#seal(stamp, network)}${network}`;
  }

  #seal(stamp: string, network: string): string {
    const { key } = this.#options;
    const seal = hmac(sha256, fromLatin1(key), fromLatin1(`${stamp}${network}`));
    return bytesToHex(seal).slice(0, SEAL_DIGITS);
  }

  /** undefined: it is not ours, or stale. RFC 7616 §3.3; no proof is needed to say so. */
  #read(text: string, now: number, life?: NonceLife): Nonce | undefined {
    const network = text.slice(STAMP_DIGITS + SEAL_DIGITS);
    const digits = text.slice(0, STAMP_DIGITS);
    if (text !== `${digits}${this.#seal(digits, network)}${network}`) return undefined;
    const stamp = Number.parseInt(digits, 16);
    if (life !== "forever" && now - stamp / 1000 > this.#options.nonceLifeMs) return undefined;
    return stamp > this.#voidUntil || this.#used.has(text) ? { text, network } : undefined;
  }

  /** A count has to rise, RFC 7616 §3.4 "nc"; what is no number does not. */
  #use({ text }: Nonce, given: ReadonlyMap<string, string>, life?: NonceLife): boolean {
    const highest = this.#used.get(text) ?? 0;
    if (life === "once" && highest > 0) return false;
    const count = this.#options.qop ? Number.parseInt(given.get("nc") ?? "", 16) : highest + 1;
    if (!(count > highest)) return false;
    this.#used.set(text, count);
    const [first = text] = this.#used.keys();
    if (this.#used.size > USED_MAX) this.#retire(first);
    return true;
  }

  /** Without its count it could be played again, so it is void, and what is older with it. */
  #retire(nonce: string): void {
    this.#used.delete(nonce);
    this.#voidUntil = Math.max(this.#voidUntil, Number.parseInt(nonce.slice(0, STAMP_DIGITS), 16));
  }

  /** Whether it is the proof of that secret; one who was wrong too often is not looked at. */
  #isRight(
    given: ReadonlyMap<string, string>,
    method: string,
    who: Guesser,
    secret: Secret,
    now: number,
  ): boolean {
    const { guesses } = this.#options;
    if (guesses?.mayTry(who, now) === false) return false;
    const expected = this.#response(given, method, who.account, secret);
    const isRight = expected !== undefined && expected === given.get("response")?.toLowerCase();
    if (expected !== undefined) guesses?.judged(who, isRight, now);
    return isRight;
  }

  /** It changes only with the password, and is asked for with each request. */
  #hashOf(algorithm: Algorithm, account: string, password: string): string {
    const key = `${algorithm} ${account} ${password}`;
    const known = this.#hashes.get(key) ?? storedHash(algorithm, account, this.#options.realm, password);
    this.#hashes.set(key, known);
    return known;
  }

  #response(
    given: ReadonlyMap<string, string>,
    method: string,
    account: string,
    secret: Secret,
  ): string | undefined {
    const spoken = readAlgorithm(given.get("algorithm"));
    if (spoken === undefined || !this.#options.algorithms.includes(spoken.algorithm)) return undefined;
    const stored =
      secret.kind === "ha1"
        ? secret.hashes[spoken.algorithm]
        : this.#hashOf(spoken.algorithm, account, secret.password);
    if (stored === undefined) return undefined;
    if (this.#options.qop && given.get("qop") !== "auth") return undefined;
    return responseOf({
      ...spoken,
      stored,
      nonce: given.get("nonce") ?? "",
      cnonce: given.get("cnonce") ?? "",
      count: this.#options.qop ? (given.get("nc") ?? "") : undefined,
      method,
      uri: given.get("uri") ?? "",
    });
  }
}
