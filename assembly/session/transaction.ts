// One request to one server, sent until answered. RFC 3261 §17.1.2, Figure 6.
//
// Carries REGISTER and OPTIONS alike: it repeats, gives up and recognises its answer, and never looks
// inside a message. Below: base/, session/timers, wire/scan. Above: session/registration, session/heartbeat.
//
// Timer K has no timer here: the record keeps its branch until the next request, so a copy of an answer
// is known as late however long it takes. The total time is a parameter instead of 64*T1.

import { isHex } from "../base/hex";
import { action, END, next, row } from "../base/machine";
import { draw } from "../base/random";
import { param } from "../base/settings";
import { now } from "../base/timer";
import { T1, T2 } from "../generated/params";
import { message } from "../wire/scan";
import { arm, stop, T_GIVE_UP, T_REPEAT } from "./timers";

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
const REPEAT: u8 = 1;
const REPEAT_AT_T2: u8 = 2;
const WAIT: u8 = 3;
const CLOSE: u8 = 4;

// biome-ignore format: a row, a line
export const TABLE: usize = memory.data<u8>([
  // state    input        action        next          RFC 3261 §17.1.2.2
  FREE,       OPEN,        SEND,         TRYING, //     ¶1 E after T1, F after the timeout
  TRYING,     REPEAT_DUE,  REPEAT,       TRYING, //     ¶1 E doubles up to T2
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

/** Bytes of randomness in a branch, a Call-ID and a cnonce; 4 more in a From tag. */
export const ID_SIZE: u32 = 8;
export const TAG_SIZE: u32 = 4;

/** A request, and the dialog identifiers that its kind keeps for one boot. */
@unmanaged
export class Request {
  /** Random part of the branch. RFC 3261 §8.1.1.7. */
  branch: u64;
  /** Call-ID. RFC 3261 §10.2: one for all REGISTERs to a registrar. */
  callId: u64;
  /** From tag. */
  tag: u32;
  /** CSeq number, rising. RFC 3261 §10.2. */
  cseq: u32;
  /** Interval of timer E, ms. */
  repeatMs: u32;
  /** When it was first sent, host ms: a lease counts from here. */
  sentAt: u32;
  /** Its number among the requests: which timers are its own. */
  id: u16;
  /** A state of TABLE. */
  state: u8;
  /** 1: the bytes have to be sent now. */
  due: u8;
  /** 1: the transport is reliable, nothing is repeated. RFC 3261 §17.1.2.2. */
  reliable: u8;
}

/** Gives a request its number and new identifiers. */
export function bootRequest(it: Request, id: u32): void {
  it.id = <u16>id;
  stop(T_GIVE_UP, id);
  stop(T_REPEAT, id);
  draw(changetype<usize>(it) + offsetof<Request>("callId"), ID_SIZE + TAG_SIZE);
}

/** True while an answer is awaited. */
export function isLive(it: Request): bool {
  return it.state === TRYING || it.state === PROCEEDING;
}

/**
 * Sends the next request: a new branch, the next CSeq.
 * @param timeoutMs total time, 0: 64*T1 (RFC 3261 §17.1.2.2)
 */
export function open(it: Request, reliable: bool, timeoutMs: u32): void {
  step(it, DROP);
  it.cseq++;
  it.reliable = reliable ? 1 : 0;
  it.sentAt = now();
  draw(changetype<usize>(it), ID_SIZE);
  step(it, OPEN);
  arm(T_GIVE_UP, it.id, totalMs(timeoutMs));
}

/** The total time of a request whose parameter says `timeoutMs`. */
export function totalMs(timeoutMs: u32): u32 {
  return timeoutMs === 0 ? 64 * param(T1) : timeoutMs;
}

/** Moves `it` by one row of TABLE; what has no row changes nothing. */
export function step(it: Request, input: u32): void {
  const found = row(TABLE, it.state, input);
  if (!found) return;
  it.state = <u8>next(found);
  switch (action(found)) {
    case SEND:
      send(it, param(T1));
      break;
    case REPEAT:
      send(it, 2 * it.repeatMs);
      break;
    case REPEAT_AT_T2:
      send(it, param(T2));
      break;
    case CLOSE:
      close(it);
      break;
  }
}

function close(it: Request): void {
  it.due = 0;
  stop(T_REPEAT, it.id);
  stop(T_GIVE_UP, it.id);
}

function send(it: Request, repeatMs: u32): void {
  it.due = 1;
  if (it.reliable !== 0) return;
  it.repeatMs = min(repeatMs, param(T2));
  arm(T_REPEAT, it.id, it.repeatMs);
}

/** Does the answer just read carry the branch of this request? RFC 3261 §17.1.3. */
export function isAnsweredBy(it: Request): bool {
  const answer = message();
  const cookie = 7; // "z9hG4bK"
  return isHex(answer.branchFrom + cookie, answer.branchTo, changetype<usize>(it), ID_SIZE);
}
