// A hand-held phone for the tests of the registrar: it writes REGISTER and reads answers, and has
// nothing in common with the core.

import { createHash } from "node:crypto";
import type { Algorithm } from "../../../host/sip/digest.ts";
import type { Endpoint } from "../../../host/sip/message.ts";

export const PHONE: Endpoint = { address: "192.0.2.9", port: 5060 };

export interface Ask {
  readonly method?: string;
  readonly user?: string;
  /** Display name of From, and the blank behind it. */
  readonly display?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly contacts?: readonly string[];
  readonly expires?: number | undefined;
  readonly branch?: string;
  readonly via?: string;
  readonly more?: readonly string[];
}

let branches = 0;

export function request(ask: Ask = {}): Uint8Array {
  const { method = "REGISTER", user = "6000", callId = "call-1", cseq = 1 } = ask;
  const branch = ask.branch ?? `z9hG4bK${++branches}`;
  const contacts = ask.contacts ?? ["<sip:6000@192.0.2.9:5060;sf=p>"];
  const lines = [
    `${method} sip:pbx.example SIP/2.0`,
    ask.via ?? `Via: SIP/2.0/UDP 192.0.2.9:5060;rport;branch=${branch}`,
    "Max-Forwards: 70",
    `From: ${ask.display ?? ""}<sip:${user}@pbx.example>;tag=f1`,
    `To: <sip:${user}@pbx.example>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...contacts.map((contact) => `Contact: ${contact}`),
    ...(ask.expires === undefined ? [] : [`Expires: ${ask.expires}`]),
    ...(ask.more ?? []),
    "Content-Length: 0",
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

export interface Said {
  readonly status: number;
  readonly text: string;
  /** Every value of one header. */
  header(name: string): readonly string[];
}

export function read(bytes: Uint8Array | undefined): Said {
  const text = new TextDecoder().decode(bytes);
  const lines = text.split("\r\n");
  return {
    status: Number(lines[0]?.split(" ")[1]),
    text,
    header: (name) =>
      lines
        .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
        .map((line) => line.slice(name.length + 1).trim()),
  };
}

export interface Credentials {
  readonly account?: string;
  readonly password?: string;
  readonly algorithm?: Algorithm;
  readonly count?: number;
}

/** The Authorization line that answers a challenge. RFC 7616 §3.4.1. */
export function authorization(challenge: string, given: Credentials = {}): string {
  const { account = "6000", password = "secret", algorithm = "MD5", count = 1 } = given;
  const pick = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const hash = (text: string): string =>
    createHash(algorithm === "MD5" ? "md5" : "sha256")
      .update(text)
      .digest("hex");
  const nc = count.toString(16).padStart(8, "0");
  const ha1 = hash(`${account}:${pick("realm")}:${password}`);
  const ha2 = hash("REGISTER:sip:pbx.example");
  const response = hash(`${ha1}:${pick("nonce")}:${nc}:abcd:auth:${ha2}`);
  return (
    `Authorization: Digest username="${account}", realm="${pick("realm")}", nonce="${pick("nonce")}", ` +
    `uri="sip:pbx.example", response="${response}", algorithm=${algorithm}, cnonce="abcd", qop=auth, nc=${nc}`
  );
}
