// A phone for specs of the upper layers: records filled as the host fills them, answers made of what was
// sent, and all that poll() says as lines of text. Time starts at 0.

import {
  OK,
  OUT_EVENT,
  OUT_FIELD,
  OUT_FLOW,
  OUT_SEND,
  SERVER_NONE,
  TEXT_ACCOUNT,
  TEXT_ADDRESS,
  TEXT_AGENT,
  TEXT_DOMAIN,
  TEXT_HOST,
  TEXT_INSTANCE,
  TEXT_LOCAL,
  TEXT_PASSWORD,
  TEXT_USER,
  TRANSPORT_TCP,
} from "../../assembly/abi";
import { SERVERS } from "../../assembly/base/limits";
import { CLOCK, END_OF_RECORDS, HASH, HASH_SIZE, OUTPUT, REFUSALS, RX } from "../../assembly/base/memory";
import { seed } from "../../assembly/base/random";
import { resetParams, setParam } from "../../assembly/base/settings";
import { now, pass, setTime } from "../../assembly/base/timer";
import { DETECT_PHASE, NAT_KEEPALIVE } from "../../assembly/generated/params";
import { command, failed, flow, poll, receive, start } from "../../assembly/index";
import { takeEvent } from "../../assembly/policy/decision";
import { setServer, setText } from "../../assembly/policy/setup";
import { server } from "../../assembly/session/server";
import { RULES, TYPES } from "./names";
import { stringOf } from "./text";

const SEED: usize = memory.data(32, 4);
/** What was sent last, by server; heartbeats after the REGISTERs. */
const last = new Array<string>(2 * SERVERS).fill("");
/** Ms until the phone wants to be woken. */
let sleepMs: u32 = 0;

/** A module as it is loaded, with its seed and every parameter at its default. */
export function fresh(byte: u8 = 7): void {
  memory.fill(CLOCK, 0, HASH + HASH_SIZE - CLOCK); // the texts of the code lie between
  memory.fill(REFUSALS, 0, END_OF_RECORDS - REFUSALS);
  memory.fill(SEED, byte, 32);
  seed(SEED);
  resetParams();
  set(DETECT_PHASE, 1);
  set(NAT_KEEPALIVE, 0); // only what a spec asks for
  setTime(0);
}

/** Sets a parameter. */
export function set(id: u32, value: u32): void {
  assert(setParam(id, value) === OK, "parameter");
}

/** Puts a text into the input buffer and sets it. */
export function say(what: i32, line: u32, server: u32, text: string): i32 {
  const length = String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, RX);
  return setText(what, line, server, <u32>length);
}

/** Declares servers 192.0.2.1.. and lines 6000.. with all that they need. */
export function furnish(servers: u32 = 2, lines: u32 = 1, transport: u32 = 0): void {
  say(TEXT_AGENT, 0, 0, "standfast");
  say(TEXT_INSTANCE, 0, 0, "0a0b0c0d");
  for (let s: u32 = 0; s < servers; s++) {
    setServer(s, 5060, transport);
    say(TEXT_HOST, 0, s, "pbx" + s.toString() + ".example");
    say(TEXT_ADDRESS, 0, s, "192.0.2." + (s + 1).toString());
    say(TEXT_DOMAIN, 0, s, "sip.example");
    say(TEXT_LOCAL, 0, s, "192.0.2.100:5060");
  }
  for (let i: u32 = 0; i < lines; i++) {
    const user = (6000 + i).toString();
    say(TEXT_USER, i, 0, user);
    for (let s: u32 = 0; s < servers; s++) {
      say(TEXT_ACCOUNT, i, s, user);
      say(TEXT_PASSWORD, i, s, "secret");
    }
  }
}

/** A phone with so many servers and lines, running since 0; what it says first is not taken yet. */
export function phoneOf(servers: u32 = 2, lines: u32 = 1): void {
  fresh();
  furnish(servers, lines);
  begin();
}

