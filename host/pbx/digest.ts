// Digest access authentication, the side that asks. RFC 7616, RFC 8760, RFC 3261 §22.
//
// Keeps the nonces it has given out: each has an age and the highest count seen with it.
// Below: two hash functions of a library. Above: registrar.ts.

import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fromLatin1, splitValues, unquote } from "../sip/message.ts";

export type Algorithm = "MD5" | "SHA-256";

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
  ): Verdict {
    const given = values.map(readCredentials).find((one) => one.get("realm") === this.#options.realm);
    if (given === undefined) return { kind: "ask", stale: false };
    const account = given.get("username") ?? "";
    const secret = secretOf(account);
    if (secret === undefined) return { kind: "wrong" };
    const expected = this.#response(given, method, account, secret);
    if (expected === undefined || expected !== given.get("response")?.toLowerCase())
      return { kind: "ask", stale: false };
    return this.#fresh(given, now) ? { kind: "proven", account } : { kind: "ask", stale: true };
  }

  /** Every nonce is void from now on, as after a restart. */
  forget(): void {
    this.#nonces.clear();
  }

  #issue(now: number): string {
    const nonce = hex(sha256, `${this.#options.key}:${this.#drawn++}:${now}`).slice(0, 32);
    for (const [old, { issuedAt }] of this.#nonces) {
      if (this.#nonces.size < NONCES_MAX && now - issuedAt <= 2 * this.#options.nonceLifeMs) break;
      this.#nonces.delete(old);
    }
    this.#nonces.set(nonce, { issuedAt: now, highest: 0 });
    return nonce;
  }

  /** Ours, young enough, and with a count that only rises. RFC 7616 §3.3 "stale", §3.4 "nc". */
  #fresh(given: ReadonlyMap<string, string>, now: number): boolean {
    const nonce = this.#nonces.get(given.get("nonce") ?? "");
    if (nonce === undefined || now - nonce.issuedAt > this.#options.nonceLifeMs) return false;
    if (!this.#options.qop) return true;
    const count = Number.parseInt(given.get("nc") ?? "", 16);
    if (!(count > nonce.highest)) return false;
    nonce.highest = count;
    return true;
  }

  #response(
    given: ReadonlyMap<string, string>,
    method: string,
    account: string,
    secret: Secret,
  ): string | undefined {
    const written = (given.get("algorithm") ?? "MD5").toUpperCase();
    const session = written.endsWith("-SESS");
    const algorithm = (session ? written.slice(0, -5) : written) as Algorithm;
    if (!this.#options.algorithms.includes(algorithm)) return undefined;
    const hash = (text: string): string => hex(algorithm === "MD5" ? md5 : sha256, text);
    const stored =
      secret.kind === "ha1"
        ? secret.hashes[algorithm]
        : hash(`${account}:${this.#options.realm}:${secret.password}`);
    if (stored === undefined) return undefined;
    const [nonce, cnonce] = [given.get("nonce") ?? "", given.get("cnonce") ?? ""];
    const ha1 = session ? hash(`${stored}:${nonce}:${cnonce}`) : stored;
    const ha2 = hash(`${method}:${given.get("uri") ?? ""}`);
    if (!this.#options.qop) return hash(`${ha1}:${nonce}:${ha2}`);
    if (given.get("qop") !== "auth") return undefined;
    return hash(`${ha1}:${nonce}:${given.get("nc") ?? ""}:${cnonce}:auth:${ha2}`);
  }
}

/** The hash that may be stored instead of a password. RFC 7616 §3.4.2. */
export function storedHash(algorithm: Algorithm, account: string, realm: string, password: string): string {
  return hex(algorithm === "MD5" ? md5 : sha256, `${account}:${realm}:${password}`);
}

function hex(hash: (bytes: Uint8Array) => Uint8Array, text: string): string {
  return bytesToHex(hash(fromLatin1(text)));
}

/** `Digest a=b, c="d"` as a map; empty for any other scheme. */
function readCredentials(value: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const scheme = /^Digest\s+/i.exec(value);
  if (scheme === null) return found;
  for (const part of splitValues(value.slice(scheme[0].length))) {
    const equals = part.indexOf("=");
    if (equals > 0)
      found.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
  }
  return found;
}
