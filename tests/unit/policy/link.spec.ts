// The local link, and the phone that goes on from a snapshot: what ends, what stays, what is verified first.

import { CMD_CALL_BEGIN, CMD_LINK_DOWN, CMD_LINK_UP, CMD_STOP, E_STATE, OK } from "../../../assembly/abi";
import { RX } from "../../../assembly/base/memory";
import { now } from "../../../assembly/base/timer";
import { START_SPREAD } from "../../../assembly/generated/params";
import { resume } from "../../../assembly/index";
import { FAIL, judge } from "../../../assembly/policy/health";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { CUT, DOWN, SEEKING, SERVED, STARTING, UP, WAITING } from "../../../assembly/session/states";
import { isArmed, left, T_EXCLUDED, T_LEASE, T_SPREAD } from "../../../assembly/session/timers";
import { isLive } from "../../../assembly/session/transaction";
import {
  answer,
  begin,
  challenge,
  feed,
  fresh,
  furnish,
  grant,
  having,
  header,
  order,
  part,
  phoneOf,
  run,
  sentTo,
  serve,
  servedPhone,
  set,
  streamPhoneOf,
  told,
} from "../phone";

/** The instance is lost now, and goes on as it was with another seed. */
function crash(): i32 {
  memory.fill(RX, 9, 32);
  return resume(now());
}

describe("the local link", () => {
  it("that is down blames nobody, ends attempts unjudged, and leases run on", () => {
    servedPhone(2, 1, 120);
    run(60000);
    expect(isLive(binding(0, 0))).toBe(true);
    order(CMD_LINK_DOWN);
    expect(told()).toBe("60000 outOfService 6000 @0 link(0,0)\n60000 warningOn 6000 link(0,0)\n");
    expect(isLive(binding(0, 0))).toBe(false);
    expect(server(0).health).toBe(UP);
    expect(isArmed(T_LEASE, 0)).toBe(true);
    expect(run(30000)).toBe("");
  });

  it("that is down twice is down once", () => {
    servedPhone();
    order(CMD_LINK_UP);
    expect(told()).toBe("");
    order(CMD_LINK_DOWN);
    told();
    order(CMD_LINK_DOWN);
    expect(told()).toBe("");
  });

  it("that is up again verifies the binding in use first", () => {
    servedPhone();
    order(CMD_LINK_DOWN);
    run(10000);
    order(CMD_LINK_UP);
    expect(told()).toBe("10000 REGISTER 6000 @0 2\n");
    grant(0);
    expect(having(told(), "6000 @0 ")).toBe(
      "10000 inService 6000 @0 lease(1800,1800)\n10000 bound 6000 @0 lease(1800,1800)\n",
    );
  });

  it("that is up again starts a round from the beginning where no lease is left", () => {
    phoneOf();
    run(5000);
    line(0).rounds = 9;
    order(CMD_LINK_DOWN);
    told();
    run(300000);
    order(CMD_LINK_UP);
    expect(having(told(), "REGISTER")).toBe("305000 REGISTER 6000 @0 2\n");
    expect(line(0).rounds).toBe(0);
  });
});

