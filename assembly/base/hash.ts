// MD5 or SHA-256 of a run of bytes that comes in pieces. RFC 1321 §3, FIPS 180-4 §5.
//
// Both cut their input into blocks of 64 bytes and pad the last one alike; only the block function,
// the length of the result and the order of its bytes differ. One hash is under way at a time.

import { md5Block, MD5_INITIAL } from "./md5";
import { HASH, HASH_SIZE } from "./memory";
import { SHA256_INITIAL, sha256Block } from "./sha256";

export const MD5: u32 = 0;
export const SHA256: u32 = 1;

/** The one hash under way. */
@unmanaged
class Hash {
  /** MD5 or SHA256. */
  kind: u32;
  /** Bytes taken so far. */
  taken: u32;
  // 32 bytes: the state, four or eight words
  // 256 bytes: the block being filled, and after it the schedule of SHA-256
}

const STATE: usize = HASH + offsetof<Hash>();
const BLOCK: usize = STATE + 32;
if (offsetof<Hash>() + 32 + 256 !== HASH_SIZE) ERROR("Hash resized: base/memory.ts");

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
  store<u8>(BLOCK + place, c);
  hash.taken++;
  if (place < 63) return;
  if (hash.kind === MD5) md5Block(STATE, BLOCK);
  else sha256Block(STATE, BLOCK);
}

/** Ends the hash and writes its result, hashLength() bytes, to `out`. */
export function hashEnd(out: usize): void {
  const hash = changetype<Hash>(HASH);
  const bits = <u64>hash.taken << 3;
  hashByte(0x80);
  while ((hash.taken & 63) !== 56) hashByte(0);
  // The length in bits ends the last block: lowest byte first in MD5, highest first in SHA-256.
  for (let index: u32 = 0; index < 8; index++) {
    const place = hash.kind === MD5 ? index : 7 - index;
    hashByte(<u32>(bits >> (place << 3)));
  }
  for (let at: u32 = 0; at < hashLength(hash.kind); at += 4) {
    const word = load<u32>(STATE + at);
    store<u32>(out + at, hash.kind === MD5 ? word : bswap<u32>(word));
  }
}
