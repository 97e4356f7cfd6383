// What is left of a binding after a restart, whatever clocks and boots did meanwhile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOf, type Stamp } from "../../../../host/pbx/directory/elapsed.ts";

const NOON_2026 = Date.UTC(2026, 0, 1, 12);

function stamp(wallMs: number, uptimeMs: number, boot = "a"): Stamp {
  return { wallMs, uptimeMs, boot };
}

/** 60 s were left; what is left now? */
const ROWS: readonly [string, Stamp, Stamp, number][] = [
  ["ten seconds later in one boot", stamp(NOON_2026, 1000), stamp(NOON_2026 + 10_000, 11_000), 50_000],
  ["the clock was set from 1970 to today", stamp(5000, 5000), stamp(NOON_2026, 15_000), 50_000],
  ["the clock was set back a year", stamp(NOON_2026, 5000), stamp(NOON_2026 - 3.2e10, 15_000), 50_000],
  ["it lapsed", stamp(NOON_2026, 1000), stamp(NOON_2026 + 60_000, 61_000), 0],
  ["it lapsed long ago", stamp(NOON_2026, 1000), stamp(NOON_2026 + 9e9, 9e9), 0],
  ["a boot that took 20 s", stamp(NOON_2026, 9e9), stamp(NOON_2026 + 20_000, 7000, "b"), 40_000],
  ["a boot into 1970: nobody knows", stamp(NOON_2026, 9e9), stamp(7000, 7000, "b"), 60_000],
  ["a boot out of 1970: nobody knows", stamp(7000, 7000), stamp(NOON_2026, 7000, "b"), 60_000],
  ["two boots in 1970: nobody knows", stamp(7000, 7000), stamp(9000, 9000, "b"), 60_000],
  ["a boot with a clock that went back", stamp(NOON_2026, 9e9), stamp(NOON_2026 - 1, 7000, "b"), 60_000],
  ["no names of boots, so clocks alone", stamp(NOON_2026, 1, ""), stamp(NOON_2026 + 1000, 1, ""), 59_000],
];

for (const [name, written, now, left] of ROWS) {
  test(name, () => assert.equal(leftOf(60_000, written, now), left));
}
