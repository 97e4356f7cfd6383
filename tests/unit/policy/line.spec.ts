// The whole grid of the states of a line, and which timers run on.

import {
  ASK,
  BOOT,
  LEAVE,
  LINK_BACK,
  LINK_LOST,
  LOSS,
  LOSS_IN_CROWD,
  NO_SERVER,
  ROUND_OVER,
  SERVICE,
  step,
  TABLE,
  TURN,
} from "../../../assembly/policy/line";
import { phone } from "../../../assembly/policy/state";
import { bootLine, line } from "../../../assembly/session/account";
import { arm, isArmed, T_LEASE, T_REFRESH, T_SPREAD, T_WAIT } from "../../../assembly/session/timers";
import { grid, loudCells, rowsOf } from "../grid";
import { fresh, furnish, told } from "../phone";

// biome-ignore format: as it is read
const GRID =
  // BOOT TURN ASK SERVICE LOSS LOSS_IN_CROWD ROUND_OVER NO_SERVER LINK_LOST LINK_BACK LEAVE
  "01 .. .. .. .. .. .. .. .. .. ..\n" + // OFF
  ".. 02 .. .. .. .. .. .. 26 .. 27\n" + // STARTING
  ".. .. .. 05 .. .. 03 34 26 .. 27\n" + // SEEKING
  ".. .. 02 .. .. .. .. 34 26 .. 27\n" + // WAITING
  ".. .. 02 .. .. .. .. .. 26 .. 27\n" + // RESTING
  ".. .. .. .. 12 11 .. .. 26 .. 27\n" + // SERVED
  ".. .. .. .. .. 01 .. .. .. 02 27\n" + // CUT
  ".. .. .. .. .. .. .. .. .. .. ..\n"; //  LEAVING

/** Which timers still run after this input in this state: spread, refresh, wait, lease. */
function running(state: u8, input: u32): string {
  fresh();
  furnish();
  bootLine(0);
  line(0).state = state;
  arm(T_SPREAD, 0, 1);
  arm(T_REFRESH, 0, 1);
  arm(T_WAIT, 0, 1);
  arm(T_LEASE, 0, 1);
  expect(step(0, input)).toBe(true);
  let text = isArmed(T_SPREAD, 0) ? "s" : "-";
  text += isArmed(T_REFRESH, 0) ? "r" : "-";
  text += isArmed(T_WAIT, 0) ? "w" : "-";
  return text + (isArmed(T_LEASE, 0) ? "l" : "-");
}

describe("a line", () => {
  it("moves by its table", () => {
    expect(grid(TABLE, 8, 11)).toBe(GRID);
    expect(rowsOf(TABLE)).toBe(23);
    expect(loudCells(GRID)).toBe(23);
  });

  it("keeps the timers that the next state needs; its lease runs on whatever happens", () => {
    expect(running(0, BOOT)).toBe("srwl");
    expect(running(1, TURN)).toBe("srwl");
    expect(running(2, SERVICE)).toBe("srwl");
    expect(running(2, ROUND_OVER)).toBe("srwl");
    expect(running(2, NO_SERVER)).toBe("srwl");
    expect(running(3, NO_SERVER)).toBe("srwl");
    expect(running(3, ASK)).toBe("srwl"); // asking out of turn does not move the wait
    expect(running(4, ASK)).toBe("srwl");
    expect(running(5, LOSS)).toBe("s-wl");
    expect(running(5, LOSS_IN_CROWD)).toBe("s-wl");
    for (let state: u8 = 1; state < 6; state++) {
      expect(running(state, LINK_LOST)).toBe("---l");
      expect(running(state, LEAVE)).toBe("---l");
    }
    expect(running(6, LINK_BACK)).toBe("srwl");
    expect(running(6, LOSS_IN_CROWD)).toBe("srwl");
    expect(running(6, LEAVE)).toBe("---l");
  });

  it("tells that it rests", () => {
    running(2, NO_SERVER);
    phone().changed = 0;
    expect(told()).toBe("0 resting 6000 none(0,0)\n");
  });

  it("says of what has no row that nothing happened", () => {
    fresh();
    bootLine(0);
    phone().changed = 0;
    expect(step(0, TURN)).toBe(false);
    expect(line(0).state).toBe(0);
    expect(phone().changed).toBe(0);
    expect(step(0, BOOT)).toBe(true);
    expect(phone().changed).toBe(1);
  });
});
