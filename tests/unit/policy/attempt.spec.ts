// What failures, silence and the end of an attempt mean for the line that asked, with the times that follow. Refusals: its part.

import { R_LATE, REFUSED_BASE } from "../../../assembly/abi";
import { REGISTER_TIMEOUT } from "../../../assembly/generated/params";
import { start } from "../../../assembly/index";
import { admit } from "../../../assembly/policy/attempt";
import { EXCLUDED_HARD, EXCLUDED_NOT, EXCLUDED_SOFT } from "../../../assembly/policy/choice";
import { moveTo } from "../../../assembly/policy/returning";
import { phone, refusals } from "../../../assembly/policy/state";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { COOLING, DOWN, NONE, SEEKING, SERVED, UP } from "../../../assembly/session/states";
import { left, T_LIMIT } from "../../../assembly/session/timers";
import {
  answer,
  begin,
  challenge,
  fresh,
  furnish,
  grant,
  having,
  phoneOf,
  refuse,
  run,
  serve,
  servedPhone,
  set,
  told,
} from "../phone";
import { excluded, first } from "./answers";

describe("the order in which servers were tried", () => {
  it("is kept over 65536 attempts", () => {
    fresh();
    furnish();
    phone().attempts = 65535;
    begin();
    told();
    expect(server(0).tried).toBe(65536);
  });
});

