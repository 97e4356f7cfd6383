// Going back to a better server without a gap, or elsewhere by command. DESIGN.md D13.
//
// Below: policy/attempt, policy/damping. Above: policy/settle, policy/command.

import { EV_FAILBACK_DEFERRED, RULE_CALLS, RULE_DAMPING } from "../abi";
import { COOLING, DOWN, HOLDING, NONE, SERVED, UNKNOWN, UP } from "../session/states";
import { param } from "../base/settings";
import { isArmed } from "../base/timer";
import { FAILBACK_IN_CALL, FLAP_SUPPRESS } from "../generated/params";
import { binding, Line, line } from "../session/account";
import { RETURN } from "../session/registration";
import { server, TIMER_RETURN } from "../session/server";
import { begin } from "./attempt";
import { EXCLUDED_NOT } from "./choice";
import { isSuspended } from "./damping";
import { because, tell } from "./decision";
import { isSlow } from "./health";

/** A line in service moves to the best server above its own that is UP, unless something defers it. */
export function considerReturn(index: u32): void {
  const it = line(index);
  if (!mayMove(it)) return;
  let wish: i32 = -1;
  for (let s: u32 = 0; s < it.served; s++) {
    if (server(s).health !== UP || binding(index, s).excluded !== EXCLUDED_NOT) continue;
    if (isOnCall(it)) {
      defer(index, s, RULE_CALLS);
      return;
    }
    if (!isSuspended(s)) {
      it.deferred = 0;
      begin(index, s, RETURN);
      return;
    }
    if (wish < 0) wish = s;
  }
  if (wish >= 0) defer(index, wish, RULE_DAMPING);
  else it.deferred = 0;
}

// In service, free to choose, and not moving already.
function mayMove(it: Line): bool {
  return (
    it.state === SERVED &&
    it.pinned === NONE &&
    it.returning === NONE &&
    (it.asking === NONE || it.asking === it.served)
  );
}

function isOnCall(it: Line): bool {
  return it.calls !== 0 && param(FAILBACK_IN_CALL) === 0;
}

// Told once for each reason.
function defer(index: u32, at: u32, rule: i32): void {
  const it = line(index);
  if (it.deferred === <u8>rule) return;
  it.deferred = <u8>rule;
  if (rule === RULE_CALLS) because(rule, 0, it.calls, 0);
  else because(rule, 0, server(at).penalty, param(FLAP_SUPPRESS));
  tell(EV_FAILBACK_DEFERRED, index, at);
}

/**
 * Where heartbeats say nothing, a REGISTER to a better server goes with each refresh.
 * @param hurry a command: the back-to-primary delay is not waited for
 */
export function accompany(index: u32, hurry: bool): void {
  const it = line(index);
  if (!mayMove(it) || isOnCall(it)) return;
  let best: i32 = -1;
  for (let s: u32 = 0; s < it.served; s++) {
    if (!isWorthATry(index, s, hurry)) continue;
    if (best < 0 || <i32>(server(s).triedAt - server(best).triedAt) < 0) best = s;
  }
  if (best >= 0) begin(index, best, RETURN);
}

function isWorthATry(index: u32, at: u32, hurry: bool): bool {
  const it = server(at);
  if (!isSlow(at) || isSuspended(at) || binding(index, at).excluded !== EXCLUDED_NOT) return false;
  if (it.health === UP || it.health === HOLDING || it.health === COOLING) return false;
  return hurry || !isArmed(changetype<usize>(it), TIMER_RETURN);
}

/** moveTo: to `at` without a gap, and stay there until it fails or the line is sent back. */
export function moveTo(index: u32, at: u32): void {
  const it = line(index);
  const health = server(at).health;
  if (health === DOWN || health === COOLING) return;
  it.pinned = <u8>at;
  if (it.state !== SERVED || it.served === <u8>at) return;
  if (it.returning !== <u8>at && it.asking !== <u8>at) begin(index, at, RETURN);
}
