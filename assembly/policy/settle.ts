// After every input and every timer: the lines hear what happened to their servers, and act.
//
// First all lines hear, then all lines act, so that one cause is told for everybody before anyone moves
// on. Below: policy/round, policy/returning. Above: policy/outbox.

import { LINES } from "../base/limits";
import { param } from "../base/settings";
import { OPTIONS_TIMEOUT } from "../generated/params";
import { binding, isAsking, isServed, line } from "../session/account";
import { beat } from "../session/heartbeat";
import { SERVE } from "../session/registration";
import { NEWS_COOLED, NEWS_FELL, NEWS_MOVED, NEWS_RECHECK, server } from "../session/server";
import { NONE, SEEKING, SERVED } from "../session/states";
import { arm, T_GRACE } from "../session/timers";
import { totalMs } from "../session/transaction";
import { begin, spend } from "./attempt";
import { EXCLUDED_SOFT } from "./choice";
import { accompany, considerReturn } from "./returning";
import { ask, isQuiet, seek } from "./round";
import { lose, refreshNow } from "./service";
import { phone } from "./state";
import { isServedAt } from "./usage";

/** Lets every line act on what changed, until nothing does. */
export function settle(): void {
  const it = phone();
  while (it.changed !== 0) {
    it.changed = 0;
    for (let s: u32 = 0; s < it.servers; s++) hear(s);
    for (let i: u32 = 0; i < LINES; i++) act(i);
  }
}

function hear(at: u32): void {
  const it = server(at);
  const news = it.news;
  it.news = 0;
  if (news === 0) return;
  let recheck: u8 = news & (NEWS_RECHECK | NEWS_MOVED);
  for (let i: u32 = 0; i < LINES; i++) {
    if ((news & NEWS_FELL) !== 0) hearFall(i, at);
    if ((news & NEWS_COOLED) !== 0 && mayAskOutOfTurn(i, at)) ask(i, at);
    if (recheck === 0 || !isServedAt(line(i), at)) continue;
    if (refreshNow(i)) recheck &= NEWS_MOVED; // the first line finds out for all; a redirect concerns each
  }
}

// `at` is DOWN or COOLING: whoever uses it is out of service, whoever asks it need not wait.
function hearFall(index: u32, at: u32): void {
  const it = line(index);
  if (it.pinned === <u8>at) it.pinned = NONE;
  if (isServedAt(it, at)) lose(index);
  else if (it.asking === <u8>at || it.returning === <u8>at) spend(binding(index, at));
}

// The end of a COOLING is a reason to ask, for a line that seeks.
function mayAskOutOfTurn(index: u32, at: u32): bool {
  return isSeeking(index) && binding(index, at).excluded <= EXCLUDED_SOFT;
}

// Without an attempt, and not content.
function isSeeking(index: u32): bool {
  const it = line(index);
  if (it.state < SEEKING || it.state > SERVED) return false;
  return !isAsking(it) && it.returning === NONE && !isQuiet(index);
}

function act(index: u32): void {
  if (isSeeking(index)) seek(index);
  const it = line(index);
  if (!isServed(it)) return;
  if (it.stranded !== 0) leaveStranded(index);
  considerReturn(index);
}

// The first binding after all were out: better servers are asked at once, and need no hold, for the
// outage was on our side.
function leaveStranded(index: u32): void {
  const it = line(index);
  it.stranded = 0;
  for (let s: u32 = 0; s < <u32>it.served; s++) {
    arm(T_GRACE, s, totalMs(param(OPTIONS_TIMEOUT)));
    beat(s, 0);
  }
}

/** T_REFRESH: the lease is renewed, and where heartbeats are silent a better server asked as well. */
export function refresh(index: u32): void {
  const it = line(index);
  if (isAsking(it)) return;
  begin(index, it.served, SERVE);
  accompany(index, false);
}
