// Rounds: who is asked in which order, and what comes between.

import { REGISTER_TIMEOUT } from "../../../assembly/generated/params";
import { isQuiet } from "../../../assembly/policy/round";
import { line } from "../../../assembly/session/account";
import { SERVED, WAITING } from "../../../assembly/session/states";
import { arm, left, T_REFRESH, T_WAIT } from "../../../assembly/session/timers";
import { answer, begin, fresh, furnish, having, phoneOf, run, servedPhone, set, told } from "../phone";

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
