// The timers, in the order they fire when due together: what was waited for in vain, then what ends,
// then what is due to be sent. DESIGN.md D6.
//
// A name is the number of the first of its kind; the owner's number is added to it.

import { LINES, SERVERS } from "../base/limits";
import { TIMERS_COUNT } from "../base/memory";

const PAIRS: u32 = LINES * SERVERS;
/** Requests: a heartbeat for each server, then a REGISTER for each line at each server. */
export const REQUESTS: u32 = SERVERS + PAIRS;

// What was waited for in vain.
export const T_STOP: u32 = 0; //                           stop waits no longer for the removals
export const T_GIVE_UP: u32 = T_STOP + 1; //               F, of a request     RFC 3261 §17.1.2.2
export const T_LIMIT: u32 = T_GIVE_UP + REQUESTS; //       an attempt          DESIGN.md D9
export const T_RETURN_LIMIT: u32 = T_LIMIT + LINES; //     an attempt to return
// What ends.
export const T_UNTIL: u32 = T_RETURN_LIMIT + LINES; //     HOLDING, COOLING    DESIGN.md D10
export const T_SUSPENDED: u32 = T_UNTIL + SERVERS; //      no moves back       DESIGN.md D14
export const T_DECAY: u32 = T_SUSPENDED + SERVERS; //      the penalty halves  DESIGN.md D14
export const T_FLAP: u32 = T_DECAY + SERVERS; //           a fall is flapping  DESIGN.md D14
export const T_GRACE: u32 = T_FLAP + SERVERS; //           a recovery needs no hold
export const T_LAPSE: u32 = T_GRACE + SERVERS; //          a DOWN backup counts
export const T_LONG_DOWN: u32 = T_LAPSE + SERVERS; //      DOWN is only heartbeats' business
export const T_RETURN: u32 = T_LONG_DOWN + SERVERS; //     the back-to-primary delay since DOWN
export const T_SETTLE: u32 = T_RETURN + SERVERS; //        our public address stays as it is
export const T_LEASE: u32 = T_SETTLE + SERVERS; //         a binding           RFC 3261 §10.3
export const T_WAIT: u32 = T_LEASE + LINES; //             between rounds      RFC 5626 §4.5
export const T_EXCLUDED: u32 = T_WAIT + LINES; //          a line leaves a server out  DESIGN.md D8
export const T_QUIET: u32 = T_EXCLUDED + PAIRS; //         nothing is told of refused packets
// What is due to be sent.
export const T_POINT: u32 = T_QUIET + 1; //                grid of primaryDetectInterval  DESIGN.md D11
export const T_BACKUP_POINT: u32 = T_POINT + 1; //         grid of backupDetectInterval
export const T_OPTIONS_POINT: u32 = T_BACKUP_POINT + 1; // grid of sipOptionsInterval
export const T_RETRY: u32 = T_OPTIONS_POINT + 1; //        a suspected server, before the next point
export const T_SPREAD: u32 = T_RETRY + SERVERS; //         our place in a crowd
export const T_SPACING: u32 = T_SPREAD + LINES; //         the next attempt at a server
export const T_REFRESH: u32 = T_SPACING + PAIRS; //        RFC 3261 §10.2.4
export const T_REPEAT: u32 = T_REFRESH + LINES; //         E, of a request     RFC 3261 §17.1.2.2

if (T_REPEAT + REQUESTS !== TIMERS_COUNT) ERROR("timers added: base/memory.ts");

// The kind of a timer: its place in this list.
// biome-ignore format: a row, a line
export const KINDS: usize = memory.data<u32>([
  T_STOP, T_GIVE_UP, T_LIMIT, T_RETURN_LIMIT,
  T_UNTIL, T_SUSPENDED, T_DECAY, T_FLAP, T_GRACE, T_LAPSE, T_LONG_DOWN, T_RETURN, T_SETTLE,
  T_LEASE, T_WAIT, T_EXCLUDED, T_QUIET,
  T_POINT, T_BACKUP_POINT, T_OPTIONS_POINT, T_RETRY, T_SPREAD, T_SPACING, T_REFRESH, T_REPEAT,
]);
export const KIND_COUNT: u32 = 25;
