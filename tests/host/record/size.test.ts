// What an hour at rest costs in bytes, as docs/replay.md says: one line, two servers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { OPTIMAL, type Setting } from "../../sim/fixture.ts";
import { recorded } from "./recording.ts";

const HOUR_MS = 3_600_000;
const HOURS = 10;
const PAGE = readFileSync("docs/replay.md", "utf8");

/** Bytes of one hour after the first. */
function hourly(params: Setting): number {
  const lengthOf = (hours: number): number => recorded({ untilMs: hours * HOUR_MS, params }).bytes.length;
  return (lengthOf(1 + HOURS) - lengthOf(1)) / HOURS;
}

const ROWS: readonly [said: RegExp, params: Setting][] = [
  [/([\d,]+) at the defaults/, {}],
  [/([\d,]+) with the keepalives/, { natKeepalive: 15 }],
  [/([\d,]+) at the optimal settings/, OPTIMAL],
];

for (const [said, params] of ROWS) {
  test(`the page is right: ${said.source}`, (t) => {
    const bytes = hourly(params);
    const written = Number(said.exec(PAGE)?.[1]?.replace(",", ""));
    t.diagnostic(`${Math.round(bytes)} bytes an hour`);
    assert.ok(Math.abs(bytes - written) < written / 20, `${bytes} bytes, the page says ${written}`);
  });
}
