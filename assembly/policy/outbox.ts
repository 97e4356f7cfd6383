// What the host has to do next, one thing at a time: an event, a datagram, or sleep. ABI.md, "poll".
//
// Below: policy/clock, policy/settle, session/compose. Above: index.

import { OUT_EVENT, OUT_SEND, OUT_SLEEP, OUT_STOPPED } from "../abi";
import { SERVERS } from "../base/limits";
import { EVENT_SIZE, OUTPUT, OUTPUT_SIZE, TX } from "../base/memory";
import { nextMs } from "../base/timer";
import { bindingOf, isUsed } from "../session/account";
import { composeOptions, composeRegister } from "../session/compose";
import { isArmed, REQUESTS, T_STOP } from "../session/timers";
import { fireOne, requestOf } from "./clock";
import { isLeaving } from "./command";
import { Event, takeEvent } from "./decision";
import { settle } from "./settle";
import { phone, STOPPED, STOPPING } from "./state";
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
  /** Ms until wake() is due, 2^32-1: no timer runs. */
  sleepMs: u32;
}

const EVENT_AT: u32 = offsetof<Output>();
if (EVENT_AT + EVENT_SIZE !== OUTPUT_SIZE) ERROR("Output resized: base/memory.ts, ABI.md, ABI_VERSION");

/** Does all that is due, and returns the first thing that the host has to do. */
export function poll(): i32 {
  const it = phone();
  for (;;) {
    settle();
    const event = takeEvent();
    if (event) return giveEvent(event);
    if (it.replyLength !== 0) return giveReply();
    if (!fireOne()) break;
  }
  if (it.phase === STOPPING && !(isArmed(T_STOP, 0) && isLeaving())) it.phase = STOPPED;
  return it.phase === STOPPED ? give(OUT_STOPPED, 0, 0) : giveRequest();
}

function give(kind: i32, server: u32, length: u32): i32 {
  const out = changetype<Output>(OUTPUT);
  out.kind = <u8>kind;
  out.server = <u8>server;
  out.at = TX;
  out.length = length;
  if (kind === OUT_SLEEP) out.sleepMs = nextMs();
  return kind;
}

function giveEvent(address: usize): i32 {
  const event = changetype<Event>(address);
  foresee(event);
  memory.copy(OUTPUT + EVENT_AT, address, EVENT_SIZE);
  return give(OUT_EVENT, event.server, 0);
}

function giveReply(): i32 {
  const it = phone();
  const length = it.replyLength;
  it.replyLength = 0;
  return give(OUT_SEND, it.replyTo, length);
}

// The next request whose bytes are due; when there is none, sleep.
function giveRequest(): i32 {
  for (let id: u32 = 0; id < REQUESTS; id++) {
    const request = requestOf(id);
    if (request.due === 0) continue;
    request.due = 0;
    const length = compose(id);
    if (length > 0) return give(OUT_SEND, serverOf(id), length);
  }
  return give(OUT_SLEEP, 0, 0);
}

function serverOf(id: u32): u32 {
  return id < SERVERS ? id : bindingOf(id - SERVERS).server;
}

function compose(id: u32): i32 {
  return id < SERVERS ? composeOptions(firstLine(), id) : composeRegister(bindingOf(id - SERVERS));
}

// Heartbeats go in the name of the first line: a server may ban who asks without a user.
function firstLine(): u32 {
  let index: u32 = 0;
  while (!isUsed(index)) index++;
  return index;
}
