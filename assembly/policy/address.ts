// Our public address as a server sees it. RFC 3581 §4.
//
// A change is believed at most once per natSettle, so that a NAT that alternates cannot make a storm.
// Below: session/server, wire/. Above: policy/inbox.

import { EV_ADDRESS_CHANGED, OK, RULE_TRANSPORT } from "../abi";
import { ADDRESS, equals, NO_NUMBER, skip } from "../base/bytes";
import { LINES } from "../base/limits";
import { TX } from "../base/memory";
import { param, paramMs } from "../base/settings";
import { copyText, keepText, textFrom, textLength } from "../base/text";
import { NAT_SETTLE, RPORT } from "../generated/params";
import { binding, line } from "../session/account";
import { ASKING, IDLE, SPACED } from "../session/registration";
import { contactOf, EARLIER, LOCAL_SIZE, localOf, oldContactOf, server } from "../session/server";
import { arm, isArmed, stop, T_SETTLE } from "../session/timers";
import { message } from "../wire/scan";
import { begin, byte, finish, number, slice } from "../wire/write";
import { because, tellServer } from "./decision";
import { refreshNow } from "./service";
import { isServedAt } from "./usage";

const COLON: u32 = 0x3a;
const OPENING: u32 = 0x5b;
const CLOSING: u32 = 0x5d;

/** The answer just read says where server `at` sees us: if that is news, our Contact there changes. */
export function noteAddress(at: u32): void {
  if (param(RPORT) === 0 || message().rport === NO_NUMBER) return;
  const length = writeSeen(at);
  const contact = contactOf(at);
  if (length < 0 || equals(TX, length, textFrom(contact), textLength(contact))) return;
  if (isArmed(T_SETTLE, at)) return;
  setAside(at);
  if (keepText(contact, LOCAL_SIZE, TX, length) !== OK) return;
  renewVersion(at);
  arm(T_SETTLE, at, paramMs(NAT_SETTLE));
  because(RULE_TRANSPORT, param(NAT_SETTLE), 0);
  tellServer(EV_ADDRESS_CHANGED, at);
  for (let i: u32 = 0; i < LINES; i++) {
    if (isServedAt(line(i), at)) refreshNow(i);
  }
}

/**
 * Our own address towards `at` is another one: so is our Contact, until the server says how it sees us. The next
 * REGISTER goes without credentials: its challenge says so before anything is bound.
 */
export function relocate(at: u32): void {
  setAside(at);
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    if (own.phase !== IDLE && own.answers !== 0) continue; // a challenge was answered: that goes on
    own.trusted = 0;
    if (own.due !== 0 || own.phase === SPACED) own.proved = 0; // not written yet
  }
  copyText(contactOf(at), localOf(at), LOCAL_SIZE);
  renewVersion(at);
  stop(T_SETTLE, at);
}

// The Contact that is bound there, or may be once a REGISTER under way is granted, has to be removed once another
// one is bound. One that is surely bound, by an earlier connection or run, keeps its place before one that may be.
function setAside(at: u32): void {
  const version = server(at).contactVersion;
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    const mayBe = own.boundVersion === 0 && own.phase === ASKING && own.sentVersion === version;
    if (own.boundVersion === version || mayBe) copyText(oldContactOf(at), contactOf(at), LOCAL_SIZE);
  }
}

// What has still to be sent, or to be sent again on another flow, goes out with the new Contact.
function renewVersion(at: u32): void {
  const it = server(at);
  it.contactVersion = it.contactVersion === EARLIER - 1 ? 1 : it.contactVersion + 1;
  for (let i: u32 = 0; i < LINES; i++) {
    const own = binding(i, at);
    if (own.due !== 0) own.sentVersion = it.contactVersion;
  }
}

// "address:port" of the answer's Via into TX; its length, -1: it is no address, or does not fit. Without `received`
// the server saw the address that we named ourselves. RFC 3581 §4.
function writeSeen(at: u32): i32 {
  const it = message();
  let from = it.receivedFrom;
  let to = it.receivedTo;
  if (from === to) {
    from = textFrom(localOf(at));
    to = hostEnd(from, from + textLength(localOf(at)));
  } else if (skip(from, to, ADDRESS) < to) return -1; // it would stand in our Contact
  begin();
  const bare = load<u8>(from) !== <u8>OPENING && hasColon(from, to); // IPv6 without brackets
  if (bare) byte(OPENING);
  slice(from, to);
  if (bare) byte(CLOSING);
  byte(COLON);
  number(it.rport);
  return finish();
}

// Where the port of "address:port" begins, or its end.
function hostEnd(from: usize, to: usize): usize {
  for (let at = to; at > from; at--) {
    const c: u32 = load<u8>(at - 1);
    if (c === CLOSING) return to;
    if (c === COLON) return at - 1;
  }
  return to;
}

function hasColon(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) {
    if (load<u8>(at) === <u8>COLON) return true;
  }
  return false;
}
