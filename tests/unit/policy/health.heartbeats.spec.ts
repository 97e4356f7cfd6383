// What heartbeats, lost and answered, make of the health of a server.

import { NO_NUMBER } from "../../../assembly/base/bytes";
import {
  BACK_TO_PRIMARY_DELAY,
  MAX_DETECT_FAIL_COUNT,
  PREFER_PRIMARY,
  RECOVER_COUNT,
} from "../../../assembly/generated/params";
import {
  heartbeatGood,
  heartbeatMissed,
  registerBound,
  registerFailed,
  registerGood,
} from "../../../assembly/policy/health";
import { line } from "../../../assembly/session/account";
import { NEWS_RECHECK } from "../../../assembly/session/server";
import { COOLING, DOWN, HOLDING, NONE, SUSPECT, UNKNOWN, UP } from "../../../assembly/session/states";
import { arm, isArmed, left, T_GRACE, T_UNTIL } from "../../../assembly/session/timers";
import { events, set } from "../phone";
import { primary, serveAt } from "./servers";

describe("a lost heartbeat", () => {
  it("makes a server SUSPECT while no more are lost than allowed, then DOWN", () => {
    const it = primary(UP);
    set(MAX_DETECT_FAIL_COUNT, 1);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(SUSPECT);
    expect(it.misses).toBe(1);
    heartbeatMissed(0, 503);
    expect(it.health).toBe(DOWN);
    expect(it.misses).toBe(0);
    expect(events()).toBe("0 serverSuspect @0 heartbeat(1,1)\n0 serverDown @0 heartbeat(503:2,1)\n");
  });

  it("is the first when none is allowed, and the 101st when 100 are", () => {
    const it = primary(UP);
    set(MAX_DETECT_FAIL_COUNT, 0);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(DOWN);
    it.health = UP;
    set(MAX_DETECT_FAIL_COUNT, 100);
    for (let i = 0; i < 100; i++) {
      expect(it.health).not.toBe(DOWN);
      heartbeatMissed(0, 0);
      events();
    }
    expect(it.health).toBe(SUSPECT);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(DOWN);
  });

  it("is forgotten with the next good one", () => {
    const it = primary(UP);
    set(MAX_DETECT_FAIL_COUNT, 1);
    heartbeatMissed(0, 0);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    expect(it.misses).toBe(0);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(SUSPECT);
    registerGood(0);
    expect(it.health).toBe(UP);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(SUSPECT);
    registerBound(0);
    expect(it.health).toBe(UP);
    expect(it.misses).toBe(0);
  });

  it("does not disturb a hold alone, but one too many ends it", () => {
    const it = primary(HOLDING);
    set(MAX_DETECT_FAIL_COUNT, 1);
    arm(T_UNTIL, 0, 1000000);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(HOLDING);
    expect(left(T_UNTIL, 0)).toBe(1000000);
    heartbeatGood(0);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(HOLDING);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(DOWN);
    expect(isArmed(T_UNTIL, 0)).toBe(false);
  });

  it("never makes a server DOWN that has not answered one: its line asks instead", () => {
    const it = primary(UP);
    it.heard = 0;
    set(MAX_DETECT_FAIL_COUNT, 1);
    heartbeatMissed(0, 0);
    expect(it.news).toBe(0);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(SUSPECT);
    expect(it.misses).toBe(0);
    expect(it.news).toBe(NEWS_RECHECK);
  });

  it("says nothing new of a server that is out", () => {
    const it = primary(COOLING);
    heartbeatMissed(0, 0);
    expect(it.health).toBe(COOLING);
    expect(it.misses).toBe(0);
    expect(events()).toBe("");
  });
});

describe("a good heartbeat", () => {
  it("makes an unknown or suspected server UP, and proves that it answers", () => {
    const it = primary(UNKNOWN);
    it.heard = 0;
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    expect(it.heard).toBe(1);
  });

  it("changes nothing in a cooling or in a hold", () => {
    const it = primary(COOLING);
    heartbeatGood(0);
    expect(it.health).toBe(COOLING);
    it.health = HOLDING;
    heartbeatGood(0);
    expect(it.health).toBe(HOLDING);
    expect(events()).toBe("");
  });

  it("brings a DOWN server back, after recoverCount of them in a row", () => {
    const it = primary(DOWN);
    set(PREFER_PRIMARY, 1);
    set(RECOVER_COUNT, 3);
    heartbeatGood(0);
    heartbeatGood(0);
    heartbeatMissed(0, 0);
    heartbeatGood(0);
    heartbeatGood(0);
    expect(it.health).toBe(DOWN);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
  });

  it("brings it into a hold when a line is served below, or is being registered there", () => {
    const it = primary(DOWN);
    serveAt(0, 1);
    heartbeatGood(0);
    expect(it.health).toBe(HOLDING);
    expect(left(T_UNTIL, 0)).toBe(43200000);
    expect(events()).toBe("0 serverHolding @0 hold(43200,0)\n0 failbackScheduled 6000 @0 hold(43200,0)\n");
    it.health = DOWN;
    line(0).state = 2;
    line(0).served = NONE;
    line(0).asking = 1;
    heartbeatGood(0);
    expect(it.health).toBe(HOLDING);
    expect(events()).toBe("0 serverHolding @0 hold(43200,0)\n");
  });

  it("makes it UP at once when nobody is below, or nothing has to be waited for", () => {
    const it = primary(DOWN);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    it.health = DOWN;
    serveAt(0, 1);
    set(PREFER_PRIMARY, 1);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    it.health = DOWN;
    set(PREFER_PRIMARY, 0);
    set(BACK_TO_PRIMARY_DELAY, 0);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    expect(events()).toBe("0 serverUp @0 none(0,0)\n0 serverUp @0 none(0,0)\n0 serverUp @0 none(0,0)\n");
  });

  it("needs no hold within an options timeout of the end of an outage of all", () => {
    const it = primary(DOWN);
    serveAt(0, 1);
    arm(T_GRACE, 0, 2000);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    it.health = HOLDING;
    heartbeatGood(0);
    expect(it.health).toBe(UP);
  });

  it("brings a server back three times while nobody is in service, until a miss or a binding", () => {
    const it = primary(DOWN);
    for (let i = 0; i < 3; i++) {
      heartbeatGood(0);
      expect(it.health).toBe(UP);
      registerFailed(0, NO_NUMBER, false);
    }
    heartbeatGood(0);
    expect(it.health).toBe(DOWN);
    heartbeatMissed(0, 0);
    heartbeatGood(0);
    expect(it.health).toBe(UP);
    registerBound(0);
    for (let i = 0; i < 3; i++) {
      registerFailed(0, NO_NUMBER, false);
      heartbeatGood(0);
      expect(it.health).toBe(UP);
    }
  });
});
