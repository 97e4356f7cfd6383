// Servers that change their nonces, list strangers, or have somebody beside them who forges answers. Times are
// those of DESIGN.md "Timelines".

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import { Forger } from "../../host/pbx/forger.ts";
import { fromLatin1, latin1 } from "../../host/sip/message.ts";
import { DECISIONS, sameEvents, sent, sentAt, told, world } from "./fixture.ts";

test("challenges on: a nonce is good for one request, each refresh is asked again", () => {
  const run = world({ scenario: ["0 primary challenges on"] }).runTo(130_000);
  assert.deepEqual(sent(run.packets, /REGISTER/), [
    "0 primary REGISTER 6000 cseq=1 expires=120",
    "0 primary REGISTER 6000 cseq=2 expires=120 auth",
    "60000 primary REGISTER 6000 cseq=3 expires=120 auth",
    "60000 primary REGISTER 6000 cseq=4 expires=120 auth",
    "120000 primary REGISTER 6000 cseq=5 expires=120 auth",
    "120000 primary REGISTER 6000 cseq=6 expires=120 auth",
  ]);
  assert.deepEqual(told(run.events, DECISIONS), ["0 inService primary 6000"]);
});

test("challenges off: one nonce for an hour; a healthy server changes it every five minutes", () => {
  const requests = (scenario: readonly string[]): number =>
    sentAt(world({ scenario }).runTo(3_599_999).packets, /REGISTER/).length;
  assert.equal(requests(["0 primary challenges off"]), 61, "60 REGISTERs, and the first without credentials");
  // Stale at the first refresh more than 300 s after each challenge: every 360 s, nine times.
  assert.equal(requests([]), 70);
});

test("wrong-contact: told, and served all the same", () => {
  const run = world({ scenario: ["50 primary wrong-contact"] }).runTo(119_999);
  assert.deepEqual(told(run.events, ["contactMissing"]), ["60000 contactMissing primary 6000"]);
  assert.equal(run.servers.get("primary")?.table.of("6000", 119_999)[0]?.expiresAt, 180_000);
});

test("forges: T3 stands though each answer comes between two forged ones", () => {
  const scenario = ["0 primary forges", "0 backup1 forges", "100 primary silent", "400 primary back"];
  const run = world({ scenario: [...scenario, "400 primary forges"] }).runTo(520_000);
  sameEvents(told(run.events, DECISIONS), [
    "0 inService primary 6000",
    "122000 serverDown primary timeout",
    "122000 outOfService primary 6000 timeout",
    "122000 warningOn 6000",
    "122000 inService backup1 6000",
    "122000 moved backup1 6000 failover",
    "450000 moved primary 6000 failback",
    "450000 warningOff 6000",
  ]);
  const forged = run.packets.filter(({ isForged }) => isForged).length;
  const refused = [...Array(abi.REFUSED_COUNT).keys()].map((reason) => run.agent.core.refused(reason));
  assert.ok(forged > 20, `${forged}`);
  // What answers an OPTIONS that is not ours may be for the phone's own stack.
  assert.equal(refused.reduce((sum, count) => sum + count) + run.handedBack.length, forged);
});

test("forges: nobody gets a word into a connection", () => {
  const run = world({ params: { transport: "TCP" }, scenario: ["0 primary forges"] }).runTo(100_000);
  assert.equal(run.packets.filter(({ isForged }) => isForged).length, 0);
});

test("every forgery differs from the answer it stands beside, and from the one before", () => {
  const lines = [
    "SIP/2.0 200 OK",
    "Via: SIP/2.0/UDP h;branch=z9hG4bKx",
    "From: <sip:a@b>;tag=t",
    "Call-ID: i",
  ];
  const answer = fromLatin1(`${[...lines, "CSeq: 2 REGISTER", "Content-Length: 0"].join("\r\n")}\r\n\r\n`);
  const forger = new Forger();
  const forged = Array.from({ length: 42 }, () => latin1(forger.forge(answer)));
  assert.ok(!forged.includes(latin1(answer)));
  assert.equal(new Set(forged.slice(0, 7)).size, 7);
  // Four kinds that say something, six words each, and three that say nothing.
  assert.equal(new Set(forged).size, 4 * 6 + 3);
});
