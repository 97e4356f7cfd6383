// Who sends something beside each answer of a server, from its address: noise, pieces, and answers to questions
// that were never asked. One who cannot see what the phone sent gets the branch, the Call-ID, the tag or the CSeq
// wrong. RFC 3261 §17.1.3, §26.1.
//
// Nothing is drawn: each kind takes its turn, with each word in turn, so that runs repeat. Above: server.ts.

import { fromLatin1, latin1 } from "../sip/message.ts";

/** What would hurt most if it were believed. */
const WORDS: readonly string[] = [
  "403 Forbidden",
  "503 Service Unavailable\r\nRetry-After: 86400",
  "302 Moved Temporarily\r\nContact: <sip:203.0.113.66>",
  "200 OK\r\nContact: <sip:nobody@203.0.113.66>;expires=1",
  '401 Unauthorized\r\nWWW-Authenticate: Basic realm="forged"',
  "423 Interval Too Brief\r\nMin-Expires: 4294967295",
];

type Forgery = (answer: string, word: string) => string;

const FORGERIES: readonly Forgery[] = [
  (answer) => latin1(fromLatin1(answer).map((byte, at) => byte * 167 + at * 59)),
  (answer) => answer.slice(0, answer.length >> 1),
  (answer, word) => said(answer, word).replace(/(;branch=z9hG4bK)[^;\r]*/i, "$1guessed"),
  (answer, word) => said(answer, word).replace(/^(Call-ID: ).*$/im, "$1guessed"),
  (answer, word) => said(answer, word).replace(/^(From: .*;tag=)[^;\r]*/im, "$1guessed"),
  (answer, word) => said(answer, word).replace(/^(CSeq: )\d+/im, "$14294967295"),
  () => "\r\n\r\nSIP/2.0 200 OK\r\n\r\n",
];

export class Forger {
  #count = 0;

  /** The next one. @param answer what the server says at the same time */
  forge(answer: Uint8Array): Uint8Array {
    const [count, text] = [this.#count++, latin1(answer)];
    const forgery = FORGERIES[count % FORGERIES.length] as Forgery;
    return fromLatin1(forgery(text, WORDS[Math.floor(count / FORGERIES.length) % WORDS.length] ?? ""));
  }
}

/** The answer with another status, and the headers that belong to it alone. */
function said(answer: string, word: string): string {
  const others = answer.replace(/^(?:Contact|WWW-Authenticate|Proxy-Authenticate|Expires): .*\r\n/gim, "");
  return others.replace(/^SIP\/2\.0 [^\r]*/, `SIP/2.0 ${word}`);
}
