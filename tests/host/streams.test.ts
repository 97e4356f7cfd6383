// A phone over TCP and TLS against the embedded pair, with the shipped module: it registers, moves and returns as over
// UDP, and every trouble of a connection reaches the core with its own reason.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { Phone, type PhoneEvent } from "../../host/index.ts";
import { Authority, type Issued } from "../../host/node/certificates.ts";
import { temporaryFolder } from "./folder.ts";
import { IMPATIENT, type Over, openPair, type Pair } from "./pair.ts";
import { next as nextOf, PATIENCE_MS, until } from "./until.ts";

let ours: Authority;
let identity: Issued;
let caFile: string;

before(async () => {
  ours = await Authority.create();
  identity = await ours.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  caFile = join(temporaryFolder(), "ca.pem");
  writeFileSync(caFile, ours.certificate);
});

interface Watched {
  readonly pair: Pair;
  readonly phone: Phone;
  readonly events: PhoneEvent[];
  readonly notices: string[];
}

async function started(
  t: TestContext,
  transport: Over["transport"],
  ...params: readonly string[]
): Promise<Watched> {
  const pair = await openPair(t, ["6000"], undefined, { transport, identity });
  return watched(t, pair, ...params);
}

async function watched(t: TestContext, pair: Pair, ...params: readonly string[]): Promise<Watched> {
  const phone = new Phone(pair.config(`tlsCaFile=${caFile}`, ...params));
  const [events, notices]: [PhoneEvent[], string[]] = [[], []];
  phone.on("event", (event) => events.push(event));
  phone.on("notice", (text) => notices.push(text));
  t.after(() => phone.close());
  await phone.start();
  return { pair, phone, events, notices };
}

async function inService(
  t: TestContext,
  transport: Over["transport"],
  ...params: readonly string[]
): Promise<Watched> {
  const it = await started(t, transport, ...params);
  assert.equal(await it.phone.whenInService(PATIENCE_MS), true);
  await until(() => it.phone.lines()[0]?.server === "primary");
  return it;
}

async function next(phone: Phone, type: PhoneEvent["type"]): Promise<PhoneEvent> {
  const [event] = await nextOf(phone, type);
  return event;
}

function causeOf({ events }: Watched): PhoneEvent["reason"] {
  return events.find(({ type }) => type === "serverDown")?.reason;
}

for (const transport of ["tcp", "tls"] as const) {
  describe(`over ${transport.toUpperCase()}`, () => {
    test("it registers, and removes its binding when it stops", async (t) => {
      const { phone, pair } = await inService(t, transport);
      const [binding] = pair.primary.bindings();
      assert.match(
        binding?.contact ?? "",
        new RegExp(`^<sip:6000@127\\.0\\.0\\.1:\\d+;sf=\\w+;transport=${transport}`),
      );
      assert.deepEqual(pair.boundAt("backup1"), []);
      await phone.stop();
      assert.deepEqual(pair.boundAt("primary"), []);
    });

    test("a killed primary is left for the backup, and returned to", async (t) => {
      const it = await inService(t, transport);
      it.pair.primary.die();
      assert.equal((await next(it.phone, "moved")).server, "backup1");
      assert.deepEqual(causeOf(it), { rule: "transport", flow: "refused" });
      assert.deepEqual(it.pair.boundAt("backup1"), ["6000"]);
      await it.pair.primary.comeBack();
      assert.equal((await next(it.phone, "moved")).server, "primary");
      await next(it.phone, "unbound");
      assert.deepEqual(it.pair.boundAt("backup1"), []);
    });

    test("a primary that accepts and says nothing is left after one register timeout", async (t) => {
      const it = await inService(t, transport, ...IMPATIENT);
      it.pair.primary.hang();
      it.phone.refresh();
      assert.equal((await next(it.phone, "moved")).server, "backup1");
      assert.equal(causeOf(it)?.rule, "timeout");
      await it.pair.primary.comeBack();
      assert.equal((await next(it.phone, "moved")).server, "primary");
    });

    test("a dead primary at the start costs no more than the refusal", async (t) => {
      const pair = await openPair(t, ["6000"], undefined, { transport, identity });
      pair.primary.die();
      const it = await watched(t, pair);
      assert.equal(await it.phone.whenInService(PATIENCE_MS), true);
      assert.equal(it.phone.lines()[0]?.server, "backup1");
      assert.match(
        it.notices[0] ?? "",
        /^primary: no connection to 127\.0\.0\.1 port \d+: nothing listens there$/,
      );
    });

    test("a server that closes after each answer is served all the same, and its noise costs no storm", async (t) => {
      const pair = await openPair(t, ["6000"], undefined, { transport, identity });
      pair.primary.conduct.hangsUp = true;
      const it = await watched(t, pair);
      assert.equal(await it.phone.whenInService(PATIENCE_MS), true);
      assert.deepEqual(pair.boundAt("primary"), ["6000"]);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(it.phone.lines()[0]?.server, "primary");
      assert.ok(pair.primary.packets < 20, `${pair.primary.packets} messages in 3 s`);
    });

    test("the link going down blames nobody; when it is back there is a new connection", async (t) => {
      const it = await inService(t, transport);
      it.phone.linkDown();
      await it.phone.linkUp();
      await next(it.phone, "inService");
      assert.equal(causeOf(it), undefined);
      assert.equal(it.phone.lines()[0]?.server, "primary");
    });

    test("cutOff proves the backup although the connection stands; letThrough ends it", async (t) => {
      const it = await inService(t, transport, ...IMPATIENT);
      const before = it.pair.primary.packets;
      it.phone.cutOff("primary");
      it.phone.refresh();
      assert.equal((await next(it.phone, "moved")).server, "backup1");
      assert.equal(it.pair.primary.packets, before);
      it.phone.letThrough("primary");
      assert.equal((await next(it.phone, "moved")).server, "primary");
    });
  });
}

