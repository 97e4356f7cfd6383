// Randomness from the seed the host gives: same seed, same bytes.
//
// What others must not guess (Call-ID, tags, branches, cnonces) is SHA-256 of the seed and a counter; in a build without
// SHA-256 it is MD5, whose 16 bytes are more than is drawn at once.
// What only spreads load (jitter) comes from a small generator that starts from the same seed.

import { hashAdd, hashEnd, hashStart, MD5, SHA256 } from "./hash";
import { STRONG_DIGEST } from "./limits";
import { RANDOM, RANDOM_SIZE } from "./memory";

export const SEED_SIZE: u32 = 32;
const BLOCK_SIZE: u32 = 32;

@unmanaged
class Random {
  /** Blocks drawn since the seed. */
  drawn: u32;
  /** State of the small generator, never 0 once seeded. */
  jitter: u32;
  // 32 bytes: the seed
  // 32 bytes: the block drawn last
}

const SEED: usize = RANDOM + offsetof<Random>();
const BLOCK: usize = SEED + SEED_SIZE;
if (offsetof<Random>() + SEED_SIZE + BLOCK_SIZE !== RANDOM_SIZE) {
  ERROR("Random resized: base/memory.ts");
}

/** Starts over from the 32 bytes at `from`. */
export function seed(from: usize): void {
  const random = changetype<Random>(RANDOM);
  memory.copy(SEED, from, SEED_SIZE);
  random.drawn = 0;
  drawBlock();
  random.jitter = load<u32>(BLOCK) | 1;
}

/** Writes `length` bytes to `out` that tell nothing of earlier and later ones. `length` 1..32. */
export function draw(out: usize, length: u32): void {
  assert(length <= BLOCK_SIZE);
  drawBlock();
  memory.copy(out, BLOCK, length);
}

/** Any number but 0; good for spreading, not for secrets. Marsaglia, "Xorshift RNGs", 2003. */
export function jitter(): u32 {
  const random = changetype<Random>(RANDOM);
  let x = random.jitter;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  random.jitter = x;
  return x;
}

/** A number from `low` to `high`, both included, each as likely as any other to within 2^-32. */
export function between(low: u32, high: u32): u32 {
  assert(low <= high);
  const span = <u64>(high - low) + 1;
  return low + <u32>((<u64>jitter() * span) >> 32);
}

function drawBlock(): void {
  const random = changetype<Random>(RANDOM);
  hashStart(STRONG_DIGEST !== 0 ? SHA256 : MD5);
  hashAdd(SEED, SEED_SIZE);
  hashAdd(RANDOM, 4); // Random.drawn
  hashEnd(BLOCK);
  random.drawn++;
}
