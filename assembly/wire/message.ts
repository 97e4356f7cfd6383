// The message that was scanned last, as slices of RX and numbers; and the places where its readers
// keep what they found. One message is read at a time.

import { MESSAGE, MESSAGE_SIZE } from "../base/memory";

/** Valid until the next scan(). A slice that is absent has from === to === 0. */
@unmanaged
export class Message {
  /** 100..699; 0: a request. */
  status: u32;
  /** Requests: M_REGISTER, M_OPTIONS or M_OTHER. */
  method: u32;
  /** Method of CSeq, as above. */
  cseqMethod: u32;
  /** Via values, at least 1. An answer to us has one. RFC 3261 §8.1.3.3. */
  viaCount: u32;
  /** Contact values, `*` among them. */
  contactCount: u32;

  // Numbers; NO_NUMBER: absent, or not a number.
  /** 0..2^31-1, always there. RFC 3261 §8.1.1.5. */
  cseq: u32;
  /** Port the server saw us at. RFC 3581 §4. */
  rport: u32;
  /** Bytes. */
  contentLength: u32;
  /** Seconds. */
  expires: u32;
  /** Seconds. */
  minExpires: u32;
  /** Seconds. */
  retryAfter: u32;
  /** Seconds. RFC 5626 §5.4. */
  flowTimer: u32;

  // Requests: the start line.
  methodFrom: usize;
  methodTo: usize;
  /** User of the Request-URI, escapes as they came; from === to: it names none; 0: not a SIP URI. */
  uriUserFrom: usize;
  uriUserTo: usize;

  // Top Via.
  /** The whole branch, magic cookie included. */
  branchFrom: usize;
  branchTo: usize;
  /** sent-by: host and port. */
  viaHostFrom: usize;
  viaHostTo: usize;
  /** Address the server saw us at; an IPv6 one may stand in brackets or not. RFC 5118 §4.5. */
  receivedFrom: usize;
  receivedTo: usize;

  callIdFrom: usize;
  callIdTo: usize;
  fromTagFrom: usize;
  fromTagTo: usize;
  toTagFrom: usize;
  toTagTo: usize;

  /** First header line. */
  linesFrom: usize;
  /** One past the last byte received. */
  end: usize;
}

// What readers of the message keep, after it: see the record of the same name in their files.
export const FOUND: usize = MESSAGE + offsetof<Message>(); // value.ts    Slice
export const LINE: usize = FOUND + 8; //                      lines.ts    Line
export const VALUE: usize = LINE + 20; //                     lines.ts    Value
export const URI: usize = VALUE + 16; //                      uri.ts      Uri
export const OFFERS: usize = URI + 28; //                     challenge.ts two Offers
export const TARGET: usize = OFFERS + 2 * 40; //              fields.ts   Target
if (TARGET + 16 !== MESSAGE + MESSAGE_SIZE) ERROR("Message resized: base/memory.ts");

/** The message scanned last. */
export function message(): Message {
  return changetype<Message>(MESSAGE);
}
