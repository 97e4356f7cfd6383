// Who uses which server: questions over all lines, nothing else.
//
// Below: session/. Above: policy/health, policy/watch, policy/attempt.

import { LINES } from "../base/limits";
import { isServed, Line, line } from "../session/account";
import { NONE } from "../session/states";

/** Is the line in service at server `at`? */
export function isServedAt(it: Line, at: u32): bool {
  return isServed(it) && <u32>it.served === at;
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
    if (isServed(it)) lowest = max(lowest, <i32>it.served);
  }
  return lowest;
}

/** Is a line served by, or being registered at, a server of lower rank than `at`? */
export function isUsedBelow(at: i32): bool {
  if (lowestServing() > at) return true;
  for (let i: u32 = 0; i < LINES; i++) {
    const asking = line(i).asking;
    if (asking !== NONE && <i32>asking > at) return true;
  }
  return false;
}
