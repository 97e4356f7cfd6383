// Writes REGISTER and OPTIONS. RFC 3261 §8.1.1, §10.2, §11.1.
//
// The session layer fills the draft; the same draft gives the same bytes, so a repeat is written anew
// instead of being kept. Below: write.ts, digest.ts.

import { TRANSPORT_TCP, TRANSPORT_UDP } from "../abi";
import { DRAFT, DRAFT_SIZE } from "../base/memory";
import { authorization } from "./digest";
import { M_OPTIONS, M_REGISTER, methodFrom, methodTo } from "./names";
import { begin, byte, cursor, finish, hex, number, quoted, slice, text, user } from "./write";

/** Everything a request needs. Slices point into records of the layers above; from === to: left out. */
@unmanaged
export class Draft {
  /** M_REGISTER or M_OPTIONS. */
  method: u8;
  /** TRANSPORT_UDP, TRANSPORT_TCP or TRANSPORT_TLS. */
  transport: u8;
  /** 1: asks the server to answer to where it saw us. RFC 3581 §3. */
  rport: u8;
  /** 1: `Contact: *`, which with expires 0 removes every binding. RFC 3261 §10.2.2. */
  star: u8;
  cseq: u32;
  /** Seconds asked for; 0 removes the binding. */
  expires: u32;
  /** 8 bytes, hex after the magic cookie. */
  branch: usize;
  /** 8 bytes, hex. */
  callId: usize;
  /** 4 bytes, hex. */
  fromTag: usize;
  /** 8 bytes, hex; used with a challenge. */
  cnonce: usize;
  /** A Challenge to answer; 0: none. */
  challenge: usize;
  /** Host part of the address of record. */
  domainFrom: usize;
  domainTo: usize;
  /** Our own address and port towards the server: sent-by. */
  localFrom: usize;
  localTo: usize;
  /** User of the address of record, and of Contact. */
  userFrom: usize;
  userTo: usize;
  displayFrom: usize;
  displayTo: usize;
  /** Address and port of Contact. */
  contactFrom: usize;
  contactTo: usize;
  /** Value of the URI parameter `sf`, by which we know our Contact again. */
  markFrom: usize;
  markTo: usize;
  agentFrom: usize;
  agentTo: usize;
  accountFrom: usize;
  accountTo: usize;
  passwordFrom: usize;
  passwordTo: usize;
}
if (offsetof<Draft>() + 64 !== DRAFT_SIZE) ERROR("Draft resized: base/memory.ts");

export function draft(): Draft {
  return changetype<Draft>(DRAFT);
}

/**
 * Writes the request of draft() into TX.
 * @returns its length; -1: it does not fit, do not send
 */
export function writeRequest(): i32 {
  const request = draft();
  assert(request.method === M_REGISTER || request.method === M_OPTIONS);
  begin();
  slice(methodFrom(request.method), methodTo(request.method));
  byte(0x20);
  const uriFrom = cursor();
  domainUri(request);
  const uriTo = cursor();
  text(utf8(" SIP/2.0\r\n"), 10);
  writeVia(request);
  text(utf8("Max-Forwards: 70\r\n"), 18); // RFC 3261 §8.1.1.6
  writeAddresses(request);
  text(utf8("Call-ID: "), 9);
  hex(request.callId, 8);
  text(utf8("\r\nCSeq: "), 8);
  number(request.cseq);
  byte(0x20);
  slice(methodFrom(request.method), methodTo(request.method));
  text(utf8("\r\n"), 2);
  if (request.method === M_REGISTER) writeBinding(request);
  else text(utf8("Accept: application/sdp\r\n"), 25); // RFC 3261 §11.1
  writeAllow();
  text(utf8("User-Agent: "), 12);
  slice(request.agentFrom, request.agentTo);
  text(utf8("\r\n"), 2);
  if (request.challenge !== 0) {
    authorization(
      request.challenge,
      request.accountFrom,
      <u32>(request.accountTo - request.accountFrom),
      request.passwordFrom,
      <u32>(request.passwordTo - request.passwordFrom),
      request.method,
      uriFrom,
      uriTo,
      request.cnonce,
    );
  }
  writeEnd();
  return finish();
}

/** What the phone's own stack takes. RFC 3261 §20.5. */
export function writeAllow(): void {
  text(utf8("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"), 42);
}

/** No body, and the end of the headers. */
export function writeEnd(): void {
  text(utf8("Content-Length: 0\r\n\r\n"), 21);
}

/** `sip:` and the domain: the registrar, never a user. RFC 3261 §10.2. */
function domainUri(request: Draft): void {
  text(utf8("sip:"), 4);
  slice(request.domainFrom, request.domainTo);
}

/** RFC 3261 §8.1.1.7, RFC 3581 §3. */
function writeVia(request: Draft): void {
  text(utf8("Via: SIP/2.0/"), 13);
  if (request.transport === TRANSPORT_UDP) text(utf8("UDP "), 4);
  else if (request.transport === TRANSPORT_TCP) text(utf8("TCP "), 4);
  else text(utf8("TLS "), 4);
  slice(request.localFrom, request.localTo);
  if (request.rport !== 0) text(utf8(";rport"), 6);
  text(utf8(";branch=z9hG4bK"), 15);
  hex(request.branch, 8);
  text(utf8("\r\n"), 2);
}

/** From and To: who is bound is who asks. RFC 3261 §10.2. */
function writeAddresses(request: Draft): void {
  text(utf8("From: "), 6);
  writeAddress(request);
  text(utf8(";tag="), 5);
  hex(request.fromTag, 4);
  text(utf8("\r\nTo: "), 6);
  writeAddress(request);
  text(utf8("\r\n"), 2);
}

/** The address of record, with the display name if there is one. */
function writeAddress(request: Draft): void {
  if (request.displayFrom < request.displayTo) {
    byte(0x22);
    quoted(request.displayFrom, request.displayTo);
    text(utf8('" '), 2);
  }
  text(utf8("<sip:"), 5);
  user(request.userFrom, request.userTo);
  byte(0x40);
  slice(request.domainFrom, request.domainTo);
  byte(0x3e);
}

/** Contact, Expires and Supported. RFC 3261 §10.2.1, RFC 3327 §5.1. */
function writeBinding(request: Draft): void {
  text(utf8("Contact: "), 9);
  if (request.star !== 0) {
    byte(0x2a);
  } else {
    text(utf8("<sip:"), 5);
    user(request.userFrom, request.userTo);
    byte(0x40);
    slice(request.contactFrom, request.contactTo);
    text(utf8(";sf="), 4);
    slice(request.markFrom, request.markTo);
    if (request.transport === TRANSPORT_TCP) text(utf8(";transport=tcp"), 14);
    else if (request.transport !== TRANSPORT_UDP) text(utf8(";transport=tls"), 14);
    text(utf8(">;expires="), 10);
    number(request.expires);
  }
  text(utf8("\r\nExpires: "), 11);
  number(request.expires);
  text(utf8("\r\nSupported: path\r\n"), 19);
}
