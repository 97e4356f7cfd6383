// The order within one instant, and whom a timer concerns.

import { LINES, SERVERS } from "../../../assembly/base/limits";
import { TIMERS_COUNT } from "../../../assembly/base/memory";
import { arm, firstDue, setTime, stop, stopAll } from "../../../assembly/base/timer";
import { REGISTER_REFRESH_INTERVAL, REGISTER_TIMEOUT } from "../../../assembly/generated/params";
import { fireOne, requestOf } from "../../../assembly/policy/clock";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { NONE, SEEKING } from "../../../assembly/session/states";
import * as timers from "../../../assembly/session/timers";
import { begin, fresh, furnish, having, run, serve, servedPhone, set, told } from "../phone";

const PAIRS: u32 = LINES * SERVERS;
const REQUESTS: u32 = SERVERS + PAIRS;

class Kind {
  first: u32;
  constructor(
    public name: string,
    kind: u32,
    public count: u32,
  ) {
    this.first = timers.timerOf(kind, 0);
  }
}

/** Whether timer `n` is one of the first `count` of a kind. */
function isOneOf(kind: u32, count: u32, n: u32): bool {
  return n - timers.timerOf(kind, 0) < count;
}

/** Every kind of timer in the order it must fire in when all are due together. */
function order(): Kind[] {
  return [
    // time-outs
    new Kind("stop", timers.T_STOP, 1),
    new Kind("giveUp", timers.T_GIVE_UP, REQUESTS),
    new Kind("limit", timers.T_LIMIT, LINES),
    new Kind("returnLimit", timers.T_RETURN_LIMIT, LINES),
    new Kind("pong", timers.T_PONG, SERVERS),
    // ends
    new Kind("until", timers.T_UNTIL, SERVERS),
    new Kind("suspended", timers.T_SUSPENDED, SERVERS),
    new Kind("decay", timers.T_DECAY, SERVERS),
    new Kind("flap", timers.T_FLAP, SERVERS),
    new Kind("grace", timers.T_GRACE, SERVERS),
    new Kind("lapse", timers.T_LAPSE, SERVERS),
    new Kind("longDown", timers.T_LONG_DOWN, SERVERS),
    new Kind("return", timers.T_RETURN, SERVERS),
    new Kind("settle", timers.T_SETTLE, SERVERS),
    new Kind("steady", timers.T_STEADY, SERVERS),
    new Kind("lease", timers.T_LEASE, LINES),
    new Kind("wait", timers.T_WAIT, LINES),
    new Kind("excluded", timers.T_EXCLUDED, REQUESTS),
    new Kind("quiet", timers.T_QUIET, 1),
    // what is due to be sent
    new Kind("point", timers.T_POINT, 1),
    new Kind("backupPoint", timers.T_BACKUP_POINT, 1),
    new Kind("optionsPoint", timers.T_OPTIONS_POINT, 1),
    new Kind("retry", timers.T_RETRY, SERVERS),
    new Kind("spread", timers.T_SPREAD, LINES),
    new Kind("spacing", timers.T_SPACING, REQUESTS),
    new Kind("refresh", timers.T_REFRESH, LINES),
    new Kind("keep", timers.T_KEEP, SERVERS),
    new Kind("repeat", timers.T_REPEAT, REQUESTS),
  ];
}

