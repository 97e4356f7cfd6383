// A request passed on to the master, and its answer passed back. RFC 3261 §16.6 steps 3 and 8, §16.7 step 3, §18.2.1.
//
// The bytes stay as they came but for Via and Max-Forwards, so that a proof of the digest holds. Above: server.ts,
// host/node/pair/upstream.ts.

import {
  type Endpoint,
  first,
  fromLatin1,
  latin1,
  markVia,
  paramsOf,
  readAnswer,
} from "../../sip/message.ts";

/**
 * The request with a Via of ours on top, what we saw of its sender, and one hop less to go.
 * @param via sent-by and branch
 */
export function forwarded(bytes: Uint8Array, from: Endpoint, via: string): Uint8Array {
  const { head, rest } = split(latin1(bytes));
  const [start = "", ...lines] = head.split("\r\n");
  const top = lines.findIndex((line) => VIA.test(line));
  const passed = lines.map((line, at) => {
    if (at === top) return `Via: ${markVia(line.replace(VIA, ""), from)}`;
    return line.replace(/^(Max-Forwards\s*:\s*)(\d+)\s*$/i, (_, name, hops) => `${name}${Number(hops) - 1}`);
  });
  return fromLatin1([start, `Via: SIP/2.0/TLS ${via}`, ...passed].join("\r\n") + rest);
}

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
