// One SIP message of a capture as one flat record. It reads what Kamailio and the phone write, and
// shares no code with the product. RFC 3261 §7. Above: capture.ts.

import type { Datagram } from "./pcap.ts";
import { type Endpoint, endpointText } from "./probe.ts";

export type SipPacket = {
  readonly atMs: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Of the request, or of the request that this answers. */
  readonly method: string;
  /** 0: a request. */
  readonly status: number;
  readonly cseq: number;
  readonly callId: string;
  readonly branch: string;
  /** The user of To. */
  readonly user: string;
  /** Of the Expires header; undefined without one. */
  readonly expiresSeconds: number | undefined;
  readonly minExpiresSeconds: number | undefined;
  /** The URI of each Contact, and its own expires. */
  readonly contacts: readonly Contact[];
  /** Registers its flow. RFC 5626 §4.2. */
  readonly isOutbound: boolean;
  readonly hasCredentials: boolean;
  /** Of the credentials or of the challenge. */
  readonly nonce: string;
  /** Each line of a header, as it stands. */
  readonly header: (name: string) => readonly string[];
};

export type Contact = { readonly uri: string; readonly expiresSeconds: number | undefined };

/** @returns undefined for what is no SIP message: a keep-alive, a marker, noise. */
export function readSip({ atMs, from, to, payload }: Datagram): SipPacket | undefined {
  const [first = "", ...lines] = payload.toString("latin1").split("\r\n");
  const start = /^(?:SIP\/2\.0 (\d{3}) |[A-Z]+ \S+ SIP\/2\.0$)/.exec(first);
  if (start === null) return undefined;
  const all = (name: string) => headers(lines, name);
  const one = (name: string) => all(name)[0];
  const [cseq = "", method = ""] = (one("CSeq") ?? "").split(/\s+/);
  const credentials = one("Authorization") ?? one("Proxy-Authorization");
  const challenge = one("WWW-Authenticate") ?? one("Proxy-Authenticate");
  return {
    atMs,
    from,
    to,
    method,
    status: Number(start[1] ?? 0),
    cseq: Number(cseq),
    callId: one("Call-ID") ?? "",
    branch: /;branch=([^;]+)/.exec(one("Via") ?? "")?.[1] ?? "",
    user: /sips?:([^@]+)@/.exec(one("To") ?? "")?.[1] ?? "",
    expiresSeconds: number(one("Expires")),
    minExpiresSeconds: number(one("Min-Expires")),
    contacts: all("Contact").flatMap(readContacts),
    isOutbound: all("Contact").some((contact) => contact.includes(";reg-id=")),
    hasCredentials: credentials !== undefined,
    nonce: /nonce="([^"]*)"/.exec(credentials ?? challenge ?? "")?.[1] ?? "",
    header: all,
  };
}

/** One line for a person: who said what to whom. */
export function summary(packet: SipPacket, sinceMs: number): string {
  const { status, method, cseq, user, expiresSeconds } = packet;
  const what = status === 0 ? method : `${status} ${method}`;
  const asked = expiresSeconds === undefined ? "" : ` expires=${expiresSeconds}`;
  const signed = packet.hasCredentials ? " signed" : "";
  const seconds = ((packet.atMs - sinceMs) / 1_000).toFixed(3).padStart(9);
  return `${seconds} ${endpointText(packet.from)} > ${endpointText(packet.to)} ${what} ${cseq} ${user}${asked}${signed}`;
}

function headers(lines: readonly string[], name: string): string[] {
  const prefix = `${name.toLowerCase()}:`;
  return lines
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}

/** Kamailio puts every binding of the address of record on one line. */
function readContacts(value: string): Contact[] {
  return [...value.matchAll(/<([^>]*)>([^<]*)/g)].map(([, uri = "", parameters = ""]) => ({
    uri,
    expiresSeconds: number(/;\s*expires=(\d+)/.exec(parameters)?.[1]),
  }));
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10);
}
