// Answers to the challenges of one server for one line. RFC 7616 §3.4, RFC 8760, RFC 3261 §22.
//
// The same proof is never sent twice to the same refusal: a server may take that for guessing.
// Below: host/sip. Above: subscription.ts.

import { type Algorithm, readAlgorithm, readDigest, responseOf, storedHash } from "../sip/digest.ts";
import { carried, type SipAnswer } from "../sip/message.ts";

/** One challenge that we can answer. */
interface Challenge {
  readonly algorithm: Algorithm;
  readonly session: boolean;
  /** As it was written, to be echoed. */
  readonly written: string | undefined;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly qop: boolean;
  readonly stale: boolean;
}

interface Held {
  readonly challenge: Challenge;
  uses: number;
  /** These credentials have been accepted with this nonce. */
  proven: boolean;
}

const ASKED = { 401: "www-authenticate", 407: "proxy-authenticate" } as const;
const SAID = { 401: "Authorization", 407: "Proxy-Authorization" } as const;
type Asking = keyof typeof ASKED;

/** Challenges of one attempt: a proxy's, a server's, and each once more for a stale nonce. */
const CHALLENGES_MAX = 4;

export class Credentials {
  readonly #account: string;
  readonly #password: string;
  readonly #random: (bytes: number) => string;
  readonly #held = new Map<Asking, Held>();
  #challenges = 0;

  /** @param random that many bytes, as hex digits */
  constructor(account: string, password: string, random: (bytes: number) => string) {
    this.#account = carried(account);
    this.#password = carried(password);
    this.#random = random;
  }

  /** An attempt begins. */
  begin(): void {
    this.#challenges = 0;
  }

  /** The server went on to something else than a challenge: what it was sent is good. */
  accepted(): void {
    for (const held of this.#held.values()) held.proven = held.uses > 0;
  }

  /** Takes a 401 or a 407. @returns false: there is nothing new to say to it */
  take(answer: SipAnswer): boolean {
    const asking = answer.status as Asking;
    const challenge = strongest(answer, ASKED[asking]);
    if (challenge === undefined || ++this.#challenges > CHALLENGES_MAX) return false;
    const held = this.#held.get(asking);
    const wasRefused = held !== undefined && held.uses > 0 && !held.proven;
    if (wasRefused && !challenge.stale) return false;
    if (held?.proven && !challenge.stale && held.challenge.nonce === challenge.nonce) return false;
    this.#held.set(asking, { challenge, uses: 0, proven: false });
    return true;
  }

  /** The header lines for one request; none before the first challenge. */
  lines(method: string, uri: string): readonly string[] {
    return [...this.#held].map(([asking, held]) => `${SAID[asking]}: ${this.#write(held, method, uri)}`);
  }

  #write(held: Held, method: string, uri: string): string {
    const { algorithm, session, written, realm, nonce, opaque, qop } = held.challenge;
    held.uses += 1;
    const cnonce = qop || session ? this.#random(8) : "";
    const count = qop ? held.uses.toString(16).padStart(8, "0") : undefined;
    const stored = storedHash(algorithm, this.#account, realm, this.#password);
    const response = responseOf({ algorithm, session, stored, nonce, cnonce, count, method, uri });
    return [
      `Digest username=${quoted(this.#account)}`,
      `realm=${quoted(realm)}`,
      `nonce=${quoted(nonce)}`,
      `uri="${uri}"`,
      `response="${response}"`,
      ...(written === undefined ? [] : [`algorithm=${written}`]),
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ...(cnonce === "" ? [] : [`cnonce="${cnonce}"`]),
      ...(count === undefined ? [] : [`qop=auth, nc=${count}`]),
    ].join(", ");
  }
}

/** RFC 8760 §2.4: the first that is supported; we put SHA-256 before MD5 whatever the order. */
function strongest(answer: SipAnswer, header: string): Challenge | undefined {
  const spoken = answer.headers
    .filter(({ name }) => name === header)
    .flatMap(({ value }) => readChallenge(value) ?? []);
  return spoken.find(({ algorithm }) => algorithm === "SHA-256") ?? spoken[0];
}

function readChallenge(value: string): Challenge | undefined {
  const fields = readDigest(value);
  const spoken = readAlgorithm(fields.get("algorithm"));
  const [realm, nonce, qop] = [fields.get("realm"), fields.get("nonce"), fields.get("qop")];
  if (spoken === undefined || realm === undefined || nonce === undefined) return undefined;
  const offers = qop?.split(",").map((word) => word.trim().toLowerCase());
  if (offers !== undefined && !offers.includes("auth")) return undefined;
  return {
    ...spoken,
    written: fields.get("algorithm"),
    realm,
    nonce,
    opaque: fields.get("opaque"),
    qop: offers !== undefined,
    stale: fields.get("stale")?.toLowerCase() === "true",
  };
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
