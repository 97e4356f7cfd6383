// Refresh points, leases, moves and the warning.

import { CMD_REFRESH, TEXT_OLD_CONTACT } from "../../../assembly/abi";
import { setTime } from "../../../assembly/base/timer";
import {
  FAILOVER_SPREAD,
  REFRESH_PERCENT,
  REGISTER_SPACING,
  REGISTER_TIMEOUT,
  REMOVE_LAST_REGISTRATION,
} from "../../../assembly/generated/params";
import { moveTo } from "../../../assembly/policy/returning";
import { lose, refreshNow, refreshPointMs, updateWarning } from "../../../assembly/policy/service";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { DOWN, HOLDING, NONE, SEEKING, SERVED, STARTING } from "../../../assembly/session/states";
import {
  isArmed,
  left,
  T_LEASE,
  T_LIMIT,
  T_REFRESH,
  T_RETURN_LIMIT,
  T_SPREAD,
} from "../../../assembly/session/timers";
import {
  answer,
  begin,
  fresh,
  furnish,
  grant,
  having,
  order,
  phoneOf,
  run,
  say,
  sentTo,
  serve,
  servedPhone,
  set,
  told,
} from "../phone";

// biome-ignore format: a row, a case
const POINTS: StaticArray<u32> = [
  // granted s, percent, registerTimeout ms, registerSpacing ms: ms after the first sending
  120, 50, 2000, 1000, 60000,
  1800, 50, 2000, 1000, 900000,
  60, 50, 2000, 1000, 30000,
  604800, 50, 2000, 1000, 302400000,
  604800, 90, 2000, 1000, 544320000,
  30, 50, 0, 1000, 15000, //      0 means 32 s, longer than the lease: half of it
  60, 50, 0, 1000, 30000,
  120, 90, 0, 1000, 88000, //     a time-out before the end
  120, 90, 2000, 1000, 108000,
  10, 90, 2000, 1000, 8000,
  10, 10, 2000, 1000, 1000,
  120, 10, 2000, 1000, 12000,
  3, 90, 2000, 1000, 1500, //     but not before half of it
  4, 90, 2000, 1000, 2000,
  1, 50, 2000, 1000, 1000, //     nor closer together than registerSpacing
  2, 50, 2000, 1000, 1000,
  1, 50, 2000, 200, 500,
  60, 50, 2000, 60000, 60000,
];

describe("the refresh point", () => {
  it("is at refreshPercent of the lease, with time for one time-out, and never too close", () => {
    for (let i = 0; i < POINTS.length; i += 5) {
      fresh();
      set(REFRESH_PERCENT, POINTS[i + 1]);
      set(REGISTER_TIMEOUT, POINTS[i + 2]);
      set(REGISTER_SPACING, POINTS[i + 3]);
      const name = POINTS[i].toString() + " s at " + POINTS[i + 1].toString() + " %";
      expect(refreshPointMs(POINTS[i])).toBe(POINTS[i + 4], name);
    }
  });
});

describe("a lease", () => {
  it("and its refresh count from the first sending of what was granted", () => {
    phoneOf();
    run(600); // a repeat went out at 500
    grant(0, 120);
    expect(left(T_LEASE, 0)).toBe(119400);
    expect(left(T_REFRESH, 0)).toBe(59400);
  });

  it("whose refresh is due before its answer came is refreshed at once", () => {
    phoneOf();
    run(1900);
    grant(0, 2);
    expect(left(T_LEASE, 0)).toBe(100);
    expect(left(T_REFRESH, 0)).toBe(0);
  });

  it("of a binding that is refreshed begins anew, and nothing is told", () => {
    servedPhone(2, 1, 120);
    expect(run(60000)).toBe("60000 REGISTER 6000 @0 2\n");
    grant(0, 120);
    expect(told()).toBe("");
    expect(left(T_LEASE, 0)).toBe(120000);
    expect(left(T_REFRESH, 0)).toBe(60000);
    expect(line(0).grantedSeconds).toBe(120);
  });
});