/** The same over TCP. */
export function streamPhoneOf(servers: u32 = 2, lines: u32 = 1): void {
  fresh();
  furnish(servers, lines, TRANSPORT_TCP);
  begin();
}

/** What became of the flow to `server` that is wanted now: FLOW_*. */
export function report(at: u32, state: i32): void {
  assert(flow(at, server(at).generation, state, now()) === OK, "flow");
}

/** Starts what was furnished, at 0. */
export function begin(): void {
  assert(start(0) === OK, "start");
}

/** A phone of one line, in service at the primary with a lease of `seconds`, at 0. */
export function servedPhone(servers: u32 = 2, lines: u32 = 1, seconds: u32 = 1800): void {
  phoneOf(servers, lines);
  serve(0, lines, seconds);
}

/** Every REGISTER that is due is granted by `server`, one line after the other. */
export function serve(server: u32, lines: u32 = 1, seconds: u32 = 1800): void {
  for (let i: u32 = 0; i < lines; i++) {
    sendOne();
    grant(server, seconds);
  }
  told();
}

/** The next output; the headers of a grant are passed over. */
function next(): i32 {
  let kind = poll();
  while (kind === OUT_FIELD) kind = poll();
  return kind;
}

/** Takes outputs up to and including the first datagram. */
function sendOne(): void {
  for (let kind = next(); kind === OUT_EVENT || kind === OUT_SEND; kind = next()) {
    if (kind !== OUT_SEND) continue;
    sentText();
    return;
  }
}

/** All that poll() has to say now, one line each. */
export function told(): string {
  let text = "";
  for (;;) {
    const kind = next();
    if (kind === OUT_EVENT) text += eventText(OUTPUT + 16) + "\n";
    else if (kind === OUT_SEND) text += sentText() + "\n";
    else if (kind === OUT_FLOW) text += flowText() + "\n";
    else break;
  }
  sleepMs = load<u32>(OUTPUT, 12);
  return text;
}

/** Lets `ms` pass, waking the phone whenever it wants to; what it said, each line after its moment in ms. */
export function run(ms: u32): string {
  const until = now() + ms;
  let text = told();
  while (sleepMs <= until - now()) {
    pass(now() + sleepMs);
    text += told();
  }
  pass(until);
  return text + told();
}

/** The events alone, before any line acts on what changed. */
export function events(): string {
  let text = "";
  for (let at = takeEvent(); at !== 0; at = takeEvent()) text += eventText(at) + "\n";
  return text;
}

/** `122000 serverDown @0 timeout(2000,0)`, `122000 moved 6000 @1 failover(0,0)`: line and server if it has them. */
function eventText(at: usize): string {
  const server: u32 = load<u8>(at, 1);
  const line: u32 = load<u16>(at, 4);
  const status: u32 = load<u16>(at, 6);
  return (
    now().toString() +
    " " +
    TYPES[load<u8>(at)] +
    (line === 65535 ? "" : " " + (6000 + line).toString()) +
    (server === <u32>SERVER_NONE ? "" : " @" + server.toString()) +
    " " +
    RULES[load<u8>(at, 2)] +
    "(" +
    (status === 0 ? "" : status.toString() + ":") +
    load<i32>(at, 12).toString() +
    "," +
    load<i32>(at, 16).toString() +
    ")"
  );
}

/** `0 flow @1 0 #2`: to a target, and its number. */
function flowText(): string {
  const at: u32 = load<u8>(OUTPUT, 1);
  const target: u32 = load<u8>(OUTPUT, 2);
  return (
    now().toString() +
    " flow @" +
    at.toString() +
    " " +
    target.toString() +
    " #" +
    load<u8>(OUTPUT, 3).toString()
  );
}

