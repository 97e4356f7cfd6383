// Streams cut into messages: at every byte, in pieces of any size, with keepalives and with what is no SIP.
// RFC 3261 §18.3, §7.5, RFC 5626 §4.4.1.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import * as abi from "../../assembly/abi.ts";
import { Core, INPUT_MAX } from "../../host/core/core.ts";
import { instantiate } from "../../host/core/load.ts";
import { module } from "../sim/fixture.ts";
import { loadWire, type Wire } from "./module.ts";

const MALFORMED = abi.REFUSED_BASE - abi.R_MALFORMED;
const TRUNCATED = abi.REFUSED_BASE - abi.R_TRUNCATED;
const OVERSIZED = abi.REFUSED_BASE - abi.R_OVERSIZED;

const core = new Core(instantiate(module()));
let wire: Wire;
before(async () => {
  wire = await loadWire();
});

const HEAD = [
  "SIP/2.0 200 OK",
  "Via: SIP/2.0/TCP h;branch=z9hG4bK1",
  "From: <sip:a@b>;tag=1",
  "To: <sip:a@b>",
  "Call-ID: 1",
  "CSeq: 1 OPTIONS",
].join("\r\n");

function messageOf(length: string, body = ""): string {
  return `${HEAD}\r\n${length === "" ? "" : `${length}\r\n`}\r\n${body}`;
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function frame(stream: Uint8Array): number {
  return core.frame(stream.subarray(0, INPUT_MAX));
}

/** The units of a stream as a host finds them, which gets it in pieces; a number ends it: the refusal. */
function unitsOf(pieces: Iterable<Uint8Array>): (string | number)[] {
  const units: (string | number)[] = [];
  let held = Buffer.alloc(0);
  for (const piece of pieces) {
    held = Buffer.concat([held, piece]);
    for (let size = frame(held); size !== 0 && size <= held.length; size = frame(held)) {
      if (size < 0) return [...units, size];
      units.push(held.toString("latin1", 0, size));
      held = held.subarray(size);
    }
  }
  return held.length === 0 ? units : [...units, `rest: ${held.toString("latin1")}`];
}

/** A stream, and the units it was put together from. */
const units = fc.array(
  fc.oneof(
    fc.constant("\r\n"),
    fc
      .record({
        name: fc.constantFrom("Content-Length", "l", "L", "cONTENT-lENGTH"),
        colon: fc.constantFrom(":", ": ", " :", "\t: \t", ":\r\n ", ": \r\n\t "),
        zeros: fc.constantFrom("", "", "000"),
        last: fc.boolean(),
        body: fc.oneof(
          fc.constantFrom("", "\r\n", "\r\n\r\n", messageOf("l: 3", "abc"), "\0\xff\r", "x".repeat(3000)),
          fc.string({ unit: "binary-ascii", maxLength: 40 }),
        ),
      })
      .map(({ name, colon, zeros, last, body }) => {
        const length = `${name}${colon}${zeros}${body.length}`;
        return last ? messageOf(length, body) : messageOf(`${length}\r\nX-More: l: 7`, body);
      }),
  ),
  { minLength: 1, maxLength: 6 },
);

test("a stream is cut where its messages end, in pieces of any size", () => {
  fc.assert(
    fc.property(units, fc.infiniteStream(fc.integer({ min: 1, max: 900 })), (expected, sizes) => {
      const stream = bytesOf(expected.join(""));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < stream.length; ) {
        const size = sizes.next().value;
        pieces.push(stream.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual(unitsOf([stream]), expected);
      assert.deepEqual(unitsOf(pieces), expected);
    }),
    { numRuns: 300 },
  );
});

test("a stream is cut alike when it comes in two pieces, wherever they part, and byte by byte", () => {
  const expected = [
    "\r\n",
    "\r\n",
    messageOf("Content-Length: 0"),
    messageOf("l\t:\r\n 5", "a\r\n\r\n"),
    "\r\n",
    messageOf("CONTENT-LENGTH:0021", "SIP/2.0 200 OK\r\n\r\nabc"),
    "\r\n",
  ];
  const stream = bytesOf(expected.join(""));
  for (let cut = 0; cut <= stream.length; cut++) {
    assert.deepEqual(unitsOf([stream.subarray(0, cut), stream.subarray(cut)]), expected, `cut at ${cut}`);
  }
  assert.deepEqual(unitsOf([...stream].map((byte) => Uint8Array.of(byte))), expected);
});

/** Length headers, and what a stream that has them comes to: a size of head and body, or a refusal. */
const LENGTHS: readonly (readonly [string, number])[] = [
  ["l: 0", 0],
  ["Content-Length: 65535", 65_535], // larger than the buffer: the host collects it, and receive() refuses it
  ["Content-Length: 65536", MALFORMED],
  ["", MALFORMED],
  ["Content-Length:", MALFORMED],
  ["Content-Length: -1", MALFORMED],
  ["Content-Length: +1", MALFORMED],
  ["Content-Length: 1 2", MALFORMED],
  ["Content-Length: 1;x", MALFORMED],
  ["Content-Length: 0x10", MALFORMED],
  ["Content-Length: 4294967295", MALFORMED],
  ["Content-Length: 4294967296", MALFORMED],
  ["Content-Length: 18446744073709551617", MALFORMED],
  ["Content-Length: 3\r\nl: 4", MALFORMED],
  ["l: 3\r\nContent-Length: 3", MALFORMED],
  ["Content-Length: 3, 3", MALFORMED],
  ["Content-Length 3", MALFORMED],
];

test("a length that cannot be known ends the stream, at the same byte however it comes", () => {
  for (const [length, expected] of LENGTHS) {
    const stream = bytesOf(messageOf(length));
    const size = expected < 0 ? expected : stream.length + expected;
    assert.equal(frame(stream), size, length);
    assert.equal(decided(bytesOf(messageOf(length, messageOf("l: 0")))), size, length);
  }
});

test("headers may take 2048 bytes, and not one more", () => {
  const rest = messageOf("l: 4\r\nX: ").length;
  const filled = (size: number) => messageOf(`l: 4\r\nX: ${"x".repeat(size - rest)}`, "body");
  assert.equal(decided(bytesOf(filled(2048))), 2052);
  assert.equal(decided(bytesOf(filled(2049))), OVERSIZED);
  assert.equal(decided(bytesOf("x".repeat(5000))), OVERSIZED);
});

/** What frame() says of every beginning of a stream: nothing yet, and then one thing, whatever comes behind. */
function decided(stream: Uint8Array): number {
  let said = 0;
  for (let length = 0; length <= Math.min(stream.length, INPUT_MAX); length++) {
    const now = core.frame(stream.subarray(0, length));
    assert.ok(said === 0 || now === said, `${said}, and ${now} of ${length} bytes`);
    said = now;
  }
  return said;
}

/** Bytes put in place of others. */
const damage = fc.record({
  at: fc.nat(),
  removed: fc.nat({ max: 4 }),
  added: fc.oneof(
    fc.string({ unit: "binary-ascii", maxLength: 3 }),
    fc.constantFrom("\r", "\n", "\r\n", "\r\n\r\n", "l: 1\r\n", " ", "\r\n ", ":"),
  ),
});

test("what was said of a damaged stream stays said, and a message that is whole is no piece to the reader", () => {
  fc.assert(
    fc.property(units, fc.array(damage, { minLength: 1, maxLength: 3 }), (parts, damages) => {
      let text = parts.join("").slice(0, 1500);
      for (const { at, removed, added } of damages) {
        const from = at % (text.length + 1);
        text = text.slice(0, from) + added + text.slice(from + removed);
      }
      const stream = bytesOf(text);
      const size = decided(stream);
      if (size <= 2 || size > Math.min(stream.length, INPUT_MAX)) return;
      assert.notEqual(wire.read(stream.subarray(0, size)), TRUNCATED);
    }),
    { numRuns: 300 },
  );
});
