// Answers to requests from outside.

import { RX_SIZE } from "../../../assembly/base/memory";
import { writeReply } from "../../../assembly/wire/reply";
import { bytesOf } from "../text";
import { sent } from "./drafts";
import { answer, lines, read, request } from "./packet";

/** The answer to a request. */
function reply(text: string, status: u32): string {
  expect(read(text)).toBe("ok", text);
  return sent(writeReply(status, bytesOf("tag4")));
}

const END = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Length: 0\r\n\r\n";

describe("a reply", () => {
  it("repeats what RFC 3261 §8.2.6 asks for, as it came and in its order", () => {
    const text =
      "OPTIONS sip:6001@h SIP/2.0|v: SIP / 2.0 / UDP a ;branch=1 , SIP/2.0/UDP b|X: y|i:1@2|Via:SIP/2.0/TCP c|" +
      'f: "A, B" <sip:a@b>|  ;tag=1|Max-Forwards: 0|t  : <sip:c@d> |CSeq: 1|  OPTIONS|Contact: <sip:e@f>';
    expect(reply(lines(text), 200)).toBe(
      "SIP/2.0 200 OK\r\nv: SIP / 2.0 / UDP a ;branch=1 , SIP/2.0/UDP b\r\ni:1@2\r\nVia:SIP/2.0/TCP c\r\n" +
        'f: "A, B" <sip:a@b>\r\n  ;tag=1\r\nt  : <sip:c@d>;tag=74616734\r\nCSeq: 1\r\n  OPTIONS\r\n' +
        END,
    );
  });

  it("leaves a tag that To has already", () => {
    const text = reply(request("OPTIONS", "sip:a@b"), 200);
    expect(text.includes("To: <sip:6001@example.com>;tag=t1\r\n")).toBe(true);
  });

  it("says what its status means, if it knows", () => {
    expect(reply(request("OPTIONS", "sip:a@b"), 404).startsWith("SIP/2.0 404 Not Found\r\n")).toBe(true);
    expect(reply(request("OPTIONS", "sip:a@b"), 503).startsWith("SIP/2.0 503 \r\n")).toBe(true);
  });

  it("is read by the same scanner", () => {
    expect(read(reply(request("OPTIONS", "sip:a@b", "Via: SIP/2.0/UDP x, SIP/2.0/UDP y\r\n"), 200))).toBe(
      "ok",
    );
  });

  it("that does not fit is not sent", () => {
    const rest = request("OPTIONS", "sip:a@b", "Via: SIP/2.0/UDP \r\n").length;
    const via = "Via: SIP/2.0/UDP " + "h".repeat(RX_SIZE - rest) + "\r\n"; // fills RX, and a reply says more
    expect(reply(request("OPTIONS", "sip:a@b", via), 200)).toBe("too long");
  });

  throws("is not made for an answer", () => {
    read(answer("200 OK"));
    writeReply(200, bytesOf("tag4"));
  });
});
