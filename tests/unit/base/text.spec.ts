// Short texts in records: what fits, and what could end a header line.

import { E_LENGTH, E_TEXT, OK } from "../../../assembly/abi";
import { copyText, keepText, textFrom, textLength, textTo } from "../../../assembly/base/text";
import { bytesOf, lengthOf, stringOf } from "../text";

const SIZE: u32 = 8;
const SLOT: usize = memory.data(SIZE + 1);
const OTHER: usize = memory.data(SIZE + 1);

function keep(text: string): i32 {
  return keepText(SLOT, SIZE, bytesOf(text), lengthOf(text));
}

function kept(slot: usize): string {
  return stringOf(textFrom(slot), textTo(slot));
}

describe("a text in a record", () => {
  beforeEach(() => {
    memory.fill(SLOT, 0, SIZE + 1);
    memory.fill(OTHER, 0, SIZE + 1);
  });

  it("is kept with its length", () => {
    expect(keep("6001")).toBe(OK);
    expect(textLength(SLOT)).toBe(4);
    expect(kept(SLOT)).toBe("6001");
    expect(keep("")).toBe(OK);
    expect(textLength(SLOT)).toBe(0);
    expect(textTo(SLOT)).toBe(textFrom(SLOT));
  });

  it("fits when it is one byte shorter than its place, and writes nothing behind it", () => {
    store<u8>(SLOT, 0xaa, SIZE);
    expect(keep("1234567")).toBe(OK);
    expect(kept(SLOT)).toBe("1234567");
    expect(load<u8>(SLOT, SIZE)).toBe(0xaa);
    expect(keep("12345678")).toBe(E_LENGTH);
    expect(kept(SLOT)).toBe("1234567");
  });

  it("holds no control character: it could end a header line", () => {
    const place = bytesOf("ab");
    for (let c: u32 = 0; c < 256; c++) {
      store<u8>(place, <u8>c, 1);
      const refused = c < 0x20 || c === 0x7f;
      expect(keepText(SLOT, SIZE, place, 2)).toBe(refused ? E_TEXT : OK, c.toString());
    }
    keep("good");
    expect(keep("bad\r\n")).toBe(E_TEXT);
    expect(kept(SLOT)).toBe("good");
  });

  it("is copied to a place of the same size", () => {
    keep("1234567");
    store<u8>(OTHER, 0xaa, SIZE);
    copyText(OTHER, SLOT, SIZE);
    expect(kept(OTHER)).toBe("1234567");
    expect(load<u8>(OTHER, SIZE)).toBe(0xaa);
  });
});
