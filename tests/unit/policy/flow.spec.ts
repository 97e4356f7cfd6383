// The way to a server: opened on demand, replaced when it fails; and our Contact over it. Several addresses and keepalives: its parts.

import {
  E_RANGE,
  E_SERVER,
  FLOW_LOST,
  FLOW_REFUSED,
  FLOW_TLS_NAME,
  FLOW_UP,
  OK,
  TEXT_LOCAL,
} from "../../../assembly/abi";
import { now } from "../../../assembly/base/timer";
import { PRIMARY_DETECT_INTERVAL } from "../../../assembly/generated/params";
import { flow } from "../../../assembly/index";
import {
  answer,
  answerBeat,
  begin,
  challenge,
  fresh,
  furnish,
  grant,
  having,
  header,
  report,
  run,
  say,
  sentTo,
  servedPhone,
  set,
  streamPhoneOf,
  told,
} from "../phone";
import { connect } from "./flows";

/** A line in service at the primary over TCP, at 0. */
function served(lines: u32 = 1): void {
  streamPhoneOf(2, lines);
  told();
  report(0, FLOW_UP);
  for (let i: u32 = 0; i < lines; i++) serveOne();
}

// REGISTERs come out one at a time only while they are answered one at a time: all were sent, the last is kept.
function serveOne(): void {
  told();
  grant(0);
  told();
}

/** A line over TCP whose first REGISTER is under way. */
function asking(): void {
  streamPhoneOf();
  connect();
}

