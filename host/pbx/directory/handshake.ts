// Both nodes prove that they know the PBX password, and neither says it: a challenge and an answer in each direction.
//
// What is proven covers both nonces, both names and the TLS connection itself (its exporter, RFC 9266), so an answer that
// somebody in the middle passes on fits no other connection. The key is made from the password by the host with scrypt,
// RFC 7914, so each guess of one who has seen an answer costs 16 MiB. DESIGN.md D36.
// Below: a hash of a library. Above: the two sessions.

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export type Side = "master" | "standby";

/** What both sides know of one connection. */
export interface Greeting {
  /** 64 random hex digits of each side; never used twice. */
  readonly nonces: Readonly<Record<Side, string>>;
  readonly names: Readonly<Record<Side, string>>;
  /** Of the standby's store. */
  readonly instance: string;
  /** Of the TLS connection, hex digits; "" without TLS. */
  readonly binding: string;
}

/** What the password becomes: scrypt with this salt, N = 2^14, r = 8, p = 1, 32 bytes. */
export const KEY_SALT = "standfast replication 1";
export const KEY_COST = { N: 16_384, r: 8, p: 1, length: 32 } as const;

/** 64 hex digits that only one who has the key can say. */
export function proofOf(side: Side, key: Uint8Array, greeting: Greeting): string {
  return bytesToHex(derive(`proof of the ${side}`, key, greeting));
}

/** The key that seals what one side sends on this connection. */
export function sealOf(side: Side, key: Uint8Array, greeting: Greeting): Uint8Array {
  return derive(`seal of the ${side}`, key, greeting);
}

function derive(what: string, key: Uint8Array, { nonces, names, instance, binding }: Greeting): Uint8Array {
  const said = [what, nonces.master, nonces.standby, names.master, names.standby, instance, binding];
  return hmac(sha256, key, new TextEncoder().encode(JSON.stringify(said)));
}

/** Whether two texts are equal, in a time that does not tell where they differ. */
export function isSame(a: string | Uint8Array, b: string | Uint8Array): boolean {
  const [left, right] = [Uint8Array.from(bytesOf(a)), Uint8Array.from(bytesOf(b))];
  let difference = left.length ^ right.length;
  for (const [at, byte] of left.entries()) difference |= byte ^ (right[at] ?? 0);
  return difference === 0;
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}
