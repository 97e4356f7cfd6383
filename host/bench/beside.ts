// What stands beside the core in the same run: a SIP reader of others, the hashes of OpenSSL, and the floor.
//
// Above: all.ts; steps.ts names what each step is to be compared with.

import * as crypto from "node:crypto";
import SipMessage from "drachtio-srf/lib/sip-parser/message.js";
import type { Step } from "./measure.ts";
import { INVITE, numbers, textOf, withBranch } from "./messages.ts";
import { PASSWORD, USER } from "./phone.ts";
import type { Stories } from "./steps.ts";

/** The names of the steps. */
export const BESIDE = {
  read401: "drachtio-srf reads the 401",
  read200: "drachtio-srf reads the 200 to a REGISTER",
  readOptions200: "drachtio-srf reads the 200 to an OPTIONS",
  readInvite: "drachtio-srf reads the INVITE",
  md5: "node:crypto answers the challenge, MD5",
  sha256: "node:crypto answers the challenge, SHA-256",
  copy: "Buffer.copy of 600 bytes",
  emptyCall: "call of an empty export",
} as const;

/** Headers that a phone reads of an answer, and a stack of a request. */
const ANSWER = ["via", "cseq", "from", "to"];
const KINDS = 16;
/** Operations of a batch; steps.ts says why they are few. */
const READINGS = 16;
const ANSWERS = 64;
const FLOOR = 4096;

export function besideSteps({ md5, heartbeat }: Stories): Step[] {
  return [
    reading(BESIDE.read401, textOf(md5.challenged.answer), [...ANSWER, "www-authenticate"]),
    reading(BESIDE.read200, textOf(md5.served.answer), [...ANSWER, "contact"]),
    reading(BESIDE.readOptions200, textOf(heartbeat.due.answer), ANSWER),
    reading(BESIDE.readInvite, INVITE, [...ANSWER, "contact"]),
    answering(BESIDE.md5, "md5"),
    answering(BESIDE.sha256, "sha256"),
    copying(),
    calling(),
  ];
}

/** The text is there already: what it takes to make it of bytes is left out, in favour of the peer. */
function reading(name: string, text: string, headers: readonly string[]): Step {
  const draw = numbers(7);
  const texts = Array.from({ length: KINDS }, () => withBranch(text, draw().toString(16)));
  let next = 0;
  return {
    name,
    beside: [],
    batch: READINGS,
    run: () => {
      next = (next + 1) % KINDS;
      const message = new SipMessage(texts[next] as string);
      let read = 0;
      for (const header of headers) if (message.getParsedHeader(header) !== undefined) read += 1;
      return read;
    },
    result: headers.length,
  };
}

/** The response of RFC 7616 §3.4.1 with qop: three hashes and the texts around them. */
function answering(name: string, algorithm: "md5" | "sha256"): Step {
  const hash = hashOf(algorithm);
  let count = 0;
  return {
    name,
    beside: [],
    batch: ANSWERS,
    run: () => {
      count = (count + 1) % 0xff;
      const nonce = `8c2f6b1d0e9a47355b1c0d2e3f4a59${count.toString(16).padStart(2, "0")}`;
      const secret = hash(`${USER}:example.test:${PASSWORD}`);
      const request = hash("REGISTER:sip:example.test");
      return hash(`${secret}:${nonce}:00000001:0a4f113b5c6d7e8f:auth:${request}`).length;
    },
    result: algorithm === "md5" ? 32 : 64,
  };
}

/** The fastest way this Node has: hash() came with 20.12. */
function hashOf(algorithm: string): (text: string) => string {
  const atOnce: typeof crypto.hash | undefined = crypto.hash;
  if (atOnce !== undefined) return (text) => atOnce(algorithm, text);
  return (text) => crypto.createHash(algorithm).update(text).digest("hex");
}

function copying(): Step {
  const from = Buffer.alloc(600, 65);
  const to = Buffer.alloc(2048);
  return { name: BESIDE.copy, beside: [], batch: FLOOR, run: () => from.copy(to), result: 600 };
}

/** `(module (func (export "f")))`, as bytes: header, a type, a function of it, its export, its empty body. */
const EMPTY = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
  ...[10, 4, 1, 2, 0, 0x0b],
]);

function calling(): Step {
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(EMPTY)).exports as { f: () => void };
  return { name: BESIDE.emptyCall, beside: [], batch: FLOOR, run: () => f() };
}
