// Answers the request just scanned. RFC 3261 §8.2.6.
//
// The headers that an answer repeats go back as they came, line by line and in their order, so every
// Via value stays where it was.

import { write } from "./draft";
import { line, readLine, rewind } from "./lines";
import { message } from "./message";
import { H_CALL_ID, H_CSEQ, H_END, H_FROM, H_TO, H_VIA } from "./names";
import { writeEnd } from "./request";
import { begin, finish, hex, number, slice } from "./write";

const REPEATED: u32 = (1 << H_VIA) | (1 << H_FROM) | (1 << H_TO) | (1 << H_CALL_ID) | (1 << H_CSEQ);

/**
 * Writes an answer to the request in RX into TX.
 * @param status 200 or another final status
 * @param toTag  4 bytes; they become the tag of To unless it has one. RFC 3261 §8.2.6.2
 * @returns its length; -1: it does not fit, do not send
 */
export function writeReply(status: u32, toTag: usize): i32 {
  assert(message().status === 0);
  begin();
  write(utf8("SIP/2.0 \0"));
  number(status);
  if (status === 200) write(utf8(" OK\r\n\0"));
  else if (status === 404) write(utf8(" Not Found\r\n\0"));
  else write(utf8(" \r\n\0")); // RFC 3261 §25.1: a reason phrase may be empty
  rewind();
  for (;;) {
    readLine(line().next, message().end);
    const id = line().id;
    if (id === H_END) break;
    if (((REPEATED >> id) & 1) === 0) continue;
    slice(line().at, line().to);
    if (id === H_TO && message().toTagFrom === 0) {
      write(utf8(";tag=\0"));
      hex(toTag, 4);
    }
    write(utf8("\r\n\0"));
  }
  writeEnd();
  return finish();
}
