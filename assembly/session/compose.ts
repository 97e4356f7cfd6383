// Fills the draft of a request from the records, and writes it. A repeat is composed again: the records
// do not change between copies, so neither do the bytes.
//
// Below: session/, wire/request. Above: policy/outbox.

import { param } from "../base/settings";
import { RPORT } from "../generated/params";
import { M_OPTIONS, M_REGISTER } from "../wire/names";
import { Draft, draft } from "../wire/draft";
import { writeRequest } from "../wire/request";
import {
  accountOf,
  Binding,
  binding,
  challengeOf,
  displayOf,
  passwordOf,
  requestOf,
  userOf,
} from "./account";
import { agentText, markOf } from "./device";
import { REMOVE_OLD } from "./registration";
import { contactOf, domainOf, heartbeatOf, localOf, oldContactOf, Server, server } from "./server";
import { branchOf, Request } from "./transaction";

/**
 * Writes the REGISTER under way of a line at a server into TX. RFC 3261 §10.2.
 * @returns its length, -1: it does not fit
 */
export function composeRegister(line: u32, at: u32): i32 {
  const own = binding(line, at);
  const it = common(line, at, requestOf(own));
  it.method = <u8>M_REGISTER;
  it.expires = own.askedSeconds;
  it.callId = changetype<usize>(own) + offsetof<Binding>("callId");
  it.fromTag = changetype<usize>(own) + offsetof<Binding>("tag");
  it.cnonce = changetype<usize>(own) + offsetof<Binding>("cnonce");
  it.challenge = own.proved !== 0 ? challengeOf(line, at) : 0;
  it.contact = own.purpose === REMOVE_OLD ? oldContactOf(at) : contactOf(at);
  return writeRequest();
}

/**
 * Writes the heartbeat under way at a server into TX, in the name of `line`. RFC 3261 §11.1.
 * @returns its length, -1: it does not fit
 */
export function composeOptions(line: u32, at: u32): i32 {
  const to = server(at);
  const it = common(line, at, heartbeatOf(at));
  it.method = <u8>M_OPTIONS;
  it.callId = changetype<usize>(to) + offsetof<Server>("callId");
  it.fromTag = changetype<usize>(to) + offsetof<Server>("tag");
  it.challenge = 0;
  return writeRequest();
}

function common(line: u32, at: u32, request: Request): Draft {
  const it = draft();
  it.transport = server(at).transport;
  it.rport = <u8>param(RPORT);
  it.cseq = request.cseq;
  it.branch = branchOf(request);
  it.domain = domainOf(at);
  it.local = localOf(at);
  it.user = userOf(line);
  it.display = displayOf(line);
  it.mark = markOf(at);
  it.agent = agentText();
  it.account = accountOf(line, at);
  it.password = passwordOf(line, at);
  return it;
}
