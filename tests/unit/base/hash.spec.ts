// What both hashes share: blocks, padding, lengths at their limits.

import { hashAdd, hashByte, hashEnd, hashStart, MD5, SHA256 } from "../../../assembly/base/hash";
import { bytesOf, hexOf, lengthOf } from "../text";

const OUT: usize = memory.data(36, 4);

/** The hash of `text`, given in pieces of `piece` bytes. */
function inPieces(kind: u32, text: string, piece: u32): string {
  const from = bytesOf(text);
  const length = lengthOf(text);
  hashStart(kind);
  for (let at: u32 = 0; at < length; at += piece) hashAdd(from + at, min(piece, length - at));
  hashEnd(OUT);
  return hexOf(OUT, kind === MD5 ? 16 : 32);
}

describe("a hash", () => {
  it("does not depend on the pieces its input comes in", () => {
    // 55, 56, 63, 64: the padding ends a block, needs one more, and fills it exactly
    const lengths = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 200];
    for (let index = 0; index < lengths.length; index++) {
      const text = "0123456789".repeat(20).substring(0, lengths[index]);
      const note = lengths[index].toString();
      for (let kind = MD5; kind <= SHA256; kind += SHA256 - MD5) {
        const whole = inPieces(kind, text, 1000);
        expect(inPieces(kind, text, 1)).toBe(whole, note);
        expect(inPieces(kind, text, 7)).toBe(whole, note);
        expect(inPieces(kind, text, 64)).toBe(whole, note);
      }
    }
  });

  it("takes single bytes", () => {
    hashStart(MD5);
    hashByte(0x61);
    hashByte(0x62);
    hashByte(0x63);
    hashEnd(OUT);
    expect(hexOf(OUT, 16)).toBe("900150983cd24fb0d6963f7d28e17f72");
  });

  it("starts over, whatever was left of the one before", () => {
    hashStart(SHA256);
    hashAdd(bytesOf("left behind"), 11);
    expect(inPieces(MD5, "abc", 3)).toBe("900150983cd24fb0d6963f7d28e17f72");
    expect(inPieces(SHA256, "", 1)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("writes its result and not a byte more", () => {
    memory.fill(OUT, 0xaa, 36);
    hashStart(MD5);
    hashEnd(OUT);
    expect(load<u8>(OUT, 16)).toBe(0xaa);
    hashStart(SHA256);
    hashEnd(OUT);
    expect(load<u8>(OUT, 32)).toBe(0xaa);
  });
});
