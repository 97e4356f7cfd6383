// A boot: everything learnt is forgotten, the lines take their places. DESIGN.md D9.
//
// Below: policy/line, policy/watch, session/. Above: policy/command, index.

import { E_INCOMPLETE, EV_WARNING_OFF, OK } from "../abi";
import { LINES, SERVERS } from "../base/limits";
import { between } from "../base/random";
import { param, paramMs } from "../base/settings";
import { textLength } from "../base/text";
import { stopAll } from "../base/timer";
import { START_SPREAD, STARTUP_CHECK } from "../generated/params";
import { bootLine, isUsed, line } from "../session/account";
import { bootServer, domainOf, localOf, server } from "../session/server";
import { arm, T_SPREAD } from "../session/timers";
import { tellLine } from "./decision";
import { BOOT, LINK_LOST, step } from "./line";
import { phone, RUNNING } from "./state";
import { startWatch } from "./watch";

/** Starts the phone. E_INCOMPLETE: a server, a line or a text they need is missing. */
export function start(): i32 {
  if (!isComplete()) return E_INCOMPLETE;
  phone().linked = 1;
  boot();
  return OK;
}

// The servers stand without a gap from the primary on, and there is a line.
function isComplete(): bool {
  let servers: u32 = 0;
  while (servers < SERVERS && server(servers).port !== 0) servers++;
  let used: u32 = 0;
  for (let s: u32 = 0; s < servers; s++) {
    if (textLength(domainOf(s)) === 0 || textLength(localOf(s)) === 0) return false;
  }
  for (let i: u32 = 0; i < LINES; i++) used += isUsed(i) ? 1 : 0;
  if (servers === 0 || used === 0) return false;
  phone().servers = <u8>servers;
  return true;
}

/** Starts over as if nothing had been learnt; what is configured stays. */
export function boot(): void {
  const linked = phone().linked !== 0;
  phone().phase = RUNNING;
  stopAll();
  for (let s: u32 = 0; s < phone().servers; s++) bootServer(s);
  for (let i: u32 = 0; i < LINES; i++) {
    if (line(i).warned !== 0) tellLine(EV_WARNING_OFF, i);
    bootLine(i);
    if (!isUsed(i)) continue;
    step(i, BOOT);
    arm(T_SPREAD, i, between(0, paramMs(START_SPREAD)));
    if (!linked) step(i, LINK_LOST);
  }
  startWatch(linked && param(STARTUP_CHECK) !== 0);
}
