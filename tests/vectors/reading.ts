// What the core read of a message, in the words of headers.ts.
//
// The records are read by the names their sources give: every member of Message and Uri is one word.

import { readFileSync } from "node:fs";
import { methodClass } from "./generate.ts";
import type { Reading } from "./headers.ts";
import type { Wire } from "./module.ts";

const NO_NUMBER = 0xffff_ffff;
const ALGORITHMS = ["none", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess"];
const METHODS = ["other", "REGISTER", "OPTIONS"];

/** The members of a record, each of one word. */
function membersOf(path: string, name: string): string[] {
  const [, body = ""] = readFileSync(path, "utf8").split(`export class ${name} {`);
  const members = [...(body.split("\n}")[0] ?? "").matchAll(/^ {2}(\w+): (\w+);/gm)];
  const odd = members.filter(([, , type]) => type !== "u32" && type !== "usize");
  if (odd.length > 0) throw new Error(`${path}: ${odd.map(([line]) => line)} is no word`);
  return members.map(([, member = ""]) => member);
}

const MESSAGE = membersOf("assembly/wire/message.ts", "Message");
const URI = membersOf("assembly/wire/uri.ts", "Uri");

/** What read() has just found; the challenge too. */
export function ours(wire: Wire): Reading {
  const message = record(wire, wire.core.messageAt(), MESSAGE);
  const isRequest = message.number("status") === "0";
  return {
    status: message.number("status"),
    method: isRequest ? methodOf(message.word("method")) : "-",
    cseq: message.number("cseq"),
    cseqMethod: methodOf(message.word("cseqMethod")),
    callId: message.slice("callId"),
    fromTag: message.slice("fromTag"),
    toTag: message.slice("toTag"),
    viaCount: message.number("viaCount"),
    sentBy: withPort(message.slice("viaHost").replace(/\s/g, "")),
    branch: message.slice("branch"),
    received: message.slice("received"),
    rport: message.number("rport"),
    expires: message.number("expires"),
    minExpires: message.number("minExpires"),
    retryAfter: message.number("retryAfter"),
    contentLength: message.number("contentLength"),
    contacts: contacts(wire).join("\n") || "-",
    challenge: challenge(wire, 1),
    proxyChallenge: challenge(wire, 2),
  };
}

/** RFC 3261 §18.1.1: 5060 when none is written. */
function withPort(sentBy: string): string {
  return /\]:|^[^[:]*:/.test(sentBy) ? sentBy : `${sentBy}:5060`;
}

function methodOf(id: number): string {
  return methodClass(METHODS[id] ?? "none");
}

function record(wire: Wire, at: number, members: readonly string[]) {
  const words = wire.words(at, members.length);
  const word = (name: string) => {
    const index = members.indexOf(name);
    if (index < 0) throw new Error(`no member ${name}`);
    return words[index] as number;
  };
  return {
    word,
    number: (name: string) => numberOf(word(name)),
    slice: (name: string) =>
      word(`${name}From`) === 0 ? "-" : wire.text(word(`${name}From`), word(`${name}To`)),
  };
}

function numberOf(value: number): string {
  return value === NO_NUMBER ? "-" : `${value}`;
}

function contacts(wire: Wire): string[] {
  const { core } = wire;
  wire.clear();
  const names = ["expires", "q"].map((name) => [wire.put(Buffer.from(name)), name.length] as const);
  const result: string[] = [];
  core.rewindContacts();
  for (let kind = core.nextContact(); kind !== 0; kind = core.nextContact()) {
    const uri = record(wire, core.uriAt(), URI);
    const parts = [
      decodeURIComponent(uri.slice("user")),
      uri.slice("host").toLowerCase(),
      uri.number("port"),
    ];
    const [expires, q] = names.map(([name, length]) => {
      const found = core.contactParam(name, length);
      if (found === 0) return "-";
      const [from = 0, to = 0] = wire.words(found, 2);
      return name === names[0]?.[0] ? numberOf(core.foundSeconds() >>> 0) : wire.text(from, to);
    });
    result.push(kind === 2 ? "no SIP URI" : [...parts, expires, q].join(" "));
  }
  return result;
}

/** The challenge of the server, 1, or of a proxy, 2. */
function challenge(wire: Wire, asker: number): string {
  const { core } = wire;
  core.forget();
  if (core.challenge(asker) !== 0) return "-";
  const [first = 0, second = 0] = wire.words(core.heldAt(), 2);
  const bytes = [first, first >> 8, first >> 16, first >>> 24, second, second >> 8].map(
    (byte) => byte & 0xff,
  );
  const [algorithm = 0, qop, , stale, , hasOpaque] = bytes;
  const [realm, nonce, opaque] = [0, 1, 2].map((which) => {
    const at = core.heldText(which);
    const [word = 0] = wire.words(at & ~3, 1);
    const length = (word >>> ((at & 3) * 8)) & 0xff;
    return wire.text(at + 1, at + 1 + length).replace(/\\([\s\S])/g, "$1");
  });
  return [
    realm,
    nonce,
    hasOpaque === 1 ? opaque : "-",
    ALGORITHMS[algorithm],
    qop === 1 ? "auth" : "-",
    stale === 1 ? "stale" : "-",
  ].join(" ");
}
