// How long to wait before asking again. RFC 5626 §4.5.
//
// Below: base/. Above: policy/round, policy/flow.

import { between } from "../base/random";
import { param } from "../base/settings";
import { RETRY_BASE, RETRY_MAX } from "../generated/params";

/** The wait after failure `n` in a row, ms: min(retryMax, retryBase * 2^n) * U(0.5, 1). */
export function waitMs(n: u32): u32 {
  const longest = min(param(RETRY_MAX), param(RETRY_BASE) << min(n, 16));
  return between(500 * longest, 1000 * longest);
}
