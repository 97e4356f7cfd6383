// Whether what stands between the phones and the objects works: a request of our own is answered, and a binding kept.
//
// No socket: the request is handed in, as one that came from this machine. RFC 3261 §11.2. Below: host/sip,
// ../locations.ts. Above: host/node/pair.

import { type Endpoint, first, fromLatin1, readAnswer } from "../../sip/message.ts";
import { readUri, type SipUri } from "../../sip/uri.ts";
import type { Locations } from "../locations.ts";

export interface MessageProxy {
  /** What the node answers to a request from there; undefined: nothing. */
  readonly ask: (bytes: Uint8Array, from: Endpoint) => Uint8Array | undefined;
  /** Where it keeps bindings. */
  readonly locations: Locations;
}

const FROM: Endpoint = { address: "127.0.0.1", port: 5060 };
const CALL_ID = "probe";
const CONTACT = `sip:probe@${FROM.address}`;
/** No object can have this name. */
const NOBODY = "<probe>";

/** @returns why it does not work; undefined: it does */
export function whyNoProxy({ ask, locations }: MessageProxy, now: number): string | undefined {
  const answer = readAnswer(ask(fromLatin1(OPTIONS), FROM) ?? new Uint8Array());
  if (answer === undefined) return "a request of our own was not answered";
  if (first(answer, "call-id") !== CALL_ID) return "a request of our own got the answer of another";
  const wish = { contact: `<${CONTACT}>`, uri: readUri(CONTACT) as SipUri, seconds: 1 };
  locations.grant(NOBODY, [wish], CALL_ID, 1, now);
  const isKept = locations.of(NOBODY, now).length === 1;
  locations.drop(NOBODY, now);
  return isKept ? undefined : "a binding was granted and is not kept";
}

const OPTIONS = [
  `OPTIONS sip:${FROM.address} SIP/2.0`,
  `Via: SIP/2.0/UDP ${FROM.address};branch=z9hG4bKprobe`,
  `From: <${CONTACT}>;tag=probe`,
  `To: <sip:${FROM.address}>`,
  `Call-ID: ${CALL_ID}`,
  "CSeq: 1 OPTIONS",
  "Max-Forwards: 70",
  "Content-Length: 0",
  "\r\n",
].join("\r\n");
