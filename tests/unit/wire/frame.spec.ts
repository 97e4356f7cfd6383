// Where a unit of a stream ends, and what is no SIP.

import { E_LENGTH, R_MALFORMED, R_OVERSIZED } from "../../../assembly/abi";
import { RX, RX_SIZE } from "../../../assembly/base/memory";
import { frame as exported, refused } from "../../../assembly/index";
import { frame } from "../../../assembly/wire/frame";

const MALFORMED: i32 = -32;
const OVERSIZED: i32 = -38;
const HEAD: string = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h;branch=b\r\n";

function put(text: string): u32 {
  return <u32>String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, RX);
}

function unit(text: string): i32 {
  return frame(put(text));
}

describe("a unit of a stream", () => {
  it("is a message with the body that it announces, and nothing behind it", () => {
    const bare = HEAD + "Content-Length: 0\r\n\r\n";
    expect(unit(bare)).toBe(bare.length);
    expect(unit(bare + bare)).toBe(bare.length);
    expect(unit(HEAD + "Content-Length: 5\r\n\r\nhelloSIP")).toBe(HEAD.length + 21 + 5);
    expect(unit(HEAD + "l: 5\r\n\r\nhello")).toBe(HEAD.length + 8 + 5);
    expect(unit(HEAD + "CONTENT-length :\r\n 5\r\n\r\nhello")).toBe(HEAD.length + 24 + 5);
  });

  it("is known as soon as the headers are whole, and at no byte before", () => {
    const headers = HEAD + "Content-Length: 5\r\n\r\n";
    for (let i = 0; i < headers.length; i++) {
      expect(unit(headers.slice(0, i))).toBe(0, "cut at " + i.toString());
    }
    expect(unit(headers)).toBe(headers.length + 5);
  });

  it("is a CRLF between messages", () => {
    expect(unit("\r\n")).toBe(2);
    expect(unit("\r\n\r\n")).toBe(2);
    expect(unit("\r\n" + HEAD)).toBe(2);
    expect(unit("\r")).toBe(0);
    expect(frame(0)).toBe(0);
  });

  it("may announce more than the buffer holds, within a limit", () => {
    expect(unit(HEAD + "l: 65535\r\n\r\n")).toBe(HEAD.length + 12 + 65535);
    expect(unit(HEAD + "l: 65536\r\n\r\n")).toBe(MALFORMED);
    expect(unit(HEAD + "l: 4294967295\r\n\r\n")).toBe(MALFORMED);
    expect(unit(HEAD + "l: 4294967296\r\n\r\n")).toBe(MALFORMED);
  });
});

describe("no SIP", () => {
  it("is a message without its length, or with two of them", () => {
    expect(unit(HEAD + "\r\n")).toBe(MALFORMED);
    expect(unit(HEAD + "l: 1\r\nContent-Length: 1\r\n\r\nx")).toBe(MALFORMED);
    expect(unit(HEAD + "l: -1\r\n\r\n")).toBe(MALFORMED);
    expect(unit(HEAD + "l: 1x\r\n\r\n")).toBe(MALFORMED);
    expect(unit(HEAD + "l:\r\n\r\n")).toBe(MALFORMED);
  });

  it("is what has no lines of a header", () => {
    expect(unit("GET / HTTP/1.1\r\nno colon\r\n\r\n")).toBe(MALFORMED);
    expect(unit("a\nb")).toBe(MALFORMED);
    expect(unit("\x16\x03\x01\x02")).toBe(MALFORMED);
  });

  it("is a head that does not fit into the buffer", () => {
    const long = HEAD + "X: " + "x".repeat(<i32>RX_SIZE);
    put(long.slice(0, <i32>RX_SIZE));
    expect(frame(RX_SIZE - 1)).toBe(0);
    expect(frame(RX_SIZE)).toBe(OVERSIZED);
  });

  it("is counted", () => {
    const malformed = refused(R_MALFORMED);
    const oversized = refused(R_OVERSIZED);
    put("a\nb");
    expect(exported(3)).toBe(MALFORMED);
    expect(refused(R_MALFORMED)).toBe(malformed + 1);
    expect(refused(R_OVERSIZED)).toBe(oversized);
    expect(exported(RX_SIZE + 1)).toBe(E_LENGTH);
  });
});
