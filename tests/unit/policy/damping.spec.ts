// The flap penalty with its literal times.

import { setTime } from "../../../assembly/base/timer";
import {
  FLAP_DAMPING,
  FLAP_HALF_LIFE,
  FLAP_MAX_SUPPRESS,
  FLAP_PENALTY,
  FLAP_WINDOW,
} from "../../../assembly/generated/params";
import { fireOne } from "../../../assembly/policy/clock";
import { decay, endSuspension, fell, isSuspended, movedBack, pardon } from "../../../assembly/policy/damping";
import { phone } from "../../../assembly/policy/state";
import { server } from "../../../assembly/session/server";
import { left, T_SUSPENDED } from "../../../assembly/session/timers";
import { fresh, set } from "../phone";

/** Time passes up to `seconds` after the start; what is due fires on the way. */
function until(seconds: u32): void {
  for (let ms = atMs; ms <= 1000 * seconds; ms += 100) {
    setTime(ms);
    while (fireOne()) {}
  }
  atMs = 1000 * seconds;
}

let atMs: u32 = 0;

function penalty(): u32 {
  return server(0).penalty;
}

describe("the penalty of a server", () => {
  beforeEach(() => {
    fresh();
    atMs = 0;
  });

  it("rises by 1000 for each failed return; above 2500 moves back are suspended", () => {
    fell(0, true);
    expect(penalty()).toBe(1000);
    until(90);
    fell(0, true);
    expect(penalty()).toBe(2000);
    expect(isSuspended(0)).toBe(false);
    until(180);
    fell(0, true);
    expect(penalty()).toBe(3000);
    expect(isSuspended(0)).toBe(true);
    expect(left(T_SUSPENDED, 0)).toBe(1200000);
    expect(isSuspended(1)).toBe(false);
  });

  it("halves every 300 s since it became non-zero, and ends the suspension below 750", () => {
    fell(0, true);
    until(90);
    fell(0, true);
    until(180);
    fell(0, true);
    until(299);
    expect(penalty()).toBe(3000);
    until(300);
    expect(penalty()).toBe(1500); // additions kept the clock
    until(600);
    expect(penalty()).toBe(750);
    expect(isSuspended(0)).toBe(true); // not below it
    until(899);
    expect(isSuspended(0)).toBe(true);
    until(900);
    expect(penalty()).toBe(375);
    expect(isSuspended(0)).toBe(false);
  });

  it("halves once for each 300 s of a gap, and keeps its clock", () => {
    for (let i = 0; i < 3; i++) fell(0, true);
    setTime(1000000); // asleep for 1000 s
    while (fireOne()) {}
    expect(penalty()).toBe(375);
    expect(isSuspended(0)).toBe(false);
    setTime(1199999);
    while (fireOne()) {}
    expect(penalty()).toBe(375);
    setTime(1200000);
    while (fireOne()) {}
    expect(penalty()).toBe(187);
  });

  it("starts a new clock once it is zero again", () => {
    set(FLAP_PENALTY, 1);
    fell(0, true);
    until(300);
    expect(penalty()).toBe(0);
    until(450);
    fell(0, true);
    until(749);
    expect(penalty()).toBe(1);
    until(750);
    expect(penalty()).toBe(0);
  });

  it("suspends above 2500, not at it", () => {
    set(FLAP_PENALTY, 1250);
    fell(0, true);
    fell(0, true);
    expect(penalty()).toBe(2500);
    expect(isSuspended(0)).toBe(false);
    set(FLAP_PENALTY, 1);
    fell(0, true);
    expect(isSuspended(0)).toBe(true);
  });

  it("suspends for at most flapMaxSuppress, and further falls do not lengthen it", () => {
    set(FLAP_HALF_LIFE, 86400);
    set(FLAP_MAX_SUPPRESS, 1200);
    for (let i = 0; i < 3; i++) fell(0, true);
    until(600);
    fell(0, true);
    expect(penalty()).toBe(4000);
    until(1199);
    expect(isSuspended(0)).toBe(true);
    until(1200);
    expect(isSuspended(0)).toBe(false);
    expect(penalty()).toBe(4000);
  });

  it("counts a fall up to flapWindow after a move back, and no later one", () => {
    movedBack(0);
    until(599);
    fell(0, false);
    expect(penalty()).toBe(1000);
    fresh();
    atMs = 0;
    movedBack(0);
    until(600);
    fell(0, false);
    expect(penalty()).toBe(0);
  });

  it("counts one fall for one move back", () => {
    movedBack(0);
    fell(0, false);
    fell(0, false);
    expect(penalty()).toBe(1000);
    fell(1, false);
    expect(server(1).penalty).toBe(0);
  });

  it("counts no ordinary fall, and with a window of 0 failed returns only", () => {
    fell(0, false);
    expect(penalty()).toBe(0);
    set(FLAP_WINDOW, 0);
    movedBack(0);
    fell(0, false);
    expect(penalty()).toBe(0);
    fell(0, true);
    expect(penalty()).toBe(1000);
  });

  it("stays 0 where damping is off", () => {
    set(FLAP_DAMPING, 0);
    for (let i = 0; i < 5; i++) fell(0, true);
    movedBack(0);
    fell(0, false);
    expect(penalty()).toBe(0);
    expect(isSuspended(0)).toBe(false);
  });

  it("is forgiven by a command, and the lines hear of it", () => {
    for (let i = 0; i < 3; i++) fell(0, true);
    movedBack(0);
    phone().changed = 0;
    pardon(0);
    expect(penalty()).toBe(0);
    expect(isSuspended(0)).toBe(false);
    expect(phone().changed).toBe(1);
    fell(0, false);
    expect(penalty()).toBe(0);
  });

  it("lets lines move back the moment a suspension ends", () => {
    phone().changed = 0;
    endSuspension(0);
    expect(phone().changed).toBe(1);
    server(0).penalty = 3000;
    phone().changed = 0;
    decay(0);
    expect(penalty()).toBe(1500);
    expect(phone().changed).toBe(0);
  });
});
