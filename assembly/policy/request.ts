// A request from outside. Nearly all are for the phone's own SIP stack; OPTIONS from a server of the set
// is answered here when the host wants it so. RFC 3261 §11.2, §8.2.2.1.
//
// Below: wire/reply. Above: policy/inbox.

import { NOT_MINE, OK } from "../abi";
import { LINES } from "../base/limits";
import { param } from "../base/settings";
import { textFrom, textTo } from "../base/text";
import { ANSWER_OPTIONS, REQUEST_USER_CHECK } from "../generated/params";
import { userOf } from "../session/account";
import { Server, server } from "../session/server";
import { nextValue, rewind } from "../wire/lines";
import { H_REQUIRE } from "../wire/names";
import { writeReply } from "../wire/reply";
import { M_OPTIONS, message, sameUser } from "../wire/scan";
import { phone } from "./state";

/** Takes the request just read from server `from`: answers it, or hands it back. */
export function takeRequest(from: u32): i32 {
  const it = phone();
  const wanted = param(ANSWER_OPTIONS) !== 0 && message().method === M_OPTIONS;
  if (!wanted || from >= it.servers || needsMore()) return NOT_MINE;
  const known = param(REQUEST_USER_CHECK) === 0 || isForUs();
  const tag = changetype<usize>(server(from)) + offsetof<Server>("tag");
  const length = writeReply(known ? 200 : 404, tag);
  if (length < 0) return NOT_MINE; // more Via lines than we can repeat
  it.replyLength = <u16>length;
  it.replyTo = <u8>from;
  return OK;
}

// A scheme or an extension that only the phone's own stack may know: it says 416 or 420. RFC 3261 §8.2.2.
function needsMore(): bool {
  rewind();
  return message().uriUserFrom === 0 || nextValue(H_REQUIRE);
}

// The Request-URI names no user, or one of ours.
function isForUs(): bool {
  const it = message();
  if (it.uriUserFrom === it.uriUserTo) return true;
  for (let i: u32 = 0; i < LINES; i++) {
    const user = userOf(i);
    if (sameUser(it.uriUserFrom, it.uriUserTo, textFrom(user), textTo(user))) return true;
  }
  return false;
}
