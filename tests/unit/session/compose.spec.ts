// What a REGISTER and an OPTIONS say, header by header.

import { TEXT_DISPLAY, TEXT_LOCAL } from "../../../assembly/abi";
import { TX, TX_SIZE } from "../../../assembly/base/memory";
import { RPORT } from "../../../assembly/generated/params";
import { binding, bootLine } from "../../../assembly/session/account";
import { composeOptions, composeRegister } from "../../../assembly/session/compose";
import { REMOVE, REMOVE_OLD, SERVE, start } from "../../../assembly/session/registration";
import { bootServer, oldContactOf, server } from "../../../assembly/session/server";
import { open } from "../../../assembly/session/transaction";
import { fresh, furnish, header, say, set } from "../phone";
import { hexOf, stringOf, textOf } from "../text";

function register(line: u32, at: u32): string {
  const length = composeRegister(binding(line, at));
  return stringOf(TX, TX + length);
}

describe("a REGISTER", () => {
  beforeEach(() => {
    fresh();
    furnish(2, 2);
    for (let s: u32 = 0; s < 2; s++) bootServer(s);
    for (let i: u32 = 0; i < 2; i++) bootLine(i);
  });

  it("says who, where, for how long, and nothing of another line or server", () => {
    say(TEXT_DISPLAY, 1, 0, "Reception");
    const own = binding(1, 1);
    start(own, SERVE, false);
    const text = register(1, 1);
    const tag = hexOf(changetype<usize>(own) + 16, 4);
    expect(text.slice(0, text.indexOf("\r\n"))).toBe("REGISTER sip:sip.example SIP/2.0");
    expect(header(text, "Via")).toBe(
      "SIP/2.0/UDP 192.0.2.100:5060;rport;branch=z9hG4bK" + hexOf(changetype<usize>(own), 8),
    );
    expect(header(text, "From")).toBe('"Reception" <sip:6001@sip.example>;tag=' + tag);
    expect(header(text, "To")).toBe('"Reception" <sip:6001@sip.example>');
    expect(header(text, "Call-ID")).toBe(hexOf(changetype<usize>(own) + 8, 8));
    expect(header(text, "CSeq")).toBe("1 REGISTER");
    expect(header(text, "Contact")).toBe("<sip:6001@192.0.2.100:5060;sf=0a0b0c0d1>;expires=1800");
    expect(header(text, "Expires")).toBe("1800");
    expect(header(text, "User-Agent")).toBe("standfast");
    expect(header(text, "Content-Length")).toBe("0");
    expect(text.includes("uthorization")).toBe(false);
  });

  it("is the same bytes however often it is composed", () => {
    start(binding(0, 0), SERVE, false);
    const first = register(0, 0);
    register(1, 1);
    expect(register(0, 0)).toBe(first);
  });

  it("asks for rport unless told not to", () => {
    start(binding(0, 0), SERVE, false);
    set(RPORT, 0);
    expect(header(register(0, 0), "Via").includes("rport")).toBe(false);
  });

  it("names the transport of its server", () => {
    server(0).transport = 1;
    start(binding(0, 0), SERVE, false);
    expect(header(register(0, 0), "Via").startsWith("SIP/2.0/TCP ")).toBe(true);
    server(0).transport = 2;
    expect(header(register(0, 0), "Via").startsWith("SIP/2.0/TLS ")).toBe(true);
  });

  it("removes what is bound now, or what was bound under an earlier address", () => {
    start(binding(0, 0), REMOVE, false);
    expect(header(register(0, 0), "Contact")).toBe("<sip:6000@192.0.2.100:5060;sf=0a0b0c0d0>;expires=0");
    memory.copy(oldContactOf(0), textOf("198.51.100.7:41000"), 19);
    start(binding(0, 0), REMOVE_OLD, false);
    expect(header(register(0, 0), "Contact")).toBe("<sip:6000@198.51.100.7:41000;sf=0a0b0c0d0>;expires=0");
    expect(header(register(0, 0), "Expires")).toBe("0");
  });

  it("with the longest texts still fits", () => {
    const name = "n".repeat(47);
    say(TEXT_DISPLAY, 0, 0, name);
    say(TEXT_LOCAL, 0, 0, "l".repeat(55));
    bootServer(0);
    start(binding(0, 0), SERVE, false);
    const length = composeRegister(binding(0, 0));
    expect(length).toBeGreaterThan(400);
    expect(<u32>length <= TX_SIZE).toBe(true);
  });
});

describe("an OPTIONS", () => {
  it("asks the server in the name of a line, without a Contact", () => {
    fresh();
    furnish();
    bootServer(1);
    bootLine(0);
    open(server(1), false, 2000);
    const length = composeOptions(0, 1);
    const text = stringOf(TX, TX + length);
    expect(text.slice(0, text.indexOf("\r\n"))).toBe("OPTIONS sip:sip.example SIP/2.0");
    expect(header(text, "From").startsWith("<sip:6000@sip.example>;tag=")).toBe(true);
    expect(header(text, "CSeq")).toBe("1 OPTIONS");
    expect(header(text, "Accept")).toBe("application/sdp");
    expect(header(text, "Contact")).toBe("");
    expect(header(text, "Expires")).toBe("");
    expect(text.includes("uthorization")).toBe(false);
  });
});
