// The compression function of MD5. RFC 1321 §3.4.
//
// Above: base/hash.ts. Words lie in memory lowest byte first, which is the order MD5 wants.

/** A, B, C and D before the first block. RFC 1321 §3.3. */
export const MD5_INITIAL: usize = memory.data<u32>([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476], 4);

// T[i] = floor(2^32 * abs(sin(i))), RFC 1321 §3.4.
const T: usize = memory.data<u32>(
  [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
  ],
  4,
);

// How far each step of a round turns, four per round.
const TURNS: usize = memory.data<u8>([7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21], 1);

/** Mixes the 64 bytes at `block` into the four words at `state`; the caller adds the state before. */
export function md5Mix(state: usize, block: usize): void {
  for (let step: u32 = 0; step < 64; step++) {
    const round = step >> 4;
    const b = load<u32>(state, 4);
    const c = load<u32>(state, 8);
    const d = load<u32>(state, 12);
    let mix: u32;
    let word: u32;
    if (round === 0) {
      mix = d ^ (b & (c ^ d));
      word = step;
    } else if (round === 1) {
      mix = c ^ (d & (b ^ c));
      word = 5 * step + 1;
    } else if (round === 2) {
      mix = b ^ c ^ d;
      word = 3 * step + 5;
    } else {
      mix = c ^ (b | ~d);
      word = 7 * step;
    }
    mix += load<u32>(state) + load<u32>(T + (step << 2)) + load<u32>(block + ((word & 15) << 2));
    store<u32>(state, d);
    store<u32>(state, b + rotl<u32>(mix, load<u8>(TURNS + (round << 2) + (step & 3))), 4);
    store<u32>(state, b, 8);
    store<u32>(state, c, 12);
  }
}
