// A proxy that wants credentials before a registrar that wants its own: two askers, each with its nonce.
// RFC 3261 §22.2, §22.3; DESIGN.md D9, D19.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { World } from "../../host/sim/world.ts";
import { DECISIONS, type RunOptions, sameEvents, told, world } from "./fixture.ts";
import { type ProxyOptions, putProxyBefore } from "./proxy.ts";

function play(untilMs: number, proxy: ProxyOptions, options: RunOptions = {}): World {
  const run = world(options);
  for (const name of run.servers.keys()) putProxyBefore(run, name, proxy);
  return run.runTo(untilMs);
}

/** REGISTERs as `at server`, and for each header of credentials whose realm it is and its count. */
function registers(run: World): string[] {
  return run.packets
    .filter(({ from }) => from === "phone")
    .map(({ at, server, bytes }) => ({ at, server, text: new TextDecoder().decode(bytes) }))
    .filter(({ text }) => text.startsWith("REGISTER"))
    .map(({ at, server, text }) => {
      const proofs = [...text.matchAll(/^(Proxy-)?Authorization: .*realm="([^"]*)".*nc=([0-9a-f]{8})/gm)];
      const words = proofs.map(
        ([, kind, realm, nc]) => `${realm}${kind ?? ""}:${Number.parseInt(nc ?? "", 16)}`,
      );
      return [at, server, ...words.sort()].join(" ");
    });
}

test("one after the other: each is answered once, and refreshes carry both with the nonces held", () => {
  const run = play(120_000, {});
  assert.deepEqual(registers(run), [
    "0 primary",
    "0 primary proxyProxy-:1",
    "0 primary proxyProxy-:2 sip.example:1",
    "60000 primary proxyProxy-:3 sip.example:2",
    "120000 primary proxyProxy-:4 sip.example:3",
  ]);
  assert.deepEqual(told(run.events, DECISIONS), ["0 inService primary 6000"]);
});

test("together in one answer: both are answered in the next request", () => {
  const run = play(60_000, { together: true });
  assert.deepEqual(registers(run), [
    "0 primary",
    "0 primary proxyProxy-:1 sip.example:1",
    "60000 primary proxyProxy-:2 sip.example:2",
  ]);
});

test("a stale nonce of the proxy costs one request, and nothing of the registrar's", () => {
  const run = play(60_000, { nonceLifeMs: 30_000 });
  assert.deepEqual(registers(run).slice(3), [
    "60000 primary proxyProxy-:3 sip.example:2",
    "60000 primary proxyProxy-:1 sip.example:3",
  ]);
  assert.deepEqual(told(run.events, ["rejected"]), []);
});

test("a wrong password at the proxy is one wrong answer, and the registrar is never asked", () => {
  const run = play(60_000, { password: "another" });
  assert.deepEqual(registers(run), ["0 primary", "0 primary proxyProxy-:1"]);
  assert.deepEqual(told(run.events, ["rejected"]), ["0 rejected primary 6000 credentials"]);
});

test("a wrong password at the registrar is one wrong answer there", () => {
  const run = play(60_000, {}, { scenario: ["0 primary answers 401 to=REGISTER"] });
  assert.deepEqual(registers(run), [
    "0 primary",
    "0 primary proxyProxy-:1",
    "0 primary proxyProxy-:2 sip.example:1",
  ]);
});

for (const together of [false, true]) {
  test(`an outage behind proxies that ask ${together ? "together" : "first"} takes as long as one without`, () => {
    const run = play(500_000, { together }, { scenario: ["100 primary silent", "400 primary back"] });
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
    const removal = registers(run).filter((line) => line.startsWith("450000 backup1"));
    // Both places of the line are the primary's by then: the removal is challenged anew.
    assert.equal(removal.length, together ? 2 : 3);
  });
}
