// A request passed on to the master, and its answer passed back. RFC 3261 §16.6 steps 3 and 8, §16.7 step 3, §18.2.1.
//
// It is written anew from what was read, as whole as a stream needs it: a datagram may lack Content-Length, or hide a
// second request behind it. No value changes but of Via and Max-Forwards, so that a proof of the digest holds. Above:
// server.ts, host/node/pair/upstream.ts.

import { INPUT_MAX } from "../../core/core.ts";
import { unitLength } from "../../sip/framing.ts";
import {
  type Endpoint,
  first,
  fromLatin1,
  latin1,
  markVia,
  paramsOf,
  readAnswer,
  type SipRequest,
} from "../../sip/message.ts";

/** Of a request that says nothing of hops. RFC 3261 §16.6 step 3. */
const HOPS = 70;
/** A body as long as a datagram may be. RFC 3261 §18.1.1. */
const BODY_MAX = 65_535;

/** Hops that are left to a request; not above 0: it goes nowhere. */
export function hopsOf(request: SipRequest): number {
  const said = first(request, "max-forwards");
  return said === undefined ? HOPS + 1 : Number.parseInt(said, 10) || 0;
}

/**
 * What a phone is told whose request a stream of ours would not take as one message: it would end the connection for
 * everybody. host/node/stream.ts. undefined: it takes it.
 */
export function unfit(bytes: Uint8Array): 400 | 513 | undefined {
  const length = unitLength(bytes.subarray(0, INPUT_MAX));
  if (length === 0 || length > INPUT_MAX + BODY_MAX) return 513;
  return length === bytes.length ? undefined : 400;
}

/**
 * The request with a Via of ours on top, what we saw of its sender, and one hop less to go.
 * @param via sent-by and branch
 */
export function forwarded(request: SipRequest, from: Endpoint, via: string): Uint8Array {
  const { method, uri, headers, body } = request;
  const top = headers.findIndex(({ name }) => name === "via");
  const passed = headers.flatMap(({ name, value }, at) => {
    if (REWRITTEN.includes(name)) return [];
    return `${name}: ${at === top ? markVia(value, from) : value}`;
  });
  const lines = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/TLS ${via}`,
    ...passed,
    `Max-Forwards: ${hopsOf(request) - 1}`,
    `Content-Length: ${body.length}`,
  ];
  return fromLatin1(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

const REWRITTEN: readonly string[] = ["max-forwards", "content-length"];

/** The branch of our Via on an answer; undefined: no answer, or none with a Via. */
export function branchOf(bytes: Uint8Array): string | undefined {
  const answer = readAnswer(bytes);
  return answer && paramsOf(first(answer, "via") ?? "").get("branch");
}

/** The answer without our Via. */
export function passedBack(bytes: Uint8Array): Uint8Array {
  const { head, rest } = split(latin1(bytes));
  const lines = head.split("\r\n");
  const top = lines.findIndex((line) => VIA.test(line));
  return fromLatin1(lines.filter((_, at) => at !== top).join("\r\n") + rest);
}

const VIA = /^(?:Via|v)\s*:\s*/i;

function split(text: string): { readonly head: string; readonly rest: string } {
  const end = text.indexOf("\r\n\r\n");
  return end < 0 ? { head: text, rest: "" } : { head: text.slice(0, end), rest: text.slice(end) };
}
