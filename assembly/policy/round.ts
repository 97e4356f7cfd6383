// Asking one server after the other until one serves, and waiting between rounds. RFC 5626 §4.5.
//
// Below: policy/choice, policy/attempt. Above: policy/settle.

import { EV_OUT_OF_SERVICE, RULE_START } from "../abi";
import { NONE, SERVED, STARTING } from "../session/states";
import { between } from "../base/random";
import { param } from "../base/settings";
import { arm, isArmed } from "../base/timer";
import { RETRY_BASE, RETRY_MAX } from "../generated/params";
import { binding, Line, line, TIMER_REFRESH, TIMER_WAIT } from "../session/account";
import { SERVE } from "../session/registration";
import { begin } from "./attempt";
import { choose, EXCLUDED_SOFT, isAllOut, NOBODY, nextInRank, REST } from "./choice";
import { because, tellLine } from "./decision";
import {
  ASK,
  F_STRANDED,
  F_TOLD_OUT,
  F_WHOLE,
  has,
  NO_SERVER,
  ROUND_OVER,
  set,
  step,
} from "./line";
import { now } from "./state";

/** In service with a refresh ahead, or about to be asked in its turn: nothing to seek. */
export function isQuiet(index: u32): bool {
  const it = line(index);
  return it.state === SERVED && isArmed(changetype<usize>(it), TIMER_REFRESH);
}

/** What a line without an attempt does next: asks a server, waits for its next round, or rests. */
export function seek(index: u32): void {
  const it = line(index);
  if (isAllOut()) set(it, F_STRANDED);
  const waiting = isArmed(changetype<usize>(it), TIMER_WAIT);
  const at = waiting ? choose(index) : nextOfRound(index);
  if (at >= 0) {
    ask(index, at);
  } else if (waiting) {
    step(index, ROUND_OVER); // asked out of turn, in vain: the wait goes on
  } else if (at === NOBODY && it.asked !== 0) {
    endRound(index);
  } else {
    it.asked = 0;
    tellOut(index);
    step(index, NO_SERVER);
  }
}

/** Asks server `at` now. */
export function ask(index: u32, at: u32): void {
  step(index, ASK);
  begin(index, at, SERVE);
}

/** May `at` be asked out of turn by this line? */
export function mayAskOutOfTurn(index: u32, at: u32): bool {
  const it = line(index);
  return (
    it.state >= STARTING &&
    it.asking === NONE &&
    !isQuiet(index) &&
    binding(index, at).excluded <= EXCLUDED_SOFT
  );
}

// The first round follows the choice, then asks who is left; a later one asks all in rank order.
function nextOfRound(index: u32): i32 {
  const chosen = choose(index);
  if (chosen === REST) return REST;
  if (chosen >= 0 && !has(line(index), F_WHOLE)) return chosen;
  return nextInRank(index);
}

function endRound(index: u32): void {
  const it = line(index);
  it.asked = 0;
  it.rounds = <u8>min(<u32>it.rounds + 1, 255);
  set(it, F_WHOLE);
  arm(changetype<usize>(it), TIMER_WAIT, now(), waitMs(it.rounds));
  tellOut(index);
  step(index, ROUND_OVER);
}

/** How long to wait after failed round `n`, ms: min(retryMax, retryBase * 2^n) * U(0.5, 1). */
export function waitMs(n: u32): u32 {
  const longest = min(param(RETRY_MAX), param(RETRY_BASE) << min(n, 16));
  return between(500 * longest, 1000 * longest);
}

// At the start the line was never in service: that is told once a whole round has failed.
function tellOut(index: u32): void {
  const it = line(index);
  if (it.state === SERVED || has(it, F_TOLD_OUT)) return;
  set(it, F_TOLD_OUT);
  because(RULE_START, 0, it.rounds, 0);
  tellLine(EV_OUT_OF_SERVICE, index);
}
