// The whole grid of an attempt, its verdicts, grants, 423 and 430. Challenges: its part.

import { NO_NUMBER } from "../../../assembly/base/bytes";
import { setTime } from "../../../assembly/base/timer";
import { REGISTER_REFRESH_INTERVAL, REGISTER_SPACING } from "../../../assembly/generated/params";
import { challengeAt, dropChallenges } from "../../../assembly/session/account";
import {
  ASKING,
  FAILED,
  forget,
  GRANTED,
  grantedSeconds,
  IDLE,
  isFailure,
  MOVED,
  NO_CONTACT,
  PENDING,
  REJECTED,
  REMOVE,
  RETURN,
  SERVE,
  SPACED,
  spacingOver,
  start,
  TABLE,
  UNWILLING,
} from "../../../assembly/session/registration";
import { isArmed, left, T_GIVE_UP, T_SPACING } from "../../../assembly/session/timers";
import { isLive } from "../../../assembly/session/transaction";
import { Challenge } from "../../../assembly/wire/challenge";
import { grid, loudCells, rowsOf } from "../grid";
import { set } from "../phone";
import { challenged, OURS, own, reset, verdict } from "./verdicts";

// biome-ignore format: as it is read
const GRID =
  // TOO_SOON ASK AGAIN OVER
  "01 12 .. ..\n" + // IDLE
  ".. 12 .. 20\n" + // SPACED
  ".. .. 12 20\n"; //  ASKING

const THEIRS = "Contact: <sip:6000@192.0.2.101:5060>;expires=600\r\n";

/** The verdict on the first answer to a REGISTER for 1800 s. */
function first(status: string, more: string = ""): u8 {
  reset();
  start(own(), SERVE, false);
  return verdict(status, more);
}

/** What a 200 with these header lines grants for a REGISTER for 1800 s. */
function granted(more: string): u32 {
  first("200 OK", more);
  return grantedSeconds(own());
}

describe("a registration", () => {
  beforeEach(reset);

  it("moves by its table", () => {
    expect(grid(TABLE, 3, 4)).toBe(GRID);
    expect(rowsOf(TABLE)).toBe(6);
    expect(loudCells(GRID)).toBe(6);
  });

  it("asks without credentials first, and with them once challenged", () => {
    start(own(), SERVE, false);
    expect(own().phase).toBe(ASKING);
    expect(own().proved).toBe(0);
    expect(challenged("n1")).toBe(PENDING);
    expect(own().proved).toBe(1);
    expect(own().cseq).toBe(2);
    expect(verdict("200 OK", OURS + ";expires=60\r\n")).toBe(GRANTED);
    expect(own().phase).toBe(IDLE);
  });

  it("proves itself at once with a nonce that is held, and counts its uses", () => {
    start(own(), SERVE, true);
    expect(own().proved).toBe(0, "nothing is held yet");
    challenged("n1");
    expect(changetype<Challenge>(challengeAt(own(), 0)).nc).toBe(1);
    verdict("200 OK", OURS + "\r\n");
    setTime(1000);
    spacingOver(own());
    forget(own());
    start(own(), REMOVE, true);
    expect(own().proved).toBe(1);
    expect(changetype<Challenge>(challengeAt(own(), 0)).nc).toBe(2);
  });

  it("waits until a second has passed since the last attempt there", () => {
    start(own(), SERVE, false);
    setTime(400);
    start(own(), SERVE, false);
    expect(own().phase).toBe(SPACED);
    expect(isLive(own())).toBe(false);
    expect(left(T_SPACING, own().id)).toBe(600);
    setTime(1000);
    spacingOver(own());
    expect(own().phase).toBe(ASKING);
    expect(own().cseq).toBe(2);
    expect(left(T_SPACING, own().id)).toBe(1000);
  });

  it("goes without credentials when another server took the place of its challenge while it waited", () => {
    start(own(), SERVE, false);
    challenged("n1");
    verdict("200 OK", OURS + "\r\n");
    start(own(), SERVE, true);
    expect(own().phase).toBe(SPACED);
    dropChallenges(own());
    setTime(1000);
    spacingOver(own());
    expect(isLive(own())).toBe(true);
    expect(own().proved).toBe(0);
  });

  it("waits as long as registerSpacing says, and a removal does not wait", () => {
    set(REGISTER_SPACING, 60000);
    start(own(), RETURN, false);
    start(own(), RETURN, false);
    expect(own().phase).toBe(SPACED);
    expect(left(T_SPACING, own().id)).toBe(60000);
    start(own(), REMOVE, false);
    expect(own().phase).toBe(ASKING);
  });

  it("that is forgotten while it waits does not go out", () => {
    start(own(), SERVE, false);
    start(own(), SERVE, false);
    forget(own());
    spacingOver(own());
    expect(own().phase).toBe(IDLE);
    expect(isLive(own())).toBe(false);
  });

  it("that is forgotten awaits no answer", () => {
    start(own(), SERVE, false);
    forget(own());
    expect(own().phase).toBe(IDLE);
    expect(isLive(own())).toBe(false);
    expect(isArmed(T_GIVE_UP, own().id)).toBe(false);
  });
});

