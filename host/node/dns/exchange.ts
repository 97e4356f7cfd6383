// One question to one name server: over UDP, and over TCP when the answer does not fit. RFC 1035 §4.2.
//
// Each question has a socket of its own, so a port of its own that the kernel draws, and an id of its
// own; the socket is connected, so the kernel drops what comes from elsewhere and tells ICMP errors.
// RFC 5452 §4. Below: message.ts. Above: resolver.ts.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import type { Endpoint } from "../address.ts";
import { after } from "../clock.ts";
import { type Question, type Reply, readReply, writeQuestion } from "./message.ts";
import type { RecordType } from "./records.ts";

/** So many datagrams that do not fit the question are guesses: TCP cannot be guessed into. RFC 5452 §9.1. */
const GUESSES_MAX = 16;

/** In front of each message on a stream stands its length. RFC 1035 §4.2.2. */
const LENGTH_BYTES = 2;

/**
 * @param withinMs for each of the two ways
 * @returns never a rejection: silence and errors of the network are a failure with their reason
 */
export async function exchange(
  server: Endpoint,
  name: string,
  type: RecordType,
  withinMs: number,
): Promise<Reply> {
  const question = { id: randomInt(0x10000), name, type };
  const reply = await overUdp(server, question, withinMs);
  if (reply.kind !== "truncated") return reply;
  const whole = await overTcp(server, { ...question, id: randomInt(0x10000) }, withinMs);
  return whole.kind === "truncated" ? failed(server, "cuts its answer off over TCP too") : whole;
}

function overUdp(server: Endpoint, question: Question, withinMs: number): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    let guesses = 0;
    const end = (reply: Reply): void => {
      forget();
      socket.removeAllListeners("message").close();
      resolve(reply);
    };
    const forget = after(withinMs, () => end(failed(server, "does not answer")));
    socket.once("error", (error) => end(failed(server, codeOf(error))));
    socket.on("message", (bytes) => {
      const reply = readReply(bytes, question);
      if (reply) end(reply);
      else if (++guesses > GUESSES_MAX) end({ kind: "truncated" });
    });
    socket.connect(server.port, server.address, () => socket.send(writeQuestion(question), () => {}));
  });
}

function overTcp(server: Endpoint, question: Question, withinMs: number): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.address);
    let held: Buffer = Buffer.alloc(0);
    const end = (reply: Reply): void => {
      forget();
      socket.removeAllListeners("close").destroy();
      resolve(reply);
    };
    const forget = after(withinMs, () => end(failed(server, "does not answer over TCP")));
    socket.once("error", (error) => end(failed(server, `${codeOf(error)} over TCP`)));
    socket.once("close", () => end(failed(server, "closed the connection without an answer")));
    socket.on("data", (piece) => {
      held = Buffer.concat([held, piece]);
      const length = held.length < LENGTH_BYTES ? Infinity : held.readUInt16BE(0);
      if (held.length < LENGTH_BYTES + length) return;
      const reply = readReply(held.subarray(LENGTH_BYTES, LENGTH_BYTES + length), question);
      end(reply ?? failed(server, "answers something else over TCP"));
    });
    const bytes = writeQuestion(question);
    socket.write(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]));
  });
}

function failed(server: Endpoint, why: string): Reply {
  return { kind: "failed", why: `the name server ${server.address} ${why}` };
}

function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNREFUSED" ? "refuses connections" : `cannot be reached (${code ?? error.message})`;
}
