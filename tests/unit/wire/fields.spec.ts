// Our own Contact, and where redirects lead.

import { NO_NUMBER } from "../../../assembly/base/bytes";
import { OWN_NO_EXPIRES, ownContact, redirectTarget, target } from "../../../assembly/wire/fields";
import { bytesOf, stringOf } from "../text";
import { answer, read } from "./packet";

const NOBODY = "<sip:6002@192.0.2.9;sf=a1b2c3d40>;expires=11, <sip:6001@192.0.2.9>;expires=12";

/** What ownContact() gives user 6001 of the device a1b2c3d40 at 192.0.2.1:5060 in an answer with these Contact values. */
function granted(contacts: string): u32 {
  expect(read(answer("200 OK", "Contact: " + contacts + "\r\n"))).toBe("ok", contacts);
  return own();
}

function own(): u32 {
  return ownContact(bytesOf("6001"), 4, bytesOf("a1b2c3d40"), 9, bytesOf("192.0.2.1:5060"), 14);
}

/** Where the first redirect leads, and the others, in their order. */
function redirects(contacts: string): string {
  expect(read(answer("302 Moved", "Contact: " + contacts + "\r\n"))).toBe("ok", contacts);
  let text = "";
  for (let k: u32 = 0; redirectTarget(k); k++) {
    text += stringOf(target().hostFrom, target().hostTo) + ":" + target().port.toString() + " ";
  }
  return text + target().found.toString();
}

describe("our own Contact", () => {
  it("is the one of our user and our mark, wherever it stands", () => {
    expect(granted("<sip:6001@192.0.2.1:5060;sf=a1b2c3d40>;expires=60")).toBe(60);
    expect(granted("<sip:6001@198.51.100.7:41000;sf=A1B2C3D40;ob>;expires=60")).toBe(60); // NAT rewrote it
    expect(granted(NOBODY + ", <sip:6001@h;sf=a1b2c3d40>;expires=60")).toBe(60);
    expect(granted("<sip:6001@h;sf=a1b2c3d40>;expires=60, " + NOBODY)).toBe(60);
    expect(granted(NOBODY + "\r\nContact: <sip:6001@h;sf=a1b2c3d40>;expires=60")).toBe(60);
    expect(granted('"6001, desk" <sip:%36001@h;transport=udp;SF=a1b2c3d40?x=1>;q=0.5;Expires = 60')).toBe(60);
  });

  it("is not another user's, another device's or one without a mark", () => {
    const others = [
      NOBODY,
      "<sip:6001@h;sf=a1b2c3d41>;expires=60",
      "<sip:6001@h;sf=a1b2c3d4>;expires=60",
      "<sip:6001@h;sf>;expires=60",
      "<sip:6001@h>;sf=a1b2c3d40;expires=60",
      "sip:6001@h;sf=a1b2c3d40;expires=60", // bare: the parameter is the header's, RFC 3261 §20.10
      "<sip:6001;sf=a1b2c3d40@h>;expires=60",
      "<sip:6001@h?sf=a1b2c3d40>;expires=60",
      "<tel:6001;sf=a1b2c3d40>;expires=60",
      '<sip:6001@h;sf">;expires=60',
      "*",
      "",
    ];
    for (let index = 0; index < others.length; index++) {
      expect(granted(others[index])).toBe(NO_NUMBER, others[index]);
    }
    expect(read(answer("200 OK"))).toBe("ok");
    expect(own()).toBe(NO_NUMBER);
  });

  it("counts with the address that was sent, whatever earlier addresses still have", () => {
    const sent = "<sip:6001@192.0.2.1:5060;sf=a1b2c3d40>";
    const earlier = "<sip:6001@192.0.2.1:50601;sf=a1b2c3d40>;expires=1400";
    expect(granted(earlier + ", " + sent + ";expires=2")).toBe(2);
    expect(granted(sent + ";expires=2, " + earlier)).toBe(2);
    expect(granted(earlier + ", " + sent)).toBe(OWN_NO_EXPIRES);
    expect(granted(sent + ";expires=2, " + earlier + ", " + sent + ";expires=4")).toBe(4);
    expect(granted(sent + ";expires=4, " + sent + ";expires=2")).toBe(4);
  });

  it("may say nothing of its lifetime, or nonsense", () => {
    const rows = [
      "",
      ";expires",
      ";expires=",
      ";expires=60abc",
      ";expires=-1",
      ';expires="Thu, 01 Dec 1994 16:00:00 GMT"',
    ];
    for (let index = 0; index < rows.length; index++) {
      expect(granted("<sip:6001@h;sf=a1b2c3d40>" + rows[index])).toBe(OWN_NO_EXPIRES, rows[index]);
    }
  });

  it("has a lifetime of any length, which never reads as none", () => {
    expect(granted("<sip:6001@h;sf=a1b2c3d40>;expires=0")).toBe(0);
    expect(granted("<sip:6001@h;sf=a1b2c3d40>;expires=4294967292")).toBe(4294967292);
    expect(granted("<sip:6001@h;sf=a1b2c3d40>;expires=4294967294")).toBe(OWN_NO_EXPIRES - 1);
    expect(granted("<sip:6001@h;sf=a1b2c3d40>;expires=99999999999999999999")).toBe(OWN_NO_EXPIRES - 1);
    expect(granted('<sip:6001@h;sf=a1b2c3d40>;expires="60"')).toBe(60);
  });

  it("counts with its longest lifetime when it is there twice", () => {
    const old = "<sip:6001@192.0.2.1;sf=a1b2c3d40>";
    const now = "<sip:6001@192.0.2.2;sf=a1b2c3d40>";
    expect(granted(old + ";expires=13, " + now + ";expires=60")).toBe(60);
    expect(granted(now + ";expires=60, " + old + ";expires=13")).toBe(60);
    expect(granted(old + ", " + now + ";expires=60")).toBe(60);
    expect(granted(now + ";expires=60, " + old)).toBe(60);
    expect(granted(now + ";expires=0, " + old)).toBe(0);
  });
});

