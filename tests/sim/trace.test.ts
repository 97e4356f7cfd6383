// The words of a trace: packets and events, one line each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventLine, packetText } from "../../host/sim/trace.ts";

const text = (lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);

test("a packet is its method or status, user, number, time asked and whether it proves itself", () => {
  const tail = ["CSeq: 7 REGISTER", "Contact: <sip:6000@192.0.2.9;sf=a>;expires=120"];
  const rows: [readonly string[], string][] = [
    [["REGISTER sip:a SIP/2.0", "To: <sip:6000@a>", ...tail], "REGISTER 6000 cseq=7 expires=120"],
    [
      ["REGISTER sip:a SIP/2.0", "t: <sip:6000@a>", ...tail, 'Authorization: Digest response="x"'],
      "REGISTER 6000 cseq=7 expires=120 auth",
    ],
    [["SIP/2.0 200 OK", "To: <sip:6000@a>;tag=1", ...tail], "200 REGISTER 6000 cseq=7 expires=120"],
    [["SIP/2.0 423 Brief", "CSeq: 7 REGISTER", "Expires: 5"], "423 REGISTER cseq=7 expires=5"],
    [["OPTIONS sip:a SIP/2.0", "To: <sip:a>", "CSeq: 1 OPTIONS"], "OPTIONS cseq=1"],
    [["", ""], "keepalive"],
    [["noise"], "noise cseq=?"],
  ];
  for (const [lines, expected] of rows) assert.equal(packetText(text(lines)), expected);
});

test("an event is its time, type, line, server, rule with inputs, and what is next", () => {
  assert.equal(
    eventLine({
      t: 122_000,
      type: "outOfService",
      line: "6000",
      server: "primary",
      reason: { rule: "timeout", waitedMs: 2000 },
      next: { what: "register", at: 122_000 },
    }),
    "122000 phone tells outOfService line=6000 server=primary rule=timeout waitedMs=2000 next=register@122000",
  );
  assert.equal(eventLine({ t: 5, type: "warningOff" }), "5 phone tells warningOff");
});
