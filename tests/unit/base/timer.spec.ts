// Deadlines, one next wake-up, and a clock that wraps.

import { TIMERS_COUNT } from "../../../assembly/base/memory";
import {
  arm,
  firstDue,
  isArmed,
  lateMs,
  left,
  nextMs,
  now,
  pass,
  setTime,
  stop,
  stopAll,
} from "../../../assembly/base/timer";

const A: u32 = 0;
const B: u32 = 1;
const LAST: u32 = TIMERS_COUNT - 1;
const NEVER: u32 = 0xffffffff;

describe("timers", () => {
  beforeEach(() => {
    stopAll();
    setTime(1000);
  });

  it("are due at their moment, not a millisecond before", () => {
    arm(A, 500);
    setTime(1499);
    expect(firstDue()).toBe(-1);
    expect(left(A)).toBe(1);
    expect(lateMs(A)).toBe(-1);
    setTime(1500);
    expect(firstDue()).toBe(A);
    expect(left(A)).toBe(0);
    setTime(99999);
    expect(left(A)).toBe(0);
    expect(lateMs(A)).toBe(98499);
  });

  it("run until they are stopped, due or not", () => {
    expect(isArmed(A)).toBe(false);
    arm(A, 0);
    expect(firstDue()).toBe(A);
    expect(isArmed(A)).toBe(true);
    stop(A);
    stop(A);
    expect(isArmed(A)).toBe(false);
    expect(firstDue()).toBe(-1);
  });

  it("have no time left when they do not run", () => {
    expect(left(B)).toBe(0);
  });

  it("move when they are armed again", () => {
    arm(A, 10);
    setTime(1005);
    arm(A, 10);
    setTime(1014);
    expect(firstDue()).toBe(-1);
    setTime(1015);
    expect(firstDue()).toBe(A);
  });

  it("fire in the order of their numbers", () => {
    arm(LAST, 0);
    arm(B, 1);
    expect(firstDue()).toBe(LAST);
    setTime(1001);
    expect(firstDue()).toBe(B);
  });

  it("have one next wake-up", () => {
    expect(nextMs()).toBe(NEVER);
    arm(A, 300);
    arm(B, 200);
    expect(nextMs()).toBe(200);
    setTime(1250);
    expect(nextMs()).toBe(0);
    stop(B);
    expect(nextMs()).toBe(50);
  });

  it("do not notice that the clock wraps", () => {
    setTime(0xfffffff0);
    arm(A, 32);
    expect(left(A)).toBe(32);
    setTime(0xffffffff);
    expect(left(A)).toBe(17);
    setTime(15);
    expect(firstDue()).toBe(-1);
    expect(left(A)).toBe(1);
    setTime(16);
    expect(firstDue()).toBe(A);
  });

  it("take the longest delay, and no longer one", () => {
    arm(A, 0x7fffffff);
    expect(left(A)).toBe(0x7fffffff);
    expect(() => {
      arm(B, 0x80000000);
    }).toThrow();
    expect(() => {
      arm(TIMERS_COUNT, 1);
    }).toThrow();
  });
});

describe("the clock", () => {
  it("goes forward only", () => {
    setTime(500);
    pass(499);
    expect(now()).toBe(500);
    pass(501);
    expect(now()).toBe(501);
  });

  it("takes a wrap for the way forward", () => {
    setTime(0xffffffff);
    pass(3);
    expect(now()).toBe(3);
  });
});
