// Moves back and moves by command: who waits for what.

import { CMD_CALL_BEGIN, CMD_CALL_END, CMD_REFRESH, CMD_RETURN_NOW } from "../../../assembly/abi";
import { BACK_TO_PRIMARY_DELAY, FAILBACK_IN_CALL, PREFER_PRIMARY } from "../../../assembly/generated/params";
import { EXCLUDED_HARD, EXCLUDED_SOFT } from "../../../assembly/policy/choice";
import { accompany, considerReturn, moveTo } from "../../../assembly/policy/returning";
import { phone } from "../../../assembly/policy/state";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { NONE, SERVED } from "../../../assembly/session/states";
import { arm, T_RETURN, T_SUSPENDED } from "../../../assembly/session/timers";
import {
  begin,
  events,
  fresh,
  furnish,
  grant,
  having,
  order,
  run,
  serve,
  servedPhone,
  set,
  told,
} from "../phone";

/** Health by its first letter. */
const LETTERS = "?USDHC";

/** A phone of four servers with no heartbeats, in service at server 2; health of the servers by letters. */
function below(health: string): void {
  servedPhone(4);
  line(0).served = 2;
  phone().changed = 0;
  for (let s = 0; s < 4; s++) server(s).health = <u8>LETTERS.indexOf(health.charAt(s));
}

/** Where a line in service at server 2 goes back to. */
function returns(health: string): u8 {
  below(health);
  considerReturn(0);
  return line(0).returning;
}

/** Which better server is tried beside a refresh there. */
function tried(health: string): u8 {
  below(health);
  accompany(0, false);
  return line(0).returning;
}

describe("a return", () => {
  it("is to the best server above that is UP, and to no other", () => {
    expect(returns("UUUU")).toBe(0);
    expect(returns("DUUU")).toBe(1);
    expect(returns("HUUU")).toBe(1);
    expect(returns("?SUU")).toBe(NONE);
    expect(returns("DCUU")).toBe(NONE);
    expect(returns("HHUU")).toBe(NONE);
  });

  it("leaves out what the line leaves out", () => {
    below("UUUU");
    binding(0, 0).excluded = 1;
    considerReturn(0);
    expect(line(0).returning).toBe(1);
  });

  it("waits while the line is pinned, asks elsewhere, or is out of service", () => {
    below("UUUU");
    line(0).pinned = 2;
    considerReturn(0);
    expect(line(0).returning).toBe(NONE);
    below("UUUU");
    line(0).asking = 3;
    considerReturn(0);
    expect(line(0).returning).toBe(NONE);
    below("UUUU");
    line(0).asking = 2; // its own refresh
    considerReturn(0);
    expect(line(0).returning).toBe(0);
    below("UUUU");
    line(0).state = 2;
    considerReturn(0);
    expect(line(0).returning).toBe(NONE);
  });

  it("waits for the end of the last call, which is told once", () => {
    below("DDUU");
    order(CMD_CALL_BEGIN);
    order(CMD_CALL_BEGIN);
    told();
    server(0).health = 1;
    considerReturn(0);
    considerReturn(0);
    expect(events()).toBe("0 failbackDeferred 6000 @0 calls(2,0)\n");
    order(CMD_CALL_END);
    told();
    expect(line(0).returning).toBe(NONE);
    order(CMD_CALL_END);
    told();
    expect(line(0).returning).toBe(0);
  });

  it("that waits names the best of the servers it could go to", () => {
    below("UUUU");
    line(0).calls = 1;
    considerReturn(0);
    expect(events()).toBe("0 failbackDeferred 6000 @0 calls(1,0)\n");
  });

  it("does not wait for calls with failbackInCall", () => {
    below("DDUU");
    order(CMD_CALL_BEGIN);
    told();
    set(FAILBACK_IN_CALL, 1);
    server(0).health = 1;
    considerReturn(0);
    expect(line(0).returning).toBe(0);
  });

  it("waits while moves back there are suspended; another server is taken meanwhile", () => {
    below("UDUU");
    server(0).penalty = 3000;
    arm(T_SUSPENDED, 0, 1000);
    considerReturn(0);
    considerReturn(0);
    expect(line(0).returning).toBe(NONE);
    expect(events()).toBe("0 failbackDeferred 6000 @0 damping(3000,2500)\n");
    server(1).health = 1;
    considerReturn(0);
    expect(line(0).returning).toBe(1);
  });

  it("is told again when it waits for something else", () => {
    below("UDUU");
    arm(T_SUSPENDED, 0, 1000);
    considerReturn(0);
    line(0).calls = 1;
    considerReturn(0);
    line(0).calls = 0;
    considerReturn(0);
    expect(events()).toBe(
      "0 failbackDeferred 6000 @0 damping(0,2500)\n0 failbackDeferred 6000 @0 calls(1,0)\n" +
        "0 failbackDeferred 6000 @0 damping(0,2500)\n",
    );
  });

  it("moves the line only when it is granted", () => {
    below("DDUU");
    told();
    server(0).health = 1;
    considerReturn(0);
    run(1000);
    expect(line(0).served).toBe(2);
    expect(line(0).state).toBe(SERVED);
    grant(0);
    expect(line(0).served).toBe(0);
    expect(having(told(), "REGISTER")).toBe("1000 REGISTER 6000 @2 1 expires=0\n");
  });
});

