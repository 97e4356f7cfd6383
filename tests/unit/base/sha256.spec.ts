// SHA-256 against published vectors.

import { hashAdd, hashEnd, hashStart, SHA256 } from "../../../assembly/base/hash";
import { bytesOf, hexOf, lengthOf } from "../text";

const OUT: usize = memory.data(32, 4);

/** The hash of `text`, `times` over. */
function sha256(text: string, times: u32 = 1): string {
  const from = bytesOf(text);
  hashStart(SHA256);
  for (let count: u32 = 0; count < times; count++) hashAdd(from, lengthOf(text));
  hashEnd(OUT);
  return hexOf(OUT, 32);
}

describe("SHA-256", () => {
  it("gives the results that NIST publishes for FIPS 180-4", () => {
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(
      sha256(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      ),
    ).toBe("cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  });

  it("gives the published result for a million times the letter a", () => {
    expect(sha256("aaaaaaaaaa", 100000)).toBe(
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    );
  });
});
