// MD5 or SHA-256 of a run of bytes that comes in pieces. RFC 1321 §3, FIPS 180-4 §5.
//
// Both cut their input into blocks of 64 bytes and pad the last one alike; only the block function,
// the length of the result and the order of its bytes differ. One hash is under way at a time.

import { STRONG_DIGEST } from "./limits";
import { MD5_INITIAL, md5Mix } from "./md5";
import { HASH, HASH_SIZE } from "./memory";
import { SHA256_INITIAL, sha256Mix } from "./sha256";

// The two hashes, each by what turns the index of a byte in its word: MD5 counts the bytes of a word
// from the lowest, as the memory does, SHA-256 from the highest.
export const MD5: u32 = 0;
export const SHA256: u32 = 3;

/** The one hash under way. */
@unmanaged
class Hash {
  /** MD5 or SHA256. */
  kind: u32;
  /** Bytes taken so far. */
  taken: u32;
  // 32 bytes: the state, four or eight words
  // 32 bytes: the same while a block is mixed into it
  // 256 bytes: the block being filled, and after it the schedule of SHA-256
}

const STATE: usize = HASH + offsetof<Hash>();
const MIXED: usize = STATE + 32;
const BLOCK: usize = MIXED + 32;
if (offsetof<Hash>() + 32 + 32 + 256 !== HASH_SIZE) ERROR("Hash resized: base/memory.ts");

/** Bytes of the result: 16 or 32. */
export function hashLength(kind: u32): u32 {
  return kind === MD5 ? 16 : 32;
}

/** Begins a hash; one that was not ended is dropped. */
export function hashStart(kind: u32): void {
  const hash = changetype<Hash>(HASH);
  hash.kind = kind;
  hash.taken = 0;
  memory.copy(STATE, kind === MD5 ? MD5_INITIAL : SHA256_INITIAL, hashLength(kind));
}

/** Takes `length` bytes at `from`. */
export function hashAdd(from: usize, length: u32): void {
  for (let at = from; at < from + length; at++) hashByte(load<u8>(at));
}

/** Takes one byte. */
export function hashByte(c: u32): void {
  const hash = changetype<Hash>(HASH);
  const place = hash.taken & 63;
  store<u8>(BLOCK + (place ^ hash.kind), c);
  hash.taken++;
  if (place < 63) return;
  memory.copy(MIXED, STATE, 32);
  if (STRONG_DIGEST === 0 || hash.kind === MD5) md5Mix(MIXED, BLOCK);
  else sha256Mix(MIXED, BLOCK);
  for (let at: usize = 0; at < 32; at += 4) {
    store<u32>(STATE + at, load<u32>(STATE + at) + load<u32>(MIXED + at));
  }
}

/** Ends the hash and writes its result, hashLength() bytes, to `out`. */
export function hashEnd(out: usize): void {
  const hash = changetype<Hash>(HASH);
  const bits = (<u64>hash.taken) << 3;
  hashByte(0x80);
  while ((hash.taken & 63) !== 56) hashByte(0);
  // The length in bits ends the last block, lowest byte first in MD5, highest first in SHA-256.
  const turn: u32 = hash.kind === MD5 ? 0 : 7;
  for (let index: u32 = 0; index < 8; index++) hashByte(<u32>(bits >> ((index ^ turn) << 3)));
  for (let index: u32 = 0; index < hashLength(hash.kind); index++) {
    store<u8>(out + index, load<u8>(STATE + (index ^ hash.kind)));
  }
}
