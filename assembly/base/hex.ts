// Random identifiers are kept as bytes and written as hex digits; here they are recognised again.

import { hexDigit } from "./bytes";

/** Is the text at `text` the lower-case hex form of the `count` bytes at `bytes`? It holds 2*count digits. */
export function equalsHex(text: usize, bytes: usize, count: u32): bool {
  for (let i: u32 = 0; i < 2 * count; i++) {
    const pair: u32 = load<u8>(bytes + (i >> 1));
    const digit = (i & 1) === 0 ? pair >> 4 : pair & 15;
    if (<u32>load<u8>(text + i) !== hexDigit(digit)) return false;
  }
  return true;
}

/** Is the text from `from` to `to` exactly the hex form of the `count` bytes at `bytes`? */
export function isHex(from: usize, to: usize, bytes: usize, count: u32): bool {
  return to - from === 2 * count && equalsHex(from, bytes, count);
}
