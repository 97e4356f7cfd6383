// What a server says in words about its answer. RFC 3261 §20.43.
//
// Below: message.ts. Above: host/node/carrier.ts, host/pbx/pair.

import { all, latin1, readAnswer, type SipMessage, unquote } from "./message.ts";

/** The texts of all Warning values, as one line; "": there is none. */
export function warningOf(message: SipMessage): string {
  const texts = all(message, "warning").map((value) => /^\d{3} \S+ (".*")$/.exec(value)?.[1] ?? "");
  return texts.map(unquote).join("; ");
}

/** The same of an answer that refuses; "": it does not, or says nothing. */
export function refusalIn(bytes: Uint8Array): string {
  if (!/^SIP\/2\.0 [3-6]/.test(latin1(bytes.subarray(0, 9)))) return "";
  const answer = readAnswer(bytes);
  return answer === undefined ? "" : warningOf(answer);
}
