// What was decided and why: the queue of events for the host, and the last decisions of each line.
//
// Whoever finds a cause says so once with because(); every event told after it carries that cause.
// Below: base/. Above: the rest of policy/.

import { LINE_ALL } from "../abi";
import { NONE } from "../session/states";
import {
  DECISION_RINGS,
  DECISIONS,
  EVENT_RING,
  EVENT_SIZE,
  EVENTS,
} from "../base/memory";
import { line } from "../session/account";
import { phone } from "./state";

/** An event as the host reads it: ABI.md, "Event". */
@unmanaged
export class Event {
  /** EV_*. */
  type: u8;
  /** Index of the server, NONE: none in particular. */
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
export function because(rule: i32, status: u32, a: u32, b: u32): void {
  const it = phone();
  it.rule = <u8>rule;
  it.status = <u16>status;
  it.a = a;
  it.b = b;
}

/** Tells the host. The queue holds the most that one input can cause; a lost event would be a fault of ours. */
export function tell(type: i32, lineIndex: u32, serverIndex: u32): void {
  const it = phone();
  assert(it.queued < EVENTS);
  const event = changetype<Event>(EVENT_RING + ((it.firstEvent + it.queued) % EVENTS) * EVENT_SIZE);
  it.queued++;
  event.type = <u8>type;
  event.server = <u8>serverIndex;
  event.rule = it.rule;
  event.next = 0;
  event.line = <u16>lineIndex;
  event.status = it.status;
  event.at = it.now;
  event.a = it.a;
  event.b = it.b;
  event.nextMs = 0;
}

/** Tells of a server and no line in particular. */
export function tellServer(type: i32, serverIndex: u32): void {
  tell(type, LINE_ALL, serverIndex);
}

/** Tells of a line and no server in particular. */
export function tellLine(type: i32, lineIndex: u32): void {
  tell(type, lineIndex, NONE);
}

/** The oldest event not yet read, 0: none. It stays valid until the next input. */
export function takeEvent(): usize {
  const it = phone();
  if (it.queued === 0) return 0;
  const event = EVENT_RING + it.firstEvent * EVENT_SIZE;
  it.firstEvent = (it.firstEvent + 1) % EVENTS;
  it.queued--;
  return event;
}

/** Remembers an event of a line as its latest decision. */
export function remember(event: usize): void {
  const index = changetype<Event>(event).line;
  const it = line(index);
  memory.copy(place(index, it.decisions), event, EVENT_SIZE);
  it.decisions++;
}

/** The decision of a line, 0: the latest; its address, or 0 when there is none. */
export function decisionOf(index: u32, age: u32): usize {
  if (age >= DECISIONS) return 0;
  const event = place(index, line(index).decisions - 1 - age);
  return changetype<Event>(event).type !== 0 ? event : 0;
}

function place(index: u32, count: u32): usize {
  return DECISION_RINGS + (index * DECISIONS + (count & (DECISIONS - 1))) * EVENT_SIZE;
}
