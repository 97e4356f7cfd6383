// Where a 3xx may send a line, and where not.

import { TEXT_ADDRESS } from "../../../assembly/abi";
import { REDIRECT } from "../../../assembly/generated/params";
import { redirectServer } from "../../../assembly/policy/redirect";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { phoneOf, say, set } from "../phone";
import { answer, read } from "../wire/packet";

/** Where a 302 with these Contact values sends line 6000 that asks server `at`. */
function to(contacts: string, at: u32 = 0, moving: bool = false, status: string = "302 Moved"): i32 {
  expect(read(answer(status, "Contact: " + contacts + "\r\n"))).toBe("ok", contacts);
  return redirectServer(binding(0, at), moving);
}

describe("a redirect", () => {
  beforeEach(() => {
    phoneOf(4);
  });

  it("leads to a server of the set, by name or by address, with its port", () => {
    expect(to("<sip:6000@pbx1.example>")).toBe(1);
    expect(to("<sip:6000@PBX1.Example:5060>")).toBe(1);
    expect(to("<sip:6000@192.0.2.3>")).toBe(2);
    expect(to("<sip:pbx3.example;lr>")).toBe(3);
    expect(to("<sip:6000@pbx1.example:5061>")).toBe(-1);
  });

  it("leads to an IPv6 address in brackets", () => {
    say(TEXT_ADDRESS, 0, 2, "2001:db8::2");
    expect(to("<sip:6000@[2001:db8::2]>")).toBe(2);
    expect(to("<sip:6000@[2001:db8::3]>")).toBe(-1);
  });

  it("leads nowhere else, and never back to who said it", () => {
    expect(to("<sip:6000@evil.example>")).toBe(-1);
    expect(to("<sip:6000@pbx10.example>")).toBe(-1);
    expect(to("<sip:6000@pbx0.example>")).toBe(-1);
    expect(to("<sip:6000@pbx1.example>", 1)).toBe(-1);
  });

  it("takes the first it may go to, by q and then by order", () => {
    expect(to("<sip:6000@evil.example>, <sip:6000@pbx2.example>, <sip:6000@pbx1.example>")).toBe(2);
    expect(to("<sip:6000@pbx1.example>;q=0.1, <sip:6000@pbx3.example>;q=0.9")).toBe(3);
    server(3).health = 3;
    expect(to("<sip:6000@pbx1.example>;q=0.1, <sip:6000@pbx3.example>;q=0.9")).toBe(1);
  });

  it("is not followed to a server that is DOWN or COOLING, nor to one the line leaves out", () => {
    const expected: StaticArray<i32> = [1, 1, 1, -1, 1, -1];
    for (let health: u8 = 0; health < 6; health++) {
      server(1).health = health;
      expect(to("<sip:6000@pbx1.example>")).toBe(expected[health], health.toString());
    }
    server(1).health = 0;
    for (let kind: u8 = 1; kind < 4; kind++) {
      binding(0, 1).excluded = kind;
      expect(to("<sip:6000@pbx1.example>")).toBe(-1, kind.toString());
    }
  });

  it("met while moving is followed upwards only", () => {
    line(0).served = 2;
    expect(to("<sip:6000@pbx1.example>", 0, true)).toBe(1);
    expect(to("<sip:6000@pbx2.example>", 0, true)).toBe(-1);
    expect(to("<sip:6000@pbx3.example>", 0, true)).toBe(-1);
    expect(to("<sip:6000@pbx3.example>", 0, false)).toBe(3);
  });

  it("is followed for 301, 302 and 305 only, and never where the parameter says so", () => {
    const contact = "<sip:6000@pbx1.example>";
    expect(to(contact, 0, false, "300 Many")).toBe(-1);
    expect(to(contact, 0, false, "301 Moved")).toBe(1);
    expect(to(contact, 0, false, "303 Other")).toBe(-1);
    expect(to(contact, 0, false, "305 Proxy")).toBe(1);
    expect(to(contact, 0, false, "380 Other")).toBe(-1);
    set(REDIRECT, 0);
    expect(to(contact)).toBe(-1);
  });
});
