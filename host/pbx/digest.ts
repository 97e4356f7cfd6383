// Digest access authentication, the side that asks. RFC 7616, RFC 8760, RFC 3261 §22.
//
// Keeps the nonces it has given out: each has an age and the highest count seen with it.
// Below: sip/digest.ts. Above: registrar.ts.

import { type Algorithm, hexHash, readAlgorithm, readDigest, responseOf, storedHash } from "../sip/digest.ts";

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
}

/** once: for one request; forever: it never gets old. Otherwise as long as the options say. */
export type NonceLife = "once" | "forever";

export type Verdict =
  | { readonly kind: "proven"; readonly account: string }
  | { readonly kind: "ask"; readonly stale: boolean }
  | { readonly kind: "wrong" };

interface Nonce {
  readonly issuedAt: number;
  highest: number;
}

/** A phone that never comes back leaves its nonce here: the oldest go first. */
const NONCES_MAX = 20_000;

export class Digest {
  readonly #options: DigestOptions;
  readonly #nonces = new Map<string, Nonce>();
  readonly #hashes = new Map<string, string>();
  #drawn = 0;

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  /** The challenge lines of a 401 or a 407; every call gives out a new nonce. */
  challenge(
    header: "WWW-Authenticate" | "Proxy-Authenticate",
    stale: boolean,
    now: number,
  ): readonly string[] {
    const { realm, algorithms, qop } = this.#options;
    const nonce = this.#issue(now);
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
    const account = given.get("username") ?? "";
    const secret = secretOf(account);
    if (secret === undefined) return { kind: "wrong" };
    const expected = this.#response(given, method, account, secret);
    if (expected === undefined || expected !== given.get("response")?.toLowerCase())
      return { kind: "ask", stale: false };
    return this.#fresh(given, now, life) ? { kind: "proven", account } : { kind: "ask", stale: true };
  }

  /** Every nonce is void from now on, as after a restart. */
  forget(): void {
    this.#nonces.clear();
  }

  #issue(now: number): string {
    const nonce = hexHash("SHA-256", `${this.#options.key}:${this.#drawn++}:${now}`).slice(0, 32);
    for (const [old, { issuedAt }] of this.#nonces) {
      if (this.#nonces.size < NONCES_MAX && now - issuedAt <= 2 * this.#options.nonceLifeMs) break;
      this.#nonces.delete(old);
    }
    this.#nonces.set(nonce, { issuedAt: now, highest: 0 });
    return nonce;
  }

  /** Ours, young enough, and with a count that only rises. RFC 7616 §3.3 "stale", §3.4 "nc". */
  #fresh(given: ReadonlyMap<string, string>, now: number, life?: NonceLife): boolean {
    const nonce = this.#nonces.get(given.get("nonce") ?? "");
    if (nonce === undefined || (life === "once" && nonce.highest > 0)) return false;
    if (life !== "forever" && now - nonce.issuedAt > this.#options.nonceLifeMs) return false;
    const count = this.#options.qop ? Number.parseInt(given.get("nc") ?? "", 16) : nonce.highest + 1;
    if (!(count > nonce.highest)) return false;
    nonce.highest = count;
    return true;
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
