// Header lines, folds and lists of values.

import { RX } from "../../../assembly/base/memory";
import { line, lineEnd, nextValue, readLine, rewind, value } from "../../../assembly/wire/lines";
import { H_CONTACT, H_END, H_OTHER, H_TO, H_VIA } from "../../../assembly/wire/names";
import { stringOf } from "../text";
import { answer, arrive, read, verdict } from "./packet";

/** The first line of `text`, its value in brackets, and what follows it; or what is said against it. */
function first(text: string): string {
  const end = RX + arrive(text);
  const result = readLine(RX, end);
  if (result < 0) return verdict(result);
  if (line().id === H_END) return "end, then " + stringOf(line().next, end);
  return (
    line().id.toString() + " [" + stringOf(line().from, line().to) + "] then " + stringOf(line().next, end)
  );
}

/** The values of header `id` in an answer with `more` lines, each in brackets. */
function values(more: string, id: u32): string {
  expect(read(answer("200 OK", more))).toBe("ok");
  let text = "";
  rewind();
  while (nextValue(id)) text += "[" + stringOf(value().from, value().to) + "]";
  return text;
}

describe("a header line", () => {
  it("is a name, a colon and a value, blanks around them left out", () => {
    expect(first("To: a\r\nb")).toBe(H_TO.toString() + " [a] then b");
    expect(first("t \t:\t a \t\r\nb")).toBe(H_TO.toString() + " [a] then b");
    expect(first("To:\r\nb")).toBe(H_TO.toString() + " [] then b");
    expect(first("Other: a: b\r\n\r\n")).toBe(H_OTHER.toString() + " [a: b] then \r\n");
  });

  it("goes on as long as the next line begins with a blank", () => {
    expect(first("To: a\r\n b\r\n\tc\r\nd")).toBe(H_TO.toString() + " [a\r\n b\r\n\tc] then d");
    expect(first("To\r\n : a\r\nd")).toBe(H_TO.toString() + " [a] then d");
    expect(first("To: a\r\n \r\nd")).toBe(H_TO.toString() + " [a] then d");
  });

  it("ends the headers when it is empty, whatever the body begins with", () => {
    expect(first("\r\nbody")).toBe("end, then body");
    expect(first("\r\n body")).toBe("end, then  body");
    expect(first("\r\n")).toBe("end, then ");
  });

  it("is truncated until its CRLF is there, and one byte more to tell that it does not go on", () => {
    const cut = ["", "T", "To", "To:", "To: a", "To: a\r", "\r", "To:\r\n", "To: a\r\n b", "To: a\r\n b\r\n"];
    for (let index = 0; index < cut.length; index++) {
      expect(first(cut[index])).toBe("truncated", cut[index]);
    }
  });

  it("is malformed without a name or a colon, or with a bare CR or LF", () => {
    const broken = [
      ": a\r\n",
      "To a\r\n",
      "To\r\n",
      " To: a\r\n",
      "T(o): a\r\n",
      "To: a\nb\r\n",
      "To: a\rb\r\n",
      "\nTo: a\r\n",
      "\\\x01: a\r\n",
      "\x01\r\n",
    ];
    for (let index = 0; index < broken.length; index++) {
      expect(first(broken[index] + "\r\n")).toBe("malformed", broken[index]);
    }
  });

  it("is looked for inside of its bytes only", () => {
    const end = RX + arrive("ab\r\nc");
    expect(lineEnd(RX, end)).toBe(<i32>RX + 2);
    expect(verdict(lineEnd(RX, end - 1))).toBe("truncated");
    expect(verdict(lineEnd(RX, end - 2))).toBe("truncated");
    expect(verdict(lineEnd(end, end))).toBe("truncated");
  });
});

describe("the values of a header", () => {
  it("come from all its lines, in their order", () => {
    const more = "Contact: <a:1>, <a:2>;q=1\r\nX: <a:9>\r\nm: <a:3>\r\nCONTACT:\r\n  <a:4>\r\n ,<a:5>\r\n";
    expect(values(more, H_CONTACT)).toBe("[<a:1>][<a:2>;q=1][<a:3>][<a:4>][<a:5>]");
  });

  it("are split at commas outside of quotes and brackets", () => {
    expect(values('m: "a, b" <c:d,e>;x="f,g", h\r\n', H_CONTACT)).toBe('["a, b" <c:d,e>;x="f,g"][h]');
  });

  it("are never empty", () => {
    expect(values("m:\r\nm: ,\r\nm: , a ,, b,\r\n", H_CONTACT)).toBe("[a][b]");
    expect(values("X: y\r\n", H_CONTACT)).toBe("");
  });

  it("can be asked for again, and for another header", () => {
    expect(values("m: a, b\r\n", H_CONTACT)).toBe("[a][b]");
    rewind();
    expect(nextValue(H_VIA)).toBe(true);
    expect(stringOf(value().from, value().from + 11)).toBe("SIP/2.0/UDP");
    rewind();
    expect(nextValue(H_CONTACT)).toBe(true);
    expect(stringOf(value().from, value().to)).toBe("a");
  });
});
