// Ports over real sockets, with a clock of the test: slow strangers, floods from another address, and a phone beside them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { Authority } from "../../../host/node/certificates.ts";
import { listenStream } from "../../../host/node/pbx-listen.ts";
import { Visitors } from "../../../host/node/visitors.ts";
import { until } from "../until.ts";

const AUTHORITY = await Authority.create();
const IDENTITY = await AUTHORITY.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
const MESSAGE = "OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n";
const PROOF = MESSAGE.replace("OPTIONS", "REGISTER");

/** A port that answers each message with "ok", believes every REGISTER, and looks at its visitors when it is told to. */
async function open(t: TestContext, security: "tcp" | "tls", places = 3) {
  const clock = { now: 0 };
  const visitors = new Visitors({
    places,
    messageMs: 100,
    strangerMs: 1000,
    provenMs: 5000,
    now: () => clock.now,
  });
  const listener = await listenStream(
    {
      address: "127.0.0.1",
      port: 0,
      visitors,
      onHeard: ({ bytes, from, answer, prove }) => {
        if (Buffer.from(bytes).toString().startsWith("REGISTER")) prove();
        answer(Buffer.from("ok"), from);
      },
    },
    security,
    { identity: IDENTITY },
  );
  const sockets: Socket[] = [];
  /** @param from an address of this machine */
  const dial = (from = "127.0.0.1"): Socket => {
    const socket = connect({ port: listener.port, host: "127.0.0.1", localAddress: from });
    socket.on("error", () => {}).resume();
    sockets.push(socket);
    return socket;
  };
  const say = async (socket: Socket, text: string): Promise<void> => {
    socket.write(text);
    await once(socket, "data");
  };
  const isOpen = (count: number) => until(() => visitors.status().open === count);
  t.after(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });
  const sweep = (now: number): void => {
    clock.now = now;
    visitors.sweep();
  };
  return { visitors, dial, say, isOpen, sweep };
}

for (const security of ["tcp", "tls"] as const)
  test(`${security}: one that says nothing, and one that stops within a message, are closed in time`, async (t) => {
    const port = await open(t, security);
    const [silent, slow] = [port.dial(), port.dial("127.0.0.2")];
    slow.write(security === "tcp" ? "OPTIONS sip:x" : Buffer.from([22, 3, 1, 1]));
    await port.isOpen(2);
    port.sweep(99);
    assert.equal(port.visitors.status().open, 2);
    port.sweep(100);
    await until(() => silent.destroyed && slow.destroyed);
    assert.deepEqual(port.visitors.status().closed, { full: 0, late: 2, idle: 0 });
  });

test("a message that stops behind a whole one is closed in time, and one that is whole is not", async (t) => {
  const port = await open(t, "tcp");
  const [slow, whole] = [port.dial(), port.dial()];
  await port.say(slow, `${MESSAGE}OPTIONS`);
  await port.say(whole, MESSAGE);
  port.sweep(100);
  await until(() => slow.destroyed);
  assert.equal(port.visitors.status().open, 1);
  port.sweep(1000);
  await until(() => whole.destroyed);
  assert.deepEqual(port.visitors.status().closed, { full: 0, late: 1, idle: 1 });
});

test("a phone that has proven itself stays through a flood, over TLS, and another phone gets in", async (t) => {
  const port = await open(t, "tls");
  const tls = async (from: string): Promise<Socket> => {
    const socket = connectTls({ socket: port.dial(from), host: "127.0.0.1", ca: AUTHORITY.certificate });
    await once(socket, "secureConnect");
    return socket;
  };
  const phone = await tls("127.0.0.1");
  await port.say(phone, PROOF);
  const flood = Array.from({ length: 20 }, () => port.dial("127.0.0.2"));
  await until(() => port.visitors.status().closed.full >= 18);
  const second = await tls("127.0.0.3");
  await port.say(second, PROOF);
  for (let at = 0; at < 5; at++) flood.push(port.dial("127.0.0.2"));
  await until(() => port.visitors.status().closed.full >= 24);
  await port.say(phone, MESSAGE);
  await port.say(second, MESSAGE);
  assert.equal(port.visitors.status().open, 3);
  port.sweep(4999);
  await port.say(phone, MESSAGE);
});
