// The transport reported an error: whatever is under way at that server has failed. RFC 3261 §8.1.3.1.
//
// Below: policy/attempt, policy/watch. Above: index.

import { OK } from "../abi";
import { LINES } from "../base/limits";
import { binding } from "../session/account";
import { server } from "../session/server";
import { isLive } from "../session/transaction";
import { cutOff } from "./attempt";
import { phone } from "./state";
import { heartbeatSilent } from "./watch";

/** An error of server `at`; without a request under way it says nothing, and nothing happens. */
export function transportFailed(at: u32): i32 {
  if (phone().linked === 0) return OK;
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    if (isLive(own)) cutOff(own);
  }
  if (isLive(server(at))) heartbeatSilent(at);
  return OK;
}