/** `0 REGISTER 6000 @1 2 auth`: the number is that of CSeq; a removal says `expires=0`. */
function sentText(): string {
  const server: u32 = load<u8>(OUTPUT, 1);
  const from = load<u32>(OUTPUT, 4);
  const text = stringOf(from, from + load<u32>(OUTPUT, 8));
  if (text === "\r\n\r\n") return now().toString() + " keepalive @" + server.toString();
  const method = text.slice(0, text.indexOf(" "));
  const beat = method.startsWith("OPTIONS");
  if (beat || method.startsWith("REGISTER")) last[beat ? SERVERS + server : server] = text;
  const user = part(header(text, "To"), "sip:", "@");
  const cseq = header(text, "CSeq");
  return (
    now().toString() +
    " " +
    method +
    (beat ? "" : " " + user) +
    " @" +
    server.toString() +
    " " +
    cseq.slice(0, cseq.indexOf(" ")) +
    (text.includes("\r\nExpires: 0\r\n") ? " expires=0" : "") +
    (text.includes("uthorization: ") ? " auth" : "")
  );
}

/** The datagram that was sent to `server` last: a REGISTER, or a heartbeat. */
export function sentTo(server: u32, beat: bool = false): string {
  return last[beat ? SERVERS + server : server];
}

/** Takes a datagram for one that was sent last, so that an answer can be made of it. */
export function takeForSent(server: u32, text: string): void {
  last[server] = text;
}

/** The value of a header line of `text`. */
export function header(text: string, name: string): string {
  return part(text, "\r\n" + name + ": ", "\r\n");
}

/** What stands in `text` between two marks. */
export function part(text: string, from: string, to: string): string {
  const at = text.indexOf(from);
  if (at < 0) return "";
  const begin = at + from.length;
  return text.slice(begin, text.indexOf(to, begin));
}

/** An answer to `request` with `more` header lines, each with its line end. */
export function answerTo(request: string, status: string, more: string = ""): string {
  let text = "SIP/2.0 " + status + "\r\n";
  text += "Via: " + header(request, "Via") + "\r\n";
  text += "From: " + header(request, "From") + "\r\n";
  text += "To: " + header(request, "To") + ";tag=t1\r\n";
  text += "Call-ID: " + header(request, "Call-ID") + "\r\n";
  text += "CSeq: " + header(request, "CSeq") + "\r\n";
  return text + more + "Content-Length: 0\r\n\r\n";
}

/** A datagram comes in. @returns what receive() returns */
export function feed(server: u32, text: string): i32 {
  const length = String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, RX);
  return receive(server, <u32>length, now());
}

/** `server` answers the last REGISTER sent to it. */
export function answer(server: u32, status: string, more: string = ""): i32 {
  return feed(server, answerTo(sentTo(server), status, more));
}

/** `server` answers the last heartbeat sent to it. */
export function answerBeat(server: u32, status: string = "200 OK", more: string = ""): i32 {
  return feed(server, answerTo(sentTo(server, true), status, more));
}

/** `server` grants the last REGISTER sent to it for `seconds`. */
export function grant(server: u32, seconds: u32 = 1800): i32 {
  const contact = part(sentTo(server), "\r\nContact: ", ">") + ">";
  return answer(server, "200 OK", "Contact: " + contact + ";expires=" + seconds.toString() + "\r\n");
}

/** `server` challenges the last REGISTER sent to it. */
export function challenge(server: u32, nonce: string = "n1", more: string = ""): i32 {
  const digest = 'Digest realm="r", nonce="' + nonce + '", algorithm=MD5, qop="auth"' + more;
  return answer(server, "401 Unauthorized", "WWW-Authenticate: " + digest + "\r\n");
}

/** The transport to `server` reports an error. */
export function refuse(server: u32): void {
  assert(failed(server, now()) === OK, "failed");
}

/** Gives a command, for line 6000 unless said. */
export function order(code: i32, line: u32 = 0, server: u32 = 0): void {
  assert(command(code, line, server, now()) === OK, "command");
}

/** The lines of `text` that hold `word`; their moments are kept. */
export function having(text: string, word: string): string {
  const lines = text.split("\n");
  let found = "";
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].includes(word)) found += lines[i] + "\n";
  }
  return found;
}
