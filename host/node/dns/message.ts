// One question to the DNS as bytes, and what the bytes that came back say. RFC 1035 §4, RFC 2308.
//
// The library knows the format; here stands what may be believed. Only records of the answer section
// count that belong to the name that was asked for, or to what its CNAMEs lead to: nothing that a name
// server adds beside (§7.4.1 of RFC 1035 lets it) is ever looked at. Below: records.ts. Above: exchange.ts.
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type Answer as Record } from "dns-packet";
import { type Answer, plainName, type Records, type RecordType } from "./records.ts";

/** A question as it went out. */
export interface Question {
  /** 16 bits that nobody can guess. RFC 5452 §4. */
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
}

export type Reply =
  | Answer<Records[RecordType]>
  /** The name is another name for this one, of which nothing was said yet. */
  | { readonly kind: "alias"; readonly name: string; readonly ttlSeconds: number }
  /** It did not fit into a datagram: ask over TCP. RFC 1035 §4.2.1. */
  | { readonly kind: "truncated" };

/** A chain of CNAMEs that is longer goes in a circle, or might as well. */
export const ALIASES_MAX = 8;

/** What says that it lives longer is asked for again after a day. RFC 8767 §4 speaks of days to weeks. */
const TTL_MAX = 86_400;

const HEADER_BYTES = 12;
/** More records than any honest answer has; a count in the header costs a forger nothing. */
const RECORDS_MAX = 1000;

/** True for what the DNS can be asked for: labels of 1 to 63, together up to 253. RFC 1035 §2.3.4. */
export function isName(text: string): boolean {
  const name = plainName(text);
  return name.length <= 253 && name.split(".").every((label) => /^[\x21-\x7e]{1,63}$/.test(label));
}

/** Recursion is wanted; without EDNS, so that no old name server stumbles over it. */
export function writeQuestion({ id, name, type }: Question): Buffer {
  return encode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ name, type }] });
}

/** What the bytes say; undefined when they are no answer to that question, so that one goes on waiting. */
export function readReply(bytes: Buffer, question: Question): Reply | undefined {
  if (!mayAnswer(bytes, question.id)) return undefined;
  const packet = decoded(bytes);
  const [asked] = packet?.questions ?? [];
  if (!packet || !asked || plainName(asked.name) !== plainName(question.name)) return undefined;
  if (asked.type !== question.type || asked.class !== "IN") return undefined;
  if (packet.flag_tc) return { kind: "truncated" };
  return judge(packet, question);
}

/** Looks before anything is decoded: an answer, ours by its id, one question, no silly counts. */
function mayAnswer(bytes: Buffer, id: number): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const count = (at: number): number => bytes.readUInt16BE(at);
  const isReply = ((bytes[2] ?? 0) & 0xf8) === 0x80; // QR, and the opcode of a query
  return isReply && count(0) === id && count(4) === 1 && count(6) + count(8) + count(10) <= RECORDS_MAX;
}

function decoded(bytes: Buffer): DecodedPacket | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined; // torn or forged
  }
}

const NOERROR = 0;
const NXDOMAIN = 3;
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

function judge(packet: DecodedPacket, question: Question): Reply {
  const code = (packet.flags ?? 0) & 0xf;
  if (code !== NOERROR && code !== NXDOMAIN) {
    return { kind: "failed", why: `the name server says ${RCODES[code] ?? `error ${code}`}` };
  }
  const { name, ttlSeconds, steps } = follow(packet.answers ?? [], plainName(question.name));
  if (steps > ALIASES_MAX) return { kind: "failed", why: "its aliases go in a circle" };
  const own = ofName(packet.answers ?? [], name).filter(({ type }) => type === question.type);
  const records = own.flatMap((record) => dataOf(record));
  if (records.length > 0) {
    return { kind: "found", records, ttlSeconds: Math.min(ttlSeconds, ...own.map(ttlOf)) };
  }
  if (code === NOERROR && steps > 0 && !saysNone(packet)) return { kind: "alias", name, ttlSeconds };
  if (code === NOERROR && isReferral(packet)) {
    return { kind: "failed", why: "the name server knows other servers only; it does not ask them" };
  }
  const why = code === NXDOMAIN ? "no such name" : `no ${question.type} record`;
  return { kind: "none", why, ttlSeconds: Math.min(ttlSeconds, negativeTtl(packet)) };
}

interface Followed {
  readonly name: string;
  readonly ttlSeconds: number;
  /** How many aliases led there; above ALIASES_MAX: too many. */
  readonly steps: number;
}

/** Where the CNAMEs of one message lead. RFC 1034 §3.6.2. */
function follow(answers: readonly Record[], from: string): Followed {
  let name = from;
  let ttlSeconds = Infinity;
  for (let steps = 0; steps <= ALIASES_MAX; steps += 1) {
    const alias = ofName(answers, name).find(({ type }) => type === "CNAME");
    if (alias?.type !== "CNAME") return { name, ttlSeconds, steps };
    ttlSeconds = Math.min(ttlSeconds, ttlOf(alias));
    name = plainName(alias.data);
  }
  return { name, ttlSeconds, steps: ALIASES_MAX + 1 };
}

function ofName(answers: readonly Record[], name: string): readonly Record[] {
  return answers.filter((record) => plainName(record.name) === name && isInternet(record));
}

function isInternet(record: Record): boolean {
  return record.type !== "OPT" && record.class === "IN";
}

/** With the top bit set it means 0: RFC 2181 §8. */
function ttlOf(record: Record): number {
  const ttl = record.type === "OPT" ? 0 : (record.ttl ?? 0);
  return ttl > 0x7fff_ffff ? 0 : Math.min(ttl, TTL_MAX);
}

function dataOf(record: Record): readonly Records[RecordType][] {
  switch (record.type) {
    case "A":
    case "AAAA":
      return [record.data];
    case "SRV": {
      const { priority = 0, weight = 0, port, target } = record.data;
      return [{ priority, weight, port, target: plainName(target) }];
    }
    case "NAPTR":
      return [{ ...record.data, replacement: plainName(record.data.replacement) }];
    default:
      return [];
  }
}

function saysNone({ authorities }: DecodedPacket): boolean {
  return (authorities ?? []).some(({ type }) => type === "SOA");
}

/** RFC 2308 §2.2: no record, no word of a zone, but names of servers that might know. */
function isReferral(packet: DecodedPacket): boolean {
  const authorities = packet.authorities ?? [];
  return !packet.flag_aa && !saysNone(packet) && authorities.some(({ type }) => type === "NS");
}

/** RFC 2308 §5: as long as the zone says; without its word not at all. */
function negativeTtl({ authorities }: DecodedPacket): number {
  const soa = (authorities ?? []).find(({ type }) => type === "SOA");
  return soa?.type === "SOA" ? Math.min(ttlOf(soa), soa.data.minimum ?? 0, TTL_MAX) : 0;
}
