// What the host has to do next, one thing at a time: an event, a datagram, or sleep. ABI.md, "poll".
//
// Below: policy/clock, policy/settle, session/compose. Above: index.

import {
  FIELD_NONE,
  FIELD_PATH,
  FIELD_SERVICE_ROUTE,
  OUT_EVENT,
  OUT_FIELD,
  OUT_FLOW,
  OUT_SEND,
  OUT_SLEEP,
  OUT_STOPPED,
} from "../abi";
import { SERVERS } from "../base/limits";
import { EVENT_SIZE, OUTPUT, OUTPUT_SIZE, TX } from "../base/memory";
import { nextMs, now } from "../base/timer";
import { bindingOf, isUsed } from "../session/account";
import { composeOptions, composeRegister } from "../session/compose";
import { OPENING, SHUT, server } from "../session/server";
import { isArmed, REQUESTS, T_STOP } from "../session/timers";
import { line, readLine, rewind } from "../wire/lines";
import { message } from "../wire/message";
import { H_END, H_PATH, H_SERVICE_ROUTE } from "../wire/names";
import { fireOne, requestOf } from "./clock";
import { isLeaving } from "./command";
import { Event, takeEvent } from "./decision";
import { kept, openFlow, sent } from "./flow";
import { settle } from "./settle";
import { phone, STOPPED, STOPPING } from "./state";
import { foresee } from "./view";

/** A keepalive, as a little-endian word. RFC 5626 §3.5.1. */
const DOUBLE_CRLF: u32 = 0x0a0d0a0d;

/** What poll() found: ABI.md, "Output". An Event follows. */
@unmanaged
class Output {
  /** OUT_*. */
  kind: u8;
  /** OUT_SEND: server it goes to. */
  server: u8;
  /** OUT_FLOW: index of the address it goes to; OUT_FIELD: FIELD_*. */
  target: u8;
  /** OUT_SEND, OUT_FLOW: number of the flow. */
  flow: u8;
  /** OUT_SEND: address of its bytes; they stay until the next call. OUT_FIELD: of the header's value. */
  at: usize;
  /** OUT_SEND, OUT_FIELD: how many. */
  length: u32;
  /** Ms until wake() is due, 2^32-1: no timer runs. */
  sleepMs: u32;
}

const EVENT_AT: u32 = offsetof<Output>();
if (EVENT_AT + EVENT_SIZE !== OUTPUT_SIZE) ERROR("Output resized: base/memory.ts, ABI.md, ABI_VERSION");

/** Does all that is due, and returns the first thing that the host has to do. */
export function poll(): i32 {
  const it = phone();
  if (it.offers !== 0 && giveField()) return OUT_FIELD;
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
  const length: u32 = it.replyLength;
  it.replyLength = 0;
  return giveBytes(it.replyTo, length);
}

// The headers of a grant, one after the other, while the message lies in RX. False: there are no more.
function giveField(): bool {
  const it = phone();
  const out = changetype<Output>(OUTPUT);
  const fresh = it.offering === 0;
  it.offering = 1;
  let field = FIELD_NONE;
  if (fresh) {
    rewind();
  } else {
    field = nextField();
    if (field === FIELD_NONE) {
      it.offers = 0;
      return false;
    }
  }
  give(OUT_FIELD, <u32>it.offers - 1, fresh ? 0 : <u32>(line().to - line().from));
  out.at = line().from;
  out.target = <u8>field;
  return true;
}

function nextField(): i32 {
  while (readLine(line().next, message().end) === 0) {
    const id = line().id;
    if (id === H_PATH) return FIELD_PATH;
    if (id === H_SERVICE_ROUTE) return FIELD_SERVICE_ROUTE;
    if (id === H_END) break;
  }
  return FIELD_NONE;
}

// The next request whose bytes are due, or a keepalive; when there is none, sleep.
function giveRequest(): i32 {
  for (let id: u32 = 0; id < REQUESTS; id++) {
    const request = requestOf(id);
    const at = serverOf(id);
    if (request.due === 0 || server(at).flow === OPENING) continue;
    if (server(at).flow === SHUT) return giveFlow(at);
    request.due = 0;
    if (request.reliable !== 0) request.sentAt = now(); // it may have waited for its flow
    const length = compose(id);
    if (length > 0) return giveBytes(at, length);
  }
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (server(s).keepDue === 0) continue;
    kept(s);
    store<u32>(TX, DOUBLE_CRLF);
    return giveBytes(s, 4);
  }
  return give(OUT_SLEEP, 0, 0);
}

function giveFlow(at: u32): i32 {
  openFlow(at);
  const it = server(at);
  const out = changetype<Output>(OUTPUT);
  out.target = it.target;
  out.flow = it.generation;
  return give(OUT_FLOW, at, 0);
}

function giveBytes(at: u32, length: u32): i32 {
  sent(at);
  changetype<Output>(OUTPUT).flow = server(at).generation;
  return give(OUT_SEND, at, length);
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
