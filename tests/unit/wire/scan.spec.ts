// Messages read in place, and everything that is refused.

import { NO_NUMBER, NUMBER_MAX } from "../../../assembly/base/bytes";
import { RX, RX_SIZE } from "../../../assembly/base/memory";
import { M_OPTIONS, M_OTHER, M_REGISTER, message, scan } from "../../../assembly/wire/scan";
import { stringOf } from "../text";
import { answer, arrive, lines, read, request, verdict } from "./packet";

const OK_200 = answer("200 OK", "Contact: <sip:6001@192.0.2.1>;expires=60\r\nContent-Length: 4\r\n") + "body";

function callId(): string {
  return stringOf(message().callIdFrom, message().callIdTo);
}

function branch(): string {
  return stringOf(message().branchFrom, message().branchTo);
}

function sentBy(): string {
  return stringOf(message().viaHostFrom, message().viaHostTo);
}

function tags(): string {
  const it = message();
  return stringOf(it.fromTagFrom, it.fromTagTo) + " " + stringOf(it.toTagFrom, it.toTagTo);
}

function user(): string {
  return stringOf(message().uriUserFrom, message().uriUserTo);
}

/** The status of an answer with this status line, or what scan() says against it. */
function status(line: string): string {
  const result = read(lines(line + "|v: SIP/2.0/UDP h|f: <sip:a@b>|t: <sip:a@b>|i: 1|CSeq: 1 X"));
  return result === "ok" ? message().status.toString() : result;
}

describe("a status line", () => {
  it("has three digits from 100 to 699", () => {
    expect(status("SIP/2.0 200 OK")).toBe("200");
    expect(status("SIP/2.0 100 ")).toBe("100");
    expect(status("SIP/2.0 699 !")).toBe("699");
    expect(status("SIP/2.0 404")).toBe("404"); // no blank, no reason: told apart all the same
    expect(status("sip/2.0 180 = 2**3 * 9**2 но сто восемьдесят")).toBe("180");
    const refused = [
      "SIP/2.0 099 Low",
      "SIP/2.0 700 High",
      "SIP/2.0 000 Zero",
      "SIP/2.0 20 Short",
      "SIP/2.0 2000 Long",
      "SIP/2.0 4294967301 better not break the receiver",
      "SIP/2.0 -20 Negative",
      "SIP/2.0 2x0 Letter",
      "SIP/2.0  200 Two blanks",
      "SIP/2.0\t200 Tab",
      "SIP/2.00 200 Version",
      "SIP/3.0 200 OK",
      "SIP/2.0",
      "HTTP/1.1 200 OK",
      "200 OK",
    ];
    for (let index = 0; index < refused.length; index++) {
      expect(status(refused[index])).toBe("malformed", refused[index]);
    }
  });
});

describe("a request line", () => {
  it("has a method, a URI and the version, one blank between", () => {
    expect(read(request("OPTIONS", "sip:6001@192.0.2.1:5060;transport=udp"))).toBe("ok");
    expect(message().status).toBe(0);
    expect(message().method).toBe(M_OPTIONS);
    expect(user()).toBe("6001");
    expect(read(request("REGISTER", "sip:example.com"))).toBe("ok");
    expect(message().method).toBe(M_REGISTER);
    expect(user()).toBe("");
  });

  it("may name a method and a scheme that we do not know", () => {
    expect(read(request("!interesting-Method0123456789_*+`.%indeed'~", "sip:a@b"))).toBe("ok");
    expect(message().method).toBe(M_OTHER);
    expect(read(request("options", "tel:+4930"))).toBe("ok");
    expect(message().method).toBe(M_OTHER); // RFC 3261 §7.1: the case of a method counts
    expect(user()).toBe("-");
  });

  it("is refused when its parts cannot be told apart", () => {
    const refused = [
      "OPTIONS  sip:a@b SIP/2.0",
      "OPTIONS sip:a@b  SIP/2.0",
      "OPTIONS sip:a@b SIP/2.0 ",
      " OPTIONS sip:a@b SIP/2.0",
      "OPTIONS sip:a@b; lr SIP/2.0",
      "OPTIONS <sip:a@b> SIP/7.0",
      "OPTIONS SIP/2.0",
      "OPTIONS sip:a@b",
      "OPTIONS: sip:a@b SIP/2.0",
      "{OPTIONS} sip:a@b SIP/2.0",
    ];
    for (let index = 0; index < refused.length; index++) {
      const rest = "|v: SIP/2.0/UDP h|f: <sip:a@b>|t: <sip:a@b>|i: 1|CSeq: 1 OPTIONS";
      expect(read(lines(refused[index] + rest))).toBe("malformed", refused[index]);
    }
  });

  it("may follow empty lines", () => {
    expect(read("\r\n\r\n" + request("OPTIONS", "sip:a@b"))).toBe("ok"); // RFC 3261 §7.5
    expect(read("\r\n\r\n")).toBe("truncated");
  });
});

