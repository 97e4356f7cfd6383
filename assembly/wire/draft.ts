// What a request says, and how its parts are put into text.
//
// The session layer fills the draft. Above, request.ts and digest.ts write texts in which `$` and a
// letter stand for a part of it, so that a message can be read there as it goes out.

import { hashLength, MD5, SHA256 } from "../base/hash";
import { STRONG_DIGEST } from "../base/limits";
import { DRAFT, DRAFT_SIZE } from "../base/memory";
import { textFrom, textTo } from "../base/text";
import { ALGORITHM_SHA256, Challenge, NONCE, OPAQUE, REALM } from "./challenge";
import { methodFrom, methodTo } from "./names";
import { byte, hex, hexNumber, number, quoted, slice, unquoted, user } from "./write";

const DOLLAR: u32 = 0x24;
const QUOTE: u32 = 0x22;
const SPACE: u32 = 0x20;

/** Everything a request needs. The same draft gives the same bytes. Texts: see base/text.ts. */
@unmanaged
export class Draft {
  /** M_REGISTER or M_OPTIONS. */
  method: u8;
  /** TRANSPORT_UDP, TRANSPORT_TCP or TRANSPORT_TLS. */
  transport: u8;
  /** 1: asks the server to answer to where it saw us. RFC 3581 §3. */
  rport: u8;
  /** 1: registers a flow. RFC 5626 §4.2. */
  outbound: u8;
  cseq: u32;
  /** Seconds asked for; 0 removes the binding. */
  expires: u32;
  /** 8 bytes; they follow the magic cookie as hex digits. */
  branch: usize;
  /** 8 bytes, hex. */
  callId: usize;
  /** 4 bytes, hex. */
  fromTag: usize;
  /** A Challenge to answer; 0: none. */
  first: usize;
  /** The Challenge of another asker; 0: none. */
  second: usize;
  /** Which of the two is being answered: digest.ts. */
  challenge: usize;
  /** 8 bytes, hex; used with a challenge. */
  cnonce: usize;
  /** Text: host part of the address of record. */
  domain: usize;
  /** Text: our own address and port towards the server, sent-by of Via. */
  local: usize;
  /** Text: user of the address of record and of Contact. */
  user: usize;
  /** Text: display name; empty: none. */
  display: usize;
  /** Text: address and port of Contact. */
  contact: usize;
  /** Text: value of the URI parameter `sf`, by which we know our Contact again. */
  mark: usize;
  /** Text: stable name of this device, 8 hex digits. */
  instance: usize;
  /** Number of the flow, 1..; one to each server. RFC 5626 §4.2. */
  flow: u32;
  /** Text: User-Agent. */
  agent: usize;
  /** Text: user name of the account at the server; used with a challenge. */
  account: usize;
  /** Text: its password; goes into hashes only. */
  password: usize;
}

/** The two hashes of a digest, 32 bytes each: the secret and later the response; the request. */
export const SECRET: usize = DRAFT + offsetof<Draft>();
export const REQUEST: usize = SECRET + 32;
if (offsetof<Draft>() + 64 !== DRAFT_SIZE) ERROR("Draft resized: base/memory.ts");

export function draft(): Draft {
  return changetype<Draft>(DRAFT);
}

/** The hash that it asks for: MD5 or SHA256. */
export function hashKind(): u32 {
  return STRONG_DIGEST !== 0 && held().algorithm >= ALGORITHM_SHA256 ? SHA256 : MD5;
}

/** Whether the nonces go into the secret too: the algorithms with -sess, whose ids are even. */
export function isSession(): bool {
  return (held().algorithm & 1) === 0;
}

/** The challenge being answered. */
export function held(): Challenge {
  return changetype<Challenge>(draft().challenge);
}

/** Writes the text at `at` up to its NUL; each `$` and the letter after it are a part of the draft. */
export function write(at: usize): void {
  for (let c: u32 = load<u8>(at); c !== 0; c = load<u8>(at)) {
    if (c === DOLLAR) {
      writePart(load<u8>(at, 1));
      at++;
    } else {
      byte(c);
    }
    at++;
  }
}

