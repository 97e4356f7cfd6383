// Certificates made at run time: an authority of our own and what it signs, each with the dates and names that somebody
// wants. RFC 5280; the names of SIP servers: RFC 5922 §7.1. Above: pair/init.ts, and tests.
import "reflect-metadata"; // @peculiar/x509 wants it first
import type { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

export interface Issued {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface Names {
  /** Common name of the subject. */
  readonly subject?: string;
  /** Each a DNS name, an address or a URI; without any the extension is left out. */
  readonly names?: readonly JsonGeneralName[];
  /** Days from now; it is valid from the first to the second. */
  readonly days?: readonly [from: number, to: number];
}

/** Who signs. */
export class Authority {
  readonly #root: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;

  private constructor(root: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#root = root;
    this.#keys = keys;
  }

  static async create(name = "Test Authority"): Promise<Authority> {
    const keys = await newKeys();
    const root = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      ...dates([-1000, 36_500]),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new Authority(root, keys);
  }

  /** PEM of its own certificate: what a CA file holds. */
  get certificate(): string {
    return this.#root.toString("pem");
  }

  async issue({ subject = "server", names = [], days = [-1, 1] }: Names): Promise<Issued> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${subject}`,
      issuer: this.#root.subject,
      ...dates(days),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: names.length === 0 ? [] : [new SubjectAlternativeNameExtension([...names])],
    });
    return { certificate: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
  }
}

/** Signed by itself and known to nobody. */
export async function selfSigned(name: string): Promise<Issued> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    ...dates([-1, 1]),
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  return { certificate: certificate.toString("pem"), key: await pemOf(keys.privateKey) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function dates([from, to]: readonly [number, number]): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now + from * DAY_MS), notAfter: new Date(now + to * DAY_MS) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey("pkcs8", key));
  const body = bytes.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
}
