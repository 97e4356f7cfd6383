// What the outside sees of lines, servers and events.

import {
  CMD_CALL_BEGIN,
  CMD_LINK_DOWN,
  EV_FAILBACK_DEFERRED,
  EV_FAILBACK_SCHEDULED,
  EV_MOVED,
  EV_SERVER_COOLING,
  EV_SERVER_HOLDING,
  EV_SERVER_UP,
  LINE_ALL,
  NEXT_CALL_END,
  NEXT_GIVE_UP,
  NEXT_HEARTBEAT,
  NEXT_LINK,
  NEXT_NONE,
  NEXT_REFRESH,
  NEXT_REGISTER,
  NEXT_RETRY,
  NEXT_RETURN,
  NEXT_ROUND,
  RULE_CALLS,
  RULE_DAMPING,
} from "../../../assembly/abi";
import { OUTPUT } from "../../../assembly/base/memory";
import { PRIMARY_DETECT_INTERVAL, START_SPREAD } from "../../../assembly/generated/params";
import { Event } from "../../../assembly/policy/decision";
import { moveTo } from "../../../assembly/policy/returning";
import { foresee, viewLine, viewServer } from "../../../assembly/policy/view";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { COOLING, HOLDING } from "../../../assembly/session/states";
import { arm, left, stop, T_REFRESH, T_SUSPENDED, T_UNTIL, T_WAIT } from "../../../assembly/session/timers";
import { answer, begin, fresh, furnish, order, phoneOf, run, serve, servedPhone, set, told } from "../phone";

/** What is due next for line 6000: `what in ms`. */
function next(): string {
  const it = viewLine(0);
  return it.next.toString() + " in " + it.nextMs.toString();
}

/** The same of an event that is told now. */
function foreseen(type: i32, index: u32, at: u32, rule: i32 = 0): string {
  const event = changetype<Event>(OUTPUT + 16);
  memory.fill(OUTPUT + 16, 0, 24);
  event.type = <u8>type;
  event.line = <u16>index;
  event.server = <u8>at;
  event.rule = <u8>rule;
  foresee(event);
  return event.next.toString() + " in " + event.nextMs.toString();
}

function is(what: i32, ms: u32): string {
  return what.toString() + " in " + ms.toString();
}

describe("the view of a line", () => {
  it("says what is due next: its place in the spread, an attempt, a refresh", () => {
    fresh();
    furnish();
    set(START_SPREAD, 60);
    begin();
    expect(viewLine(0).next).toBe(<u8>NEXT_REGISTER);
    expect(viewLine(0).nextMs <= 60000).toBe(true);
    run(60000);
    phoneOf();
    told();
    expect(next()).toBe(is(NEXT_GIVE_UP, 4000));
    servedPhone();
    expect(next()).toBe(is(NEXT_REFRESH, 900000));
    run(899999);
    expect(next()).toBe(is(NEXT_REFRESH, 1));
    run(1);
    expect(next()).toBe(is(NEXT_GIVE_UP, 4000));
  });

  it("says when an attempt to move ends, where nothing else is due", () => {
    servedPhone();
    moveTo(0, 1);
    told();
    stop(T_REFRESH, 0);
    expect(next()).toBe(is(NEXT_GIVE_UP, 4000));
  });

  it("says when the next round is, or the first exclusion ends", () => {
    phoneOf();
    run(5000);
    expect(next()).toBe(is(NEXT_ROUND, left(T_WAIT, 0)));
    expect(left(T_WAIT, 0) >= 29000).toBe(true);
    phoneOf();
    told();
    answer(0, "403 No", "Retry-After: 2000\r\n");
    told();
    expect(next()).toBe(is(NEXT_RETRY, 2000000));
    server(1).health = COOLING;
    arm(T_UNTIL, 1, 7000);
    expect(next()).toBe(is(NEXT_RETRY, 7000));
  });

  it("says that the link has to come up, and that a line that is not used waits for nothing", () => {
    servedPhone();
    order(CMD_LINK_DOWN);
    expect(next()).toBe(is(NEXT_LINK, 0));
    expect(viewLine(7).next).toBe(<u8>NEXT_NONE);
    expect(viewLine(7).state).toBe(0);
  });

  it("counts the lease down, also while the link is down", () => {
    servedPhone(2, 1, 120);
    expect(viewLine(0).leaseMs).toBe(120000);
    run(20000);
    expect(viewLine(0).leaseMs).toBe(100000);
    order(CMD_LINK_DOWN);
    run(20000);
    expect(viewLine(0).leaseMs).toBe(80000);
    expect(viewLine(0).served).toBe(0);
    run(80000);
    expect(viewLine(0).leaseMs).toBe(0);
    expect(viewLine(0).served).toBe(255);
  });

  it("is read at its address: state, server, calls, warning", () => {
    servedPhone();
    order(CMD_CALL_BEGIN);
    const at = changetype<usize>(viewLine(0));
    expect(load<u8>(at)).toBe(5);
    expect(load<u8>(at, 1)).toBe(0);
    expect(load<u8>(at, 2)).toBe(<u8>NEXT_REFRESH);
    expect(load<u8>(at, 3)).toBe(1);
    expect(load<u8>(at, 4)).toBe(255);
    expect(load<u8>(at, 5)).toBe(255);
    expect(load<u8>(at, 6)).toBe(0);
    expect(load<u8>(at, 7)).toBe(255);
    expect(load<u32>(at, 8)).toBe(1800000);
    expect(load<u32>(at, 12)).toBe(900000);
    expect(load<u32>(at, 16)).toBe(1800);
  });
});

