// What is masked is gone, and the core makes the same of what is left.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OUT_SLEEP, OUT_STOPPED } from "../../../assembly/abi.ts";
import { INPUT_MAX } from "../../../host/core/core.ts";
import type { CoreExports } from "../../../host/core/load.ts";
import { masked } from "../../../host/record/mask.ts";
import { outputText } from "../../../host/record/output.ts";
import { Recorder } from "../../../host/record/recorder.ts";
import { world } from "../../sim/fixture.ts";
import { generated } from "../../vectors/generate.ts";
import { readVectors } from "../../vectors/messages.ts";
import { recorded } from "./recording.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** A head line, and what a recording has of it. */
const LINES: readonly [line: string, kept: string][] = [
  [
    'Authorization: Digest username="6000", nonce="n1", cnonce="c1", response="0f1e2d3c", uri="sip:a"',
    'Authorization: Digest username="6000", nonce="n1", cnonce="c1", response="00000000", uri="sip:a"',
  ],
  ["proxy-authorization:digest RESPONSE=abc,nc=1", "proxy-authorization:digest RESPONSE=000,nc=1"],
  ['Authorization: Digest\r\n response = \r\n "ab"', 'Authorization: Digest\r\n response = \r\n "00"'],
  ['Authorization: Digest response="ab', 'Authorization: Digest response="00'],
  ['Authentication-Info: rspauth="ab", nextnonce="n2"', 'Authentication-Info: rspauth="00", nextnonce="n2"'],
  ["Authorization: Basic dXNlcjpwYXNz==", "Authorization: Basic 000000000000=="],
  [
    "Authorization: Bearer a.b-c_d\r\n eyJ0\r\nTo: <sip:bearer@x>",
    "Authorization: Bearer 0.0-0_0\r\n 0000\r\nTo: <sip:bearer@x>",
  ],
  ['WWW-Authenticate: Digest realm="r", nonce="n"', 'WWW-Authenticate: Digest realm="r", nonce="n"'],
  ["Subject: a response=", "Subject: a response="],
];

for (const [line, kept] of LINES) {
  test(`${JSON.stringify(line)} becomes ${JSON.stringify(kept)}`, () => {
    const whole = (head: string, body: string): string => `OPTIONS sip:a SIP/2.0\r\n${head}\r\n\r\n${body}`;
    assert.equal(textOf(masked(bytesOf(whole(line, "inline:key")))), whole(kept, ".........."));
    assert.equal(textOf(masked(bytesOf(`\r\n\r\n${whole(line, "")}`))), `\r\n\r\n${whole(kept, "")}`);
  });
}

/** The module under a phone that is in service. */
function inService(): CoreExports {
  const kept: CoreExports[] = [];
  const wrap = (exports: CoreExports): CoreExports => {
    kept.push(exports);
    return exports;
  };
  world({ wrap, params: { answerOptions: true, requestUserCheck: false } }).runTo(NOW);
  return kept[0] as CoreExports;
}

const NOW = 1000;

/** What comes of a datagram from the primary. */
function made(core: CoreExports, bytes: Uint8Array): string[] {
  const input = new Uint8Array(core.memory.buffer, core.buffer() >>> 0, INPUT_MAX);
  input.set(bytes.subarray(0, INPUT_MAX));
  const all = [`${core.receive(0, bytes.length, NOW)}`];
  for (let kind = -1; kind !== OUT_SLEEP && kind !== OUT_STOPPED; ) {
    kind = core.poll();
    all.push(outputText(core, kind));
  }
  return all;
}

function assertAlike(plain: CoreExports, other: CoreExports, bytes: Uint8Array): void {
  const hidden = masked(bytes);
  assert.equal(hidden.length, bytes.length);
  assert.deepEqual(made(other, hidden), made(plain, bytes), textOf(bytes));
}

test("the core makes the same of every torture message, whole, cut and with other bytes in it", () => {
  const [plain, other] = [inService(), inService()];
  for (const { bytes } of readVectors()) {
    assertAlike(plain, other, bytes);
    for (let cut = 1; cut < bytes.length; cut += 7) assertAlike(plain, other, bytes.subarray(0, cut));
    for (let at = 0; at < bytes.length; at += 11) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x22;
      assertAlike(plain, other, changed);
    }
  }
});

test("and of drawn messages that carry credentials", () => {
  const [plain, other] = [inService(), inService()];
  const anywhere = fc.nat({ max: 10 });
  const line = fc.constantFrom(...LINES.map(([head]) => head));
  fc.assert(
    fc.property(generated, line, anywhere, ({ text }, credentials, place) => {
      const lines = text.split("\r\n");
      lines.splice(1 + (place % lines.length), 0, credentials);
      assertAlike(plain, other, bytesOf(lines.join("\r\n")));
    }),
    { numRuns: 1500 },
  );
});

test("no response that was sent and no password stands in a recording", () => {
  const scenario = ["100 primary silent", "400 primary back"];
  const { bytes, world: played } = recorded({
    scenario,
    untilMs: 1_000_000,
    params: { registerRefreshInterval: 120 },
  });
  const text = textOf(bytes);
  const responses = played.packets.flatMap(
    ({ bytes: sent }) => /response="(\w+)"/.exec(textOf(sent))?.[1] ?? [],
  );
  assert.ok(new Set(responses).size >= 10, `${responses.length} responses`);
  assert.deepEqual(
    responses.filter((response) => text.includes(response)),
    [],
  );
  assert.equal(/secret-\d/.test(text), false);
  assert.ok(text.includes("> setText 3 0 0 *\n"));
});

test("credentials that are given later are masked too", () => {
  let text = "";
  const recorder = new Recorder({
    about: () => ({ module: "", abi: 1, program: "", date: "", limits: [8, 4], servers: [], lines: [] }),
    write: (piece) => {
      text += piece;
    },
  });
  const it = world({ wrap: recorder.wrap }).runTo(NOW);
  const held = { account: "other", password: "brand new" };
  it.agent.feed({ kind: "credentials", line: "6000", server: "backup1", held }, NOW);
  assert.match(text, /> setText 2 0 1 other\n.*> setText 3 0 1 \*\n.*> command 10 0 1\n/);
  assert.equal(text.includes("brand"), false);
});
