// Thirty-two bytes out of one number: what a device draws at boot, made repeatable.
//
// Above: world.ts.

import { sha256 } from "@noble/hashes/sha2.js";

/** @param seed any number; the same one gives the same bytes everywhere */
export function seedBytes(seed: number): Uint8Array {
  return sha256(new TextEncoder().encode(`standfast seed ${seed}`));
}
