// The UDP transport on real sockets of the loopback: who gets which datagram, and what an ICMP error does.
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import type { Endpoint } from "../../../host/node/address.ts";
import { HostError } from "../../../host/node/error.ts";
import { type LocalPort, Udp, UNPLACED } from "../../../host/node/udp.ts";
import { NO_IPV6 } from "../pair.ts";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

const ANY_PORT: LocalPort = { kind: "random", min: 50000, max: 60000 };

interface Got {
  readonly text: string;
  readonly from: Endpoint;
}

interface Opened {
  readonly udp: Udp;
  readonly got: Got[];
  readonly failed: { server: number; code: string }[];
}

async function openUdp(
  context: TestContext,
  servers: (Endpoint | undefined)[],
  localPort = ANY_PORT,
): Promise<Opened> {
  const got: Got[] = [];
  const failed: { server: number; code: string }[] = [];
  const udp = await Udp.open({
    servers: servers.map((server) => (server ? [server] : [])),
    localPort,
    onDatagram: (bytes, from) => got.push({ text: Buffer.from(bytes).toString(), from }),
    onFailure: (server, code) => failed.push({ server, code }),
  });
  context.after(() => udp.close());
  return { udp, got, failed };
}

async function listen(
  context: TestContext,
  address: string,
  port = 0,
): Promise<Socket & { endpoint: Endpoint }> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.bind(port, address);
  await once(socket, "listening");
  let open = true;
  socket.once("close", () => {
    open = false;
  });
  context.after(() => open && socket.close());
  return Object.assign(socket, { endpoint: { address, port: socket.address().port } });
}

async function deadPort(address: string): Promise<Endpoint> {
  return { address, port: await freePorts() };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

for (const [family, here, third] of [
  ["IPv4", "127.0.0.1", "127.0.0.9"],
  ["IPv6", "::1", "::1"],
] as const) {
  describe(`UDP over ${family}`, { skip: family === "IPv6" && NO_IPV6 }, () => {
    test("an ICMP port unreachable is a failure of the server it is about, and of no other", async (t) => {
      const alive = await listen(t, here);
      const dead = await deadPort(here);
      const { udp, failed } = await openUdp(t, [alive.endpoint, dead]);
      udp.send(0, bytes("to the living"));
      udp.send(1, bytes("to the dead"));
      await until(() => failed.length > 0, "the failure is told");
      assert.deepEqual(failed, [{ server: 1, code: "ECONNREFUSED" }]);
    });

    test("a server that comes back on its port is heard again through the same socket", async (t) => {
      const dead = await deadPort(here);
      const { udp, got, failed } = await openUdp(t, [dead]);
      udp.send(0, bytes("1"));
      await until(() => failed.length === 1, "the failure is told");
      const back = await listen(t, dead.address, dead.port);
      back.on("message", (text, from) => back.send(`echo ${text}`, from.port, from.address));
      udp.send(0, bytes("2"));
      await until(() => got.length === 1, "the answer comes");
      assert.deepEqual(got, [{ text: "echo 2", from: dead }]);
      assert.equal(failed.length, 1);
    });

    test("a datagram of a third address arrives with its source, beside those of the servers", async (t) => {
      const server = await listen(t, here);
      const stranger = await listen(t, third);
      const { udp, got } = await openUdp(t, [server.endpoint]);
      for (const [socket, text] of [
        [server, "server"],
        [stranger, "stranger"],
      ] as const) {
        socket.send(text, udp.localPort, here);
        await until(() => got.at(-1)?.text === text, `${text} is heard`);
      }
      assert.deepEqual(
        got.map(({ from }) => from),
        [server.endpoint, stranger.endpoint],
      );
    });

    test("every socket sends from the one local port", async (t) => {
      const servers = [await listen(t, here), await listen(t, here)];
      const stranger = await listen(t, third);
      const seen: number[] = [];
      for (const socket of [...servers, stranger]) socket.on("message", (_, from) => seen.push(from.port));
      const { udp } = await openUdp(
        t,
        servers.map(({ endpoint }) => endpoint),
      );
      udp.send(0, bytes("a"));
      udp.send(1, bytes("b"));
      await udp.sendTo(stranger.endpoint, bytes("c"));
      await udp.sendTo(servers[0]?.endpoint as Endpoint, bytes("d"));
      await until(() => seen.length === 4, "all four are heard");
      assert.deepEqual(seen, Array(4).fill(udp.localPort));
    });
  });
}

test("both families share one local port, and each server sees our address of its own family", {
  skip: NO_IPV6,
}, async (t) => {
  const four = await listen(t, "127.0.0.1");
  const six = await listen(t, "::1");
  const { udp } = await openUdp(t, [four.endpoint, six.endpoint]);
  assert.equal(udp.localTowards(0), `127.0.0.1:${udp.localPort}`);
  assert.equal(udp.localTowards(1), `[::1]:${udp.localPort}`);
});

test("an IPv4 address written as IPv6 is reached over IPv4", async (t) => {
  const server = await listen(t, "127.0.0.1");
  const { udp, got } = await openUdp(t, [{ address: "::ffff:127.0.0.1", port: server.endpoint.port }]);
  assert.equal(udp.localTowards(0), `127.0.0.1:${udp.localPort}`);
  server.on("message", (_, from) => server.send("answer", from.port, from.address));
  udp.send(0, bytes("question"));
  await until(() => got.length === 1, "the answer comes");
  assert.deepEqual(got[0]?.from, server.endpoint);
});

test("servers that resolve to one address and port share a socket and its failures", async (t) => {
  const dead = await deadPort("127.0.0.1");
  const { udp, failed } = await openUdp(t, [dead, { ...dead }]);
  udp.send(1, bytes("x"));
  await until(() => failed.length === 2, "both are told");
  assert.deepEqual(
    failed.map(({ server }) => server),
    [0, 1],
  );
});

test("no route to a server is its failure, told again at each try, and nothing crashes", async (t) => {
  // RFC 5737 and RFC 3849 addresses; 240.0.0.0/4 (RFC 1112 §4) is refused by the system itself.
  const { udp, failed } = await openUdp(t, [{ address: "255.255.255.255", port: 9 }]);
  await until(() => failed.length === 1, "told while opening");
  udp.send(0, bytes("x"));
  await until(() => failed.length === 2, "told at the try");
  assert.ok(failed.every(({ server, code }) => server === 0 && code === "EACCES"));
  assert.equal(udp.localTowards(0), `0.0.0.0:${udp.localPort}`);
});

test("a server without an address fails at each try until it is placed", async (t) => {
  const server = await listen(t, "127.0.0.1");
  const heard: string[] = [];
  server.on("message", (text) => heard.push(text.toString()));
  const { udp, failed } = await openUdp(t, [undefined, { address: "127.0.0.1", port: 9 }]);
  udp.send(0, bytes("lost"));
  await until(() => failed.length === 1, "the failure is told");
  assert.deepEqual(failed, [{ server: 0, code: UNPLACED }]);
  await udp.place(0, [server.endpoint]);
  assert.equal(udp.localTowards(0), `127.0.0.1:${udp.localPort}`);
  udp.send(0, bytes("found"));
  await until(() => heard.length === 1, "it is heard");
  assert.deepEqual(heard, ["found"]);
});

test("a server is reached at another of its addresses as soon as it is pointed there", async (t) => {
  const [first, second] = [await listen(t, "127.0.0.1"), await listen(t, "127.0.0.1")];
  const heard: string[] = [];
  first.on("message", (text) => heard.push(`first ${text}`));
  second.on("message", (text) => heard.push(`second ${text}`));
  const { udp, failed } = await openUdp(t, [first.endpoint]);
  await udp.place(0, [first.endpoint, second.endpoint]);
  udp.send(0, bytes("a"));
  await until(() => heard.length === 1, "the first hears");
  udp.point(0, second.endpoint);
  assert.equal(udp.localTowards(0), `127.0.0.1:${udp.localPort}`, "it was connected before");
  udp.send(0, bytes("b"));
  await until(() => heard.length === 2, "the second hears");
  assert.deepEqual(heard, ["first a", "second b"]);
  assert.deepEqual(failed, []);
});

test("the failure of an address that is not in use is nobody's", async (t) => {
  const [dead, server] = [await deadPort("127.0.0.1"), await listen(t, "127.0.0.1")];
  const { udp, failed } = await openUdp(t, [dead]);
  await udp.place(0, [dead, server.endpoint]);
  udp.send(0, bytes("x"));
  udp.point(0, server.endpoint);
  udp.send(0, bytes("y"));
  await once(server, "message");
  await new Promise((resolve) => setTimeout(resolve, 50)); // ICMP comes at once on a loopback
  assert.deepEqual(failed, []);
});

test("the bytes may be overwritten as soon as send returns", async (t) => {
  const server = await listen(t, "127.0.0.1");
  const heard: string[] = [];
  server.on("message", (text) => heard.push(text.toString()));
  const { udp } = await openUdp(t, [server.endpoint]);
  const buffer = bytes("first");
  udp.send(0, buffer);
  buffer.fill(0x78);
  await until(() => heard.length === 1, "it is heard");
  assert.deepEqual(heard, ["first"]);
});

test("a fixed port that another program holds is refused in words", async (t) => {
  const other = await listen(t, "0.0.0.0");
  const { port } = other.endpoint;
  await assert.rejects(openUdp(t, [{ address: "127.0.0.1", port: 9 }], { kind: "fixed", port }), (error) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.code, "port-in-use");
    assert.match(error.message, new RegExp(`local port ${port}: in use`));
    return true;
  });
});

