// Documents read: RFC 3680 §5, and what a server should not send.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readRegInfo } from "../../../host/regevent/reginfo.ts";
import { carried } from "../../../host/sip/message.ts";

const ROOT = 'xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"';

/** The example of RFC 3680 §5.1, in other words. */
const EXAMPLE = `<?xml version="1.0" encoding="UTF-8"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    version="4" state="partial">
  <registration aor="sip:ann@example.com" id="as9" state="active">
    <contact id="76" state="active" event="registered" duration-registered="7322" q="0.8">
      <uri> sip:ann@192.0.2.5 </uri>
      <display-name xml:lang="de">Änne &amp; Co</display-name>
      <unknown-param name="audio"/>
    </contact>
    <contact id="77" state="terminated" event="probation" retry-after="60"><uri>sip:a<![CDATA[&]]>b@192.0.2.6</uri></contact>
  </registration>
</reginfo>`;

test("versions, registrations and contacts are read, the rest is passed over", () => {
  assert.deepEqual(readRegInfo(carried(EXAMPLE)), {
    version: 4,
    full: false,
    registrations: [
      {
        aor: "sip:ann@example.com",
        state: "active",
        contacts: [
          {
            id: "76",
            state: "active",
            event: "registered",
            retryAfterSeconds: undefined,
            uri: "sip:ann@192.0.2.5",
          },
          {
            id: "77",
            state: "terminated",
            event: "probation",
            retryAfterSeconds: 60,
            uri: "sip:a&b@192.0.2.6",
          },
        ],
      },
    ],
  });
});

test("a prefix is as good as a default namespace, and another namespace is not ours", () => {
  const prefixed = `<r:reginfo xmlns:r="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><r:registration aor="sip:a@b" state="init"/><registration aor="sip:c@d" state="init"/></r:reginfo>`;
  assert.deepEqual(
    readRegInfo(prefixed)?.registrations.map(({ aor }) => aor),
    ["sip:a@b"],
  );
});

const REFUSED: readonly [string, string][] = [
  ["nothing", ""],
  ["no XML", "state=full"],
  ["another root", "<presence/>"],
  ["a root of another namespace", '<reginfo xmlns="urn:x" version="0" state="full"/>'],
  ["two roots", `<reginfo ${ROOT}/><reginfo ${ROOT}/>`],
  ["an end that is missing", `<reginfo ${ROOT}>`],
  ["an entity that nobody declared", `<reginfo ${ROOT}>&who;</reginfo>`],
  ["a document type", `<!DOCTYPE reginfo><reginfo ${ROOT}/>`],
  [
    "a bomb of entities",
    `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><reginfo ${ROOT}>&b;</reginfo>`,
  ],
  ["no version", '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" state="full"/>'],
  ["a version below 0", `<reginfo ${ROOT.replace('"0"', '"-1"')}/>`],
  ["a version above 32 bits", `<reginfo ${ROOT.replace('"0"', '"4294967296"')}/>`],
  ["a state of its own", `<reginfo ${ROOT.replace("full", "whole")}/>`],
  ["bytes that are no UTF-8", `<reginfo ${ROOT}>\xff</reginfo>`],
  [
    "257 contacts",
    `<reginfo ${ROOT}><registration aor="a">${"<contact/>".repeat(257)}</registration></reginfo>`,
  ],
  ["65 KiB", `<reginfo ${ROOT}>${" ".repeat(65_536)}</reginfo>`],
];

for (const [what, body] of REFUSED) {
  test(`${what}: refused`, () => assert.equal(readRegInfo(body), undefined));
}

test("256 contacts are read", () => {
  const body = `<reginfo ${ROOT}><registration aor="a">${"<contact/>".repeat(256)}</registration></reginfo>`;
  assert.equal(readRegInfo(body)?.registrations[0]?.contacts.length, 256);
});