describe("a REGISTER beside a refresh", () => {
  it("goes to a better server that heartbeats say nothing of", () => {
    expect(tried("DUUU")).toBe(0);
    expect(tried("?UUU")).toBe(0);
    expect(tried("SUUU")).toBe(0);
    expect(tried("UDUU")).toBe(1);
    expect(tried("UHUU")).toBe(NONE);
    expect(tried("UCUU")).toBe(NONE);
    expect(tried("UUUD")).toBe(NONE);
  });

  it("goes to the one that was tried least recently", () => {
    below("DDUU");
    server(0).tried = 5;
    server(1).tried = 4;
    accompany(0, false);
    expect(line(0).returning).toBe(1);
  });

  it("waits for the back-to-primary delay, unless a command is in a hurry", () => {
    below("DUUU");
    arm(T_RETURN, 0, 1);
    accompany(0, false);
    expect(line(0).returning).toBe(NONE);
    accompany(0, true);
    expect(line(0).returning).toBe(0);
  });

  it("waits for calls, for damping and for exclusions, whoever is in a hurry", () => {
    below("DUUU");
    line(0).calls = 1;
    accompany(0, true);
    expect(line(0).returning).toBe(NONE);
    line(0).calls = 0;
    arm(T_SUSPENDED, 0, 1);
    accompany(0, true);
    expect(line(0).returning).toBe(NONE);
    below("DUUU");
    binding(0, 0).excluded = 1;
    accompany(0, true);
    expect(line(0).returning).toBe(NONE);
  });

  it("accompanies each refresh at the backup, once the delay has passed", () => {
    fresh();
    furnish();
    set(BACK_TO_PRIMARY_DELAY, 100);
    begin();
    run(2000);
    serve(1, 1, 120);
    const first = run(60000);
    expect(having(first, "REGISTER")).toBe("62000 REGISTER 6000 @1 2\n");
    grant(1, 120);
    const second = run(60000);
    expect(having(second, "REGISTER")).toBe("122000 REGISTER 6000 @0 2\n122000 REGISTER 6000 @1 3\n");
    grant(0, 120);
    expect(having(told(), "moved")).toBe("122000 moved 6000 @0 failback(1,0)\n");
  });

  it("is sent at once by returnNow", () => {
    fresh();
    furnish();
    set(PREFER_PRIMARY, 0);
    begin();
    run(2000);
    serve(1, 1, 1800);
    order(CMD_REFRESH);
    order(CMD_RETURN_NOW);
    expect(having(run(1000), "REGISTER")).toBe(
      "2000 REGISTER 6000 @0 2\n2500 REGISTER 6000 @0 2\n3000 REGISTER 6000 @1 2\n",
    );
  });
});

describe("moveTo", () => {
  it("moves without a gap, and pins", () => {
    servedPhone(4);
    moveTo(0, 3);
    expect(line(0).pinned).toBe(3);
    expect(line(0).returning).toBe(3);
    expect(line(0).served).toBe(0);
    told();
    grant(3);
    told();
    expect(line(0).served).toBe(3);
    expect(line(0).returning).toBe(NONE); // and stays, although the primary is UP
  });

  it("pins only, where the line is already or is asking already", () => {
    servedPhone();
    moveTo(0, 0);
    expect(line(0).pinned).toBe(0);
    expect(line(0).returning).toBe(NONE);
  });

  it("goes to nobody that is DOWN or COOLING, and makes no pin there", () => {
    servedPhone();
    server(1).health = 3;
    moveTo(0, 1);
    expect(line(0).pinned).toBe(NONE);
    server(1).health = 5;
    moveTo(0, 1);
    expect(line(0).pinned).toBe(NONE);
    server(1).health = 4; // HOLDING is not out
    moveTo(0, 1);
    expect(line(0).pinned).toBe(1);
  });

  it("goes to nobody that rejected the line until a named time", () => {
    servedPhone();
    binding(0, 1).excluded = EXCLUDED_HARD;
    moveTo(0, 1);
    expect(line(0).pinned).toBe(NONE);
    binding(0, 1).excluded = EXCLUDED_SOFT;
    moveTo(0, 1);
    expect(line(0).pinned).toBe(1);
  });

  it("while another move is under way pins; that move is not given up", () => {
    servedPhone(4);
    moveTo(0, 3);
    moveTo(0, 2);
    expect(line(0).pinned).toBe(2);
    expect(line(0).returning).toBe(3);
  });

  it("of a line out of service names the next server it asks", () => {
    servedPhone(4);
    line(0).state = 2;
    moveTo(0, 2);
    expect(line(0).pinned).toBe(2);
    expect(line(0).returning).toBe(NONE);
  });
});
