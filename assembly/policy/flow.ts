// The way to a server: a flow to one of its targets, opened when something has to be sent, and given up
// when nothing comes of it. RFC 3263 §4.3, RFC 5626 §4.4. DESIGN.md D23.
//
// Below: policy/usage, policy/backoff, session/. Above: policy/health, policy/attempt, policy/transport.

import { E_RANGE, E_SERVER, OK } from "../abi";
import { LINES, SERVERS, STREAMS } from "../base/limits";
import { between } from "../base/random";
import { paramMs } from "../base/settings";
import { NAT_KEEPALIVE } from "../generated/params";
import { binding, isAsking, line } from "../session/account";
import { beat } from "../session/heartbeat";
import { again, SPACED } from "../session/registration";
import { NEWS_MOVED, OPEN, OPENING, SHUT, server } from "../session/server";
import { arm, isArmed, left, stop, T_KEEP, T_PONG, T_REFRESH, T_STEADY } from "../session/timers";
import { DROP, isLive, step } from "../session/transaction";
import { waitMs } from "./backoff";
import { changed, phone } from "./state";
import { isServedAt, serves } from "./usage";

/** Most addresses of one server. */
export const TARGETS_MAX: u8 = 8;
/** A flow that lasted as long was no failure. RFC 5626 §4.5 speaks of two minutes. */
const STEADY_MS: u32 = 120_000;
/** RFC 5626 §4.4.1. */
const PONG_MS: u32 = 10_000;
const LOSSES_MAX: u8 = 16;

/** The host has resolved server `at` to `count` addresses and uses the one at `current`. */
export function setTargets(at: u32, count: u32, current: u32): i32 {
  if (at >= SERVERS) return E_SERVER;
  if (count - 1 >= <u32>TARGETS_MAX || current >= count) return E_RANGE;
  const it = server(at);
  it.targets = <u8>count;
  it.target = <u8>current;
  it.spent = 0;
  return OK;
}

/** Is the transport of server `at` a stream? */
export function isStream(at: u32): bool {
  return STREAMS !== 0 && server(at).transport !== 0;
}

/** Something has to be sent to `at`: the number of the flow that the host has to open for it rises. */
export function openFlow(at: u32): void {
  const it = server(at);
  it.generation++;
  it.ponged = 0;
  it.flow = isStream(at) ? OPENING : OPEN;
}

/** The flow is open: what waits for it goes out. */
export function flowUp(at: u32): void {
  const it = server(at);
  it.flow = OPEN;
  arm(T_STEADY, at, STEADY_MS);
}

/** Gives the flow up. The next request opens another one, to the next target when there are several. */
export function turn(at: u32): void {
  const it = server(at);
  if (!isStream(at) && it.targets < 2) return;
  it.flow = SHUT;
  if (it.targets > 1) it.target = <u8>((<u32>it.target + 1) % it.targets);
}

/**
 * The target in use serves nobody: the next one gets its turn, and is asked all that was being asked.
 * @returns false: every target had its turn, so it is the server that failed. RFC 3263 §4.3.
 */
export function advance(at: u32): bool {
  const it = server(at);
  const more = <u32>it.spent + 1 < <u32>it.targets;
  it.spent = more ? it.spent + 1 : 0;
  turn(at);
  if (!more) return false;
  it.news |= NEWS_MOVED; // the lines served there ask whether they are
  changed();
  for (let i: u32 = 0; i < LINES; i++) askAgain(i, at);
  if (isLive(it)) {
    step(it, DROP);
    beat(at, it.startup);
  }
  return true;
}

// The same attempt goes on at the next target.
function askAgain(index: u32, at: u32): void {
  const it = line(index);
  const own = binding(index, at);
  if ((<u32>it.asking !== at && <u32>it.returning !== at) || own.phase === SPACED) return;
  own.answers = 0; // it may ask for itself
  again(own);
}

/** Is a line being registered at `at`? */
export function isTried(at: u32): bool {
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    if ((<u32>it.asking === at || <u32>it.returning === at) && isLive(binding(i, at))) return true;
  }
  return false;
}

/**
 * An open flow is lost. Whoever was served over it asks again, at once the first time, later when flows there
 * do not last. RFC 5626 §4.5.
 * @returns true: what was under way goes out again on the next flow; once, then the server has failed
 */
export function outlives(at: u32): bool {
  const it = server(at);
  it.flow = SHUT;
  it.losses = isArmed(T_STEADY, at) && serves(at) ? min(it.losses + 1, LOSSES_MAX) : 0;
  const delayMs = it.losses > 1 ? waitMs(it.losses - 2) : 0;
  for (let i: u32 = 0; i < LINES; i++) {
    if (isServedAt(line(i), at) && !isAsking(line(i)) && left(T_REFRESH, i) > delayMs)
      arm(T_REFRESH, i, delayMs);
  }
  if (it.resent !== 0) return false;
  if (isLive(it)) it.resent = it.due = 1;
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    if (!isLive(own) || own.due !== 0) continue;
    again(own);
    it.resent = 1;
  }
  return true;
}

/** Something was sent to `at`: the next keepalive is a whole interval away. RFC 5626 §4.4. */
export function sent(at: u32): void {
  const flowTimer: u32 = server(at).flowTimer;
  server(at).keepDue = 0;
  let ms = paramMs(NAT_KEEPALIVE);
  if (flowTimer !== 0) ms = between(800 * flowTimer, 1000 * flowTimer); // RFC 5626 §4.4.1
  if (ms !== 0) arm(T_KEEP, at, ms);
}

/** T_KEEP: nothing was sent for a whole interval. */
export function keep(at: u32): void {
  const it = server(at);
  if (phone().linked === 0 || it.flow !== OPEN || !serves(at)) return;
  it.keepDue = 1;
}

/** A keepalive goes out; over a stream its answer is awaited, from the first that has none. RFC 5626 §4.4.1. */
export function kept(at: u32): void {
  if (isStream(at) && !isArmed(T_PONG, at)) arm(T_PONG, at, PONG_MS);
}

/** A keepalive was answered. Nobody asked: a server that keeps the flow open itself says the same. */
export function pong(at: u32): void {
  if (STREAMS === 0 || !isArmed(T_PONG, at)) return;
  server(at).ponged = 1;
  stop(T_PONG, at);
}