describe("a flow over TCP", () => {
  it("is wanted when something has to be sent, and carries it once it is up", () => {
    streamPhoneOf();
    expect(told()).toBe("0 flow @0 0 #1\n");
    expect(told()).toBe("");
    report(0, FLOW_UP);
    expect(told()).toBe("0 REGISTER 6000 @0 1\n");
  });

  it("is bounded by the time of the request that waits for it: 2 s", () => {
    streamPhoneOf();
    told();
    expect(run(1999)).toBe("");
    expect(run(1)).toBe(
      "2000 warningOn 6000 timeout(2000,0)\n2000 serverDown @0 timeout(2000,0)\n2000 flow @1 0 #1\n",
    );
    report(0, FLOW_UP); // too late
    expect(told()).toBe("");
  });

  it("that cannot be opened fails the server at once, with the reason", () => {
    streamPhoneOf();
    told();
    report(0, FLOW_REFUSED);
    expect(told()).toBe("0 warningOn 6000 transport(2,0)\n0 serverDown @0 transport(2,0)\n0 flow @1 0 #1\n");
    report(1, FLOW_TLS_NAME);
    expect(having(told(), "serverDown")).toBe("0 serverDown @1 transport(7,0)\n");
  });

  it("is not repeated on: one REGISTER, and silence for 2 s", () => {
    asking();
    expect(having(run(1999), "REGISTER")).toBe("");
  });

  it("that is lost with a request under way is opened again for it, once", () => {
    asking();
    report(0, FLOW_LOST);
    expect(told()).toBe("0 flow @0 0 #2\n");
    report(0, FLOW_UP);
    expect(told()).toBe("0 REGISTER 6000 @0 2\n"); // a new one
    challenge(0);
    expect(told()).toBe("0 serverUp @0 status(401:0,0)\n0 REGISTER 6000 @0 3 auth\n");
    report(0, FLOW_LOST);
    expect(having(told(), "serverDown")).toBe("0 serverDown @0 transport(3,0)\n");
  });

  it("that is lost in service makes its lines register again: at once, where nobody listens it fails", () => {
    served();
    run(130_000); // steady
    report(0, FLOW_LOST);
    expect(told()).toBe("130000 flow @0 0 #2\n");
    report(0, FLOW_REFUSED);
    const said = told();
    expect(having(said, "outOfService")).toBe("130000 outOfService 6000 @0 transport(2,0)\n");
    expect(having(said, "flow")).toBe("130000 flow @1 0 #1\n");
  });

  it("that keeps being lost is opened again after longer and longer waits: 15 to 30 s, 30 to 60 s", () => {
    served();
    run(2000);
    report(0, FLOW_LOST); // young, the first time
    expect(told()).toBe("2000 flow @0 0 #2\n");
    const waits: u32[] = [];
    for (let i = 0; i < 2; i++) {
      report(0, FLOW_UP);
      told();
      grant(0);
      told();
      run(1000);
      report(0, FLOW_LOST);
      const since = now();
      for (let said = told(); !said.includes("flow @0") && now() - since < 100_000; ) said = run(100);
      waits.push(now() - since);
    }
    expect(waits[0] >= 15_000 && waits[0] <= 30_100).toBe(true, waits[0].toString());
    expect(waits[1] >= 30_000 && waits[1] <= 60_100).toBe(true, waits[1].toString());
  });

  it("from another address of ours begins without credentials: the challenge tells how the server sees us", () => {
    asking();
    challenge(0);
    told();
    grant(0);
    told();
    report(0, FLOW_LOST);
    run(1000);
    say(TEXT_LOCAL, 0, 0, "192.0.2.100:5061");
    report(0, FLOW_UP);
    expect(told()).toBe("1000 REGISTER 6000 @0 3\n");
    challenge(0);
    expect(told()).toBe("1000 REGISTER 6000 @0 4 auth\n");
  });

  it("that ends with each answer is served all the same: the answer to a challenge goes over the next one", () => {
    asking();
    challenge(0);
    told();
    report(0, FLOW_LOST);
    told();
    say(TEXT_LOCAL, 0, 0, "192.0.2.100:5061");
    report(0, FLOW_UP);
    expect(told()).toBe("0 REGISTER 6000 @0 3 auth\n");
    grant(0);
    expect(having(told(), "inService")).toBe("0 inService 6000 @0 start(0,0)\n");
    report(0, FLOW_LOST);
    expect(having(told(), "serverDown")).toBe("");
  });

  it("is replaced after a 430, once", () => {
    asking();
    answer(0, "430 Flow Failed");
    expect(told()).toBe("0 serverUp @0 status(430:0,0)\n0 flow @0 0 #2\n");
    report(0, FLOW_UP);
    expect(told()).toBe("0 REGISTER 6000 @0 2\n");
    answer(0, "430 Flow Failed");
    expect(having(told(), "flow @0")).toBe("");
  });

  it("for a heartbeat that was never opened in its time is opened anew for the next one", () => {
    fresh();
    set(PRIMARY_DETECT_INTERVAL, 10);
    furnish(2, 1, 1);
    begin();
    connect();
    grant(0);
    run(10_000);
    answerBeat(0);
    told();
    flow(0, 1, FLOW_LOST, now());
    expect(told()).toBe("10000 flow @0 0 #2\n");
    // nobody answers the connection: the refresh fails after its own 2 s
    expect(having(run(2000), "serverDown")).toBe("12000 serverDown @0 timeout(2000,0)\n");
    expect(having(run(8000), "flow @0")).toBe("20000 flow @0 0 #3\n");
    expect(having(run(10_000), "flow @0")).toBe("30000 flow @0 0 #4\n");
  });

  it("of an earlier number counts no more, and a number beside FLOW_* is refused", () => {
    streamPhoneOf();
    told();
    expect(flow(0, 0, FLOW_REFUSED, 0)).toBe(OK);
    expect(flow(0, 2, FLOW_UP, 0)).toBe(OK);
    expect(told()).toBe("");
    expect(flow(0, 1, 0, 0)).toBe(E_RANGE);
    expect(flow(0, 1, 9, 0)).toBe(E_RANGE);
    expect(flow(2, 1, FLOW_UP, 0)).toBe(E_SERVER);
  });

  it("is none of UDP's business", () => {
    servedPhone();
    expect(flow(0, 0, FLOW_LOST, 0)).toBe(OK);
    expect(told()).toBe("");
  });
});

describe("our Contact over a stream", () => {
  it("is the connection's own address, bound by one REGISTER", () => {
    streamPhoneOf();
    told();
    say(TEXT_LOCAL, 0, 0, "192.0.2.100:40001");
    report(0, FLOW_UP);
    expect(told()).toBe("0 REGISTER 6000 @0 1\n");
    expect(header(sentTo(0), "Contact").includes("@192.0.2.100:40001;")).toBe(true);
    grant(0);
    expect(having(run(5000), "REGISTER")).toBe("");
  });

  it("follows the connection: the binding of the one that was lost is removed", () => {
    served();
    run(130_000);
    report(0, FLOW_LOST);
    told();
    say(TEXT_LOCAL, 0, 0, "192.0.2.100:40002");
    report(0, FLOW_UP);
    expect(told()).toBe("130000 REGISTER 6000 @0 2\n");
    grant(0);
    expect(told()).toBe("130000 REGISTER 6000 @0 3 expires=0\n");
    expect(header(sentTo(0), "Contact").includes("@192.0.2.100:5060;")).toBe(true);
    grant(0);
    expect(having(run(5000), "REGISTER")).toBe("");
  });
});
