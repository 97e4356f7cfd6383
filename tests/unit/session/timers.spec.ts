// Kinds and owners of timers.

import { TIMERS_COUNT } from "../../../assembly/base/memory";
import { firstDue, setTime, stopAll } from "../../../assembly/base/timer";
import {
  arm,
  countOf,
  isArmed,
  left,
  stop,
  T_LEASE,
  T_LIMIT,
  T_REPEAT,
  T_STOP,
  T_UNTIL,
  timerOf,
} from "../../../assembly/session/timers";

const KINDS: u32 = T_REPEAT + 1;

describe("a timer", () => {
  beforeEach(() => {
    stopAll();
    setTime(1000);
  });

  it("has a kind and an owner, and is no other timer", () => {
    let next: u32 = 0;
    for (let kind: u32 = 0; kind < KINDS; kind++) {
      for (let owner: u32 = 0; owner < countOf(kind); owner++) {
        expect(timerOf(kind, owner)).toBe(next, kind.toString());
        next++;
      }
    }
    expect(next).toBe(TIMERS_COUNT);
  });

  it("runs for its owner alone", () => {
    arm(T_UNTIL, 2, 500);
    expect(isArmed(T_UNTIL, 2)).toBe(true);
    expect(isArmed(T_UNTIL, 1)).toBe(false);
    expect(isArmed(T_UNTIL, 3)).toBe(false);
    setTime(1200);
    expect(left(T_UNTIL, 2)).toBe(300);
    expect(left(T_UNTIL, 1)).toBe(0);
    stop(T_UNTIL, 1);
    expect(isArmed(T_UNTIL, 2)).toBe(true);
    stop(T_UNTIL, 2);
    expect(isArmed(T_UNTIL, 2)).toBe(false);
  });

  it("fires by its kind first, then by its owner", () => {
    arm(T_LEASE, 0, 0);
    arm(T_LIMIT, 7, 0);
    arm(T_LIMIT, 3, 0);
    arm(T_STOP, 0, 0);
    expect(firstDue()).toBe(timerOf(T_STOP, 0));
    stop(T_STOP, 0);
    expect(firstDue()).toBe(timerOf(T_LIMIT, 3));
    stop(T_LIMIT, 3);
    expect(firstDue()).toBe(timerOf(T_LIMIT, 7));
    stop(T_LIMIT, 7);
    expect(firstDue()).toBe(timerOf(T_LEASE, 0));
    stop(T_LEASE, 0);
    expect(firstDue()).toBe(-1);
  });
});
