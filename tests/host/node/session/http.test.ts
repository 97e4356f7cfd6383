// A server that is none, or never stops: an answer without end costs its limit and no more, and what answered is known.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { HttpCall, type HttpFailure, type HttpReply } from "../../../../host/node/session/http.ts";

const BODY_MAX = 100_000;
/** An answer of the well-behaved, for what follows it. */
const HEAD = "HTTP/1.1 200 OK\r\n";

/** What a call makes of a server that says this to each connection. */
async function asked(
  context: TestContext,
  say: (socket: Socket) => void,
  limitMs = 30_000,
): Promise<HttpReply | HttpFailure> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("data", () => say(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const place = { host: "127.0.0.1", port, path: "/", security: undefined };
  const call = new HttpCall(place, AbortSignal.timeout(limitMs), BODY_MAX);
  context.after(() => call.close());
  return call.post([], "");
}

/** Writes the same for as long as somebody reads. */
function forEver(socket: Socket, text: string): void {
  if (socket.writable) socket.write(text, () => setImmediate(() => forEver(socket, text)));
}

const NOT_UNDERSTOOD: readonly (readonly [name: string, say: (socket: Socket) => void])[] = [
  ["another protocol", (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")],
  ["a header of 20 KB", (socket) => socket.end(`${HEAD}x: ${"y".repeat(20_000)}\r\n\r\n`)],
  ["headers without end", (socket) => forEver(socket, `${HEAD}${"x: y\r\n".repeat(10_000)}`)],
  ["two lengths", (socket) => socket.end(`${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nab`)],
  [
    "a body without end",
    (socket) => {
      socket.write(`${HEAD}\r\n`);
      forEver(socket, "x".repeat(10_000));
    },
  ],
];

for (const [name, say] of NOT_UNDERSTOOD) {
  test(`${name}: something answered, and is not understood`, async (context) => {
    const answer = await asked(context, say);
    assert.deepEqual(answer.kind === "failure" && answer.cause, "garbled", JSON.stringify(answer));
  });
}

test("a body that comes drop by drop, and provisional answers without end, are over when the time is", async (context) => {
  const drops = (socket: Socket, head: string, drop: string): void => {
    socket.write(head);
    const timer = setInterval(() => socket.write(drop), 20);
    socket.on("close", () => clearInterval(timer));
  };
  const slow = await asked(context, (socket) => drops(socket, `${HEAD}\r\n`, "x"), 300);
  const early = await asked(context, (socket) => drops(socket, "", "HTTP/1.1 102 Processing\r\n\r\n"), 300);
  assert.deepEqual([slow.kind, early.kind], ["failure", "failure"]);
});

test("an answer that breaks off is a connection that broke", async (context) => {
  const answer = await asked(context, (socket) => socket.end(`${HEAD}content-length: 9\r\n\r\nab`));
  assert.deepEqual(answer.kind === "failure" && answer.cause, "unreachable");
});
