// A datagram comes in: whose is it, and may it be believed? RFC 3261 §17.1.3, §8.1.3, §18.1.2.
//
// An answer counts only with the branch, Call-ID, tag and CSeq of a request that is under way; everything
// else is refused and counted, so that a guess moves nobody. Below: policy/attempt, policy/watch.

import {
  EV_PACKET_REFUSED,
  NOT_MINE,
  OK,
  R_FOREIGN,
  R_LATE,
  R_MISMATCH,
  R_OVERSIZED,
  R_UNKNOWN_ANSWER,
  REFUSED_BASE,
  RULE_TRANSPORT,
} from "../abi";
import { equalsFold } from "../base/bytes";
import { isHex } from "../base/hex";
import { SERVERS } from "../base/limits";
import { RX } from "../base/memory";
import { param } from "../base/settings";
import { ACCEPT_ONLY_FROM_SERVER } from "../generated/params";
import { bindingOf } from "../session/account";
import { NONE } from "../session/states";
import { arm, isArmed, REQUESTS, T_QUIET } from "../session/timers";
import {
  ID_SIZE,
  isAnsweredBy,
  isLive,
  PROVISIONAL,
  Request,
  step as stepRequest,
  TAG_SIZE,
} from "../session/transaction";
import { isLineEnd } from "../wire/lines";
import { M_OPTIONS, M_REGISTER, message, scan } from "../wire/scan";
import { noteAddress } from "./address";
import { registerAnswered } from "./attempt";
import { requestOf } from "./clock";
import { because, tellServer } from "./decision";
import { pong } from "./flow";
import { takeRequest } from "./request";
import { countRefusal, phone, refusals } from "./state";
import { heartbeatAnswered } from "./watch";

/** At most one event about refused packets in this time; every packet is counted. */
const TELL_REFUSED_MS: u32 = 10_000;

/** Takes the datagram of `length` bytes in RX from server `from`. */
export function accept(from: u32, length: u32): i32 {
  if (length === 2 && isLineEnd(RX, RX + 2) && from < phone().servers) {
    pong(from);
    return OK;
  }
  const problem = scan(length);
  if (problem !== 0) return refuse(REFUSED_BASE - problem, from);
  if (from === NONE && param(ACCEPT_ONLY_FROM_SERVER) !== 0) return refuse(R_FOREIGN, from);
  if (message().status === 0) return takeRequest(from);
  for (let id: u32 = 0; id < REQUESTS; id++) {
    if (isOurs(requestOf(id))) return takeAnswer(id, from);
  }
  // REGISTERs are ours alone; any other answer may be for the phone's own SIP stack.
  return message().cseqMethod === M_REGISTER ? refuse(R_UNKNOWN_ANSWER, from) : NOT_MINE;
}

/**
 * Takes a message longer than RX, whose first RX_SIZE bytes lie there. An answer to us is never so long; a request,
 * an INVITE say, is for the phone's own SIP stack, which has to take 65,535 bytes. RFC 3261 §18.1.1.
 */
export function acceptLong(from: u32): i32 {
  if (equalsFold(RX, 8, utf8("SIP/2.0 "), 8)) return refuse(R_OVERSIZED, from);
  return from === NONE && param(ACCEPT_ONLY_FROM_SERVER) !== 0 ? refuse(R_FOREIGN, from) : NOT_MINE;
}

function isOurs(request: Request): bool {
  const it = message();
  const callId = changetype<usize>(request) + offsetof<Request>("callId");
  return isHex(it.callIdFrom, it.callIdTo, callId, ID_SIZE);
}

function takeAnswer(id: u32, from: u32): i32 {
  const request = requestOf(id);
  const problem = mismatch(request, id < SERVERS ? M_OPTIONS : M_REGISTER);
  if (problem >= 0) return refuse(problem, from);
  const at = id < SERVERS ? id : bindingOf(id - SERVERS).server;
  if (message().status >= 200) noteAddress(at);
  if (message().status < 200) {
    stepRequest(request, PROVISIONAL);
  } else if (id < SERVERS) {
    heartbeatAnswered(id);
  } else {
    const own = bindingOf(id - SERVERS);
    registerAnswered(own);
  }
  return OK;
}

// Why the answer just read does not fit `request`, -1: it does.
function mismatch(request: Request, method: u32): i32 {
  const it = message();
  if (!isAnsweredBy(request)) {
    // A number we have used: an earlier request of ours. A number we never used: a guess.
    return it.cseq < request.cseq ? R_LATE : R_UNKNOWN_ANSWER;
  }
  if (!isLive(request)) return R_LATE;
  const tag = changetype<usize>(request) + offsetof<Request>("tag");
  const fits =
    isHex(it.fromTagFrom, it.fromTagTo, tag, TAG_SIZE) &&
    it.cseq === request.cseq &&
    it.cseqMethod === method &&
    it.viaCount === 1;
  return fits ? -1 : R_MISMATCH;
}

/** Counts a refusal; tells of one at most once in a while. */
export function refuse(reason: i32, from: u32): i32 {
  countRefusal(reason);
  if (!isArmed(T_QUIET, 0)) {
    arm(T_QUIET, 0, TELL_REFUSED_MS);
    because(RULE_TRANSPORT, reason, refusals(reason));
    tellServer(EV_PACKET_REFUSED, from < phone().servers ? from : NONE);
  }
  return REFUSED_BASE - reason;
}
