// What crossed the wire, read once for every invariant that looks at it.
//
// Above: trial.ts, invariants/. Below: host/sip, which is another reader than the core's.

import { readDigest } from "../sip/digest.ts";
import {
  first,
  latin1,
  paramsOf,
  readAnswer,
  readRequest,
  type SipMessage,
  type SipRequest,
  uriOf,
} from "../sip/message.ts";
import { readUri } from "../sip/uri.ts";

/** Something the phone sent. */
export interface Sent {
  /** ms since the start. */
  readonly at: number;
  readonly server: string;
  readonly bytes: Uint8Array;
  /** undefined: a keepalive, or no SIP at all. */
  readonly request: SipRequest | undefined;
  /** "": none. */
  readonly method: string;
  /** User part of To: the line. */
  readonly line: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  /** Seconds asked for; undefined: none. 0: a removal. */
  readonly expires: number | undefined;
  /** The credentials it carries. */
  readonly proofs: readonly Proof[];
}

/** Credentials, by what they answer. */
export interface Proof {
  readonly realm: string;
  readonly nonce: string;
  /** Requests that used the nonce, this one included; NaN: the form without counts, or a challenge. */
  readonly count: number;
}

/** An answer that reached the phone. */
export interface Arrived {
  readonly at: number;
  readonly server: string;
  readonly status: number;
  readonly method: string;
  readonly line: string;
  readonly callId: string;
  readonly cseq: number;
  readonly branch: string;
  /** s; undefined: none. */
  readonly retryAfter: number | undefined;
  /** The challenges it makes. */
  readonly challenges: readonly Challenge[];
}

export interface Challenge extends Proof {
  readonly stale: boolean;
}

export function readSent(at: number, server: string, bytes: Uint8Array): Sent {
  const request = readRequest(bytes);
  if (request === undefined) return { ...NOTHING, at, server, bytes, request };
  const contact = first(request, "contact") ?? "";
  return {
    ...commonOf(request),
    at,
    server,
    bytes,
    request,
    method: request.method,
    expires: numberOf(paramsOf(contact).get("expires") ?? first(request, "expires")),
    proofs: linesOf(request, "authorization", "proxy-authorization").map(proofOf),
  };
}

/** undefined: it is no answer. */
export function readArrived(at: number, server: string, bytes: Uint8Array): Arrived | undefined {
  const answer = readAnswer(bytes);
  if (answer === undefined) return undefined;
  return {
    ...commonOf(answer),
    at,
    server,
    status: answer.status,
    method: (first(answer, "cseq") ?? "").split(" ")[1] ?? "",
    retryAfter: secondsOf(first(answer, "retry-after")),
    challenges: linesOf(answer, "www-authenticate", "proxy-authenticate").map((value) => ({
      ...proofOf(value),
      stale: readDigest(value).get("stale")?.toLowerCase() === "true",
    })),
  };
}

const NOTHING = {
  method: "",
  line: "",
  callId: "",
  cseq: 0,
  branch: "",
  expires: undefined,
  proofs: [],
} as const;

function commonOf(message: SipMessage): Pick<Sent, "line" | "callId" | "cseq" | "branch"> {
  return {
    line: readUri(uriOf(first(message, "to") ?? ""))?.user ?? "",
    callId: first(message, "call-id") ?? "",
    cseq: Number.parseInt(first(message, "cseq") ?? "", 10),
    branch: paramsOf(first(message, "via") ?? "").get("branch") ?? "",
  };
}

function proofOf(value: string): Proof {
  const digest = readDigest(value);
  return {
    realm: digest.get("realm") ?? "",
    nonce: digest.get("nonce") ?? "",
    count: Number.parseInt(digest.get("nc") ?? "", 16),
  };
}

/** Whole lines: the commas of credentials part no values. RFC 3261 §7.3.1. */
function linesOf(message: SipMessage, ...names: readonly string[]): readonly string[] {
  return message.headers.filter(({ name }) => names.includes(name)).map(({ value }) => value);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Seconds, before a comment or parameters. RFC 3261 §20.33. */
function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** For messages to people: the first line of a request. */
export function startLine(bytes: Uint8Array): string {
  return latin1(bytes).split("\r\n", 1)[0] ?? "";
}