describe("at one instant", () => {
  it("time-outs come first, then what ends, then what is due to be sent", () => {
    fresh();
    const kinds = order();
    let names = "";
    let expected = "";
    for (let i = kinds.length - 1; i >= 0; i--) arm(kinds[i].first + kinds[i].count - 1, 0);
    for (let i = 0; i < kinds.length; i++) {
      const due = firstDue();
      for (let k = 0; k < kinds.length; k++) {
        if (<u32>due >= kinds[k].first && <u32>due < kinds[k].first + kinds[k].count)
          names += kinds[k].name + " ";
      }
      stop(due);
      expected += kinds[i].name + " ";
    }
    expect(names).toBe(expected);
    expect(firstDue()).toBe(-1);
  });

  it("each kind has room for all its owners, and there is no timer besides", () => {
    const kinds = order();
    let next: u32 = 0;
    for (let i = 0; i < kinds.length; i++) {
      expect(kinds[i].first).toBe(next, kinds[i].name);
      next += kinds[i].count;
    }
    expect(next).toBe(TIMERS_COUNT);
  });

  it("a request that is given up is not repeated", () => {
    fresh();
    furnish(1);
    set(REGISTER_TIMEOUT, 1500);
    begin();
    expect(having(run(2000), "REGISTER")).toBe("0 REGISTER 6000 @0 1\n500 REGISTER 6000 @0 1\n");
  });

  it("a lease ends before its refresh is sent", () => {
    servedPhone(1, 1, 2);
    timers.arm(timers.T_REFRESH, 0, 2000);
    expect(run(2000)).toBe(
      "2000 outOfService 6000 @0 lease(2,0)\n2000 warningOn 6000 lease(2,0)\n2000 REGISTER 6000 @0 2\n",
    );
  });
});

describe("a timer that is due", () => {
  it("fires once", () => {
    fresh();
    expect(fireOne()).toBe(false);
    timers.arm(timers.T_QUIET, 0, 0);
    expect(fireOne()).toBe(true);
    expect(timers.isArmed(timers.T_QUIET, 0)).toBe(false);
    expect(fireOne()).toBe(false);
  });

  it("concerns its owner and nobody else", () => {
    fresh();
    server(0).health = 3;
    server(3).health = 3;
    timers.arm(timers.T_LONG_DOWN, 3, 0);
    fireOne();
    expect(server(3).longDown).toBe(1);
    expect(server(0).longDown).toBe(0);
  });

  it("of whatever kind and owner is harmless in a phone that has no use for it", () => {
    for (let n = timers.timerOf(timers.T_LIMIT, 0); n < TIMERS_COUNT; n++) {
      if (isOneOf(timers.T_LEASE, LINES, n)) continue; // a lease is always of use
      if (isOneOf(timers.T_POINT, 3, n)) continue; // and so is a grid
      if (isOneOf(timers.T_EXCLUDED, SERVERS, n) || isOneOf(timers.T_SPACING, SERVERS, n)) continue; // heartbeats
      servedPhone(4, 8);
      setTime(1000);
      arm(n, 0);
      told();
      expect(line(7).served).toBe(0, n.toString());
    }
  });

  it("ends an exclusion", () => {
    servedPhone();
    binding(0, 1).excluded = 1;
    timers.arm(timers.T_EXCLUDED, binding(0, 1).id, 0);
    fireOne();
    expect(binding(0, 1).excluded).toBe(0);
  });

  it("ends a lease that no service uses any more", () => {
    servedPhone();
    line(0).state = SEEKING;
    timers.arm(timers.T_LEASE, 0, 0);
    expect(fireOne()).toBe(true);
    expect(line(0).served).toBe(NONE);
    expect(binding(0, 0).boundVersion).toBe(0);
  });
});

describe("a request", () => {
  it("has a number: heartbeats first, then the REGISTERs of each line at each server", () => {
    servedPhone(4, 8);
    expect(changetype<usize>(requestOf(3))).toBe(changetype<usize>(server(3)));
    expect(changetype<usize>(requestOf(4))).toBe(changetype<usize>(binding(0, 0)));
    expect(changetype<usize>(requestOf(35))).toBe(changetype<usize>(binding(7, 3)));
    for (let id: u32 = 0; id < REQUESTS; id++) expect(requestOf(id).id).toBe(<u16>id);
  });
});

describe("a phone that is woken late", () => {
  it("does once what was due meanwhile", () => {
    fresh();
    furnish(1);
    set(REGISTER_REFRESH_INTERVAL, 604800);
    begin();
    serve(0, 1, 604800);
    setTime(1000000000); // 11 days: the lease is long over
    const all = told();
    expect(having(all, "outOfService").length).toBeGreaterThan(0);
    expect(having(all, "REGISTER")).toBe("1000000000 REGISTER 6000 @0 2\n");
    stopAll();
  });
});
