// Random bytes recognised in their written form.

import { equalsHex, isHex } from "../../../assembly/base/hex";
import { bytesOf, lengthOf } from "../text";

const BYTES: usize = memory.data<u8>([0x00, 0x1f, 0xa9, 0xff]);

function same(text: string): bool {
  const from = bytesOf(text);
  return isHex(from, from + lengthOf(text), BYTES, 4);
}

describe("random bytes in hex", () => {
  it("are recognised, every digit of them", () => {
    expect(same("001fa9ff")).toBe(true);
    expect(same("101fa9ff")).toBe(false);
    expect(same("011fa9ff")).toBe(false);
    expect(same("001ea9ff")).toBe(false);
    expect(same("001fa9fe")).toBe(false);
    expect(same("001fa9ef")).toBe(false);
  });

  it("are written in lower case", () => {
    expect(same("001FA9FF")).toBe(false);
    expect(same("001fA9ff")).toBe(false);
  });

  it("are as long as they are", () => {
    expect(same("001fa9f")).toBe(false);
    expect(same("001fa9ff0")).toBe(false);
    expect(same("")).toBe(false);
    expect(isHex(0, 0, BYTES, 0)).toBe(true);
  });

  it("may stand at the start of a longer text", () => {
    expect(equalsHex(bytesOf("001fa9ff;x"), BYTES, 4)).toBe(true);
    expect(equalsHex(bytesOf("001fa"), BYTES, 2)).toBe(true);
  });
});
