// What the outside may ask at any time: the state of a line or a server, and what is due next.
//
// Below: policy/watch and the records. Above: policy/outbox, index.

import { EV_FAILBACK_DEFERRED, EV_FAILBACK_SCHEDULED, NEXT_CALL_END, NEXT_GIVE_UP, NEXT_HEARTBEAT, NEXT_LINK, NEXT_NONE, NEXT_REFRESH, NEXT_REGISTER, NEXT_RETRY, NEXT_RETURN, NEXT_ROUND, RULE_CALLS } from "../abi";
import { COOLING, CUT, HOLDING, NONE, RESTING, SERVED, STARTING, WAITING } from "../session/states";
import { NO_NUMBER } from "../base/bytes";
import { LINE_VIEW, LINE_VIEW_SIZE, SERVER_VIEW, SERVER_VIEW_SIZE } from "../base/memory";
import { isArmed, left } from "../base/timer";
import {
  binding,
  line,
  TIMER_EXCLUDED,
  TIMER_LEASE,
  TIMER_LIMIT,
  TIMER_REFRESH,
  TIMER_SPREAD,
  TIMER_WAIT,
} from "../session/account";
import { server, TIMER_SUSPENDED, TIMER_UNTIL } from "../session/server";
import { Event } from "./decision";
import { F_WARNED, has } from "./line";
import { now, phone } from "./state";
import { nextHeartbeatMs } from "./watch";

/** A line as the host reads it: ABI.md, "LineView". */
@unmanaged
export class LineView {
  /** LINE_*. */
  state: u8;
  /** Server in use, NONE: none. */
  server: u8;
  /** NEXT_*. */
  next: u8;
  /** Calls up. */
  calls: u8;
  /** Server being registered at, NONE: none. */
  asking: u8;
  /** Better server being registered at, NONE: none. */
  returning: u8;
  /** 1: the warning is on. */
  warning: u8;
  /** Server the line is pinned to, NONE: none. */
  pinned: u8;
  /** Ms until the lease ends, 0: none runs. */
  leaseMs: u32;
  /** Ms until `next`. */
  nextMs: u32;
  /** Seconds granted with the lease. */
  grantedSeconds: u32;
}

/** A server as the host reads it: ABI.md, "ServerView". */
@unmanaged
export class ServerView {
  /** UNKNOWN, UP, SUSPECT, DOWN, HOLDING, COOLING. */
  health: u8;
  /** Heartbeats lost in a row. */
  misses: u8;
  /** 1: it has answered a heartbeat well. */
  heard: u8;
  /** TRANSPORT_*. */
  transport: u8;
  /** Ms until a hold or a cooling ends, 0: none runs. */
  untilMs: u32;
  /** Flap penalty. */
  penalty: u32;
  /** Ms until a suspension of moves back ends at the latest, 0: none runs. */
  suspendedMs: u32;
  /** Ms until the next heartbeat, 2^32-1: none is planned. */
  heartbeatMs: u32;
}

if (offsetof<LineView>() !== LINE_VIEW_SIZE) ERROR("LineView resized: base/memory.ts, ABI.md, ABI_VERSION");
if (offsetof<ServerView>() !== SERVER_VIEW_SIZE) ERROR("ServerView resized: base/memory.ts, ABI.md, ABI_VERSION");

function leftOf(timers: usize, timer: u32): u32 {
  return isArmed(timers, timer) ? left(timers, timer, now()) : 0;
}

/** Fills the view of a line. */
export function viewLine(index: u32): usize {
  const it = line(index);
  const view = changetype<LineView>(LINE_VIEW);
  view.state = it.state;
  view.server = it.served;
  view.calls = it.calls;
  view.asking = it.asking;
  view.returning = it.returning;
  view.warning = has(it, F_WARNED) ? 1 : 0;
  view.pinned = it.pinned;
  view.leaseMs = leftOf(changetype<usize>(it), TIMER_LEASE);
  view.grantedSeconds = view.leaseMs !== 0 ? it.grantedSeconds : 0;
  view.next = nextOf(index);
  view.nextMs = nextOfMs(index, view.next);
  return LINE_VIEW;
}

