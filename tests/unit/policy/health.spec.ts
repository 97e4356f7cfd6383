// The whole grid of the health of a server, what answers to REGISTER make of it, and what was heard. Heartbeats: its part.

import { NO_NUMBER } from "../../../assembly/base/bytes";
import { setTime } from "../../../assembly/base/timer";
import {
  BACK_TO_PRIMARY_DELAY,
  PREFER_PRIMARY,
  PRIMARY_DETECT_INTERVAL,
  RETRY_AFTER_MAX,
  RETRY_AFTER_MIN,
} from "../../../assembly/generated/params";
import {
  BOUND,
  BUSY,
  DEAF,
  FAIL,
  GOOD,
  heartbeatGood,
  isOut,
  isSlow,
  judge,
  LAPSE,
  LOST,
  lapse,
  MISS,
  RECOVERED,
  RETURNED,
  registerBound,
  registerFailed,
  registerGood,
  returnDelayMs,
  TABLE,
  UNTIL,
} from "../../../assembly/policy/health";
import { NEWS_COOLED, NEWS_FELL, server } from "../../../assembly/session/server";
import { COOLING, DOWN, HOLDING, UNKNOWN, UP } from "../../../assembly/session/states";
import { isArmed, left, T_LAPSE, T_LONG_DOWN, T_RETURN, T_UNTIL } from "../../../assembly/session/timers";
import { grid, loudCells, rowsOf } from "../grid";
import { events, fresh, set } from "../phone";
import { primary, serveAt } from "./servers";

// biome-ignore format: as it is read
const GRID =
  // GOOD RECOVERED RETURNED BOUND MISS LOST DEAF FAIL BUSY UNTIL LAPSE
  "01 .. .. 01 12 23 52 23 35 .. ..\n" + // UNKNOWN
  ".. .. .. .. 12 23 52 23 35 .. ..\n" + // UP
  "01 .. .. 01 12 23 52 23 35 .. ..\n" + // SUSPECT
  ".. 01 44 01 .. .. .. .. 35 .. 70\n" + // DOWN
  ".. 01 .. 01 .. 23 .. 23 35 01 ..\n" + // HOLDING
  ".. .. .. .. .. .. .. .. .. 63 ..\n"; //  COOLING

describe("the health of a server", () => {
  it("moves by its table", () => {
    expect(grid(TABLE, 6, 11)).toBe(GRID);
    expect(rowsOf(TABLE)).toBe(31);
    expect(loudCells(GRID)).toBe(31);
    expect(GOOD + RECOVERED + RETURNED + BOUND + MISS + LOST + DEAF + FAIL + BUSY + UNTIL + LAPSE).toBe(55);
  });

  it("tells each change once, and nothing where there is none", () => {
    const it = primary(UNKNOWN);
    judge(0, GOOD, 0, false);
    judge(0, GOOD, 0, false);
    expect(events()).toBe("0 serverUp @0 none(0,0)\n");
    judge(0, FAIL, 0, false);
    judge(0, FAIL, 0, false);
    expect(events()).toBe("0 serverDown @0 none(0,0)\n");
    expect(it.health).toBe(DOWN);
  });

  it("lets the lines hear of a fall, and of the end of a cooling", () => {
    const it = primary(UP);
    judge(0, FAIL, 0, false);
    expect(it.news).toBe(NEWS_FELL);
    it.news = 0;
    judge(0, BUSY, 10, false);
    expect(it.news).toBe(NEWS_FELL);
    it.news = 0;
    judge(0, UNTIL, 0, false);
    expect(it.health).toBe(DOWN);
    expect(it.news).toBe(NEWS_COOLED);
  });

  it("keeps no timer of a state that is over", () => {
    set(PREFER_PRIMARY, 0);
    primary(UP);
    judge(0, FAIL, 0, false);
    expect(left(T_LAPSE, 0)).toBe(300000);
    expect(left(T_LONG_DOWN, 0)).toBe(3600000);
    expect(left(T_RETURN, 0)).toBe(43200000);
    judge(0, BOUND, 0, false);
    expect(isArmed(T_LAPSE, 0)).toBe(false);
    expect(isArmed(T_LONG_DOWN, 0)).toBe(false);
    expect(isArmed(T_RETURN, 0)).toBe(false);
    judge(0, BUSY, 60, false);
    expect(left(T_UNTIL, 0)).toBe(60000);
    judge(0, UNTIL, 0, false);
    expect(isArmed(T_UNTIL, 0)).toBe(false);
  });

  it("is out while DOWN or COOLING", () => {
    let out = "";
    for (let health: u8 = 0; health < 6; health++) {
      primary(health);
      out += isOut(0) ? "1" : "0";
    }
    expect(out).toBe("000101");
  });
});

