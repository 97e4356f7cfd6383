// Going back to a better server without a gap, or elsewhere by command. DESIGN.md D13.
//
// Below: policy/attempt, policy/damping. Above: policy/settle, policy/command.

import { EV_FAILBACK_DEFERRED, RULE_CALLS, RULE_DAMPING } from "../abi";
import { param } from "../base/settings";
import { FAILBACK_IN_CALL, FLAP_SUPPRESS } from "../generated/params";
import { binding, isAsking, isServed, Line, line } from "../session/account";
import { RETURN } from "../session/registration";
import { server } from "../session/server";
import { DOWN, NONE, SUSPECT, UNKNOWN, UP } from "../session/states";
import { isArmed, T_RETURN } from "../session/timers";
import { begin } from "./attempt";
import { EXCLUDED_NOT, EXCLUDED_SOFT } from "./choice";
import { isSuspended } from "./damping";
import { because, tell } from "./decision";
import { isOut, isSlow } from "./health";

/**
 * A line in service moves to the server it is pinned to, else to the best one above its own that is UP,
 * unless something defers it.
 */
export function considerReturn(index: u32): void {
  const it = line(index);
  if (!mayMove(it)) return;
  if (it.pinned !== NONE) {
    if (it.pinned !== it.served) begin(index, it.pinned, RETURN);
    return;
  }
  const onCall = isOnCall(it);
  let wish: u32 = NONE;
  for (let s: u32 = 0; s < <u32>it.served; s++) {
    if (server(s).health !== UP || binding(index, s).excluded !== EXCLUDED_NOT) continue;
    if (!onCall && !isSuspended(s)) {
      it.deferred = 0;
      begin(index, s, RETURN);
      return;
    }
    wish = min(wish, s);
  }
  if (wish === NONE) it.deferred = 0;
  else defer(index, wish, onCall ? RULE_CALLS : RULE_DAMPING);
}

// In service, and not moving already.
function mayMove(it: Line): bool {
  if (!isServed(it) || it.returning !== NONE) return false;
  return !isAsking(it) || it.asking === it.served;
}

function isOnCall(it: Line): bool {
  return it.calls !== 0 && param(FAILBACK_IN_CALL) === 0;
}

// Told once for each reason.
function defer(index: u32, at: u32, rule: i32): void {
  const it = line(index);
  if (it.deferred === <u8>rule) return;
  it.deferred = <u8>rule;
  if (rule === RULE_CALLS) because(rule, it.calls, 0);
  else because(rule, server(at).penalty, param(FLAP_SUPPRESS));
  tell(EV_FAILBACK_DEFERRED, index, at);
}

/**
 * Where heartbeats say nothing, a REGISTER to a better server goes with each refresh.
 * @param hurry a command: the back-to-primary delay is not waited for
 */
export function accompany(index: u32, hurry: bool): void {
  const it = line(index);
  if (!mayMove(it) || it.pinned !== NONE || isOnCall(it)) return;
  let best: u32 = NONE;
  for (let s: u32 = 0; s < <u32>it.served; s++) {
    if (!isWorthATry(index, s, hurry)) continue;
    if (best === NONE || server(s).tried < server(best).tried) best = s;
  }
  if (best !== NONE) begin(index, best, RETURN);
}

function isWorthATry(index: u32, at: u32, hurry: bool): bool {
  const health = server(at).health;
  if (health !== DOWN && health !== UNKNOWN && health !== SUSPECT) return false;
  if (!isSlow(at) || isSuspended(at) || binding(index, at).excluded !== EXCLUDED_NOT) return false;
  return hurry || !isArmed(T_RETURN, at);
}

/**
 * moveTo: to `at` as soon as no attempt is in the way, and there until it fails or the line is sent back.
 * Not to a server that is out, or that rejected the line until a named time.
 */
export function moveTo(index: u32, at: u32): void {
  if (isOut(at) || binding(index, at).excluded > EXCLUDED_SOFT) return;
  line(index).pinned = <u8>at;
  considerReturn(index);
}