describe("the view of a server", () => {
  it("is read at its address: health, misses, times", () => {
    fresh();
    furnish();
    set(PRIMARY_DETECT_INTERVAL, 90);
    begin();
    serve(0);
    const it = server(0);
    it.health = HOLDING;
    it.misses = 2;
    it.heard = 1;
    it.penalty = 3000;
    arm(T_UNTIL, 0, 5000);
    arm(T_SUSPENDED, 0, 6000);
    const at = viewServer(0);
    expect(load<u8>(at)).toBe(4);
    expect(load<u8>(at, 1)).toBe(2);
    expect(load<u8>(at, 2)).toBe(1);
    expect(load<u8>(at, 3)).toBe(0);
    expect(load<u32>(at, 4)).toBe(5000);
    expect(load<u32>(at, 8)).toBe(3000);
    expect(load<u32>(at, 12)).toBe(6000);
    expect(load<u32>(at, 16)).toBe(90000);
    expect(load<u32>(viewServer(1), 16)).toBe(0xffffffff); // an unused, healthy backup
    expect(load<u32>(viewServer(1), 4)).toBe(0);
  });
});

describe("an event", () => {
  beforeEach(() => {
    fresh();
    furnish(3);
    set(PRIMARY_DETECT_INTERVAL, 90);
    begin();
    serve(0);
  });

  it("of a line says what the line does next", () => {
    expect(foreseen(EV_MOVED, 0, 0)).toBe(is(NEXT_REFRESH, 900000));
  });

  it("of a return that waits says what it waits for", () => {
    arm(T_UNTIL, 0, 43200000);
    arm(T_SUSPENDED, 0, 1200000);
    expect(foreseen(EV_FAILBACK_SCHEDULED, 0, 0)).toBe(is(NEXT_RETURN, 43200000));
    expect(foreseen(EV_FAILBACK_DEFERRED, 0, 0, RULE_CALLS)).toBe(is(NEXT_CALL_END, 0));
    expect(foreseen(EV_FAILBACK_DEFERRED, 0, 0, RULE_DAMPING)).toBe(is(NEXT_RETURN, 1200000));
  });

  it("of a server says when it is asked again, or its hold or cooling ends", () => {
    expect(foreseen(EV_SERVER_UP, LINE_ALL, 0)).toBe(is(NEXT_HEARTBEAT, 90000));
    expect(foreseen(EV_SERVER_UP, LINE_ALL, 1)).toBe(is(NEXT_NONE, 0));
    arm(T_UNTIL, 1, 7000);
    server(1).health = HOLDING;
    expect(foreseen(EV_SERVER_HOLDING, LINE_ALL, 1)).toBe(is(NEXT_RETURN, 7000));
    server(1).health = COOLING;
    expect(foreseen(EV_SERVER_COOLING, LINE_ALL, 1)).toBe(is(NEXT_RETRY, 7000));
    expect(foreseen(EV_SERVER_UP, LINE_ALL, 255)).toBe(is(NEXT_NONE, 0));
    expect(binding(0, 1).excluded).toBe(0);
    expect(line(0).served).toBe(0);
  });
});
