// ASCII classes, comparing and decimal numbers.

import {
  BLANK,
  DIGIT,
  decimal,
  equals,
  equalsFold,
  hexDigit,
  hexValue,
  isIn,
  lower,
  NO_NUMBER,
  NUMBER_MAX,
  skip,
  TOKEN,
  USER,
} from "../../../assembly/base/bytes";
import { bytesOf, lengthOf } from "../text";

/** The characters of a set, in order. */
function members(set: usize): string {
  let text = "";
  for (let c: u32 = 0; c < 256; c++) {
    if (isIn(c, set)) text += String.fromCharCode(c);
  }
  return text;
}

function number(text: string): u32 {
  const from = bytesOf(text);
  return decimal(from, from + lengthOf(text));
}

function same(a: string, b: string): bool {
  return equals(bytesOf(a), lengthOf(a), bytesOf(b), lengthOf(b));
}

function sameFold(a: string, b: string): bool {
  return equalsFold(bytesOf(a), lengthOf(a), bytesOf(b), lengthOf(b));
}

function skipped(text: string, set: usize): u32 {
  const from = bytesOf(text);
  return <u32>(skip(from, from + lengthOf(text), set) - from);
}

describe("sets of characters", () => {
  it("hold what RFC 3261 §25.1 lists and nothing else", () => {
    expect(members(BLANK)).toBe("\t\n\r ");
    expect(members(DIGIT)).toBe("0123456789");
    expect(members(TOKEN)).toBe("!%'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz~");
    expect(members(USER)).toBe(
      "!$%&'()*+,-./0123456789;=?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~",
    );
  });

  it("hold nothing above 127, whatever the caller passes", () => {
    expect(isIn(0x80 + 0x20, BLANK)).toBe(false);
    expect(isIn(0xffffffff, TOKEN)).toBe(false);
  });

  it("are skipped to the first other character, or to the end", () => {
    expect(skipped(" \t\r\n x", BLANK)).toBe(5);
    expect(skipped("   ", BLANK)).toBe(3);
    expect(skipped("x", BLANK)).toBe(0);
    expect(skipped("", BLANK)).toBe(0);
    expect(skipped("60abc", DIGIT)).toBe(2);
    expect(skipped("branch=x", TOKEN)).toBe(6);
  });
});

describe("comparison", () => {
  it("of bytes is exact", () => {
    expect(same("z9hG4bK", "z9hG4bK")).toBe(true);
    expect(same("z9hG4bK", "z9hg4bk")).toBe(false);
    expect(same("abc", "abcd")).toBe(false);
    expect(same("", "")).toBe(true);
  });

  it("of tokens ignores the case of ASCII letters only", () => {
    expect(sameFold("Via", "vIA")).toBe(true);
    expect(sameFold("Via", "Vi")).toBe(false);
    expect(sameFold("[", "{")).toBe(false); // one bit apart, as letters of two cases are
    expect(sameFold("@", "`")).toBe(false);
    expect(sameFold("É", "é")).toBe(false);
  });

  it("knows the neighbours of the letters", () => {
    expect(lower(0x40)).toBe(0x40);
    expect(lower(0x41)).toBe(0x61);
    expect(lower(0x5a)).toBe(0x7a);
    expect(lower(0x5b)).toBe(0x5b);
  });
});

describe("decimal", () => {
  it("reads digits, leading zeros included", () => {
    expect(number("0")).toBe(0);
    expect(number("7")).toBe(7);
    expect(number("0009")).toBe(9);
    expect(number("3600")).toBe(3600);
    expect(number("4294967293")).toBe(4294967293);
  });

  it("stays at the largest number from there on, up to any count of digits", () => {
    expect(number("4294967294")).toBe(NUMBER_MAX);
    expect(number("4294967295")).toBe(NUMBER_MAX);
    expect(number("4294967296")).toBe(NUMBER_MAX);
    expect(number("99999999999999999999")).toBe(NUMBER_MAX);
    expect(number("18446744073709551616")).toBe(NUMBER_MAX); // 2^64
    expect(number("18446744073709551626")).toBe(NUMBER_MAX);
    expect(number("00000000000000000000000000000000060")).toBe(60);
  });

  it("refuses everything else", () => {
    const rows = ["", "-1", "+1", " 1", "1 ", "60abc", "0x10", "1.5", "١"];
    for (let index = 0; index < rows.length; index++) {
      expect(number(rows[index])).toBe(NO_NUMBER, rows[index]);
    }
  });
});

describe("hex digits", () => {
  it("are lower case", () => {
    let text = "";
    for (let value: u32 = 0; value < 16; value++) text += String.fromCharCode(hexDigit(value));
    expect(text).toBe("0123456789abcdef");
  });

  it("are read in either case, and told from everything else", () => {
    let read = "";
    for (let c: u32 = 0; c < 256; c++) {
      if (hexValue(c) < 16) read += String.fromCharCode(c);
    }
    expect(read).toBe("0123456789ABCDEFabcdef");
    expect(hexValue(0x41)).toBe(10);
    expect(hexValue(0x66)).toBe(15);
  });

  throws("of more than 15 do not exist", () => {
    hexDigit(16);
  });
});
