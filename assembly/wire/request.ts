// Writes REGISTER and OPTIONS. RFC 3261 §8.1.1, §10.2, §11.1.
//
// The texts are the messages as they go out; `$` and a letter stand for a part of the draft (draft.ts).

import { TRANSPORT_TCP, TRANSPORT_UDP } from "../abi";
import { STREAMS } from "../base/limits";
import { authorization } from "./digest";
import { draft, write } from "./draft";
import { M_OPTIONS, M_REGISTER } from "./names";
import { begin, finish } from "./write";

export { Draft, draft } from "./draft";

/**
 * Writes the request of draft() into TX.
 * @returns its length; -1: it does not fit, do not send
 */
export function writeRequest(): i32 {
  const it = draft();
  assert(it.method === M_REGISTER || it.method === M_OPTIONS);
  begin();
  // The registrar is asked, never a user (§10.2). Via: §8.1.1.7, RFC 3581 §3.
  write(utf8("$m sip:$d SIP/2.0\r\nVia: SIP/2.0/$s $l\0"));
  if (it.rport !== 0) write(utf8(";rport\0"));
  write(utf8(";branch=z9hG4bK$b\r\nMax-Forwards: 70\r\n\0")); // §8.1.1.6
  write(utf8("From: $t<sip:$u@$d>;tag=$f\r\nTo: $t<sip:$u@$d>\r\n\0")); // §10.2
  write(utf8("Call-ID: $i\r\nCSeq: $q $m\r\n\0"));
  if (it.method === M_REGISTER) writeBinding();
  else write(utf8("Accept: application/sdp\r\n\0")); // §11.1
  write(utf8("User-Agent: $g\r\n\0"));
  authorization(it.first); // RFC 3261 §22.3: one header for each that asked
  authorization(it.second);
  writeEnd();
  return finish();
}

/** What the phone's own stack takes (RFC 3261 §20.5), no body, and the end of the headers. */
export function writeEnd(): void {
  write(utf8("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\nContent-Length: 0\r\n\r\n\0"));
}

/** Over UDP nothing is said. */
function writeStream(): void {
  if (draft().transport === TRANSPORT_TCP) write(utf8(";transport=tcp\0"));
  else if (draft().transport !== TRANSPORT_UDP) write(utf8(";transport=tls\0"));
}

/** Contact, Expires and Supported. RFC 3261 §10.2.1, RFC 3327 §5.1. */
function writeBinding(): void {
  write(utf8("Contact: <sip:$u@$c;sf=$k\0"));
  if (STREAMS !== 0) writeStream();
  write(utf8(">;expires=$e\0"));
  if (draft().outbound !== 0) {
    // RFC 5626 §4.1, §4.2
    write(utf8(';reg-id=$y;+sip.instance="<urn:uuid:00000000-0000-1000-8000-0000$x>"\0'));
  }
  write(utf8("\r\nExpires: $e\r\nSupported: path\0"));
  if (draft().outbound !== 0) write(utf8(", outbound\0"));
  write(utf8("\r\n\0"));
}