describe("an answer to a REGISTER", () => {
  it("that grants makes any state UP in which one may come", () => {
    for (let health: u8 = 0; health < COOLING; health++) {
      const it = primary(health);
      registerBound(0);
      expect(it.health).toBe(UP, health.toString());
    }
  });

  it("that is good otherwise helps an unknown or suspected server only", () => {
    const after: StaticArray<u8> = [UP, UP, UP, DOWN, HOLDING, COOLING];
    for (let health: u8 = 0; health < 6; health++) {
      const it = primary(health);
      registerGood(0);
      expect(it.health).toBe(after[health], health.toString());
    }
  });

  it("that grants while it is DOWN proves that heartbeats prove little", () => {
    const it = primary(DOWN);
    registerBound(0);
    expect(it.heard).toBe(0);
    heartbeatGood(0);
    registerBound(0);
    expect(it.heard).toBe(1);
  });

  it("that fails is DOWN, with Retry-After COOLING between 5 and 600 s", () => {
    const it = primary(UP);
    registerFailed(0, NO_NUMBER, false);
    expect(it.health).toBe(DOWN);
    expect(cooledFor(0)).toBe(5000);
    expect(cooledFor(5)).toBe(5000);
    expect(cooledFor(6)).toBe(6000);
    expect(cooledFor(600)).toBe(600000);
    expect(cooledFor(601)).toBe(600000);
    expect(cooledFor(4294967294)).toBe(600000);
    set(RETRY_AFTER_MIN, 30);
    set(RETRY_AFTER_MAX, 86400);
    expect(cooledFor(29)).toBe(30000);
    expect(cooledFor(100000)).toBe(86400000);
  });

  it("that fails charges a failed return", () => {
    const it = primary(UP);
    registerFailed(0, NO_NUMBER, true);
    expect(it.penalty).toBe(1000);
    registerFailed(0, NO_NUMBER, true);
    expect(it.penalty).toBe(1000); // it was DOWN already
  });
});

/** How long a server is left alone that asked for `seconds`, ms. */
function cooledFor(seconds: u32): u32 {
  server(0).health = UP;
  registerFailed(0, seconds, false);
  expect(server(0).health).toBe(COOLING);
  return left(T_UNTIL, 0);
}

describe("what was heard", () => {
  it("is too old to count after 300 s: an idle backup that only a REGISTER could find", () => {
    primary(UP);
    serveAt(0, 0);
    judge(1, FAIL, 0, false);
    setTime(300000);
    lapse(1);
    expect(server(1).health).toBe(UNKNOWN);
  });

  it("counts while heartbeats would tell, while nobody is in service, and where a line is served below", () => {
    primary(UP);
    judge(1, FAIL, 0, false);
    lapse(1);
    expect(server(1).health).toBe(DOWN, "nobody is in service");
    expect(left(T_LAPSE, 1)).toBe(300000);
    serveAt(0, 0);
    set(PRIMARY_DETECT_INTERVAL, 90);
    server(1).heard = 1;
    lapse(1);
    expect(server(1).health).toBe(DOWN, "heartbeats would tell");
    serveAt(0, 1);
    set(PRIMARY_DETECT_INTERVAL, 0);
    judge(0, FAIL, 0, false);
    lapse(0);
    expect(server(0).health).toBe(DOWN, "a better server than the one in use");
  });

  it("is only REGISTER's business without heartbeats, from a deaf server, and after an hour DOWN", () => {
    const it = primary(UP);
    expect(isSlow(0)).toBe(true);
    set(PRIMARY_DETECT_INTERVAL, 90);
    expect(isSlow(0)).toBe(false);
    it.heard = 0;
    expect(isSlow(0)).toBe(true);
    it.heard = 1;
    it.longDown = 1;
    expect(isSlow(0)).toBe(true);
    judge(0, FAIL, 0, false);
    expect(isSlow(0)).toBe(false); // an hour begins with the fall
  });
});

describe("the back-to-primary delay", () => {
  it("is 43200 s unless the primary is preferred", () => {
    fresh();
    expect(returnDelayMs()).toBe(43200000);
    set(BACK_TO_PRIMARY_DELAY, 60);
    expect(returnDelayMs()).toBe(60000);
    set(PREFER_PRIMARY, 1);
    expect(returnDelayMs()).toBe(0);
  });
});