/** Fills the view of a server. */
export function viewServer(at: u32): usize {
  const it = server(at);
  const view = changetype<ServerView>(SERVER_VIEW);
  view.health = it.health;
  view.misses = it.misses;
  view.heard = it.heard;
  view.transport = it.transport;
  view.untilMs = leftOf(changetype<usize>(it), TIMER_UNTIL);
  view.penalty = it.penalty;
  view.suspendedMs = leftOf(changetype<usize>(it), TIMER_SUSPENDED);
  view.heartbeatMs = nextHeartbeatMs(at);
  return SERVER_VIEW;
}

// What is due next for a line.
function nextOf(index: u32): u8 {
  const it = line(index);
  const timers = changetype<usize>(it);
  if (it.asking !== NONE) return <u8>NEXT_GIVE_UP;
  if (isArmed(timers, TIMER_REFRESH)) return <u8>NEXT_REFRESH;
  if (isArmed(timers, TIMER_WAIT)) return <u8>NEXT_ROUND;
  if (it.state === STARTING) return <u8>NEXT_REGISTER;
  if (it.state === CUT) return <u8>NEXT_LINK;
  if (it.state === RESTING || it.state === SERVED) return <u8>NEXT_RETRY;
  return <u8>NEXT_NONE;
}

function nextOfMs(index: u32, next: u32): u32 {
  const timers = changetype<usize>(line(index));
  switch (next) {
    case NEXT_GIVE_UP:
      return leftOf(timers, TIMER_LIMIT);
    case NEXT_REFRESH:
      return leftOf(timers, TIMER_REFRESH);
    case NEXT_ROUND:
      return leftOf(timers, TIMER_WAIT);
    case NEXT_REGISTER:
      return leftOf(timers, TIMER_SPREAD);
    case NEXT_RETRY:
      return retryMs(index);
  }
  return 0;
}

// The first of its exclusions or of the coolings to end.
function retryMs(index: u32): u32 {
  let best: u32 = NO_NUMBER;
  for (let s: u32 = 0; s < phone().servers; s++) {
    const own = changetype<usize>(binding(index, s));
    if (isArmed(own, TIMER_EXCLUDED)) best = min(best, left(own, TIMER_EXCLUDED, now()));
    const it = server(s);
    if (it.health === COOLING) best = min(best, leftOf(changetype<usize>(it), TIMER_UNTIL));
  }
  return best;
}

/** Completes an event with what is due next, as things stand when it is read. */
export function foresee(event: Event): void {
  const at: u32 = event.server;
  const type: i32 = event.type;
  if (type === EV_FAILBACK_DEFERRED) {
    const calls = event.rule === <u8>RULE_CALLS;
    event.next = calls ? <u8>NEXT_CALL_END : <u8>NEXT_RETURN;
    event.nextMs = calls ? 0 : leftOf(changetype<usize>(server(at)), TIMER_SUSPENDED);
  } else if (type === EV_FAILBACK_SCHEDULED) {
    event.next = <u8>NEXT_RETURN;
    event.nextMs = leftOf(changetype<usize>(server(at)), TIMER_UNTIL);
  } else if (<u32>event.line < 65535) {
    event.next = nextOf(event.line);
    event.nextMs = nextOfMs(event.line, event.next);
  } else if (at < phone().servers) {
    foreseeServer(event, at);
  }
}

function foreseeServer(event: Event, at: u32): void {
  const it = server(at);
  if (it.health === HOLDING || it.health === COOLING) {
    event.next = it.health === HOLDING ? <u8>NEXT_RETURN : <u8>NEXT_RETRY;
    event.nextMs = leftOf(changetype<usize>(it), TIMER_UNTIL);
    return;
  }
  const ms = nextHeartbeatMs(at);
  if (ms === NO_NUMBER) return;
  event.next = <u8>NEXT_HEARTBEAT;
  event.nextMs = ms;
}
