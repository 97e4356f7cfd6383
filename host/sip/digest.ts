// Digest access authentication as both sides compute it. RFC 7616 §3.4, RFC 8760, RFC 3261 §22.
//
// Below: two hash functions of a library. Above: host/pbx/digest.ts, which asks;
// host/regevent/credentials.ts, which answers.

import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fromLatin1, splitValues, unquote } from "./message.ts";

export type Algorithm = "MD5" | "SHA-256";

/** What goes into one answer. */
export interface Proof {
  readonly algorithm: Algorithm;
  /** `-sess`: the nonces belong into the secret. RFC 7616 §3.4.2. */
  readonly session: boolean;
  /** storedHash() of the account. */
  readonly stored: string;
  readonly nonce: string;
  readonly cnonce: string;
  /** Eight hex digits; undefined: without qop, RFC 2617 §3.2.2.1. */
  readonly count: string | undefined;
  readonly method: string;
  readonly uri: string;
}

/** The value of `response`. RFC 7616 §3.4.1. */
export function responseOf(proof: Proof): string {
  const { algorithm, session, stored, nonce, cnonce, count, method, uri } = proof;
  const hash = (text: string): string => hexHash(algorithm, text);
  const ha1 = session ? hash(`${stored}:${nonce}:${cnonce}`) : stored;
  const ha2 = hash(`${method}:${uri}`);
  return hash(
    count === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${count}:${cnonce}:auth:${ha2}`,
  );
}

/** The hash that may be stored instead of a password. RFC 7616 §3.4.2. */
export function storedHash(algorithm: Algorithm, account: string, realm: string, password: string): string {
  return hexHash(algorithm, `${account}:${realm}:${password}`);
}

/** In lower-case hex digits. */
export function hexHash(algorithm: Algorithm, text: string): string {
  return bytesToHex((algorithm === "MD5" ? md5 : sha256)(fromLatin1(text)));
}

/** The algorithm of a challenge or of credentials; undefined: one we do not speak. RFC 7616 §3.3. */
export function readAlgorithm(
  text = "MD5",
): { readonly algorithm: Algorithm; readonly session: boolean } | undefined {
  const found = /^(MD5|SHA-256)(-SESS)?$/.exec(text.toUpperCase());
  if (found === null) return undefined;
  return { algorithm: found[1] as Algorithm, session: found[2] !== undefined };
}

/** `Digest a=b, c="d"` as a map, names in lower case; empty for any other scheme. */
export function readDigest(value: string): ReadonlyMap<string, string> {
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
