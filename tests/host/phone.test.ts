// The public API on real sockets against the embedded pair: what happens, and in what order. How soon it is promised is
// held in virtual time, tests/sim and tests/bounds.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { HostError, Phone, type PhoneEvent } from "../../host/index.ts";
import { temporaryFolder } from "./folder.ts";
import { IMPATIENT, NO_IPV6, openPair, type Pair } from "./pair.ts";
import { next as nextOf, PATIENCE_MS, until } from "./until.ts";

interface Watched {
  readonly phone: Phone;
  readonly events: PhoneEvent[];
}

function watch(t: TestContext, phone: Phone): Watched {
  const events: PhoneEvent[] = [];
  phone.on("event", (event) => events.push(event));
  t.after(() => phone.close());
  return { phone, events };
}

async function inService(t: TestContext, pair: Pair, ...params: string[]): Promise<Watched> {
  const watched = watch(t, new Phone(pair.config(...params)));
  await watched.phone.start();
  assert.equal(await watched.phone.whenInService(PATIENCE_MS), true);
  await until(() => watched.phone.lines().every(({ server }) => server === "primary"));
  return watched;
}

/** The next event of that type. */
async function next(phone: Phone, type: PhoneEvent["type"]): Promise<PhoneEvent> {
  const [event] = await nextOf(phone, type);
  return event;
}

test("it registers every line with the primary and removes every binding when it stops", async (t) => {
  const pair = await openPair(t, ["6000", "6001"]);
  const { phone, events } = await inService(t, pair);
  assert.deepEqual(pair.boundAt("primary").sort(), ["6000", "6001"]);
  assert.deepEqual(pair.boundAt("backup1"), []);
  assert.deepEqual(
    events.filter(({ type }) => type === "inService").map(({ line, server }) => `${line} ${server}`),
    ["6000 primary", "6001 primary"],
  );
  await phone.stop();
  assert.deepEqual(pair.boundAt("primary"), []);
  assert.equal(await phone.whenInService(0), false);
});

test("it shows its lines and servers at any time", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  const [line] = phone.lines();
  assert.equal(line?.state, "served");
  assert.equal(line?.server, "primary");
  assert.equal(line?.warning, false);
  assert.equal(line?.grantedSeconds, 60);
  const { leaseMs = 0, next } = line ?? {};
  assert.ok(leaseMs > 30_000 && leaseMs <= 60_000, `${leaseMs}`);
  assert.equal(next?.what, "refresh");
  assert.ok((next?.inMs ?? 0) > 0 && (next?.inMs ?? 0) <= 30_000, `${next?.inMs}`);
  assert.deepEqual(
    phone.servers().map(({ server, health }) => `${server} ${health}`),
    ["primary up", "backup1 unknown"],
  );
  assert.equal(phone.decisions("6000")[0]?.line, "6000");
  assert.deepEqual(phone.endpointOf("primary"), pair.primary.endpoint);
});

test("a killed primary is left at the next packet: ICMP reaches the core", async (t) => {
  const pair = await openPair(t);
  const { phone, events } = await inService(t, pair);
  pair.primary.die();
  phone.refresh();
  const moved = await next(phone, "moved");
  assert.equal(moved.server, "backup1");
  assert.equal(events.find(({ type }) => type === "serverDown")?.reason?.rule, "transport");
  assert.deepEqual(pair.boundAt("backup1"), ["6000"]);
  assert.equal(phone.lines()[0]?.warning, true);
});

test("a primary on IPv6 is left for a backup on IPv4 as fast", { skip: NO_IPV6 }, async (t) => {
  const pair = await openPair(t, ["6000"], { primary: "::1", backup1: "127.0.0.1" });
  const { phone, events } = await inService(t, pair);
  assert.match(pair.primary.bindings()[0]?.contact ?? "", /^<sip:6000@\[::1\]:\d+;/);
  pair.primary.die();
  phone.refresh();
  assert.equal((await next(phone, "moved")).server, "backup1");
  assert.equal(events.find(({ type }) => type === "serverDown")?.reason?.rule, "transport");
  assert.match(pair.backup1.bindings()[0]?.contact ?? "", /^<sip:6000@127\.0\.0\.1:\d+;/);
});

test("a line without credentials at its backup is served by its primary all the same", async (t) => {
  const pair = await openPair(t);
  const config = pair.config();
  const [line] = config.lines;
  assert.ok(line);
  const { phone } = watch(
    t,
    new Phone({ ...config, lines: [{ ...line, credentials: [line.credentials[0] ?? null, null] }] }),
  );
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  pair.primary.die();
  phone.refresh();
  assert.equal((await next(phone, "rejected")).server, "backup1");
});

