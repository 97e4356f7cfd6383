// The compression function of SHA-256. FIPS 180-4 §6.2.
//
// Above: base/hash.ts, which puts the bytes of the block so that each word reads as the standard
// counts it, highest byte first.

/** The hash value before the first block. FIPS 180-4 §5.3.3. */
export const SHA256_INITIAL: usize = memory.data<u32>(
  [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
  4,
);

// FIPS 180-4 §4.2.2.
const K: usize = memory.data<u32>(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ],
  4,
);

/**
 * Mixes the first 64 bytes at `words` into the eight words at `state`; the caller adds the state
 * before. FIPS 180-4 §6.2.2, steps 1 to 3.
 * @param words 256 bytes: the block, and room for the schedule that is made of it
 */
export function sha256Mix(state: usize, words: usize): void {
  schedule(words);
  for (let at: usize = 0; at < 256; at += 4) {
    const a = load<u32>(state);
    const b = load<u32>(state, 4);
    const e = load<u32>(state, 16);
    const g = load<u32>(state, 24);
    const sum0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const sum1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const choice = g ^ (e & (load<u32>(state, 20) ^ g));
    const majority = (a & b) | (load<u32>(state, 8) & (a | b));
    const t1 = load<u32>(state, 28) + sum1 + choice + load<u32>(K + at) + load<u32>(words + at);
    memory.copy(state + 4, state, 28); // h = g, g = f, ... b = a
    store<u32>(state, load<u32>(state, 16) + t1, 16);
    store<u32>(state, t1 + sum0 + majority);
  }
}

/** Makes 48 more words of the 16 of the block. FIPS 180-4 §6.2.2, step 1. */
function schedule(words: usize): void {
  for (let at = words; at < words + 192; at += 4) {
    const x = load<u32>(at, 4);
    const y = load<u32>(at, 56);
    const sigma0 = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >>> 3);
    const sigma1 = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >>> 10);
    store<u32>(at, load<u32>(at) + sigma0 + load<u32>(at, 36) + sigma1, 64);
  }
}
