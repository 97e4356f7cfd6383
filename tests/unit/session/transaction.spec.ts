// The whole grid of a request, and its repeats to the millisecond.

import { firstDue, setTime } from "../../../assembly/base/timer";
import { T1, T2 } from "../../../assembly/generated/params";
import { server } from "../../../assembly/session/server";
import { isArmed, left, stop, T_GIVE_UP, T_REPEAT, timerOf } from "../../../assembly/session/timers";
import {
  bootRequest,
  COMPLETED,
  DROP,
  FINAL,
  FREE,
  isAnsweredBy,
  isLive,
  LIFE_OVER,
  OPEN,
  open,
  PROCEEDING,
  PROVISIONAL,
  REPEAT_DUE,
  Request,
  step,
  TABLE,
  TRYING,
  totalMs,
} from "../../../assembly/session/transaction";
import { grid, loudCells, rowsOf } from "../grid";
import { fresh, set } from "../phone";
import { hexOf } from "../text";
import { lines, read } from "../wire/packet";

const ID: u32 = 1;

// biome-ignore format: as it is read
const GRID =
  // OPEN REPEAT_DUE LIFE_OVER PROVISIONAL FINAL DROP
  "01 .. .. .. .. ..\n" + // FREE
  ".. 11 40 32 43 40\n" + // TRYING
  ".. 22 40 32 43 40\n" + // PROCEEDING
  "01 .. .. .. .. ..\n"; //  COMPLETED

function request(): Request {
  return server(ID);
}

/** When it is sent, and when it is given up; a provisional answer comes at `ringingMs`. */
function moments(untilMs: u32, ringingMs: u32 = 0xffffffff): string {
  const it = request();
  let text = "";
  for (let ms: u32 = 0; ms <= untilMs; ms += 10) {
    setTime(ms);
    if (ms === ringingMs) step(it, PROVISIONAL);
    if (firstDue() === timerOf(T_GIVE_UP, ID)) {
      step(it, LIFE_OVER);
      return text + "over " + ms.toString();
    }
    if (firstDue() === timerOf(T_REPEAT, ID)) step(it, REPEAT_DUE);
    if (it.due === 0) continue;
    it.due = 0;
    text += ms.toString() + " ";
  }
  return text;
}

function stateAfter(inputs: StaticArray<u32>): u8 {
  fresh();
  const it = request();
  it.id = <u16>ID;
  open(it, false, 2000);
  for (let i = 0; i < inputs.length; i++) step(it, inputs[i]);
  return it.state;
}

/** An answer with this branch. */
function answered(branch: string): bool {
  const message = "SIP/2.0 200 OK|v: SIP/2.0/UDP h;branch=" + branch + "|f: a:b|t: a:b|i: 1|CSeq: 1 X";
  expect(read(lines(message))).toBe("ok");
  return isAnsweredBy(request());
}

