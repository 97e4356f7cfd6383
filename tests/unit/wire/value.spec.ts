// Parameters, quotes and numbers inside a value.

import { NO_NUMBER } from "../../../assembly/base/bytes";
import {
  find,
  found,
  isBalanced,
  param,
  seconds,
  skipBlanks,
  skipToken,
  trimEnd,
  valueEnd,
  valueOf,
} from "../../../assembly/wire/value";
import { bytesOf, lengthOf, stringOf } from "../text";

const SEMICOLON: u32 = 0x3b;
const COMMA: u32 = 0x2c;
const LESS: u32 = 0x3c;

/** What stands before the character that find() stops at. */
function before(text: string, a: u32, b: u32): string {
  const from = bytesOf(text);
  return stringOf(from, find(from, from + lengthOf(text), a, b));
}

function balanced(text: string): bool {
  const from = bytesOf(text);
  return isBalanced(from, from + lengthOf(text));
}

function parameter(text: string, name: string): string {
  const from = bytesOf(text);
  if (!param(from, from + lengthOf(text), bytesOf(name), lengthOf(name))) return "none";
  return stringOf(found().from, found().to);
}

function afterEquals(text: string): string {
  const from = bytesOf(text);
  valueOf(from, from + lengthOf(text));
  return stringOf(found().from, found().to);
}

function delta(text: string): u32 {
  const from = bytesOf(text);
  return seconds(from, from + lengthOf(text));
}

describe("find", () => {
  it("passes over quoted strings and angle brackets", () => {
    expect(before('"a;b" <sip:c;d>;e', SEMICOLON, COMMA)).toBe('"a;b" <sip:c;d>');
    expect(before('"a\\";b";c', SEMICOLON, COMMA)).toBe('"a\\";b"');
    expect(before('"a\\\\";b', SEMICOLON, COMMA)).toBe('"a\\\\"');
    expect(before('<a"b>;"', SEMICOLON, COMMA)).toBe('<a"b>'); // a URI knows no quotes
    expect(before('"<";x', SEMICOLON, COMMA)).toBe('"<"');
    expect(before('"<" <a>', LESS, SEMICOLON)).toBe('"<" ');
  });

  it("stops at the first of two characters, or at the end", () => {
    expect(before("a,b;c", SEMICOLON, COMMA)).toBe("a");
    expect(before("a;b,c", SEMICOLON, COMMA)).toBe("a");
    expect(before("abc", SEMICOLON, COMMA)).toBe("abc");
    expect(before("", SEMICOLON, COMMA)).toBe("");
  });

  it("finds nothing in what is left open", () => {
    expect(before('"a;b', SEMICOLON, COMMA)).toBe('"a;b');
    expect(before("<a;b", SEMICOLON, COMMA)).toBe("<a;b");
    expect(before('a"\\', SEMICOLON, COMMA)).toBe('a"\\');
  });

  it("ends a value at its comma", () => {
    const text = bytesOf('"a,b" <c,d>;e,f');
    expect(stringOf(text, valueEnd(text, text + 15))).toBe('"a,b" <c,d>;e');
  });
});

describe("balance", () => {
  it("is lost by a quote or an angle bracket left open", () => {
    const open = ['"', '"a', 'a"', '"a\\"', '"\\', "<", "<a", '<"">"', '"a" <b'];
    for (let index = 0; index < open.length; index++) {
      expect(balanced(open[index])).toBe(false, open[index]);
    }
    const closed = ["", '"a" <b> "c" <d>', "a > b", '"<"', '<">', '"\\""', "\\"];
    for (let index = 0; index < closed.length; index++) {
      expect(balanced(closed[index])).toBe(true, closed[index]);
    }
  });
});

describe("a parameter", () => {
  it("is found by its name in any case, with or without blanks, quotes and a value", () => {
    expect(parameter("<a>;tag=x", "tag")).toBe("x");
    expect(parameter("<a> ; TAG = x ; b", "tag")).toBe("x");
    expect(parameter("<a>;tag", "tag")).toBe("");
    expect(parameter("<a>;tag=", "tag")).toBe("");
    expect(parameter("<a>;\r\n tag\r\n =\r\n x", "tag")).toBe("x");
    expect(parameter('<a>;tag="x;y, z"', "tag")).toBe("x;y, z");
    expect(parameter('<a>;tag="x\\"y"', "tag")).toBe('x\\"y');
    expect(parameter('<a>;tag=""', "tag")).toBe("");
    expect(parameter('<a>;tag="', "tag")).toBe('"');
    expect(parameter('<a>;tag"', "tag")).toBe('"');
    expect(parameter('<a>;tag"x;tag=y', "tag")).toBe('"x;tag=y');
    expect(parameter("<a>;tag<x", "tag")).toBe("<x");
    expect(parameter("<a>;received=[2001:db8::1]:5", "received")).toBe("[2001:db8::1]:5");
  });

  it("is the first of its name, outside of everything else, in the first value", () => {
    expect(parameter("<a>;tag=1;tag=2", "tag")).toBe("1");
    expect(parameter('"x;tag=1" <a;tag=2>;tag=3', "tag")).toBe("3");
    expect(parameter("<a>;tagx=1;xtag=2", "tag")).toBe("none");
    expect(parameter("<a>;b=tag;tag=1", "tag")).toBe("1");
    expect(parameter("<a>,<b>;tag=1", "tag")).toBe("none");
    expect(parameter("<a>;b,<c>;tag=1", "tag")).toBe("none");
    expect(parameter("<a>;;,;", "tag")).toBe("none");
    expect(parameter("tag=1", "tag")).toBe("none");
    expect(parameter("", "tag")).toBe("none");
    expect(found().from === 0 && found().to === 0).toBe(true);
  });
});

describe("what follows an equals sign", () => {
  it("loses blanks and one pair of quotes", () => {
    expect(afterEquals(' = "a b" ')).toBe("a b");
    expect(afterEquals("=a")).toBe("a");
    expect(afterEquals('="')).toBe('"');
    expect(afterEquals('=""')).toBe("");
    expect(afterEquals("=")).toBe("");
    expect(afterEquals("")).toBe("");
  });
});

describe("seconds", () => {
  it("may have a comment or parameters behind them", () => {
    expect(delta("0")).toBe(0);
    expect(delta("3600")).toBe(3600);
    expect(delta("3600;duration=5")).toBe(3600);
    expect(delta("3600 ; x")).toBe(3600);
    expect(delta("3600 (in a meeting)")).toBe(3600);
    expect(delta("3600(a)")).toBe(3600);
  });

  it("are nothing else", () => {
    const rows = ["", ";", "(5)", "-5", "+5", "5s", "5.0", "5 5", "5,6", "x"];
    for (let index = 0; index < rows.length; index++) {
      expect(delta(rows[index])).toBe(NO_NUMBER, rows[index]);
    }
  });
});

describe("blanks and tokens", () => {
  it("are passed over from both ends", () => {
    const text = bytesOf(" \t\r\n a-b.c \t");
    const to = text + 12;
    const from = skipBlanks(text, to);
    expect(stringOf(from, skipToken(from, to))).toBe("a-b.c");
    expect(stringOf(from, trimEnd(from, to))).toBe("a-b.c");
    expect(trimEnd(text, text + 5)).toBe(text);
    expect(skipBlanks(to, to)).toBe(to);
  });
});
