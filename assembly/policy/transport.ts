// The transport reported something about a server: a flow opened, could not be opened, was lost, or what was
// sent came back. RFC 3261 §8.1.3.1, §18.4.
//
// Below: policy/flow, policy/attempt, policy/watch. Above: policy/clock, index.

import { E_RANGE, FLOW_BROKEN, FLOW_TLS_UNTRUSTED, FLOW_UP, OK, RULE_TRANSPORT } from "../abi";
import { LINES, STREAMS } from "../base/limits";
import { binding } from "../session/account";
import { OPEN, OPENING, SHUT, server } from "../session/server";
import { isLive } from "../session/transaction";
import { cutOff } from "./attempt";
import { because } from "./decision";
import { advance, flowUp, isStream, isTried, outlives } from "./flow";
import { phone } from "./state";
import { heartbeatSilent } from "./watch";

/** What became of flow `generation` of server `at`; an earlier flow counts no more. */
export function flowChanged(at: u32, generation: u32, state: u32): i32 {
  if (state - FLOW_UP > <u32>(FLOW_TLS_UNTRUSTED - FLOW_UP)) return E_RANGE;
  const it = server(at);
  if (!isStream(at) || generation !== <u32>it.generation || it.flow === SHUT) return OK;
  if (state === <u32>FLOW_UP) {
    if (it.flow === OPENING) flowUp(at);
  } else {
    flowDown(at, state);
  }
  return OK;
}

function flowDown(at: u32, why: u32): void {
  const it = server(at);
  const wasOpen = it.flow === OPEN;
  it.flow = SHUT;
  if (phone().linked === 0) return;
  if (!wasOpen || !outlives(at)) transportFailed(at, why);
}

/** T_PONG: the flow has answered keepalives before and does not any more. RFC 5626 §4.4.1. */
export function pongMissing(at: u32): void {
  if (STREAMS !== 0 && server(at).flow === OPEN && server(at).ponged !== 0) flowDown(at, FLOW_BROKEN);
}

/**
 * Whatever is under way at server `at` has failed, for a reason FLOW_* or 0; without a request under way it
 * says nothing, and nothing happens.
 */
export function transportFailed(at: u32, why: u32): i32 {
  if (phone().linked === 0) return OK;
  because(RULE_TRANSPORT, why, 0);
  if (isTried(at) && advance(at)) return OK;
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    if (isLive(own)) cutOff(own, why);
  }
  if (isLive(server(at))) heartbeatSilent(at);
  return OK;
}
