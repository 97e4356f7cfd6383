// Rounds and the waits between them, both bounds of each.

import { REGISTER_TIMEOUT, RETRY_BASE, RETRY_MAX } from "../../../assembly/generated/params";
import { isQuiet, waitMs } from "../../../assembly/policy/round";
import { line } from "../../../assembly/session/account";
import { SERVED, WAITING } from "../../../assembly/session/states";
import { arm, left, T_REFRESH, T_WAIT } from "../../../assembly/session/timers";
import { answer, begin, fresh, furnish, having, phoneOf, run, servedPhone, set, told } from "../phone";

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

describe("a round", () => {
  it("asks every server once in rank order, then waits", () => {
    phoneOf(3);
    const all = run(10000);
    expect(having(all, "REGISTER")).toBe(
      "0 REGISTER 6000 @0 1\n500 REGISTER 6000 @0 1\n1500 REGISTER 6000 @0 1\n" +
        "2000 REGISTER 6000 @1 1\n2500 REGISTER 6000 @1 1\n3500 REGISTER 6000 @1 1\n" +
        "4000 REGISTER 6000 @2 1\n4500 REGISTER 6000 @2 1\n5500 REGISTER 6000 @2 1\n",
    );
    expect(having(all, "outOfService")).toBe("6000 outOfService 6000 start(1,0)\n");
    expect(line(0).state).toBe(WAITING);
    expect(line(0).rounds).toBe(1);
    expect(left(T_WAIT, 0) >= 26000).toBe(true);
    expect(left(T_WAIT, 0) <= 56000).toBe(true);
  });

  it("is followed by longer and longer waits, and told once", () => {
    phoneOf(1);
    const all = run(600000);
    const moments = having(all, "REGISTER").split("\n");
    let rounds = 0;
    for (let i = 0; i < moments.length; i++) {
      if (moments[i].length === 0) continue;
      rounds++;
    }
    // Three copies each; waits of 30-60, 60-120, 120-240, 240-480 s: rounds 4 or 5.
    expect(rounds % 3).toBe(0);
    expect(rounds >= 12).toBe(true);
    expect(rounds <= 15).toBe(true);
    expect(having(all, "outOfService")).toBe("2000 outOfService 6000 start(1,0)\n");
  });

  it("counts no further than 255", () => {
    phoneOf(1);
    told();
    line(0).rounds = 255;
    run(3000);
    expect(line(0).state).toBe(WAITING);
    expect(line(0).rounds).toBe(255);
    expect(left(T_WAIT, 0) <= 1800000).toBe(true);
  });

  it("asks who is left out for a while earlier, unless a time was named", () => {
    phoneOf(1);
    told();
    answer(0, "500 Oops");
    told();
    expect(line(0).rounds).toBe(1);
    const again = having(run(61000), "REGISTER");
    expect(again.length).toBeGreaterThan(0); // after 30-60 s, long before lineCool
    phoneOf(1);
    told();
    answer(0, "500 Oops", "Retry-After: 200\r\n");
    expect(having(run(199999), "REGISTER")).toBe("");
    expect(having(run(1), "REGISTER")).toBe("200000 REGISTER 6000 @0 2\n");
  });

  it("rests where the primary has rejected the account", () => {
    fresh();
    furnish();
    set(REGISTER_TIMEOUT, 2000);
    begin();
    told();
    answer(0, "403 No");
    const all = run(1000000);
    expect(having(all, "REGISTER")).toBe("");
    expect(having(all, "resting").length).toBeGreaterThan(0);
    expect(having(all, "outOfService")).toBe("");
  });
});

describe("a quiet line", () => {
  it("is in service and knows when to refresh", () => {
    servedPhone();
    expect(line(0).state).toBe(SERVED);
    expect(isQuiet(0)).toBe(true);
    arm(T_REFRESH, 0, 5);
    line(0).state = WAITING;
    expect(isQuiet(0)).toBe(false);
  });
});
