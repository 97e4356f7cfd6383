// The timers, in the order they fire when due together: what was waited for in vain, then what ends,
// then what is due to be sent. DESIGN.md D6.
//
// A name is a kind; an owner has one timer of its kind, and all timers of a kind lie together.

import { LINES, SERVERS } from "../base/limits";
import { TIMERS_COUNT } from "../base/memory";
import * as timer from "../base/timer";

const PAIRS: u32 = LINES * SERVERS;
/** Requests: a heartbeat for each server, then a REGISTER for each line at each server. */
export const REQUESTS: u32 = SERVERS + PAIRS;

// What was waited for in vain.
export const T_STOP: u32 = 0; //           stop waits no longer for the removals
export const T_GIVE_UP: u32 = 1; //        F, of a request     RFC 3261 §17.1.2.2
export const T_LIMIT: u32 = 2; //          an attempt          DESIGN.md D9
export const T_RETURN_LIMIT: u32 = 3; //   an attempt to return
export const T_PONG: u32 = 4; //           the answer to a keepalive  RFC 5626 §4.4.1
// What ends.
export const T_UNTIL: u32 = 5; //          HOLDING, COOLING    DESIGN.md D10
export const T_SUSPENDED: u32 = 6; //      no moves back       DESIGN.md D14
export const T_DECAY: u32 = 7; //          the penalty halves  DESIGN.md D14
export const T_FLAP: u32 = 8; //           a fall is flapping  DESIGN.md D14
export const T_GRACE: u32 = 9; //          a recovery needs no hold
export const T_LAPSE: u32 = 10; //          a DOWN backup counts
export const T_LONG_DOWN: u32 = 11; //     DOWN is only heartbeats' business
export const T_RETURN: u32 = 12; //        the back-to-primary delay since DOWN
export const T_SETTLE: u32 = 13; //        our public address stays as it is
export const T_STEADY: u32 = 14; // a flow is young        RFC 5626 §4.5
export const T_LEASE: u32 = 15; //         a binding           RFC 3261 §10.3
export const T_WAIT: u32 = 16; //          between rounds      RFC 5626 §4.5
export const T_EXCLUDED: u32 = 17; //      a line leaves a server out  DESIGN.md D8
export const T_QUIET: u32 = 18; //         nothing is told of refused packets
// What is due to be sent.
export const T_POINT: u32 = 19; //         grid of primaryDetectInterval  DESIGN.md D11
export const T_BACKUP_POINT: u32 = 20; //  grid of backupDetectInterval
export const T_OPTIONS_POINT: u32 = 21; // grid of sipOptionsInterval
export const T_RETRY: u32 = 22; //         a suspected server, before the next point
export const T_SPREAD: u32 = 23; //        our place in a crowd
export const T_SPACING: u32 = 24; //       the next attempt at a server
export const T_REFRESH: u32 = 25; //       RFC 3261 §10.2.4
export const T_KEEP: u32 = 26; // a keepalive       RFC 5626 §3.5
export const T_REPEAT: u32 = 27; //        E, of a request     RFC 3261 §17.1.2.2

// How many there are of each kind: one, or one for each server, line or request.
const OF_SERVER: u16 = <u16>SERVERS;
const OF_LINE: u16 = <u16>LINES;
const OF_REQUEST: u16 = <u16>REQUESTS;
const COUNTS: usize = memory.data<u16>([
  1,
  OF_REQUEST,
  OF_LINE,
  OF_LINE,
  OF_SERVER, // T_PONG
  OF_SERVER, // T_UNTIL
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER,
  OF_SERVER, // T_STEADY
  OF_LINE, // T_LEASE
  OF_LINE,
  OF_REQUEST,
  1, // T_QUIET
  1,
  1,
  1,
  OF_SERVER, // T_RETRY
  OF_LINE,
  OF_REQUEST,
  OF_LINE,
  OF_SERVER, // T_KEEP
  OF_REQUEST,
]);
if (5 + 13 * SERVERS + 6 * LINES + 4 * REQUESTS !== TIMERS_COUNT) ERROR("timers added: base/memory.ts");

/** How many timers of a kind there are. */
export function countOf(kind: u32): u32 {
  return load<u16>(COUNTS + 2 * kind);
}

/** The number of a timer among all, for base/timer. */
export function timerOf(kind: u32, owner: u32): u32 {
  let n = owner;
  while (kind > 0) n += countOf(--kind);
  return n;
}

/** Starts a timer, or moves it. */
export function arm(kind: u32, owner: u32, delayMs: u32): void {
  timer.arm(timerOf(kind, owner), delayMs);
}

/** Ends a timer; one that does not run stays so. */
export function stop(kind: u32, owner: u32): void {
  timer.stop(timerOf(kind, owner));
}

/** Does it run? */
export function isArmed(kind: u32, owner: u32): bool {
  return timer.isArmed(timerOf(kind, owner));
}

/** Ms until it is due, 0 when it is, or when it does not run. */
export function left(kind: u32, owner: u32): u32 {
  return timer.left(timerOf(kind, owner));
}

/** Ms until it is due, 2^32-1: it does not run. */
export function leftOrNever(kind: u32, owner: u32): u32 {
  return isArmed(kind, owner) ? left(kind, owner) : -1;
}
