// Whole requests, byte for byte.

import { TRANSPORT_TCP, TRANSPORT_TLS } from "../../../assembly/abi";
import { TX_SIZE } from "../../../assembly/base/memory";
import { ALGORITHM_MD5 } from "../../../assembly/wire/challenge";
import { M_OPTIONS, M_OTHER, M_REGISTER } from "../../../assembly/wire/names";
import { draft, writeRequest } from "../../../assembly/wire/request";
import { message } from "../../../assembly/wire/scan";
import { stringOf, textOf } from "../text";
import { freshDraft, sent, withChallenge } from "./drafts";
import { read } from "./packet";

function written(): string {
  return sent(writeRequest());
}

/** The header line of that name in the request of the draft; "" when it has none. */
function line(name: string): string {
  const all = written().split("\r\n");
  for (let index = 0; index < all.length; index++) {
    if (all[index].startsWith(name + ":")) return all[index];
  }
  return "";
}

describe("a REGISTER", () => {
  beforeEach(() => {
    freshDraft();
  });

  it("says who wants to be reached where, and for how long", () => {
    expect(written()).toBe(
      "REGISTER sip:example.org SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK6272616e63682d38\r\n" +
        "Max-Forwards: 70\r\n" +
        "From: <sip:6001@example.org>;tag=74616734\r\n" +
        "To: <sip:6001@example.org>\r\n" +
        "Call-ID: 63616c6c2d696438\r\n" +
        "CSeq: 12 REGISTER\r\n" +
        "Contact: <sip:6001@198.51.100.7:41000;sf=a1b2c3d40>;expires=3600\r\n" +
        "Expires: 3600\r\n" +
        "Supported: path\r\n" +
        "User-Agent: Standfast/1\r\n" +
        "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n" +
        "Content-Length: 0\r\n" +
        "\r\n",
    );
  });

  it("is the same when it is written again", () => {
    withChallenge(ALGORITHM_MD5);
    expect(written()).toBe(written());
  });

  it("removes its binding with 0 seconds", () => {
    draft().expires = 0;
    expect(line("Contact").endsWith(";expires=0")).toBe(true);
    expect(line("Expires")).toBe("Expires: 0");
  });

  it("names the transport in Via, and in Contact when it is not UDP", () => {
    draft().transport = <u8>TRANSPORT_TCP;
    expect(line("Via").startsWith("Via: SIP/2.0/TCP 192")).toBe(true);
    expect(line("Contact").includes(";sf=a1b2c3d40;transport=tcp>;expires=")).toBe(true);
    draft().transport = <u8>TRANSPORT_TLS;
    expect(line("Via").startsWith("Via: SIP/2.0/TLS 192")).toBe(true);
    expect(line("Contact").includes(";sf=a1b2c3d40;transport=tls>;expires=")).toBe(true);
  });

  it("asks for rport only when it shall", () => {
    draft().rport = 0;
    expect(line("Via")).toBe("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK6272616e63682d38");
  });

  it("shows the display name, escaped, in From and To", () => {
    draft().display = textOf('Desk "A" \\ é');
    expect(line("From")).toBe('From: "Desk \\"A\\" \\\\ é" <sip:6001@example.org>;tag=74616734');
    expect(line("To")).toBe('To: "Desk \\"A\\" \\\\ é" <sip:6001@example.org>');
  });

  it("escapes the user wherever it stands", () => {
    draft().user = textOf("a>b@c");
    expect(line("From")).toBe("From: <sip:a%3eb%40c@example.org>;tag=74616734");
    expect(line("To")).toBe("To: <sip:a%3eb%40c@example.org>");
    expect(line("Contact").startsWith("Contact: <sip:a%3eb%40c@198.51.100.7:41000;sf=")).toBe(true);
  });

  it("carries credentials when there is a challenge to answer", () => {
    expect(written().includes("Authorization")).toBe(false);
    withChallenge(ALGORITHM_MD5);
    expect(line("Authorization").includes('response="b698028ad42d8fa4c3d47a74037d067d"')).toBe(true);
    draft().first = 0;
    expect(written().includes("Authorization")).toBe(false);
  });

  it("is read back as it was meant", () => {
    draft().display = textOf('Desk "A", 2nd');
    withChallenge(ALGORITHM_MD5);
    expect(read(written())).toBe("ok");
    const it = message();
    expect(it.method).toBe(M_REGISTER);
    expect(it.cseqMethod).toBe(M_REGISTER);
    expect(it.cseq).toBe(12);
    expect(it.expires).toBe(3600);
    expect(it.contactCount).toBe(1);
    expect(it.contentLength).toBe(0);
    expect(stringOf(it.branchFrom, it.branchTo)).toBe("z9hG4bK6272616e63682d38");
    expect(stringOf(it.fromTagFrom, it.fromTagTo)).toBe("74616734");
  });
});

describe("an OPTIONS", () => {
  beforeEach(() => {
    freshDraft().method = <u8>M_OPTIONS;
  });

  it("asks the server itself, and binds nothing", () => {
    expect(written()).toBe(
      "OPTIONS sip:example.org SIP/2.0\r\n" +
        "Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK6272616e63682d38\r\n" +
        "Max-Forwards: 70\r\n" +
        "From: <sip:6001@example.org>;tag=74616734\r\n" +
        "To: <sip:6001@example.org>\r\n" +
        "Call-ID: 63616c6c2d696438\r\n" +
        "CSeq: 12 OPTIONS\r\n" +
        "Accept: application/sdp\r\n" +
        "User-Agent: Standfast/1\r\n" +
        "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n" +
        "Content-Length: 0\r\n" +
        "\r\n",
    );
  });
});

describe("a request", () => {
  it("with every text at its longest still fits", () => {
    const it = freshDraft();
    it.display = textOf('"'.repeat(63));
    it.user = textOf(" ".repeat(47));
    it.domain = textOf("d".repeat(63));
    it.account = textOf('"'.repeat(63));
    it.local = textOf("l".repeat(63));
    it.contact = textOf("c".repeat(63));
    expect(writeRequest()).toBeGreaterThan(0);
  });

  it("that does not fit is not sent", () => {
    const it = freshDraft();
    const length = writeRequest();
    expect(length).toBeGreaterThan(0);
    it.display = textOf('"'.repeat(255)); // twice 512 bytes
    it.domain = textOf("d".repeat(255)); // three times
    expect(length + 2 * 513 + 3 * 255).toBeGreaterThan(TX_SIZE);
    expect(writeRequest()).toBe(-1);
  });

  throws("has a method of ours", () => {
    freshDraft().method = <u8>M_OTHER;
    writeRequest();
  });
});
