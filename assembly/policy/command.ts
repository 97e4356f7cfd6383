// What the outside may ask for; each command is harmless in every state. ABI.md, "Commands".
//
// Below: policy/returning, policy/settle. Above: index.

import {
  CMD_BINDING_LOST,
  CMD_CALL_BEGIN,
  CMD_CALL_END,
  CMD_CALL_FAILED,
  CMD_COUNT,
  CMD_CREDENTIALS,
  CMD_LINK_DOWN,
  CMD_LINK_UP,
  CMD_MOVE_TO,
  CMD_REFRESH,
  CMD_RESTART,
  CMD_RETURN_NOW,
  CMD_STOP,
  E_COMMAND,
  E_LINE,
  E_SERVER,
  E_STATE,
  EV_OUT_OF_SERVICE,
  EV_UNBOUND,
  LINE_ALL,
  OK,
  REG_REJECTED,
  RULE_COMMAND,
} from "../abi";
import { LINES } from "../base/limits";
import { param } from "../base/settings";
import { stopAll } from "../base/timer";
import { REGISTER_TIMEOUT } from "../generated/params";
import { binding, dropChallenges, isServed, isUsed, line } from "../session/account";
import { IDLE, REMOVE, REMOVE_OLD, RETURN, start } from "../session/registration";
import { EARLIER, server } from "../session/server";
import { HOLDING, NONE } from "../session/states";
import { arm, stop, T_STOP, T_WAIT } from "../session/timers";
import { DROP, step as stepRequest, totalMs } from "../session/transaction";
import { admit, barred, begin } from "./attempt";
import { pardon } from "./damping";
import { because, tell } from "./decision";
import { isOut, judge, UNTIL } from "./health";
import { LEAVE, step } from "./line";
import { linkDown, linkUp } from "./link";
import { accompany, moveTo } from "./returning";
import { dropAttempt, lose, refreshNow } from "./service";
import { boot } from "./start";
import { changed, isDrained, phone, RUNNING, STOPPING } from "./state";

/** Carries out a command for one line, or for every line (LINE_ALL). */
export function command(code: u32, index: u32, at: u32): i32 {
  if (code >= <u32>CMD_COUNT) return E_COMMAND;
  if (index >= LINES && index !== <u32>LINE_ALL) return E_LINE;
  if (code === <u32>CMD_MOVE_TO && at >= phone().servers) return E_SERVER;
  if (phone().phase !== RUNNING || !isDrained()) return E_STATE;
  because(RULE_COMMAND, code, 0);
  if (forPhone(code)) return OK;
  if (code === <u32>CMD_RETURN_NOW) forgive();
  for (let i: u32 = 0; i < LINES; i++) {
    if ((index === i || index === <u32>LINE_ALL) && isUsed(i)) forLine(code, i, at);
  }
  changed();
  return OK;
}

// Commands that have no line. False: it is one of a line.
function forPhone(code: u32): bool {
  switch (code) {
    case CMD_LINK_DOWN:
      linkDown();
      return true;
    case CMD_LINK_UP:
      linkUp();
      return true;
    case CMD_RESTART:
      boot();
      return true;
    case CMD_STOP:
      leave();
      return true;
  }
  return false;
}

function forLine(code: u32, index: u32, at: u32): void {
  const it = line(index);
  switch (code) {
    case CMD_REFRESH:
      refreshNow(index);
      stop(T_WAIT, index); // out of service: the next round is now
      break;
    case CMD_CALL_FAILED:
      refreshNow(index);
      break;
    case CMD_RETURN_NOW:
      it.pinned = NONE;
      accompany(index, true);
      break;
    case CMD_MOVE_TO:
      moveTo(index, at);
      break;
    case CMD_CALL_BEGIN:
      it.calls = <u8>min(<u32>it.calls + 1, 255);
      break;
    case CMD_CALL_END:
      if (it.calls !== 0) it.calls--;
      break;
    case CMD_CREDENTIALS:
      renewCredentials(index);
      break;
    case CMD_BINDING_LOST:
      bindingLost(index, at);
      break;
  }
}

// Somebody else ended our binding. Unless it is not wanted there, it is made again at once. RFC 3680 §5.3.
function bindingLost(index: u32, reason: u32): void {
  const it = line(index);
  if (!isServed(it)) return;
  const own = binding(index, it.served);
  own.boundVersion = 0;
  tell(EV_UNBOUND, index, it.served);
  if (reason !== <u32>REG_REJECTED) {
    refreshNow(index);
    return;
  }
  dropAttempt(index);
  barred(own);
  lose(index);
}

// returnNow: holds and damping end once.
function forgive(): void {
  for (let s: u32 = 0; s < phone().servers; s++) {
    pardon(s);
    if (server(s).health === HOLDING) judge(s, UNTIL, 0, false);
  }
}

// Whatever was refused under the old credentials may be asked again.
function renewCredentials(index: u32): void {
  for (let s: u32 = 0; s < phone().servers; s++) {
    const own = binding(index, s);
    dropChallenges(own);
    admit(own);
    if (own.phase !== IDLE && own.purpose <= RETURN) begin(index, s, own.purpose); // its limit too
  }
}

/** stop: removes the bindings; ends when they are gone, or after one register timeout. */
function leave(): void {
  const it = phone();
  it.phase = STOPPING;
  because(RULE_COMMAND, CMD_STOP, 0);
  stopAll(); // no more heartbeats, holds and waits
  for (let s: u32 = 0; s < it.servers; s++) stepRequest(server(s), DROP);
  arm(T_STOP, 0, totalMs(param(REGISTER_TIMEOUT)));
  for (let i: u32 = 0; i < LINES; i++) {
    if (isServed(line(i))) tell(EV_OUT_OF_SERVICE, i, line(i).served);
    if (step(i, LEAVE) && it.linked !== 0) removeAll(i);
  }
}

// Wherever a binding is, or may be once an attempt under way is granted.
function removeAll(index: u32): void {
  for (let s: u32 = 0; s < phone().servers; s++) {
    const own = binding(index, s);
    const asked = own.phase !== IDLE;
    const bound = own.boundVersion !== 0 && !isOut(s);
    const earlier = !asked && own.boundVersion === EARLIER;
    if (asked || bound) start(own, earlier ? REMOVE_OLD : REMOVE, true);
  }
  line(index).asking = NONE;
  line(index).returning = NONE;
}

/** stop: is any removal still under way? */
export function isLeaving(): bool {
  for (let i: u32 = 0; i < LINES; i++) {
    for (let s: u32 = 0; s < phone().servers; s++) {
      if (binding(i, s).phase !== IDLE) return true;
    }
  }
  return false;
}
