// URIs and addresses, with and without brackets.

import { readAddress, readUri, sameUser, until, uri } from "../../../assembly/wire/uri";
import { bytesOf, lengthOf, stringOf } from "../text";

/** The parts of uri(): user @ host : port parameters. */
function parts(isRead: bool): string {
  if (!isRead) return "refused";
  const it = uri();
  const user = stringOf(it.userFrom, it.userTo);
  const host = stringOf(it.hostFrom, it.hostTo);
  return user + " @ " + host + " : " + it.port.toString() + " " + stringOf(it.paramsFrom, it.paramsTo);
}

function plain(text: string): string {
  const from = bytesOf(text);
  return parts(readUri(from, from + lengthOf(text)));
}

function address(text: string): string {
  const from = bytesOf(text);
  return parts(readAddress(from, from + lengthOf(text)));
}

function same(a: string, b: string): bool {
  const x = bytesOf(a);
  const y = bytesOf(b);
  return sameUser(x, x + lengthOf(a), y, y + lengthOf(b));
}

describe("a SIP URI", () => {
  it("has a user, a host, a port and parameters, or only a host", () => {
    expect(plain("sip:6001@example.com")).toBe("6001 @ example.com : 5060 ");
    expect(plain("sip:example.com")).toBe(" @ example.com : 5060 ");
    expect(plain("SIP:a@h:5070;transport=tcp;lr?x=1")).toBe("a @ h : 5070 ;transport=tcp;lr");
    expect(plain("sips:a@h")).toBe("a @ h : 5061 ");
    expect(plain("sip:a:secret@h")).toBe("a @ h : 5060 ");
    expect(plain("sip:a;b=c?d@h;e")).toBe("a;b=c?d @ h : 5060 ;e");
    expect(plain("sip:@h")).toBe(" @ h : 5060 ");
    expect(plain("sip:h?subject=x;y")).toBe(" @ h : 5060 ");
  });

  it("has an IPv6 host in brackets", () => {
    expect(plain("sip:a@[2001:db8::10]")).toBe("a @ [2001:db8::10] : 5060 ");
    expect(plain("sip:[2001:db8::10]:5070;x")).toBe(" @ [2001:db8::10] : 5070 ;x");
    expect(plain("sip:[::ffff:192.0.2.1]")).toBe(" @ [::ffff:192.0.2.1] : 5060 ");
  });

  it("has a port from 1 to 65535", () => {
    expect(plain("sip:h:1")).toBe(" @ h : 1 ");
    expect(plain("sip:h:65535")).toBe(" @ h : 65535 ");
    const wrong = [
      "sip:h:0",
      "sip:h:65536",
      "sip:h:",
      "sip:h:x",
      "sip:h:5060x",
      "sip:h:-1",
      "sip:h:99999999999999999999",
    ];
    for (let index = 0; index < wrong.length; index++) {
      expect(plain(wrong[index])).toBe("refused", wrong[index]);
    }
  });

  it("is refused without a host or with another scheme", () => {
    const wrong = [
      "",
      "sip",
      "sip:",
      "sip:a@",
      "sip::5060",
      "sip:;x",
      "tel:+4930",
      "sipx:h",
      "http://h",
      ":h",
      "h",
    ];
    for (let index = 0; index < wrong.length; index++) {
      expect(plain(wrong[index])).toBe("refused", wrong[index]);
    }
  });
});

describe("an address", () => {
  it("holds its URI in angle brackets or bare", () => {
    expect(address("<sip:a@h;x>;tag=1")).toBe("a @ h : 5060 ;x");
    expect(address('"Name; <sip:no@h>" <sip:a@h>')).toBe("a @ h : 5060 ");
    expect(address("Name Of Somebody < sip:a@h >")).toBe("a @ h : 5060 ");
    expect(address("sip:a@h;tag=1")).toBe("a @ h : 5060 "); // RFC 3261 §20.10: the parameter is the header's
    expect(address(" sip:a@h ;tag=1")).toBe("a @ h : 5060 ");
    expect(address("*")).toBe("refused");
    expect(address("<>")).toBe("refused");
    expect(address("")).toBe("refused");
  });
});

describe("two users", () => {
  it("are the same once their escapes are undone", () => {
    expect(same("6001", "6001")).toBe(true);
    expect(same("6001", "%36%30%30%31")).toBe(true);
    expect(same("%2a60%23", "*60%23")).toBe(true);
    expect(same("%2A", "%2a")).toBe(true);
    expect(same("", "")).toBe(true);
  });

  it("differ by case, length or a broken escape", () => {
    expect(same("alice", "Alice")).toBe(false);
    expect(same("600", "6001")).toBe(false);
    expect(same("6001", "600")).toBe(false);
    expect(same("%3", "3")).toBe(false);
    expect(same("%3g", "3g")).toBe(false);
    expect(same("%", "%25")).toBe(true);
    expect(same("a%", "a")).toBe(false);
    expect(same("%36", "%3")).toBe(false);
  });
});

describe("until", () => {
  it("stops at the character, or at the end", () => {
    const text = bytesOf("ab:c;d");
    expect(until(text, text + 6, 0x3a)).toBe(text + 2);
    expect(until(text, text + 6, 0x3b)).toBe(text + 4);
    expect(until(text, text + 6, 0x40)).toBe(text + 6);
    expect(until(text, text, 0x61)).toBe(text);
  });
});
