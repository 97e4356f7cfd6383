// OPTIONS from outside: answered, refused or handed back.

import { NOT_MINE, OK, OUT_SEND } from "../../../assembly/abi";
import { OUTPUT } from "../../../assembly/base/memory";
import { ANSWER_OPTIONS, REQUEST_USER_CHECK } from "../../../assembly/generated/params";
import { poll } from "../../../assembly/index";
import { feed, header, phoneOf, set, told } from "../phone";
import { stringOf } from "../text";

/** A request from outside. */
function request(method: string, uri: string, vias: i32 = 1): string {
  let text = method + " " + uri + " SIP/2.0\r\n";
  for (let i = 0; i < vias; i++) {
    text += "Via: SIP/2.0/UDP p" + i.toString() + ".example:5060;branch=z9hG4bKx" + i.toString() + "\r\n";
  }
  return (
    text +
    "From: <sip:pbx@sip.example>;tag=a1\r\nTo: <sip:6000@sip.example>\r\nCall-ID: q1\r\nCSeq: 4 " +
    method +
    "\r\nContent-Length: 0\r\n\r\n"
  );
}

/** What is sent back. */
function reply(): string {
  expect(poll()).toBe(OUT_SEND);
  const from = load<u32>(OUTPUT, 4);
  return stringOf(from, from + load<u32>(OUTPUT, 8));
}

function status(uri: string): string {
  expect(feed(0, request("OPTIONS", uri))).toBe(OK, uri);
  return reply().slice(8, 11);
}

describe("a request from outside", () => {
  beforeEach(() => {
    phoneOf(2, 2);
    told();
  });

  it("is the phone's own business", () => {
    expect(feed(0, request("OPTIONS", "sip:6000@192.0.2.100"))).toBe(NOT_MINE);
    set(ANSWER_OPTIONS, 1);
    expect(feed(0, request("INVITE", "sip:6000@192.0.2.100"))).toBe(NOT_MINE);
    expect(feed(0, request("REGISTER", "sip:192.0.2.100"))).toBe(NOT_MINE);
    expect(feed(0, request("NOTIFY", "sip:6000@192.0.2.100"))).toBe(NOT_MINE);
    expect(told()).toBe("");
  });

  it("is answered when it is OPTIONS, the host wants it, and a server of the set asks", () => {
    set(ANSWER_OPTIONS, 1);
    expect(feed(1, request("OPTIONS", "sip:6000@192.0.2.100", 2))).toBe(OK);
    const text = reply();
    expect(load<u8>(OUTPUT, 1)).toBe(1);
    expect(text.startsWith("SIP/2.0 200 OK\r\n")).toBe(true);
    expect(header(text, "Via")).toBe("SIP/2.0/UDP p0.example:5060;branch=z9hG4bKx0");
    expect(text.includes("\r\nVia: SIP/2.0/UDP p1.example:5060;branch=z9hG4bKx1\r\n")).toBe(true);
    expect(header(text, "From")).toBe("<sip:pbx@sip.example>;tag=a1");
    expect(header(text, "To").startsWith("<sip:6000@sip.example>;tag=")).toBe(true);
    expect(header(text, "Call-ID")).toBe("q1");
    expect(header(text, "CSeq")).toBe("4 OPTIONS");
    expect(header(text, "Content-Length")).toBe("0");
    expect(told()).toBe("");
    expect(feed(255, request("OPTIONS", "sip:6000@192.0.2.100"))).toBe(NOT_MINE);
    expect(feed(254, request("OPTIONS", "sip:6000@192.0.2.100"))).toBe(NOT_MINE);
  });

  it("for a user that is not ours is answered 404, unless nobody is checked", () => {
    set(ANSWER_OPTIONS, 1);
    expect(status("sip:6000@192.0.2.100")).toBe("200");
    expect(status("sip:6001@192.0.2.100")).toBe("200");
    expect(status("sip:192.0.2.100")).toBe("200"); // names no user
    expect(status("sip:6002@192.0.2.100")).toBe("404");
    expect(status("sip:600@192.0.2.100")).toBe("404");
    set(REQUEST_USER_CHECK, 0);
    expect(status("sip:6002@192.0.2.100")).toBe("200");
  });

  it("that asks for more than an answer is left to the stack that knows", () => {
    set(ANSWER_OPTIONS, 1);
    const required = request("OPTIONS", "sip:6000@192.0.2.100").replace("CSeq", "require: 100rel\r\nCSeq");
    expect(feed(0, required)).toBe(NOT_MINE); // RFC 3261 §8.2.2.3: 420
    const foreign = ["tel:+4930", "soap.beep://192.0.2.103:3002", "sip:", "sip:2001:db8::10", "<sip:6000@h>"];
    for (let k = 0; k < foreign.length; k++) {
      expect(feed(0, request("OPTIONS", foreign[k]))).toBe(NOT_MINE, foreign[k]); // §8.2.2.1: 416
    }
    expect(told()).toBe("");
  });

  it("has the same tag every time", () => {
    set(ANSWER_OPTIONS, 1);
    feed(0, request("OPTIONS", "sip:6000@192.0.2.100"));
    const first = header(reply(), "To");
    feed(0, request("OPTIONS", "sip:6000@192.0.2.100"));
    expect(header(reply(), "To")).toBe(first);
  });

  it("whose answer does not fit is handed back", () => {
    set(ANSWER_OPTIONS, 1);
    let text = request("OPTIONS", "sip:6000@192.0.2.100");
    text = text.replace("Call-ID: q1", "Call-ID: " + "q".repeat(1500));
    expect(feed(0, text)).toBe(NOT_MINE);
    expect(told()).toBe("");
  });
});
