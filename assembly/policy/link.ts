// The way out is gone for a while: the local link is down, or this very instance was, and goes on from a snapshot.
// Whatever was under way ends unjudged, and no binding is trusted before a REGISTER has verified it. DESIGN.md D9, D30.
//
// Below: policy/service, policy/line. Above: policy/command, index.

import { E_STATE, EV_OUT_OF_SERVICE, OK, RULE_LINK, RULE_START } from "../abi";
import { LINES } from "../base/limits";
import { RX } from "../base/memory";
import { between, seed } from "../base/random";
import { paramMs } from "../base/settings";
import { START_SPREAD } from "../generated/params";
import { binding, dropChallenges, isServed, line } from "../session/account";
import { forget } from "../session/registration";
import { SHUT, server } from "../session/server";
import { arm, stop, T_RETRY, T_SPREAD } from "../session/timers";
import { bootRequest, DROP, step as stepRequest } from "../session/transaction";
import { because, tell } from "./decision";
import { isStream } from "./flow";
import { LINK_BACK, LINK_LOST, LOSS_IN_CROWD, step } from "./line";
import { dropAttempt, dropReturn, updateWarning } from "./service";
import { changed, isDrained, phone, RUNNING } from "./state";

/** The local link is down: nobody is blamed, nothing is sent; leases run on. */
export function linkDown(): void {
  if (phone().linked === 0) return;
  phone().linked = 0;
  because(RULE_LINK, 0, 0);
  cut();
}

// Ends what is under way; lines are out of service, with the cause said before.
function cut(): void {
  for (let s: u32 = 0; s < phone().servers; s++) {
    stepRequest(server(s), DROP);
    stop(T_RETRY, s);
    for (let i: u32 = 0; i < LINES; i++) forget(binding(i, s));
  }
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    dropAttempt(i);
    dropReturn(i);
    const served = isServed(it);
    if (!step(i, LINK_LOST)) continue;
    if (served) {
      tell(EV_OUT_OF_SERVICE, i, it.served);
      it.toldOut = 1;
    }
    updateWarning(i);
  }
}

/** It is up again: every line verifies its binding first; without one it starts a round from the beginning. */
export function linkUp(): void {
  if (phone().linked !== 0) return;
  phone().linked = 1;
  because(RULE_LINK, 0, 0);
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (isStream(s)) server(s).flow = SHUT; // our own address may be another one
  }
  for (let i: u32 = 0; i < LINES; i++) {
    if (!step(i, LINK_BACK)) continue;
    line(i).asked = 0;
    line(i).rounds = 0;
    line(i).whole = 0;
  }
  changed();
}

/**
 * Goes on from a snapshot that may be older than the last request: with the new seed in RX, under new Call-IDs (RFC 3261
 * §10.3 step 7) and without nonces, whose counts may be spent. Every flow is opened anew. E_STATE: it does not run.
 */
export function resume(): i32 {
  const it = phone();
  if (it.phase !== RUNNING || !isDrained()) return E_STATE;
  because(RULE_START, 0, 1);
  cut();
  seed(RX);
  for (let s: u32 = 0; s < it.servers; s++) {
    const to = server(s);
    bootRequest(to, s);
    to.flow = SHUT;
    for (let i: u32 = 0; i < LINES; i++) {
      const own = binding(i, s);
      bootRequest(own, own.id);
      dropChallenges(own);
    }
  }
  if (it.linked === 0) return OK;
  for (let i: u32 = 0; i < LINES; i++) {
    if (step(i, LOSS_IN_CROWD)) arm(T_SPREAD, i, between(0, paramMs(START_SPREAD)));
  }
  return OK;
}
