// After every input and every timer: the lines hear what happened to their servers, and act.
//
// First all lines hear, then all lines act, so that one cause is told for everybody before anyone moves
// on. Below: policy/round, policy/returning. Above: policy/clock, policy/inbox, policy/command.

import { RULE_FAILOVER } from "../abi";
import { NONE, SEEKING, SERVED } from "../session/states";
import { LINES } from "../base/limits";
import { arm } from "../base/timer";
import { param } from "../base/settings";
import { OPTIONS_TIMEOUT } from "../generated/params";
import { line } from "../session/account";
import { beat } from "../session/heartbeat";
import { SERVE } from "../session/registration";
import {
  NEWS_COOLED,
  NEWS_FELL,
  NEWS_MOVED,
  NEWS_RECHECK,
  Server,
  server,
  TIMER_GRACE,
} from "../session/server";
import { totalMs } from "../session/transaction";
import { begin, spend } from "./attempt";
import { clear, F_STRANDED, has } from "./line";
import { accompany, considerReturn } from "./returning";
import { ask, isQuiet, mayAskOutOfTurn, seek } from "./round";
import { lose, refreshNow } from "./service";
import { now, phone } from "./state";
import { isServedAt } from "./usage";

/** Lets every line act on what changed, until nothing does. */
export function settle(): void {
  const it = phone();
  while (it.changed !== 0) {
    it.changed = 0;
    for (let s: u32 = 0; s < it.servers; s++) hear(s);
    if (it.linked === 0) return;
    for (let i: u32 = 0; i < LINES; i++) act(i);
  }
}

function hear(at: u32): void {
  const it = server(at);
  const news = it.news;
  if (news === 0) return;
  it.news = 0;
  for (let i: u32 = 0; i < LINES; i++) {
    if ((news & NEWS_FELL) !== 0) hearFall(i, at);
    if ((news & NEWS_COOLED) !== 0 && mayAskOutOfTurn(i, at)) ask(i, at);
    if ((news & NEWS_MOVED) !== 0 && isServedAt(line(i), at)) refreshNow(i);
    if ((news & NEWS_RECHECK) !== 0 && isServedAt(line(i), at)) {
      refreshNow(i);
      return; // the first line decides for all
    }
  }
}

// `at` is DOWN or COOLING: whoever uses it is out of service, whoever asks it need not wait.
function hearFall(index: u32, at: u32): void {
  const it = line(index);
  if (it.pinned === <u8>at) it.pinned = NONE;
  if (isServedAt(it, at)) lose(index);
  else if (it.asking === <u8>at || it.returning === <u8>at) spend(index, at);
}

function act(index: u32): void {
  const it = line(index);
  const seeking = it.state >= SEEKING && it.state <= SERVED;
  if (!seeking) return;
  if (it.asking === NONE && it.returning === NONE && !isQuiet(index)) seek(index);
  if (it.state !== SERVED) return;
  if (has(it, F_STRANDED)) leaveStranded(index);
  considerReturn(index);
}

// The first binding after all were out: better servers are asked at once, and need no hold, for the
// outage was on our side.
function leaveStranded(index: u32): void {
  const it = line(index);
  clear(it, F_STRANDED);
  for (let s: u32 = 0; s < it.served; s++) {
    arm(changetype<usize>(server(s)), TIMER_GRACE, now(), totalMs(param(OPTIONS_TIMEOUT)));
    beat(s, false, now());
  }
}

/** TIMER_REFRESH: the lease is renewed, and where heartbeats are silent a better server asked as well. */
export function refresh(index: u32): void {
  const it = line(index);
  if (it.asking !== NONE) return;
  begin(index, it.served, SERVE);
  accompany(index, false);
}
