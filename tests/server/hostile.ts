// Strangers who shower the phone with datagrams: noise, torn SIP, requests, and answers that copy a
// genuine request seen on the wire. None comes from an address and port of the set, so none may move
// the phone or cost it its service. RFC 3261 §18.1.2 and §26.
//
// Bounded: to one loopback port, so many, at a stated rate at most.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "../real/probe.ts";
import type { SipPacket } from "../real/sip.ts";

const TICK_MS = 5;

export type Flood = { readonly sent: number; readonly answered: number };

/** How many datagrams at least, how fast at most, and what else has to come before it ends. */
export type Shower = { readonly size: number; readonly perSecond: number; readonly until: Promise<unknown> };

/** Sends to `phone` from a socket on each of `from`. */
export async function flood(
  phone: Endpoint,
  from: readonly string[],
  { size, perSecond, until }: Shower,
  genuine: () => SipPacket | undefined,
): Promise<Flood> {
  const sockets = await Promise.all(from.map(openSocket));
  let answered = 0;
  for (const socket of sockets) {
    socket.on("message", () => {
      answered += 1;
    });
  }
  let isOver = false;
  const over = until.finally(() => {
    isOver = true;
  });
  let sent = 0;
  while (!isOver || sent < size) {
    const forged = datagrams(genuine());
    // What a slow tick missed is not made good: a burst of it would be another test.
    for (let due = (TICK_MS * perSecond) / 1_000; due > 0; due -= 1, sent += 1) {
      const socket = sockets[sent % sockets.length];
      const bytes = forged[sent % forged.length];
      if (bytes !== undefined) socket?.send(bytes, phone.port, phone.address, () => {});
    }
    await sleep(TICK_MS);
  }
  await over;
  for (const socket of sockets) socket.close();
  return { sent, answered };
}

async function openSocket(address: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("error", () => {}); // the phone may be gone; the test will say so
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

/** One of each kind; the forged answers fit the last REGISTER in everything but their source. */
function datagrams(genuine: SipPacket | undefined): Buffer[] {
  const statuses = ["200 OK", "401 Unauthorized", "403 Forbidden", "302 Moved", "503 Overloaded"];
  const answers = statuses.map((status) => answer(status, genuine));
  const requests = ["INVITE", "OPTIONS", "BYE", "NOTIFY"].map((method) => request(method));
  const torn = [...answers, ...requests].map((text) => text.slice(0, text.length / 2));
  const noise = [
    "",
    "\r\n\r\n",
    "\0".repeat(20),
    "SIP/2.0 ",
    `SIP/2.0 200 ${"x".repeat(8_000)}`,
    `REGISTER sip:x SIP/2.0\r\n${"A: b\r\n".repeat(300)}\r\n`,
    `SIP/2.0 200 OK\r\n${"Via: SIP/2.0/UDP a;branch=b\r\n".repeat(60)}\r\n`,
    'SIP/2.0 401 X\r\nWWW-Authenticate: Digest realm="\r\n\r\n',
  ];
  return [...answers, ...requests, ...torn, ...noise].map((text) => Buffer.from(text, "latin1"));
}

function answer(status: string, genuine: SipPacket | undefined): string {
  const user = genuine?.user ?? "6001";
  return [
    `SIP/2.0 ${status}`,
    `Via: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=${genuine?.branch ?? "z9hG4bK1"}`,
    `From: <sip:${user}@test.invalid>;tag=1`,
    `To: <sip:${user}@test.invalid>;tag=2`,
    `Call-ID: ${genuine?.callId ?? "x"}`,
    `CSeq: ${genuine?.cseq ?? 1} REGISTER`,
    `Contact: <${genuine?.contacts[0]?.uri ?? "sip:192.0.2.1"}>;expires=0`,
    'WWW-Authenticate: Digest realm="test.invalid", nonce="forged", algorithm=MD5',
    "Retry-After: 600",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function request(method: string): string {
  return [
    `${method} sip:6001@127.0.0.1 SIP/2.0`,
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKhostile",
    "From: <sip:6000@test.invalid>;tag=1",
    "To: <sip:6001@test.invalid>",
    "Call-ID: hostile",
    `CSeq: 1 ${method}`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