describe("a failure", () => {
  it("is the server's: 408, 502, 503 and 504 make it DOWN", () => {
    const statuses = ["408 Slow", "502 Bad", "503 Busy", "504 Slow"];
    for (let i = 0; i < statuses.length; i++) {
      const said = first(statuses[i]);
      const status = statuses[i].slice(0, 3);
      expect(having(said, "serverDown")).toBe("0 serverDown @0 status(" + status + ":0,0)\n");
      expect(having(said, "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
      expect(binding(0, 0).excluded).toBe(EXCLUDED_NOT);
      expect(server(0).health).toBe(DOWN);
    }
  });

  it("with 503 and Retry-After is a cooling; the Retry-After of others counts nothing", () => {
    expect(having(first("503 Busy", "Retry-After: 60\r\n"), "server")).toBe(
      "0 serverCooling @0 status(503:60,0)\n",
    );
    expect(server(0).health).toBe(COOLING);
    first("504 Slow", "Retry-After: 60\r\n");
    expect(server(0).health).toBe(DOWN);
  });

  it("of the transport makes it DOWN at once", () => {
    phoneOf();
    told();
    refuse(0);
    expect(told()).toBe(
      "0 warningOn 6000 transport(0,0)\n0 serverDown @0 transport(0,0)\n0 REGISTER 6000 @1 1\n",
    );
  });

  it("by silence makes it DOWN when nobody is in service there", () => {
    phoneOf(2, 2);
    expect(having(run(2000), "server")).toBe("2000 serverDown @0 timeout(2000,0)\n");
  });

  it("by silence where another line is in service asks the server first", () => {
    phoneOf(2, 2);
    told();
    // Line 6001 is answered, line 6000 is not.
    grant(0);
    const all = run(2000);
    expect(line(1).state).toBe(SERVED);
    expect(having(all, "serverDown")).toBe("");
    expect(having(all, "2000 ")).toBe(
      "2000 warningOn 6000 timeout(2000,0)\n2000 OPTIONS @0 1\n2000 REGISTER 6000 @1 1\n",
    );
    expect(excluded()).toBe("1 300000");
  });

  it("by silence leaves the server out by any clock", () => {
    for (let i: u32 = 0; i < 4; i++) {
      fresh();
      furnish(2, 2);
      start((i << 30) + 5000);
      told();
      grant(0);
      run(2000);
      expect(excluded()).toBe("1 300000", i.toString());
    }
  });

  it("by silence of what was sent while it was DOWN leaves it in", () => {
    phoneOf(2, 2);
    told();
    server(0).backAt = 1000;
    grant(0);
    run(2000);
    expect(binding(0, 0).excluded).toBe(EXCLUDED_NOT);
  });

  it("by silence of the line that is served there makes it DOWN for all", () => {
    servedPhone(2, 2, 120);
    const all = run(62000);
    expect(having(all, "serverDown")).toBe("62000 serverDown @0 timeout(2000,0)\n");
    expect(having(all, "outOfService")).toBe(
      "62000 outOfService 6000 @0 timeout(2000,0)\n62000 outOfService 6001 @0 timeout(2000,0)\n",
    );
  });
});

describe("an attempt", () => {
  it("as a whole is given up after twice the time of a request", () => {
    phoneOf();
    run(1900);
    challenge(0, "n1");
    expect(having(told(), "auth")).toBe("1900 REGISTER 6000 @0 2 auth\n");
    run(1900);
    challenge(0, "n2", ", stale=true");
    expect(having(told(), "auth")).toBe("3800 REGISTER 6000 @0 3 auth\n");
    expect(having(run(200), "serverDown")).toBe("4000 serverDown @0 timeout(2000,0)\n");
  });

  it("that waits for its second has its time from the first sending on", () => {
    phoneOf();
    run(600);
    answer(0, "403 No");
    told();
    admit(binding(0, 0));
    told();
    expect(left(T_LIMIT, 0)).toBe(4400);
  });

  it("with a timeout of 0 lasts 64 s", () => {
    fresh();
    furnish();
    set(REGISTER_TIMEOUT, 0);
    begin();
    told();
    expect(left(T_LIMIT, 0)).toBe(64000);
  });

  it("that is over hears a late answer, counts it and goes nowhere", () => {
    phoneOf();
    run(2000);
    expect(grant(0)).toBe(REFUSED_BASE - R_LATE);
    expect(refusals(R_LATE)).toBe(1);
    expect(having(told(), "inService")).toBe("");
    expect(line(0).asking).toBe(1);
    expect(server(0).health).toBe(DOWN);
  });

  it("ends a pin to its server when it fails", () => {
    servedPhone();
    moveTo(0, 1);
    told();
    expect(line(0).pinned).toBe(1);
    answer(1, "500 Oops");
    told();
    expect(line(0).pinned).toBe(NONE);
    expect(line(0).state).toBe(SERVED);
    expect(line(0).served).toBe(0);
  });

  it("to return that fails is told, charged, and leaves the line where it is", () => {
    phoneOf();
    run(2000);
    serve(1);
    moveTo(0, 0);
    expect(line(0).returning).toBe(NONE); // DOWN: nothing to move to
    server(0).health = UP;
    moveTo(0, 0);
    told();
    answer(0, "503 Busy");
    expect(told()).toBe("2000 returnFailed 6000 @0 status(503:0,0)\n2000 serverDown @0 status(503:0,0)\n");
    expect(server(0).penalty).toBe(1000);
    expect(line(0).served).toBe(1);
    expect(line(0).state).toBe(SERVED);
  });

  it("to return that is rejected excludes the primary and holds nobody", () => {
    phoneOf();
    run(2000);
    serve(1);
    server(0).health = UP;
    moveTo(0, 0);
    told();
    answer(0, "403 No");
    expect(having(told(), "6000")).toBe(
      "2000 rejected 6000 @0 status(403:0,0)\n2000 returnFailed 6000 @0 status(403:0,0)\n",
    );
    expect(binding(0, 0).excluded).toBe(EXCLUDED_HARD);
    expect(line(0).state).toBe(SERVED);
    expect(EXCLUDED_SOFT).toBe(1);
    expect(SEEKING).toBe(2);
  });
});

describe("a removal", () => {
  it("is answered once, is not repeated beyond that, and changes no health", () => {
    servedPhone();
    moveTo(0, 1);
    told();
    grant(1);
    told();
    challenge(0, "n1");
    expect(told()).toBe("0 REGISTER 6000 @0 3 expires=0 auth\n");
    answer(0, "503 Busy");
    expect(told()).toBe("");
    expect(server(0).health).toBe(UP);
    expect(run(3000)).toBe("");
  });

  it("that nobody answers changes no health either", () => {
    servedPhone();
    moveTo(0, 1);
    told();
    grant(1);
    const all = run(5000);
    expect(having(all, "server")).toBe("0 serverUp @1 status(200:0,0)\n");
    expect(having(all, "expires=0")).toBe(
      "0 REGISTER 6000 @0 2 expires=0\n500 REGISTER 6000 @0 2 expires=0\n1500 REGISTER 6000 @0 2 expires=0\n",
    );
  });
});
