// A stream cut into units: at every byte, glued together, flooded, garbled, closed in every way.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { Stream } from "../../../host/node/stream.ts";
import { unitLength } from "../../../host/sip/framing.ts";
import { until } from "../until.ts";

const MESSAGES = [
  "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=1\r\nContent-Length: 0\r\n\r\n",
  "\r\n",
  "INVITE sip:a@b SIP/2.0\r\nl : 9\r\nX: y\r\n\r\nv=0\r\n\r\nSI",
  "\r\n",
  "\r\n",
  "SIP/2.0 401 No\r\nContent-Length:\t2\r\n\r\n\r\n",
];

interface Bench {
  readonly stream: Stream;
  readonly units: string[];
  readonly ends: string[];
  /** The other side. */
  readonly peer: Socket;
}

async function bench(t: TestContext): Promise<Bench> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const peer = connect((server.address() as { port: number }).port, "127.0.0.1");
  peer.on("error", () => {});
  const [socket] = (await once(server, "connection")) as [Socket];
  const units: string[] = [];
  const ends: string[] = [];
  const stream = new Stream(socket, {
    frame: unitLength,
    onUnit: (bytes) => units.push(Buffer.from(bytes).toString("latin1")),
    onEnd: (end) => ends.push(end),
  });
  t.after(() => {
    stream.close();
    peer.destroy();
    server.close();
  });
  return { stream, units, ends, peer };
}

/** A socket whose pieces arrive exactly as they are put in. */
class Pieces extends Duplex {
  override _read(): void {}
  setNoDelay(): this {
    return this;
  }
}

function unitsOf(pieces: readonly string[]): string[] {
  const units: string[] = [];
  const socket = new Pieces();
  new Stream(socket as unknown as Socket, {
    frame: unitLength,
    onUnit: (bytes) => units.push(Buffer.from(bytes).toString("latin1")),
    onEnd: (end) => units.push(end),
  });
  for (const piece of pieces) socket.emit("data", Buffer.from(piece, "latin1"));
  return units;
}

test("a stream of several messages gives the same units wherever it is split", () => {
  const whole = MESSAGES.join("");
  assert.deepEqual(unitsOf([whole]), MESSAGES, "all glued");
  assert.deepEqual(unitsOf([...whole]), MESSAGES, "a byte at a time");
  for (let at = 1; at < whole.length; at++) {
    assert.deepEqual(unitsOf([whole.slice(0, at), whole.slice(at)]), MESSAGES, `split at ${at}`);
  }
});

test("over a real connection pieces of any size give the same units", async (t) => {
  const { units, ends, peer } = await bench(t);
  peer.setNoDelay(true);
  for (const byte of MESSAGES.join("")) {
    peer.write(byte);
    await new Promise(setImmediate);
  }
  peer.write(MESSAGES.join("").repeat(3));
  await until(() => units.length >= 4 * MESSAGES.length, "all units");
  assert.deepEqual(units, [...MESSAGES, ...MESSAGES, ...MESSAGES, ...MESSAGES]);
  assert.deepEqual(ends, []);
});

test("a body as long as a datagram may be is read; a longer one ends the stream", () => {
  const message = (length: number): string => {
    const head = `SIP/2.0 200 OK\r\nContent-Length: ${length}\r\nX: \r\n\r\n`;
    return head.replace("X: ", `X: ${"y".repeat(2048 - head.length)}`) + "x".repeat(length);
  };
  assert.equal(message(65_535).length, 2048 + 65_535);
  assert.deepEqual(unitsOf([message(65_535), "\r\n"]), [message(65_535), "\r\n"]);
  assert.deepEqual(unitsOf([message(65_536)]), ["broken"]);
  assert.deepEqual(unitsOf(["SIP/2.0 200 OK\r\nContent-Length: 100000000\r\n\r\n"]), ["broken"]);
  assert.deepEqual(unitsOf(["SIP/2.0 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"]), ["broken"]);
});

test("a head that never ends is broken at the size of the core's buffer, and not before", () => {
  const start = "SIP/2.0 200 OK\r\nX: ";
  assert.deepEqual(unitsOf([start + "x".repeat(2047 - start.length)]), []);
  assert.deepEqual(unitsOf([start + "x".repeat(2048 - start.length)]), ["broken"]);
});

test("a hundred megabytes of garbage end at their first bytes: nothing of them is kept or read on", async (t) => {
  const { units, ends, peer } = await bench(t);
  const megabyte = Buffer.alloc(1 << 20, 0x00);
  const closed = new Promise((resolve) => peer.once("close", resolve));
  for (let sent = 0; sent < 100 && !peer.destroyed; sent++) {
    if (!peer.write(megabyte))
      await Promise.race([new Promise((resolve) => peer.once("drain", resolve)), closed]);
  }
  await until(() => ends.length > 0, "an end");
  assert.deepEqual([units, ends], [[], ["broken"]]);
  assert.ok(peer.bytesWritten < 100 << 20, "the peer was cut off before it had sent all");
});

test("a flood of keepalives leaves the timers their turn, and memory as it was", async (t) => {
  const { units, ends, peer } = await bench(t);
  const before = process.memoryUsage().arrayBuffers;
  let turns = 0;
  let turning: NodeJS.Immediate;
  const turn = (): void => {
    turns++;
    turning = setImmediate(turn);
  };
  turn();
  t.after(() => clearImmediate(turning));
  const flood = Buffer.from("\r\n".repeat(100_000));
  peer.write(flood);
  await until(() => units.length === 100_000, "every CRLF");
  assert.ok(turns >= 1500, `${turns} turns of the loop during a hundred thousand units, 64 in each`);
  assert.ok(process.memoryUsage().arrayBuffers - before < 4 << 20, "no more than a few buffers");
  assert.deepEqual(ends, []);
});

test("what came before the other side closed its half is taken, then the stream is lost", async (t) => {
  const { units, ends, peer } = await bench(t);
  peer.end(`${MESSAGES[0]}${MESSAGES[0]?.slice(0, 20)}`);
  await until(() => ends.length > 0, "an end");
  assert.deepEqual([units, ends], [[MESSAGES[0]], ["lost"]]);
});

test("a flood that the other side closes behind is read to its end before the stream is lost", async (t) => {
  const { units, ends, peer } = await bench(t);
  peer.end("\r\n".repeat(1000));
  await until(() => ends.length > 0, "an end");
  assert.deepEqual([units.length, ends], [1000, ["lost"]]);
});

test("a reset is a loss", async (t) => {
  const { ends, peer } = await bench(t);
  peer.resetAndDestroy();
  await until(() => ends.length > 0, "an end");
  assert.deepEqual(ends, ["lost"]);
});

test("a peer that reads nothing is lost before what waits for it grows", async (t) => {
  const { stream, ends, peer } = await bench(t);
  peer.pause();
  const message = Buffer.alloc(1500, 0x61);
  let sent = 0;
  while (ends.length === 0 && sent < 100_000) {
    stream.send(message);
    sent += 1;
    if (sent % 100 === 0) await new Promise(setImmediate);
  }
  assert.deepEqual(ends, ["lost"]);
  assert.ok(sent < 100_000, "the buffers of the system are a few megabytes");
});

test("what is sent arrives, and after close nothing is told", async (t) => {
  const { stream, units, ends, peer } = await bench(t);
  const heard = once(peer, "data");
  stream.send(Buffer.from("one"));
  assert.equal(String((await heard)[0]), "one");
  const closed = once(peer, "close");
  stream.close();
  stream.send(Buffer.from("two"));
  await closed;
  assert.deepEqual([units, ends], [[], []]);
});