test("a hung primary is left after one register timeout and used again when it answers", async (t) => {
  const pair = await openPair(t);
  const { phone, events } = await inService(t, pair, ...IMPATIENT);
  pair.primary.hang();
  phone.refresh();
  const away = await next(phone, "moved");
  assert.equal(away.server, "backup1");
  assert.equal(events.find(({ type }) => type === "serverDown")?.reason?.rule, "timeout");
  await pair.primary.comeBack();
  const back = await next(phone, "moved");
  assert.equal(back.server, "primary");
  assert.deepEqual(pair.boundAt("primary"), ["6000"]);
  await next(phone, "unbound"); // removeLastRegistration
  assert.deepEqual(pair.boundAt("backup1"), []);
});

test("moveTo pins a line, returnNow ends the pin", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  phone.moveTo("backup1", "6000");
  assert.equal((await next(phone, "moved")).server, "backup1");
  assert.equal(phone.lines()[0]?.pinned, "backup1");
  phone.returnNow();
  assert.equal((await next(phone, "moved")).server, "primary");
});

test("a call defers the return until it ends", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  phone.moveTo("backup1");
  await next(phone, "moved");
  phone.callBegin("6000");
  assert.equal(phone.lines()[0]?.calls, 1);
  phone.returnNow();
  assert.equal((await next(phone, "failbackDeferred")).reason?.rule, "calls");
  phone.callEnd("6000");
  assert.equal((await next(phone, "moved")).server, "primary");
});

test("a call is told its server, and the parameter for requests inside it", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  const { endpoint } = pair.primary;
  assert.deepEqual(phone.callBegin("6000"), { server: "primary", endpoint, outboundProxyInDialog: false });
  assert.equal(phone.callBegin(), undefined);
  phone.moveTo("backup1");
  await next(phone, "moved");
  assert.equal(phone.callBegin("6000")?.server, "backup1");
  const { phone: other } = await inService(t, pair, "outboundProxyInDialog=on");
  assert.equal(other.callBegin("6000")?.outboundProxyInDialog, true);
  await other.stop();
  assert.equal(other.callBegin("6000"), undefined);
});

test("cutOff proves the backup without touching a server; letThrough ends it", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair, ...IMPATIENT);
  const before = pair.primary.packets;
  phone.cutOff("primary");
  phone.refresh();
  assert.equal((await next(phone, "moved")).server, "backup1");
  assert.equal(pair.primary.packets, before, "no packet reached the primary");
  phone.letThrough("primary");
  assert.equal((await next(phone, "moved")).server, "primary");
});

test("a SIP message that is not the registration's is handed on, and the phone may answer from its port", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  const caller = createSocket("udp4");
  caller.bind(0, "127.0.0.1");
  await once(caller, "listening");
  t.after(() => caller.close());
  const invite = [
    "INVITE sip:6000@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/UDP 127.0.0.1:${caller.address().port};branch=z9hG4bKcaller`,
    "Max-Forwards: 70",
    "From: <sip:7000@test.invalid>;tag=1",
    "To: <sip:6000@test.invalid>",
    "Call-ID: call",
    "CSeq: 1 INVITE",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  const handed = nextOf(phone, "datagram");
  caller.send(invite, phone.localPort, "127.0.0.1");
  const [bytes, from] = await handed;
  assert.equal(Buffer.from(bytes).toString(), invite);
  assert.deepEqual(from, { address: "127.0.0.1", port: caller.address().port });
  const heard = nextOf(caller, "message");
  await phone.send(from, Buffer.from("SIP/2.0 486 Busy Here\r\n\r\n"));
  const [answer, source] = await heard;
  assert.match(String(answer), /^SIP\/2\.0 486 /);
  assert.equal(source.port, phone.localPort);
});

test("the link going down blames nobody; when it is back the binding is verified", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  phone.linkDown();
  assert.equal((await next(phone, "outOfService")).reason?.rule, "link");
  await phone.linkUp();
  assert.equal((await next(phone, "inService")).server, "primary");
  assert.equal(phone.servers()[0]?.health, "up");
});

