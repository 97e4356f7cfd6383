// A name server on loopback that says what a test tells it to, over UDP and TCP, and notes what it is asked.
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { decode, encode, type Packet, type Question, streamEncode } from "dns-packet";
import type { Endpoint } from "../../../../host/node/address.ts";
import { freePorts } from "../../ports.ts";

export type Way = "udp" | "tcp";

/** The packets that answer a question, one after the other; none: silence. */
export type Script = (question: Question, way: Way, id: number) => readonly Packet[];

export interface NameServer {
  readonly endpoint: Endpoint;
  /** `udp A a.test`. */
  readonly asked: string[];
  /** Where each question over UDP came from. */
  readonly ports: number[];
  readonly ids: number[];
}

export async function nameServerOn(
  context: TestContext,
  script: Script,
  address = "127.0.0.1",
): Promise<NameServer> {
  const asked: string[] = [];
  const ports: number[] = [];
  const ids: number[] = [];
  const answers = (bytes: Buffer, way: Way): Packet[] => {
    const { id = 0, questions = [] } = decode(bytes);
    const [question] = questions;
    if (!question) throw new Error("no question");
    asked.push(`${way} ${question.type} ${question.name}`);
    ids.push(id);
    const whole: Packet = { type: "response", id, questions: [question] };
    return script(question, way, id).map((packet) => ({ ...whole, ...packet }));
  };
  const udp = createSocket("udp4");
  context.after(() => udp.close());
  udp.on("message", (bytes, from: RemoteInfo) => {
    ports.push(from.port);
    for (const packet of answers(bytes, "udp")) udp.send(encode(packet), from.port, from.address);
  });
  const tcp = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      // Byte by byte: a stream keeps no borders.
      for (const packet of answers(bytes.subarray(2), "tcp")) {
        for (const byte of streamEncode(packet)) socket.write(Buffer.from([byte]));
      }
      socket.end();
    });
  });
  context.after(() => tcp.close());
  const port = await freePorts();
  const bound = [once(tcp, "listening"), once(udp, "listening")];
  tcp.listen(port, address);
  udp.bind(port, address);
  await Promise.all(bound);
  return { endpoint: { address, port }, asked, ports, ids };
}

export const TRUNCATED = 1 << 9;

/** The address of whatever name was asked for. */
export function address(name: string, data: string, ttl = 300): Packet {
  return { answers: [{ type: "A", class: "IN", name, ttl, data }] };
}

export function rcode(flags: number): Packet {
  return { flags };
}
