// The messages of RFC 4475 and RFC 5118: each has the verdict that stands beside it, whole, cut and changed.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { RESULTS, readVectors, type Vector } from "./messages.ts";
import { loadWire, type Wire } from "./module.ts";

const VECTORS = readVectors();
const READABLE = VECTORS.filter(({ verdict }) => verdict === "ok");

let wire: Wire;
before(async () => {
  wire = await loadWire();
});

test("every message has the verdict that stands beside it", () => {
  const found = VECTORS.map(({ name, bytes }) => `${name} ${wire.read(bytes)}`);
  assert.deepEqual(
    found,
    VECTORS.map(({ name, verdict }) => `${name} ${RESULTS[verdict]}`),
  );
  assert.equal(VECTORS.length, 49 + 11); // of RFC 4475 and of RFC 5118
});

test("an answer is told from a request", () => {
  const answers = VECTORS.filter(({ bytes }) => wire.read(bytes) === 0 && wire.core.status() !== 0);
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
        assert.equal(wire.read(cut, rest), RESULTS.truncated, `${name} cut at ${length}, then ${rest}`);
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
          assert.ok(Object.values(RESULTS).includes(result), `${result}`);
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
