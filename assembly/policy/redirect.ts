// Where a 3xx sends a line: only ever to a server of the set. DESIGN.md D12.
//
// Below: wire/fields, policy/choice. Above: policy/attempt.

import { equalsFold } from "../base/bytes";
import { param } from "../base/settings";
import { textFrom, textLength } from "../base/text";
import { REDIRECT } from "../generated/params";
import { Binding, binding, line } from "../session/account";
import { addressOf, hostOf, server } from "../session/server";
import { redirectTarget, target } from "../wire/fields";
import { message } from "../wire/scan";
import { EXCLUDED_NOT } from "./choice";
import { isOut } from "./health";
import { phone } from "./state";

const BRACKET: u8 = 0x5b;

/**
 * The server that the 3xx just read names, if the line may go there.
 * @param moving the line is in service elsewhere, and may only be sent further up
 * @returns a rank, -1: none, the next choice is taken
 */
export function redirectServer(own: Binding, moving: bool): i32 {
  const status = message().status;
  const followed = status === 301 || status === 302 || status === 305; // RFC 3261 §21.3
  if (!followed || param(REDIRECT) === 0) return -1;
  for (let k: u32 = 0; redirectTarget(k); k++) {
    for (let s: u32 = 0; s < phone().servers; s++) {
      if (isNamed(s) && mayGo(own, s, moving)) return s;
    }
  }
  return -1;
}

function isNamed(at: u32): bool {
  return <u32>server(at).port === target().port && (isHost(hostOf(at)) || isHost(addressOf(at)));
}

// IPv6 stands in brackets there, and without them here.
function isHost(slot: usize): bool {
  const it = target();
  const bracket: u32 = load<u8>(it.hostFrom) === BRACKET ? 1 : 0;
  const length = <u32>(it.hostTo - it.hostFrom) - 2 * bracket;
  return equalsFold(textFrom(slot), textLength(slot), it.hostFrom + bracket, length);
}

function mayGo(own: Binding, to: u32, moving: bool): bool {
  if (to === <u32>own.server || isOut(to)) return false;
  if (binding(own.line, to).excluded !== EXCLUDED_NOT) return false;
  const it = line(own.line);
  return moving ? to < <u32>it.served : to !== <u32>it.returning; // it is asked there already
}