describe("a line enters service", () => {
  it("for the first time: no move, no warning", () => {
    phoneOf();
    told();
    grant(0);
    expect(told()).toBe(
      "0 serverUp @0 status(200:0,0)\n0 inService 6000 @0 start(0,0)\n0 bound 6000 @0 lease(1800,1800)\n",
    );
    expect(line(0).state).toBe(SERVED);
    expect(line(0).served).toBe(0);
    expect(line(0).last).toBe(0);
  });

  it("at a backup for the first time: the warning is on, it is no move", () => {
    phoneOf();
    const all = run(2000);
    expect(having(all, "warningOn")).toBe("2000 warningOn 6000 timeout(2000,0)\n");
    grant(1);
    expect(having(told(), "6000")).toBe(
      "2000 inService 6000 @1 start(0,0)\n2000 bound 6000 @1 lease(1800,1800)\n",
    );
    expect(line(0).warned).toBe(1);
  });

  it("elsewhere than before: out of service, in service, moved", () => {
    servedPhone(2, 1, 120);
    expect(run(62000)).toBe(
      "60000 REGISTER 6000 @0 2\n60500 REGISTER 6000 @0 2\n61500 REGISTER 6000 @0 2\n" +
        "62000 serverDown @0 timeout(2000,0)\n62000 outOfService 6000 @0 timeout(2000,0)\n" +
        "62000 warningOn 6000 timeout(2000,0)\n62000 REGISTER 6000 @1 1\n",
    );
    grant(1, 120);
    expect(told()).toBe(
      "62000 serverUp @1 status(200:0,0)\n62000 inService 6000 @1 failover(0,0)\n" +
        "62000 moved 6000 @1 failover(0,0)\n62000 bound 6000 @1 lease(120,1800)\n",
    );
  });

  it("where it was before: no move", () => {
    servedPhone(1, 1, 120);
    const all = run(62000);
    expect(having(all, "outOfService")).toBe("62000 outOfService 6000 @0 timeout(2000,0)\n");
    set0Back();
    expect(having(told(), "moved")).toBe("");
    expect(line(0).state).toBe(SERVED);
  });
});

/** The next REGISTER to the primary is granted. */
function set0Back(): void {
  while (line(0).state !== SERVED) {
    if (having(run(1000), "REGISTER").length > 0) grant(0, 120);
  }
}

describe("a line bound below a server in its hold", () => {
  it("is told when it will return", () => {
    phoneOf();
    run(2000);
    server(0).health = HOLDING;
    grant(1);
    expect(having(told(), "failbackScheduled")).toBe("2000 failbackScheduled 6000 @0 lease(1800,1800)\n");
  });
});

describe("a Contact that changed while its REGISTER was under way", () => {
  it("is registered at once, as soon as the spacing allows", () => {
    phoneOf();
    told();
    server(0).contactVersion = 2;
    grant(0);
    expect(left(T_REFRESH, 0)).toBe(0);
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n");
    grant(0);
    // What was bound under the earlier one is removed.
    expect(having(told(), "REGISTER")).toBe("1000 REGISTER 6000 @0 3 expires=0\n");
  });
});

describe("a Contact of an earlier run", () => {
  beforeEach(() => {
    fresh();
    furnish(2, 2);
  });

  it("is removed where a line is bound anew, once for each line", () => {
    say(TEXT_OLD_CONTACT, 0, 0, "192.0.2.100:50000");
    begin();
    expect(having(told(), "REGISTER 6001")).toBe("0 REGISTER 6001 @0 1\n");
    grant(0);
    expect(having(told(), "REGISTER")).toBe("0 REGISTER 6001 @0 2 expires=0\n");
    expect(sentTo(0).includes("Contact: <sip:6001@192.0.2.100:50000;sf=0a0b0c0d0>;expires=0")).toBe(true);
    answer(0, "200 OK");
    told();
    expect(binding(1, 0).boundVersion).toBe(1);
    order(CMD_REFRESH, 1);
    expect(having(run(1000), "REGISTER 6001")).toBe("1000 REGISTER 6001 @0 3\n");
    grant(0);
    expect(having(told(), "REGISTER 6001")).toBe("");
  });

  it("is left alone at a server where none is bound", () => {
    say(TEXT_OLD_CONTACT, 0, 1, "192.0.2.100:50000");
    begin();
    serve(0, 2);
    expect(having(told(), "expires=0")).toBe("");
  });

  it("that is the present one is never removed", () => {
    say(TEXT_OLD_CONTACT, 0, 0, "192.0.2.100:5060");
    begin();
    serve(0, 2);
    expect(having(told(), "expires=0")).toBe("");
  });
});

