// What JsSIP reads of a message, in the words of headers.ts: its grammar was made from that of RFC 3261.
//
// It counts no Via values and takes one of several challenges in a line; those are left out here.

import type { NameAddrHeader } from "jssip/lib/NameAddrHeader.js";
import Parser from "jssip/lib/Parser.js";
import { methodClass } from "./generate.ts";
import type { Field } from "./headers.ts";

type Via = { host: string; port: number; branch?: string; received?: string; rport?: number };
type CSeq = { value: number; method: string };
type Challenge = {
  realm: string;
  nonce: string;
  opaque?: string;
  algorithm?: string;
  qop?: string[];
  stale?: boolean;
};

/** What it reads; undefined: it refuses the message, or stumbles over it. */
export function theirs(text: string): Partial<Record<Field, string>> | undefined {
  const message = parsed(text);
  if (message === undefined) return undefined;
  const via = message.parseHeader<Via>("via");
  const cseq = message.parseHeader<CSeq>("cseq");
  const [from, to] = ["from", "to"].map((name) => message.parseHeader<NameAddrHeader>(name));
  const status = "status_code" in message ? message.status_code : 0;
  return {
    status: `${status}`,
    method: status === 0 ? methodClass(message.method) : "-",
    cseq: `${cseq.value}`,
    cseqMethod: methodClass(cseq.method),
    callId: message.getHeader("call-id"),
    fromTag: said(from?.getParam("tag")),
    toTag: said(to?.getParam("tag")),
    sentBy: `${via.host}:${via.port ?? 5060}`,
    branch: said(via.branch),
    received: said(via.received),
    rport: said(via.rport),
    contacts:
      message
        .getHeaders("contact")
        .map((_, at) => contact(message.parseHeader("contact", at)))
        .join("\n") || "-",
    expires: said(message.parseHeader("expires")),
    minExpires: said(message.parseHeader("min-expires")),
    retryAfter: message.hasHeader("retry-after")
      ? `${Number.parseInt(message.getHeader("retry-after"), 10)}`
      : "-",
    contentLength: said(message.parseHeader("content-length")),
    challenge: challenge(message.parseHeader("www-authenticate")),
    proxyChallenge: challenge(message.parseHeader("proxy-authenticate")),
  };
}

function parsed(text: string) {
  try {
    return Parser.parseMessage(text, {});
  } catch {
    return undefined; // it reads on where its grammar found nothing
  }
}

function said(value: unknown): string {
  return value === undefined || value === null ? "-" : `${value}`;
}

function contact(value: NameAddrHeader): string {
  const { uri } = value;
  const port = uri.port ?? (uri.scheme === "sips" ? 5061 : 5060);
  const expires = value.getParam<string | undefined>("expires");
  return [
    uri.user ?? "",
    uri.host.toLowerCase(),
    port,
    expires === undefined ? "-" : Number(expires),
    said(value.getParam("q")),
  ].join(" ");
}

function challenge(asked: Challenge | undefined): string {
  if (asked === undefined) return "-";
  const { realm, nonce, opaque, algorithm, qop, stale } = asked;
  return [
    realm,
    nonce,
    said(opaque),
    algorithm ?? "MD5",
    qop === undefined ? "-" : qop.includes("auth") ? "auth" : "no auth",
    stale === true ? "stale" : "-",
  ].join(" ");
}
