// What is the same for every line: the product's name, and the mark of this device in its Contacts.
//
// The mark is a URI parameter: the stable name of the device and the index of the server. So a binding
// at one server is never taken for that at another where servers share their location table, and our
// own Contact is recognised in an answer even when a NAT rewrote its address. DESIGN.md D7.

import { DEVICE } from "../base/memory";
import { textTo } from "../base/text";

/** Bytes of the texts with their length byte. */
export const AGENT_SIZE: u32 = 48;
export const INSTANCE_SIZE: u32 = 16;

/** Value of the User-Agent header. */
export function agentText(): usize {
  return DEVICE;
}

/** Stable name of this device. */
export function instanceText(): usize {
  return DEVICE + AGENT_SIZE;
}

/** The mark at server `at`: the instance and one digit. Valid until the next call. */
export function markOf(at: u32): usize {
  const mark = DEVICE + AGENT_SIZE + INSTANCE_SIZE;
  const length = <u32>(textTo(instanceText()) - instanceText());
  memory.copy(mark, instanceText(), length);
  store<u8>(mark + length, <u8>(0x30 + at));
  store<u8>(mark, <u8>length);
  return mark;
}
