// What a start needs, the spread of the lines, and what a boot forgets.

import { E_INCOMPLETE, OK, TEXT_ACCOUNT, TEXT_DOMAIN, TEXT_LOCAL, TEXT_USER } from "../../../assembly/abi";
import { START_SPREAD, STARTUP_CHECK } from "../../../assembly/generated/params";
import { command } from "../../../assembly/index";
import { start } from "../../../assembly/policy/start";
import { phone } from "../../../assembly/policy/state";
import { line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { STARTING } from "../../../assembly/session/states";
import { left, T_SPREAD } from "../../../assembly/session/timers";
import { begin, fresh, furnish, having, run, say, servedPhone, set, told } from "../phone";

/** What start() says when this text is taken away again. */
function without(what: i32, index: u32, at: u32): i32 {
  fresh();
  furnish(3, 2);
  say(what, index, at, "");
  return start();
}

describe("a start", () => {
  it("needs a server and a line", () => {
    fresh();
    expect(start()).toBe(E_INCOMPLETE);
    furnish(1, 0);
    expect(start()).toBe(E_INCOMPLETE);
    fresh();
    furnish(0, 1);
    expect(start()).toBe(E_INCOMPLETE);
    furnish(1, 1);
    expect(start()).toBe(OK);
  });

  it("needs of each server its domain and our address; an account is no must", () => {
    for (let s: u32 = 0; s < 3; s++) {
      expect(without(TEXT_DOMAIN, 0, s)).toBe(E_INCOMPLETE);
      expect(without(TEXT_LOCAL, 0, s)).toBe(E_INCOMPLETE);
      expect(without(TEXT_ACCOUNT, 0, s)).toBe(OK);
    }
    expect(without(TEXT_DOMAIN, 0, 3)).toBe(OK); // not declared
  });

  it("can be tried again", () => {
    expect(without(TEXT_DOMAIN, 0, 1)).toBe(E_INCOMPLETE);
    expect(phone().phase).toBe(0);
    say(TEXT_DOMAIN, 0, 1, "sip.example");
    expect(start()).toBe(OK);
    expect(phone().phase).toBe(1);
    expect(phone().servers).toBe(3);
  });

  it("takes the servers up to the first gap", () => {
    fresh();
    furnish(4, 1);
    server(2).port = 0;
    expect(start()).toBe(OK);
    expect(phone().servers).toBe(2);
  });

  it("registers every used line at once, in their order", () => {
    fresh();
    furnish(2, 3);
    say(TEXT_USER, 1, 0, "");
    begin();
    expect(told()).toBe("0 REGISTER 6000 @0 1\n0 REGISTER 6002 @0 1\n");
    expect(line(1).state).toBe(0);
  });

  it("spreads them over startSpread, both ends included", () => {
    let least: u32 = 0xffffffff;
    let most: u32 = 0;
    for (let byte: u8 = 0; byte < 100; byte++) {
      fresh(byte);
      furnish(1, 8);
      set(START_SPREAD, 60);
      begin();
      for (let i: u32 = 0; i < 8; i++) {
        expect(line(i).state).toBe(STARTING);
        least = min(least, left(T_SPREAD, i));
        most = max(most, left(T_SPREAD, i));
      }
    }
    expect(least < 600).toBe(true);
    expect(most > 59400).toBe(true);
    expect(most <= 60000).toBe(true);
  });

  it("asks the backups with startupCheck, and nobody without", () => {
    fresh();
    furnish(3);
    begin();
    expect(having(told(), "OPTIONS")).toBe("");
    fresh();
    furnish(3);
    set(STARTUP_CHECK, 1);
    begin();
    const all = run(2000);
    expect(having(all, "0 OPTIONS @1")).toBe("0 OPTIONS @1 1\n500 OPTIONS @1 1\n1500 OPTIONS @1 1\n");
    expect(having(all, "OPTIONS @0")).toBe("");
    expect(having(all, "standbyDown")).toBe(
      "2000 standbyDown @1 heartbeat(1,3)\n2000 standbyDown @2 heartbeat(1,3)\n",
    );
  });
});

describe("a boot", () => {
  it("forgets what was learnt and starts over", () => {
    servedPhone();
    const callId = server(0).callId;
    expect(server(0).health).toBe(1);
    expect(command(8, 65535, 0, 5000)).toBe(OK);
    expect(server(0).health).toBe(0);
    expect(server(0).callId).not.toBe(callId);
    expect(line(0).served).toBe(255);
    expect(told()).toBe("5000 REGISTER 6000 @0 1\n");
  });
});