// How a part is written. Texts first: as it is, as the inside of a quoted string, as the user of a URI,
// as a display name before `<`.
const TEXT: u8 = 0;
const QUOTED: u8 = 1;
const USER: u8 = 2;
const NAME: u8 = 3;
// Bytes in hex, as many as the number says.
const HEX4: u8 = 4;
const HEX8: u8 = 8;
// The rest: a number, the nonce count, a hash, a text of the challenge as it came, and two names.
const NUMBER: u8 = 5;
const COUNT: u8 = 6;
const HASH: u8 = 7;
const REPEATED: u8 = 9;
const METHOD: u8 = 10;
const TRANSPORT: u8 = 11;

// The parts from $a on: how, and where in the draft; REPEATED and COUNT: where in its challenge.
// biome-ignore format: a row for each letter
const PARTS: usize = memory.data<u8>([
  QUOTED,    <u8>offsetof<Draft>("account"),   // $a
  HEX8,      <u8>offsetof<Draft>("branch"),    // $b
  TEXT,      <u8>offsetof<Draft>("contact"),   // $c
  TEXT,      <u8>offsetof<Draft>("domain"),    // $d
  NUMBER,    <u8>offsetof<Draft>("expires"),   // $e
  HEX4,      <u8>offsetof<Draft>("fromTag"),   // $f
  TEXT,      <u8>offsetof<Draft>("agent"),     // $g
  HASH,      <u8>offsetof<Draft>(),            // $h  the secret, later the response
  HEX8,      <u8>offsetof<Draft>("callId"),    // $i
  HASH,      <u8>offsetof<Draft>() + 32,       // $j  the request
  TEXT,      <u8>offsetof<Draft>("mark"),      // $k
  TEXT,      <u8>offsetof<Draft>("local"),     // $l
  METHOD,    <u8>offsetof<Draft>("method"),    // $m
  REPEATED,  <u8>NONCE,                        // $n
  REPEATED,  <u8>OPAQUE,                       // $o
  TEXT,      <u8>offsetof<Draft>("password"),  // $p
  NUMBER,    <u8>offsetof<Draft>("cseq"),      // $q
  REPEATED,  <u8>REALM,                        // $r
  TRANSPORT, <u8>offsetof<Draft>("transport"), // $s
  NAME,      <u8>offsetof<Draft>("display"),   // $t
  USER,      <u8>offsetof<Draft>("user"),      // $u
  COUNT,     <u8>offsetof<Challenge>("nc"),    // $v
  HEX8,      <u8>offsetof<Draft>("cnonce"),    // $w
  TEXT,      <u8>offsetof<Draft>("instance"),  // $x
  NUMBER,    <u8>offsetof<Draft>("flow"),      // $y
], 1);

function writePart(letter: u32): void {
  const part = PARTS + ((letter - 0x61) << 1);
  const how = load<u8>(part);
  const owner = how === REPEATED || how === COUNT ? draft().challenge : DRAFT;
  const place = owner + load<u8>(part, 1);
  const it = load<u32>(place); // a number, or the address of bytes or of a text
  switch (how) {
    case HEX4:
    case HEX8:
      hex(it, how);
      break;
    case NUMBER:
      number(it);
      break;
    case COUNT:
      hexNumber(it, 8);
      break;
    case HASH:
      hex(place, hashLength(hashKind()));
      break;
    case REPEATED:
      unquoted(textFrom(place), textTo(place));
      break;
    case METHOD:
      slice(methodFrom(draft().method), methodTo(draft().method));
      break;
    case TRANSPORT:
      writeTransport(draft().transport);
      break;
    default:
      writeText(how, textFrom(it), textTo(it));
  }
}

function writeText(how: u32, from: usize, to: usize): void {
  if (how === TEXT) {
    slice(from, to);
  } else if (how === USER) {
    user(from, to);
  } else if (how === QUOTED) {
    quoted(from, to);
  } else if (from < to) {
    byte(QUOTE);
    quoted(from, to);
    byte(QUOTE);
    byte(SPACE);
  }
}

function writeTransport(transport: u32): void {
  const name = utf8("UDPTCPTLS") + 3 * transport; // in the order of their numbers
  slice(name, name + 3);
}