describe("a verdict", () => {
  it("is what the status says, unless it is a challenge", () => {
    expect(first("200 OK", OURS + ";expires=60\r\n")).toBe(GRANTED);
    expect(first("200 OK", THEIRS)).toBe(NO_CONTACT);
    expect(first("200 OK", OURS + ";expires=0\r\n")).toBe(UNWILLING);
    expect(first("301 Moved")).toBe(MOVED);
    expect(first("302 Moved")).toBe(MOVED);
    expect(first("380 Other")).toBe(MOVED);
    expect(first("400 Bad")).toBe(REJECTED);
    expect(first("403 No")).toBe(REJECTED);
    expect(first("404 Who")).toBe(REJECTED);
    expect(first("408 Slow")).toBe(FAILED);
    expect(first("439 No")).toBe(REJECTED);
    expect(first("500 Oops")).toBe(UNWILLING);
    expect(first("501 What")).toBe(UNWILLING);
    expect(first("502 Bad")).toBe(FAILED);
    expect(first("503 Busy")).toBe(FAILED);
    expect(first("504 Slow")).toBe(FAILED);
    expect(first("505 Old")).toBe(UNWILLING);
    expect(first("600 Busy")).toBe(REJECTED);
    expect(first("603 No")).toBe(REJECTED);
  });

  it("of a failure speaks of the server", () => {
    let failures = "";
    for (let status: u32 = 100; status < 700; status++) {
      if (isFailure(status)) failures += status.toString() + " ";
    }
    expect(failures).toBe("408 502 503 504 ");
  });

  it("ends the request", () => {
    first("403 No");
    expect(own().phase).toBe(IDLE);
    expect(isLive(own())).toBe(false);
  });
});

describe("a grant", () => {
  it("is the expires of our own Contact, else the Expires header, else what was asked", () => {
    expect(granted(OURS + ";expires=60\r\n")).toBe(60);
    expect(granted(OURS + ";expires=60\r\nExpires: 90\r\n")).toBe(60);
    expect(granted(OURS + "\r\nExpires: 90\r\n")).toBe(90);
    expect(granted(OURS + "\r\n")).toBe(1800);
    expect(granted(THEIRS + OURS + ";expires=61\r\n")).toBe(61);
  });

  it("is the Expires header when no Contact came at all", () => {
    expect(granted("Expires: 90\r\n")).toBe(90);
    expect(granted("")).toBe(NO_NUMBER);
    expect(granted(THEIRS + "Expires: 90\r\n")).toBe(NO_NUMBER);
  });

  it("is never longer than what was asked for", () => {
    expect(granted(OURS + ";expires=1800\r\n")).toBe(1800);
    expect(granted(OURS + ";expires=1801\r\n")).toBe(1800);
    expect(granted(OURS + ";expires=4294967295\r\n")).toBe(1800);
    expect(granted("Expires: 7200\r\n")).toBe(1800);
  });
});

describe("423", () => {
  beforeEach(() => {
    reset();
    start(own(), SERVE, false);
  });

  it("is followed once in an attempt, and remembered for that server", () => {
    expect(own().askedSeconds).toBe(1800);
    expect(verdict("423 Brief", "Min-Expires: 3600\r\n")).toBe(PENDING);
    expect(own().askedSeconds).toBe(3600);
    expect(own().phase).toBe(ASKING);
    expect(verdict("423 Brief", "Min-Expires: 7200\r\n")).toBe(UNWILLING);
    start(own(), REMOVE, false);
    start(own(), RETURN, false);
    spacingOver(own());
    expect(own().askedSeconds).toBe(3600);
  });

  it("goes on with credentials when they were given", () => {
    challenged("n1");
    expect(verdict("423 Brief", "Min-Expires: 3600\r\n")).toBe(PENDING);
    expect(own().proved).toBe(1);
    expect(challenged("n1", ", stale=true")).toBe(PENDING);
  });

  it("asks for a day at most, and for more than was asked", () => {
    expect(verdict("423 Brief", "Min-Expires: 86401\r\n")).toBe(UNWILLING);
    start(own(), RETURN, false);
    spacingOver(own());
    expect(verdict("423 Brief", "Min-Expires: 86400\r\n")).toBe(PENDING);
    expect(own().askedSeconds).toBe(86400);
  });

  it("without a number, or with one that was met, is refused", () => {
    expect(verdict("423 Brief")).toBe(UNWILLING);
    start(own(), RETURN, false);
    spacingOver(own());
    expect(verdict("423 Brief", "Min-Expires: 1800\r\n")).toBe(UNWILLING);
    start(own(), RETURN, false);
    spacingOver(own());
    expect(verdict("423 Brief", "Min-Expires: 1801\r\n")).toBe(PENDING);
  });

  it("does not shorten what is configured", () => {
    set(REGISTER_REFRESH_INTERVAL, 7200);
    own().leastSeconds = 3600;
    start(own(), REMOVE, false);
    start(own(), RETURN, false);
    spacingOver(own());
    expect(own().askedSeconds).toBe(7200);
  });
});

describe("430", () => {
  it("is repeated once in an attempt", () => {
    expect(first("430 Flow")).toBe(PENDING);
    expect(own().phase).toBe(ASKING);
    expect(verdict("430 Flow")).toBe(REJECTED);
  });
});
