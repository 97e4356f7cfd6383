// What keeps the way to a server open when nothing is sent.

import { CMD_LINK_DOWN, CMD_LINK_UP, FLOW_BROKEN, OK } from "../../../assembly/abi";
import { NAT_KEEPALIVE, OUTBOUND } from "../../../assembly/generated/params";
import { answer, begin, feed, fresh, furnish, grant, having, order, report, run, set, told } from "../phone";
import { connect } from "./flows";

/** A line served over a stream, with a keepalive each 15 s. */
function servedByStream(): void {
  fresh();
  set(NAT_KEEPALIVE, 15);
  furnish(2, 1, 1);
  begin();
  connect();
  grant(0);
}

describe("a keepalive", () => {
  it("goes to the server in use after an interval without anything sent", () => {
    fresh();
    set(NAT_KEEPALIVE, 15);
    furnish();
    begin();
    told();
    grant(0);
    expect(having(run(46_000), "keepalive")).toBe(
      "15000 keepalive @0\n30000 keepalive @0\n45000 keepalive @0\n",
    );
  });

  it("over a stream is answered; once it was, silence of 10 s ends the flow", () => {
    servedByStream();
    told();
    expect(feed(0, "\r\n")).toBe(OK); // nobody asked
    expect(having(run(29_999), "keepalive")).toBe("15000 keepalive @0\n"); // no pong yet, so none is missed
    expect(run(5_001)).toBe("30000 keepalive @0\n");
    expect(feed(0, "\r\n")).toBe(OK);
    expect(run(10_000)).toBe("45000 keepalive @0\n");
    expect(run(9_999)).toBe("");
    expect(run(1)).toBe("55000 flow @0 0 #2\n");
    report(0, FLOW_BROKEN);
    expect(having(told(), "serverDown")).toBe("55000 serverDown @0 transport(4,0)\n");
  });

  it("every few seconds has its answer awaited for 10 s all the same", () => {
    fresh();
    set(OUTBOUND, 1);
    furnish(2, 1, 1);
    begin();
    connect();
    answer(0, "200 OK", "Expires: 1800\r\nFlow-Timer: 5\r\n");
    expect(having(run(5000), "keepalive") !== "").toBe(true);
    feed(0, "\r\n");
    expect(having(run(15_000), "flow") !== "").toBe(true); // the next one within 5 s, and 10 s
  });

  it("is not what ends the next connection while that is being opened", () => {
    servedByStream();
    run(15_000);
    feed(0, "\r\n");
    run(15_000); // the second keepalive; its answer would be missed at 40 s
    order(CMD_LINK_DOWN);
    run(9500);
    order(CMD_LINK_UP);
    expect(having(told(), "flow")).toBe("39500 flow @0 0 #2\n");
    expect(having(run(1000), "serverDown")).toBe("");
  });

  it("is not sent where nobody is served", () => {
    fresh();
    set(NAT_KEEPALIVE, 15);
    furnish();
    begin();
    expect(having(run(16_000), "keepalive")).toBe("");
  });
});
