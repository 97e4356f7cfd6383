// One request to one server, sent until answered. RFC 3261 §17.1.2, Figure 6.
//
// Carries REGISTER and OPTIONS alike: it repeats, gives up and recognises its answer, and never looks
// inside a message. Below: base/, wire/scan. Above: session/registration, session/heartbeat.
//
// Timer K has no timer here: the record keeps its branch until the next request, so a copy of an answer
// is known as late however long it takes. The total time is a parameter instead of 64*T1.

import { NO_NUMBER } from "../base/bytes";
import { equalsHex } from "../base/hex";
import { END, action, next, row } from "../base/machine";
import { draw } from "../base/random";
import { param } from "../base/settings";
import { arm, stop } from "../base/timer";
import { T1, T2 } from "../generated/params";
import { message } from "../wire/scan";

// States.
export const FREE: u8 = 0; //       nothing asked, or given up
export const TRYING: u8 = 1; //     asked, nothing heard
export const PROCEEDING: u8 = 2; // a provisional answer came
export const COMPLETED: u8 = 3; //  answered

// Inputs.
export const OPEN: u8 = 0; //        the owner has a request to send
export const REPEAT_DUE: u8 = 1; //  timer E
export const LIFE_OVER: u8 = 2; //   timer F
export const PROVISIONAL: u8 = 3; // 1xx
export const FINAL: u8 = 4; //       2xx to 6xx
export const DROP: u8 = 5; //        the transport failed, or the owner lost interest

// Actions.
const SEND: u8 = 0;
const REPEAT_LATER: u8 = 1;
const REPEAT_AT_T2: u8 = 2;
const WAIT: u8 = 3;
const CLOSE: u8 = 4;

export const TABLE: usize = memory.data<u8>([
  // state    input        action        next          RFC 3261 §17.1.2.2
  FREE,       OPEN,        SEND,         TRYING, //     ¶1 E after T1, F after the timeout
  TRYING,     REPEAT_DUE,  REPEAT_LATER, TRYING, //     ¶1 E doubles up to T2
  TRYING,     LIFE_OVER,   CLOSE,        FREE, //       ¶2
  TRYING,     PROVISIONAL, WAIT,         PROCEEDING, // ¶2
  TRYING,     FINAL,       CLOSE,        COMPLETED, //  ¶2
  TRYING,     DROP,        CLOSE,        FREE, //       ¶2 "transport error"
  PROCEEDING, REPEAT_DUE,  REPEAT_AT_T2, PROCEEDING, // ¶3
  PROCEEDING, LIFE_OVER,   CLOSE,        FREE, //       ¶3
  PROCEEDING, PROVISIONAL, WAIT,         PROCEEDING, // ¶3
  PROCEEDING, FINAL,       CLOSE,        COMPLETED, //  ¶3
  PROCEEDING, DROP,        CLOSE,        FREE, //       ¶3
  COMPLETED,  OPEN,        SEND,         TRYING, //     the record serves the next request
  END,
]);

// The timers of a request.
export const TIMER_E: u32 = 0; // repeat the request   RFC 3261 §17.1.2.2
export const TIMER_F: u32 = 1; // give the request up  RFC 3261 §17.1.2.2
export const REPEATS: u32 = 1 << TIMER_E;
export const TIME_OUTS: u32 = 1 << TIMER_F;

/** Bytes of randomness in a branch, a Call-ID and a cnonce. */
export const ID_SIZE: u32 = 8;

/** One request. Its timers lie at its start: pass its address to base/timer. */
@unmanaged
export class Request {
  /** Bit n: timer n runs; the deadlines follow. */
  armed: u32;
  repeatAt: u32;
  giveUpAt: u32;
  /** Random part of the branch, 8 bytes. RFC 3261 §8.1.1.7. */
  branch: u64;
  /** CSeq number. */
  cseq: u32;
  /** Current interval of timer E, ms. */
  repeatMs: u32;
  /** When it was first sent, host ms: a lease counts from here. */
  sentAt: u32;
  /** A state of TABLE. */
  state: u8;
  /** 1: the bytes have to be sent now. */
  due: u8;
  /** 1: the transport is reliable, nothing is repeated. RFC 3261 §17.1.2.2. */
  reliable: u8;
  unused: u8;
}

export const REQUEST_SIZE: u32 = 40;
if (offsetof<Request>() !== REQUEST_SIZE) ERROR("Request resized: base/memory.ts");

/** The branch of a request lies 8-aligned behind its timers. */
export function branchOf(request: Request): usize {
  return changetype<usize>(request) + offsetof<Request>("branch");
}

/** True while an answer is awaited. */
export function isLive(request: Request): bool {
  return request.state === TRYING || request.state === PROCEEDING;
}

/**
 * Sends a new request with a new branch.
 * @param timeoutMs total time, 0: 64*T1 (RFC 3261 §17.1.2.2)
 */
export function open(request: Request, now: u32, cseq: u32, reliable: bool, timeoutMs: u32): void {
  if (isLive(request)) step(request, DROP, now);
  request.cseq = cseq;
  request.reliable = reliable ? 1 : 0;
  request.sentAt = now;
  request.repeatMs = param(T1);
  draw(branchOf(request), ID_SIZE);
  step(request, OPEN, now);
  arm(changetype<usize>(request), TIMER_F, now, totalMs(timeoutMs));
}

/** The total time of a request whose parameter says `timeoutMs`. */
export function totalMs(timeoutMs: u32): u32 {
  return timeoutMs === 0 ? 64 * param(T1) : timeoutMs;
}

/** Moves `request` by one row of TABLE; false when it has none. */
export function step(request: Request, input: u8, now: u32): bool {
  const found = row(TABLE, request.state, input);
  if (!found) return false;
  request.state = <u8>next(found);
  const timers = changetype<usize>(request);
  switch (action(found)) {
    case SEND:
      request.due = 1;
      if (request.reliable === 0) arm(timers, TIMER_E, now, request.repeatMs);
      break;
    case REPEAT_LATER:
      request.due = 1;
      request.repeatMs = min(2 * request.repeatMs, param(T2));
      arm(timers, TIMER_E, now, request.repeatMs);
      break;
    case REPEAT_AT_T2:
      request.due = 1;
      arm(timers, TIMER_E, now, param(T2));
      break;
    case CLOSE:
      request.due = 0;
      stop(timers, TIMER_E);
      stop(timers, TIMER_F);
      break;
  }
  return true;
}

/** Does the answer just read carry the branch of this request? RFC 3261 §17.1.3. */
export function isAnsweredBy(request: Request): bool {
  const answer = message();
  if (answer.branchTo - answer.branchFrom !== 7 + 2 * ID_SIZE) return false;
  return equalsHex(answer.branchFrom + 7, branchOf(request), ID_SIZE);
}

/** Is the number in its CSeq the one we sent? RFC 3261 §17.1.3. */
export function hasSequence(request: Request): bool {
  const cseq = message().cseq;
  return cseq !== NO_NUMBER && cseq === request.cseq;
}
