// The cursor that writes a datagram, and its end.

import { hashEnd, hashStart, MD5 } from "../../../assembly/base/hash";
import { TX, TX_SIZE } from "../../../assembly/base/memory";
import {
  begin,
  byte,
  finish,
  hex,
  hexNumber,
  intoHash,
  number,
  quoted,
  slice,
  unquoted,
  user,
} from "../../../assembly/wire/write";
import { bytesOf, hexOf, lengthOf, stringOf } from "../text";

const OUT: usize = memory.data(16, 4);

/** What was written since begin(). */
function written(): string {
  const length = finish();
  return length < 0 ? "too long" : stringOf(TX, TX + length);
}

function decimal(value: u32): string {
  begin();
  number(value);
  return written();
}

describe("the writer", () => {
  beforeEach(() => {
    begin();
  });

  it("puts one thing after the other", () => {
    const text = bytesOf("REGISTER");
    expect(written()).toBe("");
    slice(text, text + 8);
    byte(0x20);
    slice(text, text);
    number(70);
    hexNumber(0x1a, 8);
    expect(written()).toBe("REGISTER 700000001a");
    begin();
    expect(written()).toBe("");
  });

  it("writes numbers without leading zeros", () => {
    expect(decimal(0)).toBe("0");
    expect(decimal(9)).toBe("9");
    expect(decimal(10)).toBe("10");
    expect(decimal(3600)).toBe("3600");
    expect(decimal(999999999)).toBe("999999999");
    expect(decimal(1000000000)).toBe("1000000000");
    expect(decimal(4294967295)).toBe("4294967295");
  });

  it("writes bytes and numbers in hex, every digit", () => {
    store<u32>(OUT, 0xefcdab00);
    hex(OUT, 4);
    hex(OUT, 0);
    expect(written()).toBe("00abcdef");
    begin();
    hexNumber(0, 8);
    hexNumber(0xffffffff, 8);
    hexNumber(0x1234, 2);
    expect(written()).toBe("00000000ffffffff34");
  });

  it("escapes what would end a quoted string", () => {
    const text = bytesOf('a"b\\c');
    quoted(text, text + 5);
    expect(written()).toBe('a\\"b\\\\c');
  });

  it("gives back the inside of a quoted string as it came", () => {
    const text = bytesOf('a\\"b\\\\c\\');
    unquoted(text, text + 8);
    expect(written()).toBe('a\\"b\\\\c\\');
  });

  it("escapes in a user what may not stand there, and leaves escapes alone", () => {
    const text = '+49 *60#%23;x=é@h<>"';
    const from = bytesOf(text);
    user(from, from + lengthOf(text));
    expect(written()).toBe("+49%20*60%23%23;x=%c3%a9%40h%3c%3e%22");
  });
});

describe("too much text", () => {
  it("is told at the end, and not a byte of it lies behind the buffer", () => {
    const behind = load<u8>(TX + TX_SIZE);
    begin();
    for (let count: u32 = 0; count < TX_SIZE; count++) byte(0x78);
    expect(finish()).toBe(TX_SIZE);
    byte(behind ^ 0xff);
    expect(finish()).toBe(-1);
    for (let count = 0; count < 5000; count++) byte(behind ^ 0xff);
    expect(finish()).toBe(-1);
    expect(load<u8>(TX + TX_SIZE)).toBe(behind);
    begin();
    byte(0x78);
    expect(finish()).toBe(1);
  });
});

describe("a hash", () => {
  it("takes text instead, quotes as they are and escapes undone", () => {
    const text = bytesOf('a"b');
    const inside = bytesOf('\\"c\\\\');
    begin();
    byte(0x78);
    hashStart(MD5);
    intoHash(true);
    quoted(text, text + 3);
    unquoted(inside, inside + 5);
    number(12);
    hexNumber(1, 2);
    intoHash(false);
    hashEnd(OUT);
    byte(0x79);
    expect(written()).toBe("xy");
    expect(hexOf(OUT, 16)).toBe("7a21377542008b2ee159dfb84353efee"); // of a"b"c\1201
  });
});