describe("an answer", () => {
  it("gives what it is matched by", () => {
    expect(read(OK_200)).toBe("ok");
    const it = message();
    expect(it.status).toBe(200);
    expect(it.cseq).toBe(7);
    expect(it.cseqMethod).toBe(M_REGISTER);
    expect(it.viaCount).toBe(1);
    expect(it.contactCount).toBe(1);
    expect(it.rport).toBe(5062);
    expect(branch()).toBe("z9hG4bK1");
    expect(sentBy()).toBe("192.0.2.1:5060");
    expect(stringOf(it.receivedFrom, it.receivedTo)).toBe("198.51.100.7");
    expect(callId()).toBe("c1");
    expect(tags()).toBe("f1 t1");
  });

  it("leaves what it does not say absent", () => {
    const bare = "SIP/2.0 200 OK|Via: SIP/2.0/UDP h|From: a:b|To: c:d|Call-ID: 1|CSeq: 0 X";
    expect(read(lines(bare))).toBe("ok");
    const it = message();
    expect(branch()).toBe("-");
    expect(tags()).toBe("- -");
    expect(user()).toBe("-");
    expect(stringOf(it.receivedFrom, it.receivedTo)).toBe("-");
    expect(it.rport).toBe(NO_NUMBER);
    expect(it.expires).toBe(NO_NUMBER);
    expect(it.minExpires).toBe(NO_NUMBER);
    expect(it.retryAfter).toBe(NO_NUMBER);
    expect(it.contentLength).toBe(NO_NUMBER);
    expect(it.contactCount).toBe(0);
    expect(it.method).toBe(0);
  });

  it("keeps nothing of the message before", () => {
    expect(read(OK_200)).toBe("ok");
    expect(read(lines("SIP/2.0 100 |v: SIP/2.0/UDP h|f: a:b|t: c:d|i: 1|CSeq: 0 X"))).toBe("ok");
    expect(tags()).toBe("- -");
    expect(message().contactCount).toBe(0);
    expect(message().rport).toBe(NO_NUMBER);
  });
});

describe("headers", () => {
  it("may be written as RFC 4475 §3.1.1.1 writes them", () => {
    const text =
      "OPTIONS sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0|" +
      "TO :| sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n|" +
      'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>|  ;|  tag = 98asjd8|' +
      "MaX-fOrWaRdS: 0068|Call-ID: wsinv.ndaksdj@192.0.2.1|" +
      "Content-Length   : 0|cseq: 0009|  OPTIONS|" +
      "Via  : SIP  /   2.0| /UDP|    192.0.2.2;branch=390skdjuw|" +
      "s :|NewFangledHeader:   newfangled value| continued newfangled value|" +
      "UnknownHeaderWithUnusualValue: ;;,,;;,;|Content-Type: application/sdp|Route:| <sip:services.example.com;lr>|" +
      "v:  SIP  / 2.0  / TCP     spindle.example.com   ;|  branch  =   z9hG4bK9ikj8  ,| SIP  /    2.0   / UDP  192.168.255.111   ; branch=|" +
      ' z9hG4bK30239|m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =| newvalue ;| secondparam ; q = 0.33';
    expect(read(lines(text))).toBe("ok");
    const it = message();
    expect(tags()).toBe("98asjd8 1918181833n");
    expect(user()).toBe("vivekg");
    expect(callId()).toBe("wsinv.ndaksdj@192.0.2.1");
    expect(it.cseq).toBe(9);
    expect(it.cseqMethod).toBe(M_OPTIONS);
    expect(it.viaCount).toBe(3);
    expect(it.contactCount).toBe(1);
    expect(branch()).toBe("390skdjuw");
    expect(sentBy()).toBe("192.0.2.2");
  });

  it("may have their compact names", () => {
    const text =
      "SIP/2.0 200 OK|V: SIP/2.0/UDP h;branch=b|F: a:b;tag=1|T: c:d;tag=2|I: 9|CSeq: 1 X|M: <e:f>|L: 0";
    expect(read(lines(text))).toBe("ok");
    expect(tags()).toBe("1 2");
    expect(callId()).toBe("9");
    expect(message().contactCount).toBe(1);
    expect(message().contentLength).toBe(0);
  });

  it("that we do not know are read past", () => {
    const more =
      'X-Anything: \x80 unbalanced " and < are fine here\r\nk: path\r\no: presence\r\nc: text/plain\r\ne: gzip\r\ns: a subject\r\n';
    expect(read(answer("200 OK", more))).toBe("ok");
  });

  it("count their values over lines and commas, quoted commas left out", () => {
    const more = 'Contact: "a, b" <sip:a@b?x=1,2>, <sip:c@d>,,\r\nm:sip:e@f\r\nContact:\r\nContact: *\r\n';
    expect(read(answer("200 OK", more + "Via: SIP/2.0/UDP x, SIP/2.0/UDP y\r\n"))).toBe("ok");
    expect(message().contactCount).toBe(4);
    expect(message().viaCount).toBe(3);
    expect(branch()).toBe("z9hG4bK1");
  });

  it("find our parameters among others, and the first of a name", () => {
    const via =
      'SIP/2.0/TLS [2001:db8::9:1]:5061 ;ttl=1; RPORT ;Branch = "q" ;received=[2001:db8::1];branch=two';
    const text =
      "SIP/2.0 200 OK|Via: " +
      via +
      '|From: "x;tag=no" <sip:a@b;tag=no?tag=no>;x;tag=yes|To: a:b|Call-ID: 1|CSeq: 1 X';
    expect(read(lines(text))).toBe("ok");
    expect(sentBy()).toBe("[2001:db8::9:1]:5061");
    expect(branch()).toBe("q");
    expect(stringOf(message().receivedFrom, message().receivedTo)).toBe("[2001:db8::1]");
    expect(message().rport).toBe(NO_NUMBER);
    expect(tags()).toBe("yes -");
  });
});

