// News of servers: heard by all lines first, acted on by each after that.

import { CMD_MOVE_TO } from "../../../assembly/abi";
import { OPTIONS_TIMEOUT, PREFER_PRIMARY, PRIMARY_DETECT_INTERVAL } from "../../../assembly/generated/params";
import { FAIL, GOOD, judge, LOST } from "../../../assembly/policy/health";
import { refresh, settle } from "../../../assembly/policy/settle";
import { changed, phone } from "../../../assembly/policy/state";
import { binding, line } from "../../../assembly/session/account";
import { NEWS_MOVED, NEWS_RECHECK, server } from "../../../assembly/session/server";
import { NONE, SEEKING, SERVED, WAITING } from "../../../assembly/session/states";
import { isArmed, T_GRACE } from "../../../assembly/session/timers";
import {
  answer,
  answerBeat,
  begin,
  events,
  fresh,
  furnish,
  grant,
  having,
  order,
  phoneOf,
  run,
  servedPhone,
  set,
  told,
} from "../phone";

describe("news of a server", () => {
  it("are heard by all lines before any of them acts", () => {
    servedPhone(2, 3);
    judge(0, FAIL, 0, false);
    settle();
    expect(events()).toBe(
      "0 serverDown @0 lease(1800,1800)\n" +
        "0 outOfService 6000 @0 lease(1800,1800)\n0 warningOn 6000 lease(1800,1800)\n" +
        "0 outOfService 6001 @0 lease(1800,1800)\n0 warningOn 6001 lease(1800,1800)\n" +
        "0 outOfService 6002 @0 lease(1800,1800)\n0 warningOn 6002 lease(1800,1800)\n",
    );
    expect(told()).toBe("0 REGISTER 6000 @1 1\n0 REGISTER 6001 @1 1\n0 REGISTER 6002 @1 1\n");
  });

  it("are heard once", () => {
    servedPhone();
    judge(0, FAIL, 0, false);
    settle();
    expect(server(0).news).toBe(0);
    expect(phone().changed).toBe(0);
    const asking = line(0).asking;
    changed();
    settle();
    expect(line(0).asking).toBe(asking);
  });

  it("of a fall end the attempts there, and pins to it", () => {
    phoneOf(2, 2);
    told();
    expect(line(1).asking).toBe(0);
    judge(0, LOST, 0, false);
    settle();
    expect(line(0).asking).toBe(1);
    expect(line(1).asking).toBe(1);
    servedPhone(2);
    order(CMD_MOVE_TO, 0, 1);
    told();
    judge(1, FAIL, 0, false);
    settle();
    expect(line(0).pinned).toBe(NONE);
    expect(line(0).returning).toBe(NONE);
    expect(line(0).state).toBe(SERVED);
  });

  it("of silence where no heartbeat was ever answered let the first line there ask, for all", () => {
    servedPhone(2, 3);
    run(1000);
    server(0).news = NEWS_RECHECK;
    changed();
    expect(told()).toBe("1000 REGISTER 6000 @0 2\n");
  });

  it("of a redirect let every line there ask", () => {
    servedPhone(2, 3);
    run(1000);
    server(0).news = NEWS_MOVED;
    changed();
    expect(told()).toBe("1000 REGISTER 6000 @0 2\n1000 REGISTER 6001 @0 2\n1000 REGISTER 6002 @0 2\n");
  });

  it("of the end of a cooling let a line that waits ask there, out of turn", () => {
    phoneOf(1);
    told();
    answer(0, "503 Busy", "Retry-After: 10\r\n");
    const said = told();
    expect(having(said, "outOfService").length).toBeGreaterThan(0);
    expect(line(0).state).toBe(WAITING);
    const wait = line(0).rounds;
    expect(having(run(10000), "REGISTER")).toBe("10000 REGISTER 6000 @0 2\n");
    expect(line(0).rounds).toBe(wait);
    expect(line(0).state).toBe(SEEKING);
  });

  it("of the end of a cooling do not matter to a line that is content, or was told a time", () => {
    phoneOf(1);
    told();
    answer(0, "503 Busy", "Retry-After: 10\r\n");
    told();
    binding(0, 0).excluded = 2;
    expect(having(run(10000), "REGISTER")).toBe("");
    servedPhone(2);
    server(1).health = 5;
    judge(1, 9, 0, false);
    expect(having(told(), "REGISTER")).toBe("");
  });
});

describe("the end of an outage of all", () => {
  it("asks the better servers at once, and they need no hold within an options timeout", () => {
    fresh();
    furnish(3);
    set(PREFER_PRIMARY, 0);
    set(PRIMARY_DETECT_INTERVAL, 90);
    begin();
    run(6000); // all three are silent
    expect(line(0).stranded).toBe(1);
    judge(2, 1, 0, false); // the third answers a heartbeat
    expect(having(told(), "REGISTER")).toBe("6000 REGISTER 6000 @2 2\n");
    grant(2);
    const said = told();
    expect(having(said, "OPTIONS")).toBe("6000 OPTIONS @0 1\n6000 OPTIONS @1 1\n");
    expect(isArmed(T_GRACE, 0)).toBe(true);
    expect(isArmed(T_GRACE, 2)).toBe(false);
    run(1999);
    answerBeat(0);
    const back = told();
    expect(having(back, "serverUp")).toBe("7999 serverUp @0 heartbeat(200:0,3)\n");
    expect(having(back, "REGISTER")).toBe("7999 REGISTER 6000 @0 2\n");
  });

  it("lasts as long as optionsTimeout says", () => {
    fresh();
    furnish(2);
    set(PREFER_PRIMARY, 0);
    set(PRIMARY_DETECT_INTERVAL, 90);
    set(OPTIONS_TIMEOUT, 500);
    begin();
    run(4000);
    judge(1, 1, 0, false);
    told();
    grant(1);
    told();
    run(499);
    expect(isArmed(T_GRACE, 0)).toBe(true);
    run(1);
    expect(isArmed(T_GRACE, 0)).toBe(false);
  });
});

describe("a refresh", () => {
  it("goes where the line is served, unless an attempt is under way", () => {
    servedPhone();
    run(1000);
    line(0).asking = 1;
    refresh(0);
    expect(binding(0, 0).cseq).toBe(1);
    line(0).asking = NONE;
    refresh(0);
    expect(line(0).asking).toBe(0);
    expect(binding(0, 0).cseq).toBe(2);
  });

  it("is answered by nobody's change of mind: a better server waits for it", () => {
    fresh();
    furnish(2);
    set(PREFER_PRIMARY, 1);
    begin();
    run(2000);
    grant(1, 120);
    told();
    run(60000); // a refresh at the backup is under way
    judge(0, 3, 0, false);
    told();
    judge(0, GOOD, 0, false);
    expect(line(0).asking).toBe(1);
    expect(line(0).returning).toBe(0); // beside it
  });
});
