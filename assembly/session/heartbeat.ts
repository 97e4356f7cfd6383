// OPTIONS to one server: is it there? RFC 3261 §11.
//
// Sends, repeats and ends the question; what an answer or a silence means is judged in policy/watch.

import { param } from "../base/settings";
import { DETECT_ANSWER, OPTIONS_TIMEOUT } from "../generated/params";
import { isFailure } from "./registration";
import { server } from "./server";
import { isLive, open } from "./transaction";

// What an answer is worth.
export const GOOD_ANSWER: u8 = 0; //
export const LOST_ANSWER: u8 = 1; //
export const NO_WORD: u8 = 2; //     neither breaks nor extends a row of losses

/** Asks `at`, unless a question is already open there; `startup`: its silence is told as a dead standby. */
export function beat(at: u32, startup: u8): void {
  const it = server(at);
  if (isLive(it)) return;
  it.startup = startup;
  open(it, it.transport !== 0, param(OPTIONS_TIMEOUT));
}

/** The worth of a final answer with `status`. */
export function worth(status: u32): u8 {
  if (param(DETECT_ANSWER) !== 0) return status < 300 ? GOOD_ANSWER : LOST_ANSWER; // 2xx only
  if (isFailure(status)) return LOST_ANSWER;
  return status === 500 ? NO_WORD : GOOD_ANSWER;
}
