// Our address as servers see it, IPv4 and IPv6, and how often it is believed.

import { TEXT_LOCAL, TEXT_OLD_CONTACT } from "../../../assembly/abi";
import { RPORT } from "../../../assembly/generated/params";
import { noteAddress } from "../../../assembly/policy/address";
import { contactOf, oldContactOf, server } from "../../../assembly/session/server";
import {
  answer,
  begin,
  challenge,
  events,
  fresh,
  furnish,
  grant,
  having,
  run,
  say,
  sentTo,
  serve,
  set,
  told,
} from "../phone";
import { stringOf } from "../text";
import { lines, read } from "../wire/packet";

/** A phone in service at the primary, which is told in answers where it is seen. */
function natted(): void {
  fresh();
  furnish(2, 2);
  begin();
  serve(0, 2);
  run(2000);
}

function text(slot: usize): string {
  return stringOf(slot + 1, slot + 1 + load<u8>(slot));
}

/** Our address at the primary after an answer whose Via says `via`. */
function seen(via: string): string {
  const message = "SIP/2.0 200 OK|v: SIP/2.0/UDP " + via + ";branch=1|f: a:b|t: a:b|i: 1|CSeq: 1 X";
  expect(read(lines(message))).toBe("ok", via);
  noteAddress(0);
  return text(contactOf(0));
}

describe("our address as a server sees it", () => {
  beforeEach(() => {
    natted();
  });

  it("is what received and rport say, IPv6 in brackets", () => {
    expect(seen("192.0.2.100:5060;received=198.51.100.7;rport=41000")).toBe("198.51.100.7:41000");
    natted();
    expect(seen("192.0.2.100:5060;received=2001:db8::7;rport=41000")).toBe("[2001:db8::7]:41000");
    natted();
    expect(seen("[2001:db8::1]:5060;received=[2001:db8::7];rport=41000")).toBe("[2001:db8::7]:41000");
  });

  it("is our own where only the port was changed, whatever the Via says", () => {
    expect(seen("192.0.2.100:5060;rport=41000")).toBe("192.0.2.100:41000");
    natted();
    expect(seen("[28#PASSWORD;#]:5060;rport=41000")).toBe("192.0.2.100:41000");
    natted();
    say(TEXT_LOCAL, 0, 0, "[2001:db8::1]:5060");
    expect(seen("[2001:db8::1];rport=41000")).toBe("[2001:db8::1]:41000");
  });

  it("is an address, and no other text that a server may send", () => {
    expect(seen("h;received=pbx.example;rport=41000")).toBe("192.0.2.100:5060");
    expect(seen('h;received="192.0.2.1>";rport=41000')).toBe("192.0.2.100:5060");
    expect(seen("h;received=192.0.2.1%0d;rport=41000")).toBe("192.0.2.100:5060");
    expect(server(0).contactVersion).toBe(1);
    expect(seen("h;received=192.0.2.1;rport=41000")).toBe("192.0.2.1:41000");
  });

  it("stays when there is no news, or none that we asked for", () => {
    expect(seen("192.0.2.100:5060;received=192.0.2.100;rport=5060")).toBe("192.0.2.100:5060");
    expect(seen("192.0.2.100:5060;rport=5060")).toBe("192.0.2.100:5060");
    expect(seen("192.0.2.100:5060;received=198.51.100.7")).toBe("192.0.2.100:5060");
    expect(seen("192.0.2.100:5060;rport")).toBe("192.0.2.100:5060");
    expect(server(0).contactVersion).toBe(1);
    expect(events()).toBe("");
    set(RPORT, 0);
    expect(seen("192.0.2.100:5060;received=198.51.100.7;rport=41000")).toBe("192.0.2.100:5060");
  });

  it("is told, and the one before is kept for its removal", () => {
    seen("192.0.2.100:5060;received=198.51.100.7;rport=41000");
    expect(events()).toBe("2000 addressChanged @0 transport(30,0)\n");
    expect(text(oldContactOf(0))).toBe("192.0.2.100:5060");
    expect(server(0).contactVersion).toBe(2);
    expect(text(contactOf(1))).toBe("192.0.2.100:5060");
  });

  it("changes at most once per natSettle", () => {
    seen("192.0.2.100:5060;rport=41000");
    expect(seen("192.0.2.100:5060;rport=41001")).toBe("192.0.2.100:41000");
    run(29999);
    expect(seen("192.0.2.100:5060;rport=41001")).toBe("192.0.2.100:41000");
    run(1);
    expect(seen("192.0.2.100:5060;rport=41001")).toBe("192.0.2.100:41001");
  });

  it("has versions that never are 0", () => {
    server(0).contactVersion = 254; // 255 says EARLIER
    seen("192.0.2.100:5060;rport=41000");
    expect(server(0).contactVersion).toBe(1);
  });

  it("keeps the address that is bound, however often it changes until the next one is", () => {
    seen("192.0.2.100:5060;rport=41000");
    told();
    run(30000);
    seen("192.0.2.100:5060;rport=41001");
    expect(text(contactOf(0))).toBe("192.0.2.100:41001");
    expect(text(oldContactOf(0))).toBe("192.0.2.100:5060");
  });

  it("of an earlier run is kept until something is bound", () => {
    fresh();
    furnish();
    say(TEXT_OLD_CONTACT, 0, 0, "198.51.100.7:40000");
    begin();
    told();
    seen("192.0.2.100:5060;received=198.51.100.7;rport=41000");
    expect(text(oldContactOf(0))).toBe("198.51.100.7:40000");
    told();
    challenge(0);
    told();
    expect(sentTo(0).includes("<sip:6000@198.51.100.7:41000;sf=0a0b0c0d0>;expires=1800")).toBe(true);
    grant(0);
    expect(having(told(), "REGISTER")).toBe("0 REGISTER 6000 @0 3 expires=0 auth\n");
    expect(sentTo(0).includes("<sip:6000@198.51.100.7:40000;sf=0a0b0c0d0>;expires=0")).toBe(true);
  });

  it("of a server's making that is too long for a Contact stays out of it", () => {
    expect(seen("h;received=" + "1".repeat(60) + ";rport=41000")).toBe("192.0.2.100:5060");
    expect(server(0).contactVersion).toBe(1);
  });

  it("is registered at once for every line there, and the old binding removed", () => {
    seen("192.0.2.100:5060;received=198.51.100.7;rport=41000");
    expect(having(told(), "REGISTER")).toBe("2000 REGISTER 6000 @0 2\n2000 REGISTER 6001 @0 2\n");
    expect(sentTo(0).includes("<sip:6001@198.51.100.7:41000;sf=0a0b0c0d0>;expires=1800")).toBe(true);
    grant(0);
    expect(having(told(), "REGISTER")).toBe("2000 REGISTER 6001 @0 3 expires=0\n");
    expect(sentTo(0).includes("<sip:6001@192.0.2.100:5060;sf=0a0b0c0d0>;expires=0")).toBe(true);
    answer(0, "200 OK");
    expect(having(told(), "REGISTER")).toBe("");
  });
});
