// Asking one server after the other until one serves, and waiting between rounds. RFC 5626 §4.5.
//
// Below: policy/choice, policy/attempt. Above: policy/settle.

import { EV_OUT_OF_SERVICE, RULE_START } from "../abi";
import { binding, isServed, line } from "../session/account";
import { SERVE } from "../session/registration";
import { NONE } from "../session/states";
import { arm, isArmed, T_REFRESH, T_WAIT } from "../session/timers";
import { begin } from "./attempt";
import { waitMs } from "./backoff";
import { choose, EXCLUDED_SOFT, isAllOut, NOBODY, nextInRank, REST } from "./choice";
import { because, tellLine } from "./decision";
import { isOut } from "./health";
import { ASK, NO_SERVER, ROUND_OVER, step } from "./line";
import { release } from "./service";
import { phone } from "./state";

/** In service with a refresh ahead: nothing to seek. */
export function isQuiet(index: u32): bool {
  return isServed(line(index)) && isArmed(T_REFRESH, index);
}

/** What a line without an attempt does next: asks a server, waits for its next round, or rests. */
export function seek(index: u32): void {
  const it = line(index);
  if (isAllOut()) it.stranded = 1;
  const waiting = isArmed(T_WAIT, index);
  const at = waiting ? choose(index) : nextOfRound(index);
  if (at >= 0) {
    ask(index, at);
    return;
  }
  if (!waiting) {
    if (at === NOBODY && it.asked !== 0) {
      endRound(index);
    } else {
      rest(index, at);
      return;
    }
  }
  step(index, ROUND_OVER); // or asked out of turn, in vain: the wait goes on
}

// Nothing to ask until something outside changes. A rejection by the primary alone is no whole round.
function rest(index: u32, at: i32): void {
  const it = line(index);
  const whole = (<u32>it.asked + 1) >> phone().servers !== 0;
  it.asked = 0;
  if (at === NOBODY || whole) tellOut(index);
  step(index, NO_SERVER);
}

/** Asks server `at` now. */
export function ask(index: u32, at: u32): void {
  step(index, ASK);
  begin(index, at, SERVE);
}

// A lease that outlived an outage of the link is verified first. The first round follows the choice, then
// asks who is left; a later one asks all in rank order.
function nextOfRound(index: u32): i32 {
  const it = line(index);
  if (!isServed(it) && it.served !== NONE && !isOut(it.served)) {
    if (binding(index, it.served).excluded <= EXCLUDED_SOFT) return it.served;
    release(index); // it refused the line for a named time: nothing is sent there before that is over
  }
  const chosen = choose(index);
  if (chosen === REST || (chosen >= 0 && it.whole === 0)) return chosen;
  return nextInRank(index);
}

function endRound(index: u32): void {
  const it = line(index);
  it.asked = 0;
  it.whole = 1;
  if (it.rounds < 255) it.rounds++;
  arm(T_WAIT, index, waitMs(it.rounds));
  tellOut(index);
}

// At the start the line was never in service: that is told once a whole round has failed.
function tellOut(index: u32): void {
  const it = line(index);
  if (isServed(it) || it.toldOut !== 0) return;
  it.toldOut = 1;
  because(RULE_START, it.rounds, 0);
  tellLine(EV_OUT_OF_SERVICE, index);
}
