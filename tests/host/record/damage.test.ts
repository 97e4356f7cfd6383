// A recording that ends anywhere, or was changed anywhere: what is whole is replayed, and the rest is told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NoRecording, Reader } from "../../../host/record/reader.ts";
import { OPTIMAL } from "../../sim/fixture.ts";
import { forged, recorded, replayed } from "./recording.ts";

const RUN = recorded({ untilMs: 30_000, params: OPTIMAL, scenario: ["0 primary silent"] }).bytes;
/** What is about reading only leaves the parameters out, and is over sooner. */
const WHOLE = forged(linesOf(RUN).filter((line) => !line.includes(" setParam ")));
const LINES = linesOf(WHOLE);
const LINE_END = 0x0a;
const FIRST = "standfast recording 1\n".length;

function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder().decode(bytes).split("\n").slice(0, -1);
}

function lineEndsIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + (byte === LINE_END ? 1 : 0), 0);
}

/** How many records there are, and why no more. */
function read(bytes: Uint8Array): { readonly records: number; readonly reader: Reader } {
  const reader = new Reader(bytes);
  let records = 0;
  while (reader.next() !== undefined) records++;
  return { records, reader };
}

function withLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

test("cut at every byte, it is read up to the last whole line, and says that it is cut", () => {
  for (let length = 0; length < WHOLE.length; length++) {
    const { records, reader } = read(WHOLE.subarray(0, length));
    assert.deepEqual(reader.ending, { kind: "cut" }, `${length} bytes`);
    assert.equal(records, Math.max(0, lineEndsIn(WHOLE.subarray(0, length)) - 1), `${length} bytes`);
  }
  assert.deepEqual(read(WHOLE).reader.ending, { kind: "whole" });
});

test("cut in each of its lines and between them, it replays up to there", () => {
  const lines = linesOf(RUN);
  let end = 0;
  for (const [index, line] of lines.entries()) {
    end += line.length + 1;
    for (const length of [end - 1, end]) {
      if (length === RUN.length) break;
      const { difference, ending, inputs } = replayed(RUN.subarray(0, length));
      assert.deepEqual([difference, ending], [undefined, { kind: "cut" }], `${length} bytes`);
      const whole = lines.slice(0, length === end ? index + 1 : index);
      assert.equal(inputs, whole.filter((it) => / > /.test(it)).length, `${length} bytes`);
    }
  }
});

/** A byte in a line or its end, changed by one bit, by its case, and into something else altogether. */
const CHANGES = [0x01, 0x20, 0x80, 0xff];

test("every byte that is changed is noticed, in its line and at its place", () => {
  for (let at = FIRST; at < WHOLE.length; at++) {
    const line = lineEndsIn(WHOLE.subarray(0, at)) + 1;
    const wasEnd = at === WHOLE.length - 1;
    const begin = WHOLE.lastIndexOf(LINE_END, at - 1) + 1;
    for (const change of CHANGES) {
      const changed = Uint8Array.from(WHOLE);
      changed[at] = (changed[at] ?? 0) ^ change;
      const { records, reader } = read(changed);
      assert.deepEqual(
        reader.ending,
        wasEnd ? { kind: "cut" } : { kind: "damaged", line, at: begin },
        `byte ${at}`,
      );
      assert.equal(records, line - 2, `byte ${at}`);
    }
  }
});

test("a first line that is changed is refused in words", () => {
  for (let at = 0; at < FIRST - 1; at++) {
    const changed = Uint8Array.from(WHOLE);
    changed[at] = (changed[at] ?? 0) ^ 0x01;
    const words =
      at === FIRST - 2
        ? /its format is 0, this program reads 1; use the version/
        : /no recording of standfast/;
    assert.throws(() => new Reader(changed), words);
  }
  assert.throws(() => new Reader(new TextEncoder().encode("standfast recording 2\n")), NoRecording);
  assert.throws(() => new Reader(new TextEncoder().encode("#!/bin/sh\n")), /no recording of standfast/);
});

test("a line that is lost, doubled or exchanged is noticed where it happened", () => {
  for (let at = 1; at < LINES.length - 1; at++) {
    const line = LINES[at] as string;
    const others: readonly (readonly string[])[] = [
      [...LINES.slice(0, at), ...LINES.slice(at + 1)],
      [...LINES.slice(0, at + 1), line, ...LINES.slice(at + 1)],
    ];
    for (const [index, lines] of others.entries()) {
      const { reader } = read(withLines(lines));
      assert.equal(reader.ending?.kind, "damaged");
      assert.equal(reader.ending.line, at + 1 + index, `line ${at + 1}`);
    }
  }
});

test("what follows the end is no part of it", () => {
  const { records, reader } = read(withLines([...LINES, LINES.at(-1) as string]));
  assert.equal(records, LINES.length - 1);
  assert.deepEqual(reader.ending, { kind: "damaged", line: LINES.length + 1, at: WHOLE.length });
});
