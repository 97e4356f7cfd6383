// Where a 3xx sends a line: only ever to a server of the set. DESIGN.md D12.
//
// Below: wire/fields, policy/choice. Above: policy/attempt.

import { equalsFold } from "../base/bytes";
import { param } from "../base/settings";
import { textFrom, textLength } from "../base/text";
import { REDIRECT } from "../generated/params";
import { binding, Line, line } from "../session/account";
import { addressOf, hostOf, server } from "../session/server";
import { redirectTarget, target } from "../wire/fields";
import { message } from "../wire/scan";
import { EXCLUDED_NOT } from "./choice";
import { isOut } from "./health";
import { phone } from "./state";

/**
 * The server that the 3xx just read names, if the line may go there.
 * @param back the line is moving back, and may only be sent further up
 * @returns an index, -1: none, the next choice is taken
 */
export function redirectServer(index: u32, back: bool): i32 {
  const status = message().status;
  const followed = status === 301 || status === 302 || status === 305; // RFC 3261 §21.3
  if (!followed || param(REDIRECT) === 0) return -1;
  for (let k: u32 = 0; redirectTarget(k); k++) {
    const to = named();
    if (to >= 0 && mayGo(index, to, back)) return to;
  }
  return -1;
}

function named(): i32 {
  const it = target();
  const bracket: usize = load<u8>(it.hostFrom) === 0x5b ? 1 : 0; // "[": an IPv6 address
  const from = it.hostFrom + bracket;
  const length = <u32>(it.hostTo - bracket - from);
  for (let s: u32 = 0; s < phone().servers; s++) {
    if (<u32>server(s).port !== it.port) continue;
    if (isText(hostOf(s), from, length) || isText(addressOf(s), from, length)) return s;
  }
  return -1;
}

function isText(slot: usize, from: usize, length: u32): bool {
  return equalsFold(textFrom(slot), textLength(slot), from, length);
}

function mayGo(index: u32, to: u32, back: bool): bool {
  if (isOut(to) || binding(index, to).excluded !== EXCLUDED_NOT) return false;
  return !back || to < line(index).served;
}