describe("a message is refused", () => {
  it("when a header that it must have is missing", () => {
    const all = ["Via: SIP/2.0/UDP h", "From: a:b", "To: c:d", "Call-ID: 1", "CSeq: 1 X"];
    for (let missing = 0; missing < all.length; missing++) {
      const rest = all.slice(0, missing).concat(all.slice(missing + 1));
      expect(read(lines("SIP/2.0 200 OK|" + rest.join("|")))).toBe("malformed", all[missing]);
    }
    expect(read(lines("SIP/2.0 200 OK|" + all.join("|")))).toBe("ok");
  });

  it("when a header comes twice that may come once", () => {
    const once = [
      "From: a:b",
      "t: c:d",
      "Call-ID: c1",
      "CSeq: 7 REGISTER",
      "Expires: 1",
      "Min-Expires: 1",
      "Retry-After: 1",
      "l: 0",
    ];
    for (let index = 0; index < once.length; index++) {
      const twice = once[index] + "\r\n" + once[index] + "\r\n";
      expect(read(answer("200 OK", twice))).toBe("malformed", once[index]);
    }
    const often = ["Via: SIP/2.0/UDP h", "Contact: <sip:a@b>", "WWW-Authenticate: A b=c", "X: y"];
    for (let index = 0; index < often.length; index++) {
      const twice = often[index] + "\r\n" + often[index] + "\r\n";
      expect(read(answer("200 OK", twice))).toBe("ok", often[index]);
    }
  });

  it("when a header that we read is broken", () => {
    const broken = [
      "no colon",
      ": no name",
      "two words: x",
      "Bad@name: x",
      'Contact: "open <sip:a@b>',
      "Contact: <sip:a@b",
      'WWW-Authenticate: Digest realm="open',
      "Content-Length: -999",
      "Content-Length: 0x1",
      "Content-Length: 1 2",
      "Content-Length:",
    ];
    for (let index = 0; index < broken.length; index++) {
      expect(read(answer("200 OK", broken[index] + "\r\n"))).toBe("malformed", broken[index]);
    }
    const values = [
      "v: SIP/2.0/UDP",
      "v: SIP/2.0 h",
      "v: SIP/2.0/UDP;branch=1",
      "v: UDP h",
      "v:",
      "v: , SIP/2.0/UDP h",
      "f:",
      't: "open <a:b>',
      "i:",
      "CSeq: X",
      "CSeq: 1",
      "CSeq: 1X",
      "CSeq: -1 X",
      "CSeq: 2147483648 X",
      "CSeq: 36893488147419103232 X",
      "CSeq: 1 X Y",
    ];
    const names = ["v", "f", "t", "i", "CSeq"];
    const good = ["v: SIP/2.0/UDP h", "f: a:b", "t: c:d", "i: 1", "CSeq: 2147483647 X"];
    for (let index = 0; index < values.length; index++) {
      const own = names.indexOf(values[index].substring(0, values[index].indexOf(":")));
      const all = good.slice(0);
      all[own] = values[index];
      expect(read(lines("SIP/2.0 200 OK|" + all.join("|")))).toBe("malformed", values[index]);
    }
    expect(read(lines("SIP/2.0 200 OK|" + good.join("|")))).toBe("ok");
  });

  it("when a request and its CSeq name two methods", () => {
    expect(read(request("OPTIONS", "sip:a@b").replace("7 OPTIONS", "8 INVITE"))).toBe("malformed");
    expect(read(request("NEWMETHOD", "sip:a@b").replace("7 NEWMETHOD", "8 INVITE"))).toBe("malformed");
    expect(read(request("NEWMETHOD", "sip:a@b"))).toBe("ok");
  });

  it("when lines end with less than CRLF, or a control character stands in them", () => {
    expect(read(OK_200.split("\r\n").join("\n"))).toBe("malformed");
    expect(read(OK_200.split("\r\n").join("\r"))).toBe("malformed");
    expect(read(answer("200 OK", "X: a\nb\r\n"))).toBe("malformed");
    expect(read(answer("200 OK", "X: a\rb\r\n"))).toBe("malformed");
    expect(read(answer("200 OK", "X: a\\\nb\r\n"))).toBe("malformed");
    for (let c = 0; c < 32; c++) {
      const expected = c === 9 ? "ok" : "malformed";
      expect(read(answer("200 OK", "X: a" + String.fromCharCode(c) + "b\r\n"))).toBe(expected, c.toString());
    }
    expect(read(answer("200 OK", "X: a\x7fb\r\n"))).toBe("malformed");
    expect(read("\x00\x00\x00\x00")).toBe("malformed");
    expect(read(answer("200 OK", 'X: "a\\\x00\\\x07\\\x7f"\r\n'))).toBe("ok"); // quoted-pair, RFC 3261 §25.1
  });
});