describe("a redirect", () => {
  it("leads to its Contact, at the port of the URI or its scheme", () => {
    expect(redirects("<sip:192.0.2.2>")).toBe("192.0.2.2:5060 false");
    expect(redirects("sip:6001@backup.example.com:5070;expires=5")).toBe("backup.example.com:5070 false");
    expect(redirects("<sips:[2001:db8::2]>")).toBe("[2001:db8::2]:5061 false");
  });

  it("leads to the highest q first, and to equal ones in their order", () => {
    expect(redirects("<sip:a>;q=0.1, <sip:b>;q=0.9, <sip:c>;q=0.5")).toBe("b:5060 c:5060 a:5060 false");
    expect(redirects("<sip:a>, <sip:b>, <sip:c>")).toBe("a:5060 b:5060 c:5060 false");
    expect(redirects("<sip:a>;q=0.7\r\nContact: <sip:b>;q=1.0, <sip:c>;q=0.70")).toBe(
      "b:5060 a:5060 c:5060 false",
    );
    expect(redirects("<sip:a>;q=0, <sip:b>;q=0.001, <sip:c>;q=0.01, <sip:d>;q=1")).toBe(
      "d:5060 c:5060 b:5060 a:5060 false",
    );
  });

  it("takes a Contact without a proper q as the best", () => {
    expect(redirects("<sip:a>;q=0.9, <sip:b>")).toBe("b:5060 a:5060 false");
    const wrong = ["q", "q=", "q=.9", "q=0.x", "q=0.1.2", "q=-1", "q=2", "q=x"];
    for (let index = 0; index < wrong.length; index++) {
      expect(redirects("<sip:a>;q=0.999, <sip:b>;" + wrong[index])).toBe("b:5060 a:5060 false", wrong[index]);
    }
    expect(redirects("<sip:a>;q=0., <sip:b>;q=0.0001, <sip:c>;q=0.001")).toBe("c:5060 a:5060 b:5060 false");
  });

  it("leads nowhere with what is no SIP URI", () => {
    expect(redirects("<tel:+4930>, *, <sip:>, <mailto:a@b>")).toBe("false");
    expect(redirects("<tel:+4930>, <sip:b>;q=0.1, <sip:c:0>")).toBe("b:5060 false");
    expect(redirects("")).toBe("false");
  });
});
