// SOAP envelopes: what is written is read, and what is no envelope is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DOCUMENT_MAX, readEnvelope, textOf, writeEnvelope } from "../../../../host/session/soap/envelope.ts";
import { readOpen, readPoll, readProbe } from "../../../../host/session/soap/meaning.ts";

test("any text comes back as it was written", () => {
  const printable = fc.string({ unit: "grapheme" }).map((text) => text.trim());
  fc.assert(
    fc.property(printable, (text) => {
      const found = readEnvelope(writeEnvelope("Echo", [["session", text]]));
      assert.equal(found?.name, "Echo");
      assert.equal(found && textOf(found, "session"), text.replace(/\r\n?/g, "\n"));
    }),
  );
});

test("another maker's prefixes and types are read too", () => {
  const body =
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">' +
    '<SOAP-ENV:Body><ns1:InitializeResponse xmlns:ns1="urn:any"><return i:type="xsd:int">7</return><key>9</key>' +
    "</ns1:InitializeResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>";
  assert.deepEqual(readOpen({ status: 200, body }), { kind: "opened", ticket: { id: "7", key: "9" } });
});

const NO_ENVELOPES = [
  ["nothing", ""],
  ["a page", "<html><body>booting</body></html>"],
  ["half of one", writeEnvelope("Echo", []).slice(0, -20)],
  ["a document type", `<!DOCTYPE a [<!ENTITY b "c">]>${writeEnvelope("Echo", []).slice(39)}`],
  ["too deep", `${"<a>".repeat(20)}${"</a>".repeat(20)}`],
  ["too long", " ".repeat(DOCUMENT_MAX + 1)],
] as const;

for (const [name, body] of NO_ENVELOPES) {
  test(`${name} is no envelope, and no server that answers it serves`, () => {
    assert.equal(readEnvelope(body), undefined);
    const result = readProbe({ status: 200, body }, undefined);
    assert.equal(result.kind === "failed" && result.cause, "garbled");
  });
}

test("key 0 is no session, echo 0 a session that is gone, a fault too", () => {
  const initialize = writeEnvelope("InitializeResponse", [
    ["return", 5],
    ["key", 0],
  ]);
  const nothing = readOpen({ status: 200, body: initialize });
  assert.equal(nothing.kind === "failed" && nothing.cause, "noKey");
  const session = { server: "main", ticket: { id: "5", key: "1" }, serial: 1 } as const;
  const echo = writeEnvelope("EchoResponse", [["return", 0]]);
  assert.equal(readProbe({ status: 200, body: echo }, session).kind, "gone");
  assert.equal(readProbe({ status: 200, body: echo }, undefined).kind, "serving");
  const fault = writeEnvelope("Fault", [["faultstring", "no such session"]]);
  assert.deepEqual(readPoll({ status: 500, body: fault }), { kind: "gone", text: "fault: no such session" });
});
