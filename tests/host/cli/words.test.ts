// Times and counts as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, count, span, stamp } from "../../../host/cli/words.ts";

const CASES: [string, string][] = [
  [clock(-5), "0 s"],
  [clock(499), "0 s"],
  [clock(59_400), "59 s"],
  [clock(59_500), "1:00"],
  [clock(3_599_000), "59:59"],
  [clock(3_600_000), "1:00:00"],
  [clock(43_200_000), "12:00:00"],
  [span(5), "0.005 s"],
  [span(88_500), "88.5 s"],
  [span(119_999.6), "120 s"],
  [span(43_201_500), "43201.5 s (12:00:02)"],
  [stamp(0), "    0.000"],
  [stamp(272_002), "  272.002"],
  [count(1, "line"), "1 line"],
  [count(2, "line"), "2 lines"],
];

for (const [got, expected] of CASES) {
  test(`"${expected}"`, () => assert.equal(got, expected));
}
