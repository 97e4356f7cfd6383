// What the outside may ask at any time: the state of a line or a server, and what is due next.
//
// The records are what is shown; only what depends on the moment is filled in here.
// Below: policy/watch and the records. Above: policy/outbox, index.

import {
  EV_FAILBACK_DEFERRED,
  EV_FAILBACK_SCHEDULED,
  LINE_ALL,
  NEXT_CALL_END,
  NEXT_GIVE_UP,
  NEXT_HEARTBEAT,
  NEXT_LINK,
  NEXT_NONE,
  NEXT_REFRESH,
  NEXT_REGISTER,
  NEXT_RETRY,
  NEXT_RETURN,
  NEXT_ROUND,
  RULE_CALLS,
} from "../abi";
import { NO_NUMBER } from "../base/bytes";
import { binding, isAsking, Line, line } from "../session/account";
import { SERVER_VIEW, server } from "../session/server";
import { CUT, HOLDING, NONE, STARTING } from "../session/states";
import {
  isArmed,
  left,
  leftOrNever,
  T_EXCLUDED,
  T_LEASE,
  T_LIMIT,
  T_REFRESH,
  T_RETURN_LIMIT,
  T_SPREAD,
  T_SUSPENDED,
  T_UNTIL,
  T_WAIT,
} from "../session/timers";
import { Event } from "./decision";
import { phone } from "./state";
import { nextHeartbeatMs } from "./watch";

/** The view of a line: its record. */
export function viewLine(index: u32): Line {
  const it = line(index);
  it.leaseMs = left(T_LEASE, index);
  it.nextMs = 0;
  it.next = <u8>nextOf(it, index);
  return it;
}

// What is due next for a line; sets nextMs.
function nextOf(it: Line, index: u32): i32 {
  if (isAsking(it)) return within(it, T_LIMIT, index, NEXT_GIVE_UP);
  if (isArmed(T_REFRESH, index)) return within(it, T_REFRESH, index, NEXT_REFRESH);
  if (isArmed(T_WAIT, index)) return within(it, T_WAIT, index, NEXT_ROUND);
  if (it.state === STARTING) return within(it, T_SPREAD, index, NEXT_REGISTER);
  if (it.state === CUT) return NEXT_LINK;
  if (it.returning !== NONE) return within(it, T_RETURN_LIMIT, index, NEXT_GIVE_UP);
  // Every server is left out: the first exclusion or cooling to end is the next chance.
  let best: u32 = NO_NUMBER;
  for (let s: u32 = 0; s < phone().servers; s++) {
    best = min(best, leftOrNever(T_EXCLUDED, binding(index, s).id));
    best = min(best, leftOrNever(T_UNTIL, s));
  }
  if (best === NO_NUMBER) return NEXT_NONE;
  it.nextMs = best;
  return NEXT_RETRY;
}

function within(it: Line, timer: u32, owner: u32, next: i32): i32 {
  it.nextMs = left(timer, owner);
  return next;
}

/** The view of a server: its record from `health` on. */
export function viewServer(at: u32): usize {
  const it = server(at);
  it.untilMs = left(T_UNTIL, at);
  it.suspendedMs = left(T_SUSPENDED, at);
  it.heartbeatMs = nextHeartbeatMs(at);
  return changetype<usize>(it) + SERVER_VIEW;
}

/** Completes an event with what is due next, as things stand when it is read. */
export function foresee(event: Event): void {
  const type: i32 = event.type;
  const at: u32 = event.server;
  due(event, NEXT_NONE, 0); // its place in the queue was another event's
  if (type === EV_FAILBACK_DEFERRED && event.rule === <u8>RULE_CALLS) {
    due(event, NEXT_CALL_END, 0);
  } else if (type === EV_FAILBACK_DEFERRED) {
    due(event, NEXT_RETURN, left(T_SUSPENDED, at));
  } else if (type === EV_FAILBACK_SCHEDULED) {
    due(event, NEXT_RETURN, left(T_UNTIL, at));
  } else if (<i32>event.line !== LINE_ALL) {
    const it = viewLine(event.line);
    due(event, it.next, it.nextMs);
  } else if (at < phone().servers) {
    foreseeServer(event, at);
  }
}

function foreseeServer(event: Event, at: u32): void {
  const heartbeatMs = nextHeartbeatMs(at);
  if (isArmed(T_UNTIL, at)) {
    due(event, server(at).health === HOLDING ? NEXT_RETURN : NEXT_RETRY, left(T_UNTIL, at));
  } else if (heartbeatMs !== NO_NUMBER) {
    due(event, NEXT_HEARTBEAT, heartbeatMs);
  }
}

function due(event: Event, next: i32, ms: u32): void {
  event.next = <u8>next;
  event.nextMs = ms;
}
