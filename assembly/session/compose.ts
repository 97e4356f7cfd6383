// Fills the draft of a request from the records, and writes it. A repeat is composed again: the records
// do not change between copies, so neither do the bytes.
//
// Below: session/, wire/request. Above: policy/outbox.

import { param } from "../base/settings";
import { OUTBOUND, RPORT } from "../generated/params";
import { Draft, draft } from "../wire/draft";
import { M_OPTIONS, M_REGISTER } from "../wire/names";
import { writeRequest } from "../wire/request";
import { accountOf, Binding, displayOf, passwordOf, userOf } from "./account";
import { agentText, instanceText, markOf } from "./device";
import { answeredAt, contactSent } from "./registration";
import { domainOf, localOf, server } from "./server";
import { Request } from "./transaction";

/** Writes the REGISTER under way into TX. RFC 3261 §10.2. @returns its length, -1: it does not fit */
export function composeRegister(own: Binding): i32 {
  const line: u32 = own.line;
  const at: u32 = own.server;
  const it = common(own, line, at);
  it.method = <u8>M_REGISTER;
  it.expires = own.askedSeconds;
  it.cnonce = changetype<usize>(own) + offsetof<Binding>("cnonce");
  it.first = answeredAt(own, 0);
  it.second = answeredAt(own, 1);
  it.outbound = param(OUTBOUND) !== 0 && own.plain === 0 ? 1 : 0;
  it.flow = at + 1;
  it.contact = contactSent(own);
  it.account = accountOf(line, at);
  it.password = passwordOf(line, at);
  return writeRequest();
}

/** Writes the heartbeat under way into TX, in the name of `line`. RFC 3261 §11.1. @returns as above */
export function composeOptions(line: u32, at: u32): i32 {
  const it = common(server(at), line, at);
  it.method = <u8>M_OPTIONS;
  it.first = 0;
  it.second = 0;
  return writeRequest();
}

function common(request: Request, line: u32, at: u32): Draft {
  const it = draft();
  it.transport = server(at).transport;
  it.rport = <u8>param(RPORT);
  it.cseq = request.cseq;
  it.branch = changetype<usize>(request);
  it.callId = changetype<usize>(request) + offsetof<Request>("callId");
  it.fromTag = changetype<usize>(request) + offsetof<Request>("tag");
  it.domain = domainOf(at);
  it.local = localOf(at);
  it.user = userOf(line);
  it.display = displayOf(line);
  it.mark = markOf(at);
  it.agent = agentText();
  it.instance = instanceText();
  return it;
}
