// A timer is due: whom does it concern? DESIGN.md D6.
//
// Below: policy/settle and all that has timers. Above: policy/outbox.

import { RULE_HOLD, RULE_LEASE } from "../abi";
import { SERVERS } from "../base/limits";
import { param } from "../base/settings";
import { firstDue, stop } from "../base/timer";
import { BACK_TO_PRIMARY_DELAY } from "../generated/params";
import { binding, bindingOf, isServed, line } from "../session/account";
import { spacingOver } from "../session/registration";
import { server } from "../session/server";
import { NONE } from "../session/states";
import {
  countOf,
  T_BACKUP_POINT,
  T_DECAY,
  T_EXCLUDED,
  T_GIVE_UP,
  T_KEEP,
  T_LAPSE,
  T_LEASE,
  T_LIMIT,
  T_LONG_DOWN,
  T_OPTIONS_POINT,
  T_POINT,
  T_PONG,
  T_REFRESH,
  T_REPEAT,
  T_RETRY,
  T_RETURN_LIMIT,
  T_SPACING,
  T_SPREAD,
  T_SUSPENDED,
  T_UNTIL,
  T_WAIT,
} from "../session/timers";
import { REPEAT_DUE, Request, step as stepRequest } from "../session/transaction";
import { admit, timedOut } from "./attempt";
import { decay, endSuspension } from "./damping";
import { because } from "./decision";
import { keep, TARGETS_MAX } from "./flow";
import { judge, lapse, UNTIL } from "./health";
import { step, TURN } from "./line";
import { lose, release } from "./service";
import { refresh } from "./settle";
import { changed } from "./state";
import { pongMissing } from "./transport";
import { heartbeatSilent, point, retry } from "./watch";

/** Lets the first due timer fire; false when none is due. */
export function fireOne(): bool {
  const n = firstDue();
  if (n < 0) return false;
  stop(n);
  let owner: u32 = n;
  let kind: u32 = 0;
  while (owner >= countOf(kind)) owner -= countOf(kind++);
  fire(kind, owner);
  return true;
}

// Kinds that have no case say all they have to say by having run out.
function fire(kind: u32, owner: u32): void {
  switch (kind) {
    case T_GIVE_UP:
      giveUp(owner);
      break;
    case T_LIMIT:
      limitOver(owner, line(owner).asking);
      break;
    case T_RETURN_LIMIT:
      limitOver(owner, line(owner).returning);
      break;
    case T_PONG:
      pongMissing(owner);
      break;
    case T_UNTIL:
      because(RULE_HOLD, param(BACK_TO_PRIMARY_DELAY), 0);
      judge(owner, UNTIL, 0, false);
      break;
    case T_SUSPENDED:
      endSuspension(owner);
      break;
    case T_DECAY:
      decay(owner);
      break;
    case T_LAPSE:
      lapse(owner);
      break;
    case T_LONG_DOWN:
      server(owner).longDown = 1;
      break;
    case T_LEASE:
      leaseOver(owner);
      break;
    case T_WAIT:
      changed();
      break;
    case T_EXCLUDED:
      admit(bindingOf(owner - SERVERS));
      break;
    case T_POINT:
    case T_BACKUP_POINT:
    case T_OPTIONS_POINT:
      point(kind);
      break;
    case T_RETRY:
      retry(owner);
      break;
    case T_SPREAD:
      step(owner, TURN);
      break;
    case T_SPACING:
      spacingOver(bindingOf(owner - SERVERS));
      break;
    case T_REFRESH:
      refresh(owner);
      break;
    case T_KEEP:
      keep(owner);
      break;
    case T_REPEAT:
      stepRequest(requestOf(owner), REPEAT_DUE);
      break;
  }
}

/** Request `id`: a heartbeat, or the REGISTER of a pair. */
export function requestOf(id: u32): Request {
  return id < SERVERS ? server(id) : bindingOf(id - SERVERS);
}

function giveUp(id: u32): void {
  if (id < SERVERS) heartbeatSilent(id);
  else timedOut(bindingOf(id - SERVERS));
}

function limitOver(index: u32, at: u32): void {
  if (at === NONE) return;
  server(at).spent = TARGETS_MAX; // its targets had their time
  timedOut(binding(index, at));
}

// RFC 3261 §10.3: the registrar has forgotten the binding by now.
function leaseOver(index: u32): void {
  const it = line(index);
  binding(index, it.served).boundVersion = 0;
  because(RULE_LEASE, it.grantedSeconds, 0);
  if (isServed(it)) lose(index);
  else release(index);
}
