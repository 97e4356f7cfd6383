// MD5 against the vectors of RFC 1321 A.5.

import { hashAdd, hashEnd, hashStart, MD5 } from "../../../assembly/base/hash";
import { bytesOf, hexOf, lengthOf } from "../text";

const OUT: usize = memory.data(16, 4);

function md5(text: string): string {
  hashStart(MD5);
  hashAdd(bytesOf(text), lengthOf(text));
  hashEnd(OUT);
  return hexOf(OUT, 16);
}

describe("MD5", () => {
  it("gives the results of RFC 1321, appendix A.5", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const digits = "1234567890";
    expect(md5("")).toBe("d41d8cd98f00b204e9800998ecf8427e");
    expect(md5("a")).toBe("0cc175b9c0f1b6a831c399e269772661");
    expect(md5("abc")).toBe("900150983cd24fb0d6963f7d28e17f72");
    expect(md5("message digest")).toBe("f96b697d7cb7938d525a2f31aaf161d0");
    expect(md5(letters)).toBe("c3fcd3d76192e4007dfb496cca67e13b");
    expect(md5(letters.toUpperCase() + letters + "0123456789")).toBe("d174ab98d277d9f5a5611c2c9f419d9f");
    expect(md5(digits.repeat(8))).toBe("57edf4a22be3c955ac49da2e2107b67a");
  });
});
