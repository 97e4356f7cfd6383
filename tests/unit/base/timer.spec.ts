import { arm, due, isArmed, isDue, left, soonest, stop, TIMERS_HEAD } from "../../../assembly/base/timer";

const A: u32 = 0;
const B: u32 = 1;
const C: u32 = 2;
const LAST: u32 = 31;
const ALL: u32 = 0xffffffff;
const FOREVER: u32 = 0xffffffff;

const TIMERS: usize = memory.data(4 + 32 * 4, 4);

describe("timers", () => {
  beforeEach(() => {
    memory.fill(TIMERS, 0, TIMERS_HEAD + 32 * 4);
  });

  it("are due at their moment, not a millisecond before", () => {
    arm(TIMERS, A, 1000, 500);
    expect(isDue(TIMERS, A, 1499)).toBe(false);
    expect(left(TIMERS, A, 1499)).toBe(1);
    expect(isDue(TIMERS, A, 1500)).toBe(true);
    expect(left(TIMERS, A, 1500)).toBe(0);
    expect(left(TIMERS, A, 99999)).toBe(0);
  });

  it("run until they are stopped, due or not", () => {
    expect(isArmed(TIMERS, A)).toBe(false);
    arm(TIMERS, A, 0, 10);
    expect(due(TIMERS, ALL, 10)).toBe(A);
    expect(isArmed(TIMERS, A)).toBe(true);
    stop(TIMERS, A);
    expect(isArmed(TIMERS, A)).toBe(false);
    expect(isDue(TIMERS, A, 10)).toBe(false);
    expect(due(TIMERS, ALL, 10)).toBe(-1);
    stop(TIMERS, A);
    expect(isArmed(TIMERS, A)).toBe(false);
  });

  it("move when they are armed again", () => {
    arm(TIMERS, A, 0, 10);
    arm(TIMERS, A, 5, 10);
    expect(isDue(TIMERS, A, 14)).toBe(false);
    expect(isDue(TIMERS, A, 15)).toBe(true);
  });

  it("fire in the order of their numbers, and only those asked for", () => {
    arm(TIMERS, C, 0, 1);
    arm(TIMERS, B, 0, 2);
    arm(TIMERS, LAST, 0, 0);
    expect(due(TIMERS, ALL, 0)).toBe(LAST);
    expect(due(TIMERS, ALL, 1)).toBe(C);
    expect(due(TIMERS, ALL, 2)).toBe(B);
    expect(due(TIMERS, 1 << C, 2)).toBe(C);
    expect(due(TIMERS, 1 << A, 2)).toBe(-1);
    expect(due(TIMERS, 0, 2)).toBe(-1);
  });

  it("have one next wake-up", () => {
    expect(soonest(TIMERS, 0, FOREVER)).toBe(FOREVER);
    arm(TIMERS, A, 0, 300);
    arm(TIMERS, B, 0, 200);
    arm(TIMERS, C, 0, 400);
    expect(soonest(TIMERS, 50, FOREVER)).toBe(150);
    expect(soonest(TIMERS, 50, 149)).toBe(149);
    stop(TIMERS, B);
    expect(soonest(TIMERS, 50, FOREVER)).toBe(250);
    expect(soonest(TIMERS, 301, FOREVER)).toBe(0);
  });

  it("keep their order across the wrap of the clock", () => {
    const before: u32 = 0xffffff00; // 256 ms before the wrap
    arm(TIMERS, A, before, 512);
    arm(TIMERS, B, before, 128);
    expect(left(TIMERS, A, before)).toBe(512);
    expect(due(TIMERS, ALL, before + 127)).toBe(-1);
    expect(due(TIMERS, ALL, before + 128)).toBe(B);
    expect(isDue(TIMERS, A, 0)).toBe(false);
    expect(left(TIMERS, A, 0)).toBe(256);
    expect(isDue(TIMERS, A, 255)).toBe(false);
    expect(isDue(TIMERS, A, 256)).toBe(true);
    expect(isDue(TIMERS, B, 256)).toBe(true);
  });

  it("take the longest delay, and a wake-up that is as late", () => {
    arm(TIMERS, A, 7, 0x7fffffff);
    expect(left(TIMERS, A, 7)).toBe(0x7fffffff);
    expect(isDue(TIMERS, A, 7 + 0x7ffffffe)).toBe(false);
    expect(isDue(TIMERS, A, 7 + 0x7fffffff)).toBe(true);
    arm(TIMERS, A, 7, 0);
    expect(isDue(TIMERS, A, 7 + 0x7fffffff)).toBe(true);
  });

  throws("refuse a delay of 2^31 ms", () => {
    arm(TIMERS, A, 0, 0x80000000);
  });

  throws("end at 32 to an owner", () => {
    arm(TIMERS, 32, 0, 0);
  });
});
