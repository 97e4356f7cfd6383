// The file of an earlier version is still read: what a recording is does not change.
//
// golden.rec was written once and is never renewed. Its module is another one by now, so only this is asked: it is
// read to its end, its head says what it said, and every call up to the start is taken as it was.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readHead } from "../../../host/record/head.ts";
import { Reader } from "../../../host/record/reader.ts";
import { replay } from "../../../host/record/replay.ts";
import { module } from "../../sim/fixture.ts";

const BYTES = readFileSync("tests/host/record/golden.rec");

/** What format 1 holds, as far as this run needed it. */
const KINDS = [
  ...[
    "# abi",
    "# boot",
    "# clock",
    "# date",
    "# end",
    "# limits",
    "# line",
    "# module",
    "# program",
    "# server",
  ],
  ...["< event", "< field", "< flow", "< send", "< sleep", "< stopped"],
  ...[
    "> command",
    "> flow",
    "> receive",
    "> setParam",
    "> setSeed",
    "> setServer",
    "> setText",
    "> start",
    "> wake",
  ],
];

test("its head is read", () => {
  assert.deepEqual(readHead(new Reader(BYTES)), {
    module: "3322e68168e044feb0fc97db749a6d6bd821ee202f0f382ab430f9a4881df653",
    abi: 1,
    program: "0.1.0",
    date: "1970-01-01T00:00:00.000Z",
    limits: [8, 4],
    servers: ["primary", "backup1"],
    lines: ["6000"],
  });
});

test("it is read to its end, record by record", () => {
  const reader = new Reader(BYTES);
  const kinds = new Set<string>();
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    kinds.add(entry.text.split(" ").slice(0, 2).join(" "));
  }
  assert.deepEqual(reader.ending, { kind: "whole" });
  assert.deepEqual([...kinds].sort(), KINDS);
});

test("the module of today takes the configuration of then", () => {
  const reader = new Reader(BYTES);
  const about = readHead(reader);
  assert.ok(about);
  const { difference, inputs } = replay({ reader, about, module: module() });
  const [before = ""] = BYTES.toString("latin1").split(" > start\n", 1);
  const start = before.split("\n").length;
  assert.ok(inputs > 60, `${inputs} inputs`);
  assert.ok((difference?.line ?? Number.POSITIVE_INFINITY) > start, JSON.stringify(difference));
});