describe("a number of seconds", () => {
  it("is delta-seconds, maybe with a comment or parameters behind", () => {
    expect(
      read(answer("503 X", "Retry-After: 18000;duration=3600\r\nExpires: 3600\r\nMin-Expires: 60\r\n")),
    ).toBe("ok");
    expect(message().retryAfter).toBe(18000);
    expect(message().expires).toBe(3600);
    expect(message().minExpires).toBe(60);
    expect(read(answer("503 X", "Retry-After: 120 (I'm in a meeting)\r\n"))).toBe("ok");
    expect(message().retryAfter).toBe(120);
    expect(read(answer("503 X", "Retry-After: 0(now)\r\n"))).toBe("ok");
    expect(message().retryAfter).toBe(0);
  });

  it("stays at the largest number, and is absent when it is none", () => {
    const large = ["4294967293", "4294967295", "99999999999999999999"];
    for (let index = 0; index < large.length; index++) {
      expect(read(answer("423 X", "Min-Expires: " + large[index] + "\r\n"))).toBe("ok", large[index]);
      expect(message().minExpires).toBe(index === 0 ? 4294967293 : NUMBER_MAX, large[index]);
    }
    const none = ["-1", "60abc", "", "1.5", "Thu, 01 Dec 1994 16:00:00 GMT"];
    for (let index = 0; index < none.length; index++) {
      expect(read(answer("423 X", "Min-Expires: " + none[index] + "\r\n"))).toBe("ok", none[index]);
      expect(message().minExpires).toBe(NO_NUMBER, none[index]);
    }
  });
});

describe("the end of a message", () => {
  it("is where Content-Length says; what follows is left out", () => {
    expect(read(OK_200)).toBe("ok");
    expect(read(OK_200 + " and more")).toBe("ok");
    expect(read(OK_200.substring(0, OK_200.length - 1))).toBe("truncated");
    expect(read(answer("200 OK", "l: 4294967295\r\n") + "body")).toBe("truncated");
    expect(read(answer("200 OK", "l: 99999999999999999999\r\n") + "body")).toBe("truncated");
  });

  it("is the end of the datagram without it", () => {
    expect(read(answer("200 OK"))).toBe("ok");
    expect(read(answer("200 OK") + "any body")).toBe("ok");
    expect(read(answer("200 OK") + " a body that begins with a blank")).toBe("ok");
  });

  it("cut anywhere else is told, byte by byte, whatever lies behind it", () => {
    const rests: u8[] = [0x00, 0x0a, 0x0d, 0x20, 0x22, 0x3e, 0x41];
    const length = arrive(OK_200);
    for (let cut: u32 = 0; cut < length; cut++) {
      for (let index = 0; index < rests.length; index++) {
        arrive(OK_200, rests[index]);
        memory.fill(RX + cut, rests[index], RX_SIZE - cut);
        const said = verdict(scan(cut));
        if (said !== "truncated") expect(said).toBe("truncated", cut.toString());
      }
    }
    expect(read(OK_200)).toBe("ok");
  });

  it("may be the end of the buffer", () => {
    const start = answer("200 OK", "X: ").length;
    const full = answer("200 OK", "X: " + "x".repeat(RX_SIZE - start - 2) + "\r\n");
    expect(full.length).toBe(RX_SIZE);
    expect(read(full)).toBe("ok");
    expect(verdict(scan(RX_SIZE - 1))).toBe("truncated");
    expect(read("\r\n".repeat(RX_SIZE / 2))).toBe("truncated");
  });

  throws("is never behind the buffer", () => {
    scan(RX_SIZE + 1);
  });
});
