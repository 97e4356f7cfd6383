// What the four calls of a driver are as SOAP, and what the answers mean.
//
// The operations are those that clients of the PBX's SOAP interface use: Initialize gives a session and a key, 0 for none;
// Poll waits for news; Echo says 0 for a session that is gone; End logs out. Only an answer of the service itself counts as
// service: a web server that answers while the PBX behind it boots does not. Below: envelope.ts. Above:
// host/node/session/soap-driver.ts.

import type {
  Change,
  EndResult,
  Failed,
  FailureCause,
  Gone,
  OpenResult,
  PollResult,
  ProbeResult,
  Rejected,
  Session,
} from "../login/driver.ts";
import { child, type Element, readEnvelope, textOf, writeEnvelope } from "./envelope.ts";

/** Who logs in, as the PBX knows it; not the account of the HTTP request. */
export interface Login {
  /** The PBX user object. */
  readonly pbxUser: string;
  /** What the PBX shows of us. */
  readonly application: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** An echo of no session: whether the service answers us at all. */
const NO_SESSION = { id: "0", key: "0" };

// Each flag says which version of the service's answers is understood.
const VERSIONS = ["v", "v501", "v700", "v800", "vx"] as const;

export function writeOpen({ pbxUser, application }: Login): string {
  const flags = VERSIONS.map((name) => [name, true] as const);
  return writeEnvelope("Initialize", [["user", pbxUser], ["appl", application], ...flags]);
}

export function writePoll({ ticket }: Session): string {
  return writeEnvelope("Poll", [["session", ticket.id]]);
}

export function writeProbe(session: Session | undefined): string {
  const { id, key } = session?.ticket ?? NO_SESSION;
  return writeEnvelope("Echo", [
    ["session", id],
    ["key", key],
  ]);
}

export function writeEnd({ ticket }: Session): string {
  return writeEnvelope("End", [["session", ticket.id]]);
}

export function readOpen(answer: HttpAnswer): OpenResult {
  const body = bodyOf(answer, "InitializeResponse");
  if ("kind" in body) return body.kind === "gone" ? failed("booting", body.text) : body;
  const ticket = { id: textOf(body, "return"), key: textOf(body, "key") };
  if (isNothing(ticket.key) || isNothing(ticket.id)) {
    return failed("noKey", "it opens no session (key 0); is there such a user object?");
  }
  return { kind: "opened", ticket };
}

export function readPoll(answer: HttpAnswer): PollResult {
  const body = bodyOf(answer, "PollResponse");
  if ("kind" in body) return body;
  const told = child(body, "return");
  if (told === undefined) return garbled("a poll without what it returns");
  return { kind: "news", changes: told.children.flatMap(changeOf) };
}

/** @param session undefined: the service was asked, of no session */
export function readProbe(answer: HttpAnswer, session: Session | undefined): ProbeResult {
  const body = bodyOf(answer, "EchoResponse");
  if ("kind" in body) return body;
  if (session !== undefined && isNothing(textOf(body, "return"))) {
    return { kind: "gone", text: "it does not know the session any more (echo 0)" };
  }
  return { kind: "serving" };
}

export function readEnd(answer: HttpAnswer): EndResult {
  const body = bodyOf(answer, "EndResponse");
  return "kind" in body ? body : { kind: "ended" };
}

function isNothing(number: string): boolean {
  return number === "" || /^0+$/.test(number);
}

/** A user or a call. `active` false: it is gone. */
function changeOf(element: Element): readonly Change[] {
  const { name: kind } = element;
  if (kind !== "user" && kind !== "call") return [];
  const id =
    kind === "user" ? textOf(element, "cn") : `${textOf(element, "user")}/${textOf(element, "call")}`;
  const isActive = textOf(element, "active") !== "false";
  return [{ kind, id, state: isActive ? textOf(element, "state") : undefined }];
}

/** The response that was asked for, or what came in its place. A fault means that the service knows no such session. */
function bodyOf({ status, body }: HttpAnswer, name: string): Element | Failed | Rejected | Gone {
  if (status === 401 || status === 403)
    return { kind: "rejected", text: `it refuses our credentials (HTTP ${status})` };
  if (status >= 300 && status < 400) return failed("standingBy", `it names another server (HTTP ${status})`);
  const element = readEnvelope(body);
  if (element?.name === "Fault")
    return { kind: "gone", text: `fault: ${textOf(element, "faultstring").slice(0, 200)}` };
  if (status >= 500) return failed("booting", `it answers and does not serve (HTTP ${status})`);
  if (status !== 200) return garbled(`HTTP ${status}; is the path that of the SOAP service?`);
  return element?.name === name ? element : garbled("no answer of the SOAP service");
}

function garbled(text: string): Failed {
  return failed("garbled", `not understood: ${text}`);
}

function failed(cause: FailureCause, text: string): Failed {
  return { kind: "failed", cause, text, answered: true };
}