test("a second phone on the same port is refused although the sockets of the first share it", async (t) => {
  const server = await listen(t, "127.0.0.1");
  const { udp } = await openUdp(t, [server.endpoint]);
  const same: LocalPort = { kind: "fixed", port: udp.localPort };
  await assert.rejects(openUdp(t, [server.endpoint], same), { code: "port-in-use" });
});

test("a random port is taken from the range, past those in use; a full range is refused", async (t) => {
  const min = await freePorts(2);
  await listen(t, "127.0.0.1", min);
  const server = { address: "127.0.0.1", port: 9 };
  const range: LocalPort = { kind: "random", min, max: min + 1 };
  const { udp } = await openUdp(t, [server], range);
  assert.equal(udp.localPort, min + 1);
  await assert.rejects(openUdp(t, [server], range), { code: "port-in-use" });
});

test("after close the port is free, nothing is reported and sending does nothing", async (t) => {
  const dead = await deadPort("127.0.0.1");
  const { udp, failed } = await openUdp(t, [dead]);
  udp.send(0, bytes("x"));
  udp.close();
  udp.send(0, bytes("y"));
  await assert.rejects(udp.sendTo(dead, bytes("z")));
  const again = await openUdp(t, [dead], { kind: "fixed", port: udp.localPort });
  assert.equal(again.udp.localPort, udp.localPort);
  assert.deepEqual(failed, []);
});

test("connecting anew keeps the port and the servers reachable", async (t) => {
  const server = await listen(t, "127.0.0.1");
  server.on("message", (text, from) => server.send(text, from.port, from.address));
  const { udp, got } = await openUdp(t, [server.endpoint]);
  const port = udp.localPort;
  await udp.reconnect();
  udp.send(0, bytes("still here"));
  await until(() => got.length === 1, "the answer comes");
  assert.equal(udp.localPort, port);
});