describe("a request", () => {
  beforeEach(() => {
    fresh();
    bootRequest(request(), ID);
  });

  it("moves exactly like RFC 3261 Figure 6", () => {
    expect(grid(TABLE, 4, 6)).toBe(GRID);
    expect(rowsOf(TABLE)).toBe(12);
    expect(loudCells(GRID)).toBe(12);
  });

  it("over UDP goes out at 0, 500 and 1500 and is given up at 2000", () => {
    open(request(), false, 2000);
    expect(moments(9000)).toBe("0 500 1500 over 2000");
    expect(request().state).toBe(FREE);
  });

  it("repeats at most every T2, and for 64*T1 when its parameter says 0", () => {
    open(request(), false, 0);
    expect(moments(40000)).toBe("0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500 over 32000");
  });

  it("is not repeated at the instant it is given up", () => {
    open(request(), false, 1500);
    expect(moments(9000)).toBe("0 500 over 1500");
  });

  it("takes T1 and T2 from their parameters", () => {
    set(T1, 100);
    set(T2, 500);
    open(request(), false, 0);
    expect(moments(9000)).toBe(
      "0 100 300 700 1200 1700 2200 2700 3200 3700 4200 4700 5200 5700 6200 over 6400",
    );
    set(T1, 1000); // a first repeat is not later than T2 either
    open(request(), false, 2000);
    setTime(0);
    open(request(), false, 2000);
    expect(moments(9000)).toBe("0 500 1000 1500 over 2000");
  });

  it("repeats every T2 once a provisional answer came, which does not extend it", () => {
    open(request(), false, 0);
    expect(moments(40000, 1000)).toBe("0 500 1500 5500 9500 13500 17500 21500 25500 29500 over 32000");
  });

  it("is sent once where the transport is reliable", () => {
    open(request(), true, 2000);
    expect(moments(9000)).toBe("0 over 2000");
  });

  it("sends nothing any more once it is answered or dropped", () => {
    for (let input: u32 = FINAL; input <= DROP; input++) {
      open(request(), false, 2000);
      step(request(), input);
      expect(request().due).toBe(0);
      expect(isArmed(T_REPEAT, ID)).toBe(false);
      expect(isArmed(T_GIVE_UP, ID)).toBe(false);
      expect(isLive(request())).toBe(false);
    }
  });

  it("is live while an answer is awaited", () => {
    expect(stateAfter([])).toBe(TRYING);
    expect(isLive(request())).toBe(true);
    expect(stateAfter([PROVISIONAL])).toBe(PROCEEDING);
    expect(isLive(request())).toBe(true);
    expect(stateAfter([PROVISIONAL, FINAL])).toBe(COMPLETED);
    expect(stateAfter([FINAL])).toBe(COMPLETED);
    expect(stateAfter([LIFE_OVER])).toBe(FREE);
    expect(stateAfter([DROP])).toBe(FREE);
    expect(isLive(request())).toBe(false);
  });

  it("ignores what has no row: a late copy of an answer, a timer of nobody", () => {
    expect(stateAfter([FINAL, FINAL])).toBe(COMPLETED);
    expect(stateAfter([FINAL, PROVISIONAL])).toBe(COMPLETED);
    expect(stateAfter([FINAL, REPEAT_DUE])).toBe(COMPLETED);
    expect(stateAfter([DROP, FINAL])).toBe(FREE);
    expect(stateAfter([OPEN])).toBe(TRYING);
  });

  it("has a new branch and the next CSeq each time, and the same Call-ID and tag", () => {
    const it = request();
    open(it, false, 2000);
    const branch = it.branch;
    const callId = it.callId;
    const tag = it.tag;
    expect(it.cseq).toBe(1);
    open(it, false, 2000);
    expect(it.cseq).toBe(2);
    expect(it.branch).not.toBe(branch);
    expect(it.callId).toBe(callId);
    expect(it.tag).toBe(tag);
    bootRequest(it, ID);
    expect(it.callId).not.toBe(callId);
    expect(it.tag).not.toBe(tag);
  });

  it("remembers when it was first sent, however often it is repeated", () => {
    setTime(700);
    open(request(), false, 2000);
    setTime(1200);
    step(request(), REPEAT_DUE);
    expect(request().sentAt).toBe(700);
  });

  it("runs no timer of an earlier boot", () => {
    open(request(), false, 2000);
    bootRequest(request(), ID);
    expect(firstDue()).toBe(-1);
    expect(isArmed(T_GIVE_UP, ID)).toBe(false);
  });

  it("knows its answer by the branch, and by nothing else", () => {
    open(request(), false, 2000);
    const hex = hexOf(changetype<usize>(request()), 8);
    expect(answered("z9hG4bK" + hex)).toBe(true);
    expect(answered("z9hG4bK" + hex + "0")).toBe(false);
    expect(answered("z9hG4bK" + hex.slice(0, 15))).toBe(false);
    expect(answered("z9hG4bK")).toBe(false);
    expect(answered("1")).toBe(false);
    open(request(), false, 2000);
    expect(answered("z9hG4bK" + hex)).toBe(false);
  });
});

describe("the total time", () => {
  it("is as the parameter says, 0: 64*T1", () => {
    fresh();
    expect(totalMs(2000)).toBe(2000);
    expect(totalMs(500)).toBe(500);
    expect(totalMs(0)).toBe(32000);
    set(T1, 100);
    expect(totalMs(0)).toBe(6400);
  });

  it("runs from the sending", () => {
    fresh();
    bootRequest(request(), ID);
    setTime(0xfffffff0);
    open(request(), false, 2000);
    setTime(84);
    expect(left(T_GIVE_UP, ID)).toBe(1900);
    stop(T_GIVE_UP, ID);
    expect(left(T_REPEAT, ID)).toBe(400);
  });
});
