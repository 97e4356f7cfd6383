// A line: out of service, in service, moving, waiting, resting. DESIGN.md D9.
//
// The table knows the states; what makes an input is decided in the modules above.
// Below: session/account, policy/decision. Above: policy/service.

import { EV_RESTING } from "../abi";
import { action, END, next, row } from "../base/machine";
import { line } from "../session/account";
import { CUT, LEAVING, OFF, RESTING, SEEKING, SERVED, STARTING, WAITING } from "../session/states";
import { stop, T_REFRESH, T_SPREAD, T_WAIT } from "../session/timers";
import { tellLine } from "./decision";
import { changed } from "./state";

// Inputs.
export const BOOT: u8 = 0; //       start, or restart
export const TURN: u8 = 1; //       its place in the crowd has come
export const ASK: u8 = 2; //        a server is worth asking
export const SERVICE: u8 = 3; //    a server granted a lease
export const LOSS: u8 = 4; //       the server it uses is gone, or the lease is
export const LOSS_IN_CROWD: u8 = 5; // the same, with a spread to wait
export const ROUND_OVER: u8 = 6; // every server was asked in vain
export const NO_SERVER: u8 = 7; //  there is none to ask
export const LINK_LOST: u8 = 8; //
export const LINK_BACK: u8 = 9; //
export const LEAVE: u8 = 10; //     stop

// Actions.
const NOTHING: u8 = 0;
const QUIT: u8 = 1; //   nothing to refresh any more
const BREAK: u8 = 2; //  as QUIT, and no wait runs either
const TELL: u8 = 3; //   nothing will happen until something outside changes

// biome-ignore format: a row, a line
export const TABLE: usize = memory.data<u8>([
  // state   input          action next
  OFF,       BOOT,          NOTHING, STARTING, // DESIGN.md D9: the first REGISTER at a random point
  STARTING,  TURN,          NOTHING, SEEKING,
  SEEKING,   SERVICE,       NOTHING, SERVED, // RFC 3261 §10.2.4
  SEEKING,   ROUND_OVER,    NOTHING, WAITING, //  RFC 5626 §4.5
  SEEKING,   NO_SERVER,     TELL,  RESTING,
  WAITING,   ASK,           NOTHING, SEEKING,
  WAITING,   NO_SERVER,     TELL,  RESTING, //  the next round would be empty
  RESTING,   ASK,           NOTHING, SEEKING,
  SERVED,    LOSS,          QUIT,  SEEKING,
  SERVED,    LOSS_IN_CROWD, QUIT,  STARTING,
  STARTING,  LINK_LOST,     BREAK, CUT,
  SEEKING,   LINK_LOST,     BREAK, CUT,
  WAITING,   LINK_LOST,     BREAK, CUT,
  RESTING,   LINK_LOST,     BREAK, CUT,
  SERVED,    LINK_LOST,     BREAK, CUT,
  CUT,       LINK_BACK,     NOTHING, SEEKING,
  CUT,       LOSS_IN_CROWD, NOTHING, STARTING, // after a crash, which may be that of a whole house
  STARTING,  LEAVE,         BREAK, LEAVING,
  SEEKING,   LEAVE,         BREAK, LEAVING,
  WAITING,   LEAVE,         BREAK, LEAVING,
  RESTING,   LEAVE,         BREAK, LEAVING,
  SERVED,    LEAVE,         BREAK, LEAVING,
  CUT,       LEAVE,         BREAK, LEAVING,
  END,
]);

/** Moves line `index` by one row of TABLE; false when it has none. */
export function step(index: u32, input: u32): bool {
  const it = line(index);
  const found = row(TABLE, it.state, input);
  if (!found) return false;
  it.state = <u8>next(found);
  changed();
  switch (action(found)) {
    case BREAK:
      stop(T_SPREAD, index);
      stop(T_REFRESH, index);
      stop(T_WAIT, index);
      break;
    case QUIT:
      stop(T_REFRESH, index);
      break;
    case TELL:
      tellLine(EV_RESTING, index);
      break;
  }
  return true;
}