describe("TLS that fails", () => {
  const issued = (change: Parameters<Authority["issue"]>[0]): Promise<Issued> =>
    ours.issue({ names: [{ type: "ip", value: "127.0.0.1" }], ...change });

  const CASES: readonly (readonly [string, () => Promise<Issued>, string, RegExp])[] = [
    ["an expired certificate", () => issued({ days: [-9, -1] }), "tlsExpired", /has expired by the clock/],
    ["one of the future", () => issued({ days: [1, 9] }), "tlsExpired", /not valid yet by the clock/],
    [
      "a wrong name",
      () => issued({ names: [{ type: "dns", value: "x.test" }] }),
      "tlsName",
      /not for 127\.0\.0\.1/,
    ],
    [
      "a wrong authority",
      async () => (await Authority.create("Other")).issue({ names: [{ type: "ip", value: "127.0.0.1" }] }),
      "tlsUntrusted",
      /nobody we trust/,
    ],
  ];

  for (const [what, make, flow, remark] of CASES) {
    test(`${what} takes the line to the backup at once, and says why`, async (t) => {
      const pair = await openPair(t, ["6000"], undefined, { transport: "tls", identity });
      pair.primary.conduct.identity = await make();
      const it = await watched(t, pair);
      assert.equal(await it.phone.whenInService(PATIENCE_MS), true);
      assert.equal(it.phone.lines()[0]?.server, "backup1");
      assert.deepEqual(causeOf(it), { rule: "transport", flow });
      assert.match(it.notices.join("\n"), remark);
      assert.equal(pair.primary.packets, 0, "not one message in plain text or to a stranger");
    });
  }

  test("a handshake that stalls costs one register timeout", async (t) => {
    const pair = await openPair(t, ["6000"], undefined, { transport: "tls", identity });
    pair.primary.conduct.stallsHandshake = true;
    const it = await watched(t, pair, ...IMPATIENT);
    assert.equal(await it.phone.whenInService(PATIENCE_MS), true);
    assert.equal(it.phone.lines()[0]?.server, "backup1");
    assert.equal(causeOf(it)?.rule, "timeout");
  });
});

test("a message for the phone's own stack comes over the connection, and is answered on it", async (t) => {
  const { phone } = await inService(t, "tcp");
  const endpoint = phone.endpointOf("primary");
  assert.ok(endpoint);
  const asked = [
    "OPTIONS sip:6000@127.0.0.1 SIP/2.0",
    "Via: SIP/2.0/TCP 127.0.0.1:5099;branch=z9hG4bKown",
    "Max-Forwards: 70",
    "From: <sip:6000@test.invalid>;tag=own",
    "To: <sip:test.invalid>",
    "Call-ID: own",
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  const answer = nextOf(phone, "datagram");
  await phone.send("primary", Buffer.from(asked));
  const [bytes, from] = await answer;
  assert.match(Buffer.from(bytes).toString(), /^SIP\/2\.0 200 [\s\S]*\r\nCall-ID: own\r\n/);
  assert.deepEqual(from, endpoint);
});

test("what is for a server over TLS never goes out as a datagram, whatever became of the connection", async (t) => {
  const { phone, pair } = await inService(t, "tls");
  const { port } = pair.primary.endpoint;
  const ear = createSocket("udp4").bind(port, "127.0.0.1");
  await once(ear, "listening");
  const heard: string[] = [];
  ear.on("message", (bytes) => heard.push(String(bytes)));
  t.after(() => ear.close());
  pair.primary.die();
  await next(phone, "moved");
  await assert.rejects(phone.send("primary", Buffer.from("secret")), { code: "no-connection" });
  phone.refresh();
  await until(() => pair.sights.backup1.some(({ kind }) => kind === "renewed"));
  assert.deepEqual(heard, []);
});

test("a file of authorities that is not there is told before anything is opened", async (t) => {
  const pair = await openPair(t, ["6000"], undefined, { transport: "tls", identity });
  const phone = new Phone(pair.config("tlsCaFile=/nowhere/ca.pem"));
  await assert.rejects(phone.start(), { code: "ca-file", message: /\/nowhere\/ca\.pem cannot be read/ });
});
