// What was decided and why: the queue of events for the host, which keeps as many as it likes.
//
// Whoever finds a cause says so once with because(); every event told after it carries that cause.
// Below: base/. Above: the rest of policy/.

import { LINE_ALL } from "../abi";
import { EVENT_RING, EVENT_SIZE, EVENT_STRIDE, EVENTS } from "../base/memory";
import { now } from "../base/timer";
import { NONE } from "../session/states";
import { phone } from "./state";

/** An event as the host reads it: ABI.md, "Event". */
@unmanaged
export class Event {
  /** EV_*; 0: none. */
  type: u8;
  /** Rank of the server, NONE: none in particular. */
  server: u8;
  /** RULE_*: why. */
  rule: u8;
  /** NEXT_*: what is due next. */
  next: u8;
  /** Index of the line, LINE_ALL: none in particular. */
  line: u16;
  /** SIP status that caused it, 0: none. */
  status: u16;
  /** When, host ms. */
  at: u32;
  /** First input of the rule. */
  a: u32;
  /** Second input of the rule. */
  b: u32;
  /** When `next` is due, ms after the event was read. */
  nextMs: u32;
}

if (offsetof<Event>() !== EVENT_SIZE) ERROR("Event resized: base/memory.ts, ABI.md, ABI_VERSION");

/** The cause of the events that follow: a rule and its inputs. */
export function because(rule: i32, a: u32, b: u32): void {
  const it = phone();
  it.rule = <u8>rule;
  it.status = 0;
  it.a = a;
  it.b = b;
}

/** The same, with the status of an answer. */
export function becauseOf(rule: i32, status: u32, a: u32, b: u32): void {
  because(rule, a, b);
  phone().status = <u16>status;
}

/** Tells the host. The queue holds the most that one input can cause. */
export function tell(type: i32, line: u32, server: u32): void {
  const it = phone();
  assert(<u32>it.queued < EVENTS);
  const event = changetype<Event>(eventAt(<u32>it.firstEvent + it.queued));
  it.queued++;
  event.type = <u8>type;
  event.server = <u8>server;
  event.rule = it.rule;
  event.line = <u16>line;
  event.status = it.status;
  event.at = now();
  event.a = it.a;
  event.b = it.b;
}

function eventAt(place: u32): usize {
  return EVENT_RING + (place % EVENTS) * EVENT_STRIDE;
}

/** Tells of a server and no line in particular. */
export function tellServer(type: i32, server: u32): void {
  tell(type, LINE_ALL, server);
}

/** Tells of a line and no server in particular. */
export function tellLine(type: i32, line: u32): void {
  tell(type, line, NONE);
}

/** The oldest event not yet read, 0: none. It stays valid until the next input. */
export function takeEvent(): usize {
  const it = phone();
  if (it.queued === 0) return 0;
  const oldest = eventAt(it.firstEvent);
  it.queued--;
  it.firstEvent = <u16>((<u32>it.firstEvent + 1) % EVENTS);
  return oldest;
}
