// The wait before asking again, both bounds of each.

import { RETRY_BASE, RETRY_MAX } from "../../../assembly/generated/params";
import { waitMs } from "../../../assembly/policy/backoff";
import { fresh, set } from "../phone";

// biome-ignore format: a row, a case
const WAITS: StaticArray<u32> = [
  // after the n-th failed round, from ms, to ms: min(1800 s, 30 s * 2^n) * U(0.5, 1)
  1, 30000, 60000,
  2, 60000, 120000,
  3, 120000, 240000,
  4, 240000, 480000,
  5, 480000, 960000,
  6, 900000, 1800000,
  7, 900000, 1800000,
  16, 900000, 1800000,
  17, 900000, 1800000,
  32, 900000, 1800000,
  255, 900000, 1800000,
];

/** Both bounds are kept, and both are nearly reached. */
function expectWaits(n: u32, from: u32, to: u32): void {
  let least: u32 = 0xffffffff;
  let most: u32 = 0;
  for (let i = 0; i < 1000; i++) {
    const ms = waitMs(n);
    least = min(least, ms);
    most = max(most, ms);
  }
  const margin = (to - from) / 50;
  const name = n.toString();
  expect(least >= from).toBe(true, name);
  expect(most <= to).toBe(true, name);
  expect(least < from + margin).toBe(true, name);
  expect(most > to - margin).toBe(true, name);
}

describe("the wait between rounds", () => {
  it("grows with each failed round up to retryMax, half of it at random", () => {
    fresh();
    for (let i = 0; i < WAITS.length; i += 3) expectWaits(WAITS[i], WAITS[i + 1], WAITS[i + 2]);
  });

  it("takes its bounds from the parameters", () => {
    fresh();
    set(RETRY_BASE, 1);
    set(RETRY_MAX, 86400);
    expectWaits(1, 1000, 2000);
    expectWaits(16, 32768000, 65536000);
    expectWaits(255, 32768000, 65536000);
    set(RETRY_BASE, 3600);
    expectWaits(4, 28800000, 57600000);
    expectWaits(255, 43200000, 86400000);
    set(RETRY_MAX, 1);
    expectWaits(1, 500, 1000);
  });

  it("is another one for another device", () => {
    fresh(1);
    const first = waitMs(1);
    fresh(2);
    expect(waitMs(1)).not.toBe(first);
  });
});
