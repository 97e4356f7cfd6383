// The messages of RFC 4475 and RFC 5118: each has the verdict of docs/torture.md, whole, cut and changed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import fc from "fast-check";
import * as abi from "../../assembly/abi.ts";
import { INPUT_MAX } from "../../host/core/core.ts";
import { refusalName } from "../../host/core/results.ts";
import { world } from "../sim/fixture.ts";
import { readVectors, type Vector } from "./messages.ts";
import { loadWire, type Wire } from "./module.ts";

const VECTORS = readVectors();
const FITTING = VECTORS.filter(({ bytes }) => bytes.length <= INPUT_MAX);
const READABLE = FITTING.filter(({ verdict }) => !verdict.startsWith("refused"));

const MALFORMED = abi.REFUSED_BASE - abi.R_MALFORMED;
const TRUNCATED = abi.REFUSED_BASE - abi.R_TRUNCATED;

let wire: Wire;
before(async () => {
  wire = await loadWire();
});

test("all messages are there, and those of RFC 4475 are the bytes of its archive", () => {
  const count = (of: string) => VECTORS.filter(({ rfc }) => rfc === of).length;
  assert.deepEqual([count("4475"), count("5118"), VECTORS.length], [49, 12, 61]);
  assert.equal(new Set(VECTORS.map(({ name }) => name)).size, 61);
  const digest = createHash("sha256");
  for (const { rfc, bytes } of VECTORS) if (rfc === "4475") digest.update(bytes);
  assert.equal(digest.digest("hex"), "b24878056b0a361ed187ee3649973fbc153be07370925a38cd30011786b66b48");
});

test("the shipped module gives every message the verdict that docs/torture.md explains", () => {
  const found = VECTORS.map(({ name, bytes }) => `${name}: ${verdictOf(bytes)}`);
  assert.deepEqual(
    found,
    VECTORS.map(({ name, verdict }) => `${name}: ${verdict}`),
  );
});

test("baddn with its empty line is answered, as its row says", () => {
  const baddn = VECTORS.find(({ name }) => name === "baddn")?.bytes ?? new Uint8Array();
  assert.equal(verdictOf(Buffer.concat([baddn, Buffer.from("\r\n")])), "answered 200");
});

/** What a phone in service does with a datagram from its primary; nothing else may come of it. */
function verdictOf(datagram: Uint8Array): string {
  const params = { answerOptions: true, requestUserCheck: false };
  const { core } = world({ params }).runTo(10_000).agent;
  const result = core.receive(0, datagram, 10_000);
  const output = core.poll();
  if (result === abi.OK && output.kind === "send") {
    return `answered ${Buffer.from(output.bytes).toString().slice(8, 11)}`;
  }
  if (result === abi.NOT_MINE && output.kind === "sleep") return "handed back";
  if (result <= abi.REFUSED_BASE && output.kind === "event") {
    return `refused: ${refusalName(abi.REFUSED_BASE - result)}`;
  }
  return `${result}, then ${output.kind}`;
}

test("an answer is told from a request", () => {
  const answers = FITTING.filter(({ bytes }) => wire.read(bytes) === 0 && wire.core.status() !== 0);
  assert.deepEqual(
    answers.map(({ name }) => name),
    ["unreason", "noreason", "bcast"],
  );
});

test("a message cut inside its headers is truncated, whatever lies behind the cut", () => {
  for (const { name, bytes } of READABLE) {
    const headersEnd = Buffer.from(bytes).indexOf("\r\n\r\n") + 4;
    for (let length = 0; length < headersEnd; length++) {
      const cut = bytes.subarray(0, length);
      for (const rest of [0x00, 0x0a, 0x20, 0x22, 0x3e]) {
        assert.equal(wire.read(cut, rest), TRUNCATED, `${name} cut at ${length}, then ${rest}`);
      }
    }
  }
});

/** One change of a message: bytes at a place replaced by others. */
const change = fc.record({
  at: fc.nat(),
  removed: fc.nat({ max: 8 }),
  added: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom(...['"', "<", ">", ",", ";", "=", "\\", "\r\n", "\r\n ", ":", "\0", "%", "@", "["])
      .map(bytesOf),
    fc
      .constantFrom(
        "Contact: ",
        "v: ",
        ';sf="',
        ";expires=",
        "WWW-Authenticate: Digest ",
        'nonce="',
        ";q=",
        "sip:",
      )
      .map(bytesOf),
  ),
});

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

function changed(
  { bytes }: Vector,
  changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
) {
  let result: Uint8Array = bytes;
  for (const { at, removed, added } of changes) {
    const from = at % (result.length + 1);
    result = Buffer.concat([result.subarray(0, from), added, result.subarray(from + removed)]);
  }
  return result.subarray(0, 2048);
}

test("no change makes the reader trap, or look behind the end of the datagram", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...VECTORS),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (vector, changes) => {
        const datagram = changed(vector, changes);
        wire.clear();
        const text = wire.put(Buffer.from("user"));
        const readings = [0x00, 0x22, 0x30].map((rest) => {
          const result = wire.read(datagram, rest);
          assert.ok([0, MALFORMED, TRUNCATED].includes(result), `${result}`);
          if (result !== 0) return `${result}`;
          wire.core.forget();
          return `${wire.core.fingerprint()} ${wire.core.readOn(text, 4)}`;
        });
        assert.deepEqual([readings[1], readings[2]], [readings[0], readings[0]]);
      },
    ),
    { numRuns: 5000 },
  );
});
