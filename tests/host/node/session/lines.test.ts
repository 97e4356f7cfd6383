// Lines out of pieces, cut anywhere; and what is too much of one.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lines } from "../../../../host/node/session/lines.ts";

function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const rest = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = rest.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

async function read(pieces: Iterable<Uint8Array>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines(streamOf(pieces))) found.push(line);
  return found;
}

test("the same lines, wherever the stream is cut, within a letter too; what has no end is none", async () => {
  const line = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\n"));
  const property = fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (wanted, size) => {
    const bytes = new TextEncoder().encode([...wanted, "torn"].join("\n"));
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    assert.deepEqual(await read(pieces), wanted);
  });
  await fc.assert(property, { numRuns: 200 });
});

test("a line of 32 MB in 512 pieces takes as long as its length, not its square", async () => {
  const piece = new Uint8Array(65_536).fill(120);
  const before = process.cpuUsage();
  const found = await read([...Array(512).fill(piece), new TextEncoder().encode("\n")]);
  assert.deepEqual(
    found.map(({ length }) => length),
    [33_554_432],
  );
  const { user } = process.cpuUsage(before); // what others take of the machine is not in it
  assert.ok(user < 10_000_000, `${user} us`);
});

test("a line without end is given up at 64 Mi characters", async () => {
  let written = 0;
  function* endless(): Generator<Uint8Array> {
    const piece = new Uint8Array(1_048_576).fill(120);
    for (;;) {
      written += piece.length;
      yield piece;
    }
  }
  await assert.rejects(read(endless()), /a line is longer than 67108864 characters/);
  assert.ok(written < 70_000_000, `${written}`);
});
