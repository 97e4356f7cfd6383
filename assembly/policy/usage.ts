// Who uses which server: questions over all lines, nothing else.
//
// Below: session/. Above: policy/health, policy/watch, policy/attempt.

import { NONE, SERVED } from "../session/states";
import { LINES } from "../base/limits";
import { Line, line } from "../session/account";

/** True while a lease of the line runs at `at` and the line uses it. */
export function isServedAt(it: Line, at: u32): bool {
  return it.state === SERVED && it.served === <u8>at;
}

/** Is any line in service at server `at`? */
export function serves(at: u32): bool {
  for (let i: u32 = 0; i < LINES; i++) {
    if (isServedAt(line(i), at)) return true;
  }
  return false;
}

/** Lowest rank (largest index) that serves a line, -1: nobody is in service. */
export function lowestServing(): i32 {
  let lowest: i32 = -1;
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    if (it.state === SERVED) lowest = max(lowest, <i32>it.served);
  }
  return lowest;
}

/** Highest rank (smallest index) that serves a line, -1: nobody is in service. */
export function highestServing(): i32 {
  let highest: i32 = NONE;
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    if (it.state === SERVED) highest = min(highest, <i32>it.served);
  }
  return highest === NONE ? -1 : highest;
}

/** Is a line served by, or being registered at, a server of lower rank than `at`? */
export function isUsedBelow(at: u32): bool {
  for (let i: u32 = 0; i < LINES; i++) {
    const it = line(i);
    if (it.state === SERVED && it.served > <u8>at) return true;
    if (it.asking !== NONE && it.asking > <u8>at) return true;
  }
  return false;
}
