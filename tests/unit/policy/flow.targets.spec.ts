// A server with several addresses: in which order they are tried, and what each says.

import { CMD_RESTART, E_RANGE, E_SERVER, OK } from "../../../assembly/abi";
import { MAX_DETECT_FAIL_COUNT, PRIMARY_DETECT_INTERVAL } from "../../../assembly/generated/params";
import { setTargets } from "../../../assembly/index";
import { server } from "../../../assembly/session/server";
import {
  answer,
  answerBeat,
  begin,
  challenge,
  fresh,
  furnish,
  grant,
  having,
  order,
  refuse,
  run,
  set,
  told,
} from "../phone";

/** A line over UDP whose primary has `count` addresses. */
function severalTargets(count: u32): void {
  fresh();
  furnish();
  expect(setTargets(0, count, 0)).toBe(OK);
  begin();
}

describe("several addresses of one server", () => {
  it("each ask for credentials: what one was told is no refusal by the next", () => {
    severalTargets(2);
    told();
    challenge(0, "n1");
    told();
    run(2000); // the answer to it is lost with the first one
    challenge(0, "n2");
    expect(having(told(), "REGISTER")).toBe("2000 REGISTER 6000 @0 4 auth\n");
  });

  it("that challenge and then say nothing are given up, each once: 2 s each", () => {
    severalTargets(2);
    let said = "";
    for (let i = 0; i < 12 && !said.includes("serverDown"); i++) {
      said = told();
      challenge(0, "n" + i.toString(), ", stale=true");
      said = run(2000);
    }
    expect(having(said, "serverDown")).toBe("4000 serverDown @0 timeout(2000,0)\n");
  });

  it("take turns while the server is out, and a restart asks the one that is next", () => {
    fresh();
    furnish(1);
    setTargets(0, 2, 0);
    begin();
    expect(having(run(4000), "serverDown")).toBe("4000 serverDown @0 timeout(2000,0)\n");
    expect(server(0).target).toBe(0);
    order(CMD_RESTART);
    expect(having(told(), "flow")).toBe("4000 flow @0 0 #2\n"); // the host is at the second one
  });

  it("are tried in order within its turn, each for its own 2 s", () => {
    severalTargets(3);
    const said = run(6000);
    expect(having(said, "flow")).toBe("2000 flow @0 1 #1\n4000 flow @0 2 #2\n");
    expect(having(said, "serverDown")).toBe("6000 serverDown @0 timeout(2000,0)\n");
    expect(having(said, "REGISTER 6000 @1")).toBe("6000 REGISTER 6000 @1 1\n");
  });

  it("of which the second answers keep the line where it is", () => {
    severalTargets(2);
    told();
    refuse(0);
    expect(told()).toBe("0 flow @0 1 #1\n0 REGISTER 6000 @0 2\n");
    grant(0);
    expect(having(told(), "inService")).toBe("0 inService 6000 @0 start(0,0)\n");
    expect(server(0).target).toBe(1);
  });

  it("take turns when heartbeats are lost, and the lines ask by REGISTER", () => {
    fresh();
    set(MAX_DETECT_FAIL_COUNT, 0);
    set(PRIMARY_DETECT_INTERVAL, 10);
    furnish();
    setTargets(0, 2, 0);
    begin();
    told();
    grant(0);
    run(10_000);
    answerBeat(0);
    const said = run(12_000); // the heartbeat of 20 s is lost at 22 s
    expect(having(said, "flow")).toBe("22000 flow @0 1 #1\n");
    expect(having(said, "serverDown")).toBe("");
    expect(having(said, "22000 REGISTER")).toBe("22000 REGISTER 6000 @0 2\n");
  });

  it("are all asked when one says 503, unless it says when to come again", () => {
    severalTargets(2);
    told();
    answer(0, "503 Service Unavailable");
    expect(told()).toBe("0 flow @0 1 #1\n0 REGISTER 6000 @0 2\n");
    answer(0, "503 Service Unavailable", "Retry-After: 20\r\n");
    expect(having(told(), "serverCooling")).toBe("0 serverCooling @0 status(503:20,0)\n");
  });

  it("that all say 503 are asked once each, then the server is down", () => {
    severalTargets(2);
    told();
    answer(0, "503 Service Unavailable");
    told();
    answer(0, "503 Service Unavailable");
    const said = told();
    expect(having(said, "serverDown")).toBe("0 serverDown @0 status(503:0,0)\n");
    expect(having(said, "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
  });

  it("are 1 to 8, and the one in use is among them", () => {
    fresh();
    furnish();
    expect(setTargets(0, 0, 0)).toBe(E_RANGE);
    expect(setTargets(0, 1, 0)).toBe(OK);
    expect(setTargets(0, 8, 7)).toBe(OK);
    expect(setTargets(0, 9, 0)).toBe(E_RANGE);
    expect(setTargets(0, 3, 3)).toBe(E_RANGE);
    expect(setTargets(4, 1, 0)).toBe(E_SERVER);
  });
});
