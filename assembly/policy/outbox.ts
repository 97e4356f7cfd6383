// What the host has to do next, one thing at a time: an event, a datagram, or sleep. ABI.md, "poll".
//
// Below: policy/clock, policy/settle, session/compose. Above: index.

import { LINE_ALL, OUT_EVENT, OUT_SEND, OUT_SLEEP, OUT_STOPPED, SLEEP_FOREVER } from "../abi";
import { LINES } from "../base/limits";
import { EVENT_SIZE, OUTPUT, OUTPUT_SIZE, TX } from "../base/memory";
import { isArmed } from "../base/timer";
import { binding, isUsed, requestOf } from "../session/account";
import { composeOptions, composeRegister } from "../session/compose";
import { heartbeatOf } from "../session/server";
import { fireOne, nextMs } from "./clock";
import { isLeaving } from "./command";
import { Event, remember, takeEvent } from "./decision";
import { settle } from "./settle";
import { phone, RUNNING, STOPPED, STOPPING, TIMER_STOP } from "./state";
import { foresee } from "./view";

/** What poll() found: ABI.md, "Output". An Event follows. */
@unmanaged
class Output {
  /** OUT_*. */
  kind: u8;
  /** OUT_SEND: server it goes to. */
  server: u8;
  unused: u16;
  /** OUT_SEND: address of its bytes; they stay until the next call. */
  at: usize;
  /** OUT_SEND: how many. */
  length: u32;
  /** OUT_SLEEP: ms until wake() is due, 2^32-1: no timer runs. */
  sleepMs: u32;
}

const EVENT_AT: u32 = offsetof<Output>();
if (EVENT_AT + EVENT_SIZE !== OUTPUT_SIZE) ERROR("Output resized: base/memory.ts, ABI.md, ABI_VERSION");

/** Does all that is due, and returns the first thing that the host has to do. */
export function poll(): i32 {
  const it = phone();
  for (;;) {
    if (it.phase >= RUNNING) settle();
    const event = takeEvent();
    if (event) return giveEvent(event);
    if (it.replyLength !== 0) return giveReply();
    if (it.phase !== RUNNING && it.phase !== STOPPING) break;
    if (!fireOne()) break;
  }
  if (it.phase === STOPPING && !isArmedToStop()) it.phase = STOPPED;
  if (it.phase === STOPPED) return give(OUT_STOPPED, 0, 0);
  if (it.phase !== RUNNING && it.phase !== STOPPING) return giveSleep(SLEEP_FOREVER);
  return giveRequest();
}

// stop goes on until the removals are over, or its time is.
function isArmedToStop(): bool {
  return isArmed(changetype<usize>(phone()), TIMER_STOP) && isLeaving();
}

function give(kind: i32, server: u32, length: u32): i32 {
  const out = changetype<Output>(OUTPUT);
  out.kind = <u8>kind;
  out.server = <u8>server;
  out.at = TX;
  out.length = length;
  return kind;
}

function giveEvent(event: usize): i32 {
  const it = changetype<Event>(event);
  foresee(it);
  if (<i32>it.line !== LINE_ALL) remember(event);
  memory.copy(OUTPUT + EVENT_AT, event, EVENT_SIZE);
  return give(OUT_EVENT, it.server, 0);
}

function giveReply(): i32 {
  const it = phone();
  const length = it.replyLength;
  it.replyLength = 0;
  return give(OUT_SEND, it.replyTo, length);
}

function giveSleep(ms: u32): i32 {
  changetype<Output>(OUTPUT).sleepMs = ms;
  return give(OUT_SLEEP, 0, 0);
}

// The next request whose bytes are due; when there is none, sleep.
function giveRequest(): i32 {
  for (let s: u32 = 0; s < phone().servers; s++) {
    const heartbeat = heartbeatOf(s);
    if (heartbeat.due !== 0) {
      heartbeat.due = 0;
      const length = composeOptions(firstLine(), s);
      if (length > 0) return give(OUT_SEND, s, length);
    }
    for (let i: u32 = 0; i < LINES; i++) {
      const request = requestOf(binding(i, s));
      if (request.due === 0) continue;
      request.due = 0;
      const length = composeRegister(i, s);
      if (length > 0) return give(OUT_SEND, s, length);
    }
  }
  return giveSleep(nextMs());
}

// Heartbeats go in the name of the first line: a server may ban who asks without a user.
function firstLine(): u32 {
  for (let i: u32 = 0; i < LINES; i++) {
    if (isUsed(i)) return i;
  }
  return 0;
}