describe("a phone that goes on from a snapshot", () => {
  it("is out of service until a REGISTER where it was served has verified the binding", () => {
    servedPhone();
    run(1000);
    expect(crash()).toBe(OK);
    expect(told()).toBe(
      "1000 outOfService 6000 @0 start(0,1)\n1000 warningOn 6000 start(0,1)\n" +
        "1000 flow @0 0 #1\n1000 REGISTER 6000 @0 2\n",
    );
    expect(line(0).state).toBe(SEEKING);
    expect(isArmed(T_LEASE, 0)).toBe(true);
    grant(0);
    expect(told()).toBe(
      "1000 inService 6000 @0 lease(1800,1800)\n1000 warningOff 6000 lease(1800,1800)\n" +
        "1000 bound 6000 @0 lease(1800,1800)\n",
    );
    expect(line(0).state).toBe(SERVED);
  });

  it("takes another Call-ID and tag, keeps its Contact, and takes no answer to what was asked before", () => {
    servedPhone(2, 1, 120);
    run(60000);
    const before = sentTo(0);
    expect(isLive(binding(0, 0))).toBe(true);
    crash();
    run(1000);
    const after = sentTo(0);
    expect(header(after, "Call-ID")).not.toBe(header(before, "Call-ID"));
    expect(header(after, "From")).not.toBe(header(before, "From"));
    expect(header(after, "Contact")).toBe(header(before, "Contact"));
    expect(feed(0, "SIP/2.0 200 OK\r\nVia: " + header(before, "Via") + "\r\n\r\n") < 0).toBe(true);
    expect(line(0).state).toBe(SEEKING);
  });

  it("uses no nonce again, for its count may be spent", () => {
    servedPhone();
    run(900000);
    challenge(0);
    expect(having(told(), "auth")).toBe("900000 REGISTER 6000 @0 3 auth\n");
    grant(0);
    told();
    run(60000);
    crash();
    expect(having(told(), "REGISTER")).toBe("960000 REGISTER 6000 @0 4\n");
    expect(binding(0, 0).trusted).toBe(0);
  });

  it("is not in service where the binding is gone: the failover is that of any other failure", () => {
    servedPhone();
    run(1000);
    crash();
    told();
    expect(run(2000)).toBe(
      "1500 REGISTER 6000 @0 2\n2500 REGISTER 6000 @0 2\n" +
        "3000 serverDown @0 timeout(2000,0)\n3000 flow @1 0 #1\n3000 REGISTER 6000 @1 1\n",
    );
    grant(1);
    expect(having(told(), "moved")).toBe("3000 moved 6000 @1 failover(0,0)\n");
  });

  it("keeps what it knew of servers, what rests, calls and pins", () => {
    servedPhone(3);
    order(CMD_CALL_BEGIN);
    judge(1, FAIL, 0, false);
    told();
    line(0).pinned = 0;
    server(2).penalty = 3000;
    crash();
    told();
    expect(line(0).calls).toBe(1);
    expect(line(0).pinned).toBe(0);
    expect(server(0).health).toBe(UP);
    expect(server(1).health).toBe(DOWN);
    expect(server(2).penalty).toBe(3000);
    phoneOf();
    told();
    answer(0, "403 No");
    told();
    const restMs = left(T_EXCLUDED, binding(0, 0).id);
    crash();
    expect(having(told(), "REGISTER")).toBe("");
    expect(left(T_EXCLUDED, binding(0, 0).id)).toBe(restMs);
  });

  it("goes on with its round where it was, and counts on", () => {
    phoneOf();
    run(5000);
    expect(line(0).state).toBe(WAITING);
    line(0).rounds = 9;
    crash();
    expect(having(told(), "REGISTER")).toBe("5000 REGISTER 6000 @0 2\n");
    expect(line(0).rounds).toBe(9);
    run(3000);
    expect(line(0).asked).toBe(1);
    crash();
    expect(having(told(), "REGISTER")).toBe("8000 REGISTER 6000 @1 3\n");
  });

  it("waits for its place in the crowd, and does not ask a server that fell meanwhile", () => {
    servedPhone();
    set(START_SPREAD, 3600);
    run(1000);
    crash();
    expect(having(told(), "REGISTER")).toBe("");
    expect(line(0).state).toBe(STARTING);
    expect(left(T_SPREAD, 0) > 0).toBe(true);
    judge(0, FAIL, 0, false);
    told();
    const asked = having(run(3600000), "REGISTER");
    expect(part(asked, " ", "\n")).toBe("REGISTER 6000 @1 1");
  });

  it("sends one REGISTER for each line, and none that removes", () => {
    servedPhone(2, 3);
    run(1000);
    crash();
    expect(having(told(), "REGISTER")).toBe(
      "1000 REGISTER 6000 @0 2\n1000 REGISTER 6001 @0 2\n1000 REGISTER 6002 @0 2\n",
    );
  });

  it("leaves a line alone for as long as the spacing wants", () => {
    servedPhone();
    crash();
    expect(having(told(), "REGISTER")).toBe("");
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n");
  });

  it("opens every flow anew", () => {
    streamPhoneOf();
    expect(told()).toBe("0 flow @0 0 #1\n");
    run(100);
    crash();
    expect(having(told(), "flow")).toBe("");
    expect(having(run(1000), "flow")).toBe("1000 flow @0 0 #2\n");
  });

  it("waits for the link while that is down", () => {
    servedPhone();
    order(CMD_LINK_DOWN);
    told();
    crash();
    expect(told()).toBe("");
    expect(line(0).state).toBe(CUT);
    run(5000);
    order(CMD_LINK_UP);
    expect(having(told(), "REGISTER")).toBe("5000 REGISTER 6000 @0 2\n");
  });

  it("leaves what is not configured alone", () => {
    servedPhone();
    crash();
    expect(line(1).state).toBe(0);
  });

  it("ran when the snapshot was taken, and had told all", () => {
    fresh();
    furnish();
    expect(crash()).toBe(E_STATE);
    begin();
    expect(crash()).toBe(OK);
    told();
    order(CMD_CALL_BEGIN);
    expect(feed(0, "x") < 0).toBe(true); // its event waits
    expect(crash()).toBe(E_STATE);
    told();
    serve(0);
    order(CMD_STOP);
    told();
    expect(crash()).toBe(E_STATE);
  });
});
