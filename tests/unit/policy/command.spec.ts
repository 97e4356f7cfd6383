// Every command in every state of a line, and what each does where it matters.

import {
  CMD_BINDING_LOST,
  CMD_CALL_BEGIN,
  CMD_CALL_END,
  CMD_CALL_FAILED,
  CMD_COUNT,
  CMD_CREDENTIALS,
  CMD_LINK_DOWN,
  CMD_MOVE_TO,
  CMD_REFRESH,
  CMD_RESTART,
  CMD_RETURN_NOW,
  CMD_STOP,
  E_COMMAND,
  E_LINE,
  E_SERVER,
  E_STATE,
  LINE_ALL,
  OK,
  OUT_STOPPED,
  REG_REJECTED,
  TEXT_OLD_CONTACT,
} from "../../../assembly/abi";
import {
  FAILBACK_IN_CALL,
  PREFER_PRIMARY,
  PRIMARY_DETECT_INTERVAL,
  START_SPREAD,
} from "../../../assembly/generated/params";
import { poll } from "../../../assembly/index";
import { command, isLeaving } from "../../../assembly/policy/command";
import { FAIL, judge } from "../../../assembly/policy/health";
import { phone } from "../../../assembly/policy/state";
import { binding, challengeAt, isServed, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import {
  CUT,
  HOLDING,
  LEAVING,
  NONE,
  RESTING,
  SEEKING,
  STARTING,
  UP,
  WAITING,
} from "../../../assembly/session/states";
import { isArmed, left, T_LIMIT, T_WAIT } from "../../../assembly/session/timers";
import {
  answer,
  begin,
  challenge,
  fresh,
  furnish,
  grant,
  having,
  order,
  phoneOf,
  run,
  say,
  sentTo,
  serve,
  servedPhone,
  set,
  told,
} from "../phone";

/** Line 6000 in this state, with lines 6001 unused and a backup at hand. */
function lineIn(state: u8): void {
  if (state === STARTING) {
    fresh();
    furnish();
    set(START_SPREAD, 3600);
    begin();
    told();
  } else if (state === SEEKING) {
    phoneOf();
    told();
  } else if (state === WAITING) {
    phoneOf();
    run(5000);
  } else if (state === RESTING) {
    phoneOf();
    told();
    answer(0, "403 No");
    told();
  } else {
    servedPhone();
    if (state === CUT) order(CMD_LINK_DOWN);
    if (state === LEAVING) order(CMD_STOP);
    told();
  }
  expect(line(0).state).toBe(state);
}

// biome-ignore format: as it is read
const STATES_AFTER: StaticArray<u8> = [
  // REFRESH RETURN_NOW MOVE_TO CALL_FAILED CALL_BEGIN CALL_END LINK_DOWN LINK_UP RESTART STOP CREDENTIALS BINDING_LOST
  1, 1, 1, 1, 1, 1, 6, 1, 1, 7, 1, 1, // STARTING
  2, 2, 2, 2, 2, 2, 6, 2, 2, 7, 2, 2, // SEEKING
  2, 3, 3, 3, 3, 3, 6, 3, 2, 7, 3, 3, // WAITING: a refresh ends the wait
  4, 4, 2, 4, 4, 4, 6, 4, 2, 7, 2, 4, // RESTING: elsewhere by command, or with new credentials
  5, 5, 5, 5, 5, 5, 6, 5, 2, 7, 5, 5, // SERVED
  6, 6, 6, 6, 6, 6, 6, 2, 6, 7, 6, 6, // CUT: and a boot waits for the link
  7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, // LEAVING
];

describe("a command", () => {
  it("is harmless in every state of a line", () => {
    for (let state: u8 = STARTING; state <= LEAVING; state++) {
      for (let code: i32 = 0; code < CMD_COUNT; code++) {
        lineIn(state);
        const result = command(code, 0, 1);
        expect(result).toBe(state === LEAVING ? E_STATE : OK);
        told();
        const expected = STATES_AFTER[(<i32>state - 1) * CMD_COUNT + code];
        expect(line(0).state).toBe(expected, "state " + state.toString() + " command " + code.toString());
      }
    }
  });

  it("is refused when it names what is not there", () => {
    phoneOf();
    expect(command(CMD_COUNT, 0, 0)).toBe(E_COMMAND);
    expect(command(0xffffffff, 0, 0)).toBe(E_COMMAND);
    expect(command(CMD_REFRESH, 8, 0)).toBe(E_LINE);
    expect(command(CMD_REFRESH, 7, 0)).toBe(OK); // a line that is not used
    expect(command(CMD_REFRESH, LINE_ALL, 0)).toBe(OK);
    expect(command(CMD_REFRESH, 65534, 0)).toBe(E_LINE);
    expect(command(CMD_MOVE_TO, 0, 2)).toBe(E_SERVER);
    expect(command(CMD_MOVE_TO, 0, 1)).toBe(OK);
    expect(command(CMD_REFRESH, 0, 99)).toBe(OK); // names no server
  });

  it("is refused before the start and after the stop", () => {
    fresh();
    furnish();
    for (let code: i32 = 0; code < CMD_COUNT; code++) {
      // There is no server to move to yet.
      expect(command(code, 0, 0)).toBe(code === CMD_MOVE_TO ? E_SERVER : E_STATE);
    }
  });
});

describe("refresh", () => {
  it("registers now, a line or all of them", () => {
    servedPhone(2, 3);
    run(1000);
    order(CMD_REFRESH, 1);
    expect(told()).toBe("1000 REGISTER 6001 @0 2\n");
    order(CMD_REFRESH, LINE_ALL);
    expect(told()).toBe("1000 REGISTER 6000 @0 2\n1000 REGISTER 6002 @0 2\n");
  });

  it("pins no line to a server that has taken its binding away and rejects it", () => {
    servedPhone();
    order(CMD_MOVE_TO, 0, 1);
    told();
    grant(1);
    told();
    challenge(0); // of the removal there
    told();
    order(CMD_BINDING_LOST, 0, REG_REJECTED);
    expect(having(run(5000), "REGISTER 6000 @1")).toBe("");
  });

  it("that tells of a lost binding makes it again, and both are told", () => {
    servedPhone();
    run(1000);
    order(CMD_BINDING_LOST);
    expect(told()).toBe("1000 unbound 6000 @0 command(11,0)\n1000 REGISTER 6000 @0 2\n");
    grant(0);
    expect(told()).toBe("1000 bound 6000 @0 lease(1800,1800)\n");
    run(900_000);
    grant(0);
    expect(having(told(), "bound")).toBe(""); // a refresh is not told
  });

  it("sends nothing where the server has rejected the line, before that is over or credentials are new", () => {
    servedPhone();
    run(1000);
    order(CMD_REFRESH);
    told();
    answer(0, "403 No");
    told();
    run(5000);
    order(CMD_REFRESH);
    order(CMD_CALL_FAILED);
    expect(told()).toBe("");
    expect(isServed(line(0))).toBe(true);
    order(CMD_CREDENTIALS);
    order(CMD_REFRESH);
    expect(told()).toBe("6000 REGISTER 6000 @0 3\n");
  });

  it("out of service makes the next round now", () => {
    phoneOf();
    run(5000);
    expect(line(0).state).toBe(WAITING);
    order(CMD_REFRESH);
    expect(isArmed(T_WAIT, 0)).toBe(false);
    expect(told()).toBe("5000 REGISTER 6000 @0 2\n");
  });
});

describe("callFailed", () => {
  it("registers now and does nothing else", () => {
    servedPhone();
    run(1000);
    order(CMD_CALL_FAILED);
    expect(told()).toBe("1000 REGISTER 6000 @0 2\n");
    expect(server(0).health).toBe(UP);
    phoneOf();
    run(5000);
    order(CMD_CALL_FAILED);
    expect(told()).toBe("");
  });
});

describe("calls", () => {
  it("are counted from 0 to 255 and no further", () => {
    servedPhone();
    order(CMD_CALL_END);
    expect(line(0).calls).toBe(0);
    for (let i = 0; i < 300; i++) order(CMD_CALL_BEGIN);
    expect(line(0).calls).toBe(255);
    order(CMD_CALL_END);
    expect(line(0).calls).toBe(254);
    expect(told()).toBe("");
  });
});

describe("returnNow", () => {
  it("ends pins, holds and damping once", () => {
    fresh();
    furnish();
    set(PREFER_PRIMARY, 0);
    set(PRIMARY_DETECT_INTERVAL, 90);
    begin();
    run(2000);
    serve(1);
    server(0).health = HOLDING;
    server(0).penalty = 3000;
    line(0).pinned = 1;
    order(CMD_RETURN_NOW);
    expect(server(0).penalty).toBe(0);
    expect(line(0).pinned).toBe(NONE);
    const said = told();
    expect(having(said, "serverUp")).toBe("2000 serverUp @0 command(1,0)\n");
    expect(having(said, "REGISTER")).toBe("2000 REGISTER 6000 @0 2\n");
  });

  it("does not end a call", () => {
    servedPhone();
    line(0).served = 1;
    order(CMD_CALL_BEGIN);
    order(CMD_RETURN_NOW);
    expect(having(told(), "REGISTER")).toBe("");
    set(FAILBACK_IN_CALL, 1);
    order(CMD_RETURN_NOW);
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n");
  });

  it("of one line unpins that line", () => {
    servedPhone(2, 2);
    line(0).pinned = 0;
    line(1).pinned = 0;
    order(CMD_RETURN_NOW, 1);
    expect(line(0).pinned).toBe(0);
    expect(line(1).pinned).toBe(NONE);
  });
});

describe("new credentials", () => {
  it("restart an attempt under way together with its limit, which counts from the next sending", () => {
    phoneOf();
    run(100);
    told();
    order(CMD_CREDENTIALS);
    expect(having(run(950), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n");
    expect(left(T_LIMIT, 0)).toBe(3950); // 1000 + 2 · 2000 - 1050
  });

  it("end a rest, and go out without the challenge of the old ones", () => {
    phoneOf();
    told();
    challenge(0);
    told();
    answer(0, "403 No");
    told();
    expect(line(0).state).toBe(RESTING);
    expect(challengeAt(binding(0, 0), 0)).not.toBe(0);
    order(CMD_CREDENTIALS);
    expect(challengeAt(binding(0, 0), 0)).toBe(0);
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 3\n");
  });
});

describe("restart", () => {
  it("is a boot without memory", () => {
    servedPhone();
    judge(1, FAIL, 0, false);
    told();
    order(CMD_RESTART);
    expect(server(1).health).toBe(0);
    expect(told()).toBe("0 REGISTER 6000 @0 1\n");
  });
});

describe("stop", () => {
  it("removes every binding and ends when they are gone", () => {
    servedPhone(2, 2);
    order(CMD_STOP);
    expect(told()).toBe(
      "0 outOfService 6000 @0 command(9,0)\n0 outOfService 6001 @0 command(9,0)\n" +
        "0 REGISTER 6000 @0 2 expires=0\n0 REGISTER 6001 @0 2 expires=0\n",
    );
    expect(isLeaving()).toBe(true);
    answer(0, "200 OK"); // that of 6001, sent last
    told();
    expect(phone().phase).toBe(2);
    expect(isLeaving()).toBe(true);
    run(1999);
    expect(phone().phase).toBe(2);
    run(1);
    expect(poll()).toBe(OUT_STOPPED);
  });

  it("ends at once where nothing is bound, or nothing can be sent", () => {
    phoneOf();
    run(5000);
    order(CMD_STOP);
    expect(told()).toBe("");
    expect(poll()).toBe(OUT_STOPPED);
    servedPhone();
    order(CMD_LINK_DOWN);
    told();
    order(CMD_STOP);
    expect(told()).toBe("");
    expect(poll()).toBe(OUT_STOPPED);
  });

  it("removes what an attempt under way may have bound", () => {
    phoneOf();
    told();
    order(CMD_STOP);
    expect(told()).toBe("0 REGISTER 6000 @0 2 expires=0\n");
    expect(isLeaving()).toBe(true);
  });

  it("removes what an earlier run may have left, under the Contact of then", () => {
    fresh();
    furnish(2, 1);
    say(TEXT_OLD_CONTACT, 0, 1, "192.0.2.100:50000");
    begin();
    told();
    order(CMD_STOP);
    expect(told()).toBe("0 REGISTER 6000 @0 2 expires=0\n0 REGISTER 6000 @1 1 expires=0\n");
    expect(sentTo(0).includes("<sip:6000@192.0.2.100:5060;")).toBe(true);
    expect(sentTo(1).includes("<sip:6000@192.0.2.100:50000;")).toBe(true);
  });

  it("asks no more heartbeats and waits for nothing else", () => {
    servedPhone();
    order(CMD_STOP);
    told();
    expect(having(run(2000), "OPTIONS")).toBe("");
    expect(line(0).state).toBe(LEAVING);
  });
});
