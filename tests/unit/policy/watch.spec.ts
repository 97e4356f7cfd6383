// The grids of heartbeats to the millisecond, and what their answers mean.

import { CMD_LINK_DOWN, CMD_LINK_UP } from "../../../assembly/abi";
import { NO_NUMBER } from "../../../assembly/base/bytes";
import { setTime } from "../../../assembly/base/timer";
import {
  BACKUP_DETECT_INTERVAL,
  DETECT_PHASE,
  DETECT_RETRY_INTERVAL,
  MAX_DETECT_FAIL_COUNT,
  PREFER_PRIMARY,
  PRIMARY_DETECT_INTERVAL,
  SIP_OPTIONS,
  SIP_OPTIONS_INTERVAL,
  STARTUP_CHECK,
} from "../../../assembly/generated/params";
import { nextHeartbeatMs } from "../../../assembly/policy/watch";
import { line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { COOLING, DOWN, NONE, SEEKING, SERVED, SUSPECT, UP } from "../../../assembly/session/states";
import { answer, answerBeat, begin, fresh, furnish, having, order, run, serve, set, told } from "../phone";

/** Parameters of a phone that is still to be started. */
function plan(detect: u32, backup: u32 = 0, options: u32 = 0, byte: u8 = 7): void {
  fresh(byte);
  furnish(4, 2);
  set(MAX_DETECT_FAIL_COUNT, 1);
  set(PREFER_PRIMARY, 1);
  set(PRIMARY_DETECT_INTERVAL, detect);
  set(BACKUP_DETECT_INTERVAL, backup);
  if (options === 0) return;
  set(SIP_OPTIONS, 1);
  set(SIP_OPTIONS_INTERVAL, options);
}

/** In service at `at` since 0, for days. */
function watched(at: u32 = 0): void {
  begin();
  serve(0, 2, 1800);
  for (let i: u32 = 0; i < 2; i++) line(i).served = <u8>at;
}

/** First sendings of heartbeats in the next `seconds`, each answered at once; refreshes too. */
function beats(seconds: u32): string {
  let text = "";
  for (let s: u32 = 0; s < seconds; s++) {
    const said = run(1000);
    for (let at: u32 = 0; at < 4; at++) {
      const heartbeat = having(said, "OPTIONS @" + at.toString());
      if (heartbeat.length === 0) continue;
      text += heartbeat.slice(0, heartbeat.indexOf(" ")) + "@" + at.toString() + " ";
      answerBeat(at);
      told();
    }
  }
  return text;
}

/** The grid of each server by its next heartbeat, in s; `-`: none. */
function grids(): string {
  let text = "";
  for (let at: u32 = 0; at < 4; at++) {
    const ms = nextHeartbeatMs(at);
    text += (ms === NO_NUMBER ? "-" : (ms / 1000).toString()) + " ";
  }
  return text;
}

describe("the grid", () => {
  it("has its points at start + interval, and every interval from there", () => {
    plan(90);
    watched();
    expect(beats(400)).toBe("90000@0 180000@0 270000@0 360000@0 ");
  });

  it("is one for all servers", () => {
    plan(90);
    watched();
    server(2).health = DOWN;
    server(3).health = COOLING;
    expect(beats(100)).toBe("90000@0 90000@2 90000@3 ");
  });

  it("begins anywhere in the first interval, and never at 0, unless the phase is fixed", () => {
    let least: u32 = NO_NUMBER;
    let most: u32 = 0;
    for (let byte: u8 = 0; byte < 100; byte++) {
      plan(90, 0, 0, byte);
      set(DETECT_PHASE, 0);
      begin();
      least = min(least, nextHeartbeatMs(0));
      most = max(most, nextHeartbeatMs(0));
    }
    expect(least >= 1).toBe(true);
    expect(least < 4000).toBe(true);
    expect(most > 86000).toBe(true);
    expect(most <= 90000).toBe(true);
  });

  it("is not moved by a late wake-up, and misses nothing twice", () => {
    plan(90);
    watched();
    for (let i: u32 = 0; i < 2; i++) line(i).grantedSeconds = 0;
    run(1000);
    setTime(91000 + 90000 * 3); // a suspend of four points
    expect(having(told(), "OPTIONS")).toBe("361000 OPTIONS @0 1\n");
    expect(nextHeartbeatMs(0)).toBe(89000);
  });

  it("skips the points where the link is down, or the last one is still pending", () => {
    plan(5);
    fresh();
    furnish(1);
    set(PRIMARY_DETECT_INTERVAL, 5);
    watched();
    run(4000);
    order(CMD_LINK_DOWN);
    expect(having(run(11000), "OPTIONS")).toBe("");
    order(CMD_LINK_UP);
    told();
    answer(0, "200 OK", "Expires: 1800\r\n");
    expect(having(run(5000), "OPTIONS")).toBe("20000 OPTIONS @0 1\n");
  });
});

describe("a server", () => {
  beforeEach(() => {
    plan(90);
  });

  it("is asked when it serves, stands above, or is out; an unused, healthy backup is not", () => {
    watched(1);
    expect(grids()).toBe("90 90 - - ");
    server(3).health = DOWN;
    expect(grids()).toBe("90 90 - 90 ");
    server(3).health = COOLING;
    expect(grids()).toBe("90 90 - 90 ");
  });

  it("is asked like all others while nobody serves", () => {
    begin();
    expect(grids()).toBe("90 90 90 90 ");
  });

  it("that serves the lowest line decides for all above it", () => {
    watched(0);
    line(1).served = 2;
    expect(grids()).toBe("90 90 90 - ");
    line(1).state = SEEKING;
    expect(grids()).toBe("90 - - - ");
  });

  it("is asked by nobody without an interval", () => {
    plan(0, 60);
    watched();
    server(1).health = DOWN;
    expect(grids()).toBe("- - - - "); // backupDetectInterval works only with detection on
    expect(beats(200)).toBe("");
  });

  it("that is an unused backup is asked every backupDetectInterval", () => {
    plan(90, 60);
    watched();
    expect(grids()).toBe("90 60 60 60 ");
    expect(beats(200)).toBe(
      "60000@1 60000@2 60000@3 90000@0 120000@1 120000@2 120000@3 180000@0 180000@1 180000@2 180000@3 ",
    );
  });

  it("that serves is asked every sipOptionsInterval where that is shorter, with one OPTIONS", () => {
    plan(90, 0, 30);
    watched();
    expect(beats(100)).toBe("30000@0 60000@0 90000@0 ");
    plan(30, 0, 90);
    watched();
    expect(beats(100)).toBe("30000@0 60000@0 90000@0 ");
    plan(0, 0, 14);
    watched(1);
    expect(grids()).toBe("- 14 - - ");
  });
});

describe("a lost heartbeat", () => {
  it("is asked again after detectRetryInterval, or at the next point if that is earlier", () => {
    plan(90);
    set(DETECT_RETRY_INTERVAL, 10);
    watched();
    server(0).heard = 1;
    run(91999);
    expect(server(0).health).toBe(UP);
    run(1);
    expect(server(0).health).toBe(SUSPECT);
    expect(nextHeartbeatMs(0)).toBe(10000);
    expect(having(run(10000), "OPTIONS")).toBe("102000 OPTIONS @0 2\n");
    answerBeat(0);
    told();
    expect(nextHeartbeatMs(0)).toBe(78000); // the grid has not moved
    plan(11);
    set(DETECT_RETRY_INTERVAL, 3600);
    watched();
    run(13000);
    expect(nextHeartbeatMs(0)).toBe(9000);
  });

  it("is not asked again once the server is not suspected any more", () => {
    plan(90);
    set(DETECT_RETRY_INTERVAL, 10);
    watched();
    server(0).heard = 1;
    run(92000);
    server(0).health = UP;
    expect(having(run(20000), "OPTIONS")).toBe("");
  });

  it("of the check at the start is told as a dead standby", () => {
    plan(0);
    set(STARTUP_CHECK, 1);
    begin();
    told();
    answerBeat(1);
    let said = told();
    answerBeat(2, "503 Busy");
    said += told();
    expect(having(said, "standbyDown")).toBe("0 standbyDown @2 heartbeat(503:1,1)\n");
    expect(having(said, "server")).toBe(
      "0 serverUp @1 heartbeat(200:0,1)\n0 serverSuspect @2 heartbeat(503:1,1)\n",
    );
    expect(having(run(2000), "standbyDown")).toBe("2000 standbyDown @3 heartbeat(1,1)\n");
  });
});

describe("an answer to a heartbeat", () => {
  beforeEach(() => {
    plan(90);
    watched();
    run(90000);
  });

  it("that redirects lets the lines there ask where to go", () => {
    answerBeat(0, "302 Moved");
    const said = told();
    expect(having(said, "REGISTER")).toBe("90000 REGISTER 6000 @0 2\n90000 REGISTER 6001 @0 2\n");
    expect(server(0).health).toBe(UP);
  });

  it("of 500 neither breaks nor extends a row of losses", () => {
    server(0).heard = 1;
    answerBeat(0, "503 Busy");
    told();
    expect(server(0).misses).toBe(1);
    run(90000);
    answerBeat(0, "500 Oops");
    told();
    expect(server(0).misses).toBe(1);
    expect(server(0).health).toBe(SUSPECT);
    run(90000);
    answerBeat(0, "503 Busy");
    told();
    expect(server(0).health).toBe(DOWN);
    expect(line(0).served).toBe(NONE);
    expect(line(0).state).not.toBe(SERVED);
  });

  it("of 503 is a loss, its Retry-After means nothing", () => {
    server(0).heard = 1;
    answerBeat(0, "503 Busy", "Retry-After: 60\r\n");
    expect(having(told(), "server")).toBe("90000 serverSuspect @0 heartbeat(503:1,1)\n");
  });
});
