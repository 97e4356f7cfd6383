// One request of our own to a server, over UDP, TCP or TLS, and what comes back. Shares no code with the product.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { PATIENCE_MS } from "../../host/until.ts";
import type { Endpoint } from "../../real/probe.ts";
import { TLS_PORT } from "./node.ts";

export type Way = "udp" | "tcp" | "tls";

export interface Answer {
  readonly status: number;
  /** Of each header the first value, by its name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
}

/** @param from our own address over UDP; any of 127.0.0.0/8 */
export async function ask(
  method: string,
  server: Endpoint,
  way: Way = "udp",
  from = "127.0.0.1",
): Promise<Answer> {
  const text = request(method, server, way, from);
  const bytes = way === "udp" ? await byUdp(text, server, from) : await byStream(text, server, way);
  const [first = "", ...lines] = bytes.toString("latin1").split("\r\n");
  const headers = lines.flatMap((line): [string, string][] => {
    const [, name = "", value = ""] = /^([^:]+): *(.*)$/.exec(line) ?? [];
    return name === "" ? [] : [[name.toLowerCase(), value]];
  });
  return { status: Number(first.split(" ")[1]), headers: new Map(headers.reverse()) };
}

async function byUdp(text: string, { address, port }: Endpoint, from: string): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.bind(0, from);
  await once(socket, "listening");
  const answered = once(socket, "message", { signal: AbortSignal.timeout(PATIENCE_MS) });
  socket.send(text.replaceAll("PORT", String(socket.address().port)), port, address);
  try {
    const [bytes] = await answered;
    return bytes;
  } finally {
    socket.close();
  }
}

async function byStream(text: string, { address, port }: Endpoint, way: Way): Promise<Buffer> {
  const socket =
    way === "tcp"
      ? connectTcp({ host: address, port })
      : connectTls({ host: address, port: TLS_PORT, rejectUnauthorized: false });
  try {
    await once(socket, way === "tcp" ? "connect" : "secureConnect");
    socket.write(text.replaceAll("PORT", String(socket.localPort)));
    const [bytes] = await once(socket, "data", { signal: AbortSignal.timeout(PATIENCE_MS) });
    return bytes;
  } finally {
    socket.destroy();
  }
}

function request(method: string, { address }: Endpoint, way: Way, from: string): string {
  const id = randomBytes(6).toString("hex");
  return [
    `${method} sip:${address} SIP/2.0`,
    `Via: SIP/2.0/${way.toUpperCase()} ${from}:PORT;rport;branch=z9hG4bK${id}`,
    "Max-Forwards: 70",
    `From: <sip:6000@test.invalid>;tag=${id}`,
    "To: <sip:6000@test.invalid>",
    `Call-ID: ${id}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:6000@${from}:PORT>`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
