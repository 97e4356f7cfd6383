// A datagram comes in: whose is it, and may it be believed? RFC 3261 §17.1.3, §8.1.3, §18.1.2.
//
// An answer counts only with the branch, Call-ID, tag and CSeq of a request that is under way; everything
// else is refused and counted, so that a guess moves nobody. Below: policy/attempt, policy/watch.

import { EV_PACKET_REFUSED, NOT_MINE, OK, R_FOREIGN, R_LATE, R_MISMATCH, R_UNKNOWN_ANSWER, REFUSED_BASE, RULE_TRANSPORT } from "../abi";
import { NONE } from "../session/states";
import { equalsHex } from "../base/hex";
import { LINES } from "../base/limits";
import { param } from "../base/settings";
import { arm, isArmed } from "../base/timer";
import { ACCEPT_ONLY_FROM_SERVER } from "../generated/params";
import { Binding, binding, requestOf } from "../session/account";
import { heartbeatOf, Server, server } from "../session/server";
import {
  hasSequence,
  ID_SIZE,
  isAnsweredBy,
  isLive,
  PROVISIONAL,
  Request,
  step as stepRequest,
} from "../session/transaction";
import { M_OPTIONS, M_REGISTER, message, scan } from "../wire/scan";
import { noteAddress } from "./address";
import { registerAnswered } from "./attempt";
import { because, tellServer } from "./decision";
import { takeRequest } from "./request";
import { countRefusal, now, phone, TIMER_TELL_REFUSED } from "./state";
import { heartbeatAnswered } from "./watch";

const TAG_SIZE: u32 = 4;
/** At most one event about refused packets in this time; every packet is counted. */
const TELL_REFUSED_MS: u32 = 10_000;

/** Takes the datagram of `length` bytes in RX from server `from`. */
export function accept(from: u32, length: u32): i32 {
  const problem = scan(length);
  if (problem !== 0) return refuse(REFUSED_BASE - problem, from);
  if (from === NONE && param(ACCEPT_ONLY_FROM_SERVER) !== 0) return refuse(R_FOREIGN, from);
  if (message().status === 0) return takeRequest(from);
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (isOurs(changetype<usize>(server(s)) + offsetof<Server>("callId"))) return answerToHeartbeat(s, from);
    for (let i: u32 = 0; i < LINES; i++) {
      const own = changetype<usize>(binding(i, s));
      if (isOurs(own + offsetof<Binding>("callId"))) return answerToRegister(i, s, from);
    }
  }
  // REGISTERs are ours alone; any other answer may be for the phone's own SIP stack.
  return message().cseqMethod === M_REGISTER ? refuse(R_UNKNOWN_ANSWER, from) : NOT_MINE;
}

function isOurs(callId: usize): bool {
  const it = message();
  return it.callIdTo - it.callIdFrom === 2 * ID_SIZE && equalsHex(it.callIdFrom, callId, ID_SIZE);
}

function answerToHeartbeat(at: u32, from: u32): i32 {
  const tag = changetype<usize>(server(at)) + offsetof<Server>("tag");
  const problem = mismatch(heartbeatOf(at), tag, M_OPTIONS);
  if (problem >= 0) return refuse(problem, from);
  if (message().status < 200) stepRequest(heartbeatOf(at), PROVISIONAL, now());
  else heartbeatAnswered(at);
  return OK;
}

function answerToRegister(index: u32, at: u32, from: u32): i32 {
  const own = binding(index, at);
  const tag = changetype<usize>(own) + offsetof<Binding>("tag");
  const problem = mismatch(requestOf(own), tag, M_REGISTER);
  if (problem >= 0) return refuse(problem, from);
  if (message().status < 200) {
    stepRequest(requestOf(own), PROVISIONAL, now());
  } else {
    noteAddress(at);
    registerAnswered(index, at);
  }
  return OK;
}

// Why the answer just read does not fit `request`, -1: it does.
function mismatch(request: Request, tag: usize, method: u32): i32 {
  const it = message();
  if (!isAnsweredBy(request)) {
    // An earlier request of this dialog: late. A number we never used: a guess.
    return it.cseq <= request.cseq && it.cseq !== 0 && !hasSequence(request) ? R_LATE : R_UNKNOWN_ANSWER;
  }
  if (!isLive(request)) return R_LATE;
  const tagged = it.fromTagTo - it.fromTagFrom === 2 * TAG_SIZE && equalsHex(it.fromTagFrom, tag, TAG_SIZE);
  if (!tagged || !hasSequence(request) || it.cseqMethod !== method || it.viaCount !== 1) return R_MISMATCH;
  return -1;
}

/** Counts a refusal; tells of it at most once in a while. */
export function refuse(reason: i32, from: u32): i32 {
  const it = phone();
  countRefusal(reason);
  it.refusedNow++;
  if (!isArmed(changetype<usize>(it), TIMER_TELL_REFUSED)) {
    arm(changetype<usize>(it), TIMER_TELL_REFUSED, now(), TELL_REFUSED_MS);
    because(RULE_TRANSPORT, 0, reason, it.refusedNow);
    tellServer(EV_PACKET_REFUSED, from < it.servers ? from : NONE);
    it.refusedNow = 0;
  }
  return REFUSED_BASE - reason;
}
