// The record of an event, and the queue they wait in.

import { EV_MOVED, EV_RESTING, EV_SERVER_UP, RULE_DAMPING, RULE_STATUS } from "../../../assembly/abi";
import { EVENTS } from "../../../assembly/base/memory";
import { setTime } from "../../../assembly/base/timer";
import {
  because,
  becauseOf,
  Event,
  takeEvent,
  tell,
  tellLine,
  tellServer,
} from "../../../assembly/policy/decision";
import { fresh } from "../phone";

function take(): Event {
  const at = takeEvent();
  assert(at !== 0, "an event");
  return changetype<Event>(at);
}

describe("an event", () => {
  beforeEach(() => {
    fresh();
  });

  it("lies as ABI.md promises", () => {
    expect(offsetof<Event>()).toBe(24);
    expect(offsetof<Event>("type")).toBe(0);
    expect(offsetof<Event>("server")).toBe(1);
    expect(offsetof<Event>("rule")).toBe(2);
    expect(offsetof<Event>("next")).toBe(3);
    expect(offsetof<Event>("line")).toBe(4);
    expect(offsetof<Event>("status")).toBe(6);
    expect(offsetof<Event>("at")).toBe(8);
    expect(offsetof<Event>("a")).toBe(12);
    expect(offsetof<Event>("b")).toBe(16);
    expect(offsetof<Event>("nextMs")).toBe(20);
  });

  it("says when, who, what and why", () => {
    setTime(1234);
    becauseOf(RULE_STATUS, 403, 7, 9);
    tell(EV_MOVED, 3, 1);
    const event = take();
    expect(event.type).toBe(3);
    expect(event.line).toBe(3);
    expect(event.server).toBe(1);
    expect(event.rule).toBe(5);
    expect(event.status).toBe(403);
    expect(event.a).toBe(7);
    expect(event.b).toBe(9);
    expect(event.at).toBe(1234);
  });

  it("may concern no line, or no server", () => {
    tellServer(EV_SERVER_UP, 2);
    tellLine(EV_RESTING, 5);
    const first = take();
    expect(first.line).toBe(65535);
    expect(first.server).toBe(2);
    const second = take();
    expect(second.line).toBe(5);
    expect(second.server).toBe(255);
  });

  it("carries the cause that was named last, without the status of an earlier one", () => {
    becauseOf(RULE_STATUS, 503, 1, 2);
    because(RULE_DAMPING, 3000, 2500);
    tellLine(EV_RESTING, 0);
    tellLine(EV_RESTING, 1);
    for (let i = 0; i < 2; i++) {
      const event = take();
      expect(event.rule).toBe(10);
      expect(event.status).toBe(0);
      expect(event.a).toBe(3000);
      expect(event.b).toBe(2500);
    }
  });
});

describe("the queue of events", () => {
  beforeEach(() => {
    fresh();
  });

  it("is read in the order of telling", () => {
    for (let round: u32 = 0; round < 5; round++) {
      for (let i: u32 = 0; i < 40; i++) tellLine(EV_RESTING, 40 * round + i);
      for (let i: u32 = 0; i < 40; i++) expect(take().line).toBe(<u16>(40 * round + i));
      expect(takeEvent()).toBe(0);
    }
  });

  it("goes on for ever", () => {
    for (let i: u32 = 0; i < 200000; i++) {
      tellLine(EV_RESTING, i & 0xff);
      if (take().line !== <u16>(i & 0xff)) expect(i).toBe(-1);
    }
    expect(takeEvent()).toBe(0);
  });

  it("holds the most that one input can cause, and not one more", () => {
    for (let i: u32 = 0; i < EVENTS; i++) tellLine(EV_RESTING, i);
    expect(EVENTS).toBe(56); // six for each of 8 lines, and 8
    expect(() => {
      tellLine(EV_RESTING, 0);
    }).toThrow();
    expect(take().line).toBe(0);
  });
});