test("new credentials end a rest", async (t) => {
  const pair = await openPair(t);
  const config = pair.config();
  const [line] = config.lines;
  assert.ok(line);
  const wrong = { account: "6000", password: "wrong" };
  const watched = watch(t, new Phone({ ...config, lines: [{ ...line, credentials: [wrong, wrong] }] }));
  await watched.phone.start();
  assert.equal((await next(watched.phone, "rejected")).reason?.rule, "credentials");
  const good = line.credentials[0];
  assert.ok(good);
  watched.phone.setCredentials("6000", "primary", good);
  assert.equal((await next(watched.phone, "inService")).server, "primary");
});

test("a listener that throws cannot harm the phone", async (t) => {
  const pair = await openPair(t);
  const caught: unknown[] = [];
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => caught.push(error));
  t.after(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  });
  const phone = new Phone(pair.config());
  t.after(() => phone.close());
  phone.on("inService", () => {
    throw new Error("a listener's own mistake");
  });
  await phone.start();
  await until(() => caught.length > 0);
  assert.equal(caught.length, 1);
  assert.equal(phone.lines()[0]?.state, "served");
});

test("a primary whose name has no address does not keep the phone from its backup, and is found later", async (t) => {
  const pair = await openPair(t);
  const config = pair.config();
  const [primary, backup1] = config.servers;
  assert.ok(primary && backup1);
  let isKnown = false;
  const lookup = async (): Promise<string[]> => {
    if (isKnown) return ["127.0.0.1"];
    throw Object.assign(new Error("unknown"), { code: "ENOTFOUND" });
  };
  const named = { ...config, servers: [{ ...primary, host: "primary.example" }, backup1] };
  const { phone } = watch(t, new Phone(named, { lookup }));
  const notices: string[] = [];
  phone.on("notice", (text) => notices.push(text));
  await phone.start();
  assert.equal((await next(phone, "inService")).server, "backup1");
  assert.match(notices[0] ?? "", /primary\.example: no address found/);
  assert.equal(phone.endpointOf("primary"), undefined);
  isKnown = true;
  const moved = await next(phone, "moved");
  assert.equal(moved.server, "primary");
  assert.deepEqual(phone.endpointOf("primary"), pair.primary.endpoint);
});

test("without any address it does not start, and says what to do", async (t) => {
  const pair = await openPair(t);
  const config = pair.config();
  const servers = config.servers.map((server) => ({ ...server, host: `${server.name}.example` }));
  const lookup = (): Promise<string[]> => Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" }));
  const phone = new Phone({ ...config, servers }, { lookup });
  await assert.rejects(phone.start(), (error) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.code, "unresolved");
    assert.match(error.message, /primary\.example.*\nbackup1\.example/);
    return true;
  });
});

test("a local port in use is refused in words, and a phone starts only once", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  await assert.rejects(phone.start(), { code: "state" });
  const config = pair.config("randomPort=off", `localPort=${phone.localPort}`);
  await assert.rejects(new Phone(config).start(), { code: "port-in-use" });
});

test("orders to a phone that stops or has stopped are harmless", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  const stopped = phone.stop();
  assert.equal(phone.stop(), stopped);
  phone.refresh();
  phone.restart();
  phone.setCredentials("6000", "primary", { account: "6000", password: "x" });
  await phone.linkUp();
  await stopped;
  phone.moveTo("backup1");
  phone.close();
  await phone.stop();
  assert.deepEqual(pair.boundAt("primary"), []);
});

test("names that do not exist are refused with those that do", async (t) => {
  const pair = await openPair(t);
  const { phone } = await inService(t, pair);
  assert.throws(() => phone.refresh("6999"), /no line "6999"; there are 6000/);
  assert.throws(() => phone.moveTo("backup7"), /no server "backup7"; there are primary, backup1/);
});

test("a file is read, or refused with every mistake", () => {
  const folder = temporaryFolder();
  const bad = join(folder, "bad.toml");
  writeFileSync(bad, 'maxDetectFailCount = 200\nnoSuchKey = 1\n[[servers]]\nhost = "127.0.0.1"\n');
  assert.throws(
    () => new Phone(bad),
    (error) => {
      assert.ok(error instanceof HostError);
      assert.equal(error.code, "config");
      assert.match(error.message, /bad\.toml:1: maxDetectFailCount = 200, allowed 0\.\.100/);
      assert.match(error.message, /noSuchKey/);
      return true;
    },
  );
  const good = join(folder, "good.toml");
  writeFileSync(good, '[[servers]]\nhost = "127.0.0.1"\n[[lines]]\nphoneNumber = "6000"\npassword = "x"\n');
  assert.equal(new Phone(good).config.lines[0]?.number, "6000");
});