describe("a move", () => {
  it("tells moved only, removes what it left, and turns the warning", () => {
    servedPhone();
    moveTo(0, 1);
    expect(told()).toBe("0 REGISTER 6000 @1 1\n");
    expect(line(0).served).toBe(0);
    grant(1);
    expect(told()).toBe(
      "0 serverUp @1 status(200:0,0)\n0 moved 6000 @1 failover(0,0)\n0 warningOn 6000 failover(0,0)\n" +
        "0 bound 6000 @1 lease(1800,1800)\n0 REGISTER 6000 @0 2 expires=0\n",
    );
    expect(line(0).served).toBe(1);
    answer(0, "200 OK");
    expect(told()).toBe("0 unbound 6000 @0 status(200:0,0)\n");
  });

  it("leaves the old binding alone where removeLastRegistration is off", () => {
    fresh();
    furnish();
    set(REMOVE_LAST_REGISTRATION, 0);
    begin();
    serve(0);
    moveTo(0, 1);
    told();
    grant(1);
    expect(having(told(), "expires=0")).toBe("");
  });
});

describe("a line loses its service", () => {
  it("and asks at once", () => {
    servedPhone();
    server(0).health = DOWN;
    lose(0);
    expect(line(0).state).toBe(SEEKING);
    expect(line(0).served).toBe(NONE);
    expect(line(0).asked).toBe(1, "the failure was its server's turn");
    expect(isArmed(T_LEASE, 0)).toBe(false);
    expect(isArmed(T_REFRESH, 0)).toBe(false);
    expect(having(told(), "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
  });

  it("and asks its server again where that has not failed", () => {
    servedPhone();
    lose(0);
    expect(line(0).asked).toBe(0);
    expect(having(told(), "REGISTER")).toBe("");
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n"); // a second after the last
  });

  it("or takes its place in a crowd, within failoverSpread", () => {
    for (let byte: u8 = 1; byte < 20; byte++) {
      fresh(byte);
      furnish();
      set(FAILOVER_SPREAD, 10);
      begin();
      serve(0);
      server(0).health = DOWN;
      lose(0);
      expect(line(0).state).toBe(STARTING);
      expect(line(0).asked).toBe(0); // it may be well again by then
      expect(left(T_SPREAD, 0) <= 10000).toBe(true);
      expect(having(run(10000), "REGISTER 6000 @1 1").length).toBeGreaterThan(0);
    }
  });

  it("while it was moving already: that attempt decides now, within its time", () => {
    servedPhone();
    moveTo(0, 1);
    told();
    setTime(500);
    lose(0);
    told();
    expect(line(0).asking).toBe(1);
    expect(line(0).returning).toBe(NONE);
    expect(left(T_LIMIT, 0)).toBe(3500);
    expect(isArmed(T_RETURN_LIMIT, 0)).toBe(false);
    grant(1);
    expect(line(0).served).toBe(1);
    expect(line(0).state).toBe(SERVED);
    expect(having(told(), "expires=0")).toBe("");
  });
});

describe("the warning", () => {
  it("is on while a line is out of service or not on its primary, once something was tried", () => {
    phoneOf();
    const it = line(0);
    it.state = SEEKING;
    updateWarning(0);
    expect(it.warned).toBe(0);
    it.tried = 1;
    updateWarning(0);
    expect(it.warned).toBe(1);
    it.state = SERVED;
    it.served = 1;
    updateWarning(0);
    expect(it.warned).toBe(1);
    it.served = 0;
    updateWarning(0);
    expect(it.warned).toBe(0);
  });
});

describe("a refresh that is asked for", () => {
  it("is due now, once, and only in service", () => {
    servedPhone();
    refreshNow(0);
    expect(left(T_REFRESH, 0)).toBe(0);
    expect(run(1000)).toBe("1000 REGISTER 6000 @0 2\n"); // a second after the last
    refreshNow(0);
    expect(isArmed(T_REFRESH, 0)).toBe(false); // one is under way
    grant(0);
    told();
    line(0).state = SEEKING;
    refreshNow(0);
    expect(left(T_REFRESH, 0)).toBe(900000);
  });
});
