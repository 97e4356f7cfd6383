// The embedded server on a real socket: alive, hung, dead, back, and without memory after a restart.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PbxSocket, type Sighting } from "./pbx-socket.ts";
import { PATIENCE_MS, until } from "./until.ts";

/** How long nothing may come for it to be silence, once the server has heard the request. */
const SILENCE_MS = 60;
const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

interface Bench {
  readonly pbx: PbxSocket;
  readonly sights: Sighting[];
  /** Sends a request and returns the answer or the code of an error; throws when neither comes. */
  ask(request: string): Promise<string>;
  /** Sends a request that the server hears; what comes after it, "" for silence. */
  askSilent(request: string): Promise<string>;
}

async function bench(t: TestContext): Promise<Bench> {
  const sights: Sighting[] = [];
  const pbx = await PbxSocket.open({
    address: "127.0.0.1",
    port: 0,
    registrar: {
      realm: "test",
      accounts: [{ user: "6000", account: "6000", secret: { kind: "password", password: "pw" } }],
      algorithms: ["MD5"],
      qop: false,
    },
    now: () => performance.now(),
    onSight: (sighting) => sights.push(sighting),
  });
  const client = createSocket("udp4");
  client.bind(0, "127.0.0.1");
  await once(client, "listening");
  client.connect(pbx.endpoint.port, pbx.endpoint.address);
  await once(client, "connect");
  t.after(() => {
    pbx.die();
    client.close();
  });
  const ask = (request: string): Promise<string> => {
    const answer = next(client, request);
    client.send(request);
    return answer;
  };
  const askSilent = async (request: string): Promise<string> => {
    let answer = "";
    client.once("message", (bytes) => {
      answer = String(bytes);
    });
    const heard = pbx.packets + 1;
    client.send(request);
    await until(() => pbx.packets === heard, "it hears the request");
    await sleep(SILENCE_MS);
    client.removeAllListeners();
    return answer;
  };
  return { pbx, sights, ask, askSilent };
}

/** What comes next: a message, or the code of an error. */
function next(client: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = (text: string): void => {
      clearTimeout(timer);
      client.removeAllListeners();
      resolve(text);
    };
    const timer = setTimeout(() => reject(new Error(`no answer to ${request}`)), PATIENCE_MS);
    client.once("message", (bytes) => end(bytes.toString()));
    client.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
  });
}

let cseq = 0;

function request(method: string, extra: readonly string[] = []): string {
  cseq += 1;
  return [
    `${method} sip:test SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:5999;rport;branch=z9hG4bK${cseq}`,
    "Max-Forwards: 70",
    "From: <sip:6000@test>;tag=1",
    "To: <sip:6000@test>",
    "Call-ID: abc",
    `CSeq: ${cseq} ${method}`,
    "Contact: <sip:6000@127.0.0.1:5999>",
    "Expires: 60",
    ...extra,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

async function register({ ask }: Bench): Promise<string> {
  const challenge = await ask(request("REGISTER"));
  const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1];
  assert.ok(nonce, `a challenge: ${challenge}`);
  const response = md5(`${md5("6000:test:pw")}:${nonce}:${md5("REGISTER:sip:test")}`);
  const fields = `username="6000", realm="test", nonce="${nonce}", uri="sip:test", response="${response}"`;
  return ask(request("REGISTER", [`Authorization: Digest ${fields}, algorithm=MD5`]));
}

test("alive it answers, hung it hears and keeps silent, dead its port is closed", async (t) => {
  const { pbx, ask, askSilent } = await bench(t);
  assert.match(await ask(request("OPTIONS")), /^SIP\/2\.0 200 /);
  pbx.hang();
  assert.equal(await askSilent(request("OPTIONS")), "");
  assert.equal(pbx.packets, 2);
  pbx.die();
  assert.equal(await ask(request("OPTIONS")), "ECONNREFUSED");
  assert.equal(pbx.packets, 2);
  assert.equal(pbx.state, "dead");
});

test("it comes back on the same port with the bindings it had", async (t) => {
  const it = await bench(t);
  const { port } = it.pbx.endpoint;
  assert.match(await register(it), /^SIP\/2\.0 200 /);
  it.pbx.die();
  await it.pbx.comeBack();
  assert.equal(it.pbx.endpoint.port, port);
  assert.match(await it.ask(request("OPTIONS")), /^SIP\/2\.0 200 /);
  assert.deepEqual(
    it.pbx.bindings().map(({ user, contact }) => `${user} ${contact}`),
    ["6000 <sip:6000@127.0.0.1:5999>"],
  );
});

test("a restart forgets the bindings", async (t) => {
  const it = await bench(t);
  await register(it);
  await it.pbx.restart();
  assert.deepEqual(it.pbx.bindings(), []);
  assert.match(await it.ask(request("OPTIONS")), /^SIP\/2\.0 200 /);
});

test("over TCP it answers on the connection, and two CRLF with one while it is alive", async (t) => {
  const pbx = await PbxSocket.open({
    address: "127.0.0.1",
    port: 0,
    transport: "tcp",
    registrar: { realm: "test", accounts: [] },
    now: () => performance.now(),
  });
  const client = connect(pbx.endpoint.port, pbx.endpoint.address);
  t.after(() => {
    client.destroy();
    pbx.die();
  });
  const heard = async (text: string, withinMs = PATIENCE_MS): Promise<string> => {
    client.write(text);
    const ended = new AbortController();
    const answer = once(client, "data", ended).then(([bytes]) => String(bytes));
    const silence = sleep(withinMs, "", ended);
    return Promise.race([answer, silence]).finally(() => {
      ended.abort();
      return Promise.allSettled([answer, silence]);
    });
  };
  assert.match(await heard(request("OPTIONS")), /^SIP\/2\.0 200 /);
  assert.equal(await heard("\r\n\r\n"), "\r\n");
  assert.equal(await heard("\r\n", SILENCE_MS), "");
  pbx.hang();
  assert.equal(await heard("\r\n\r\n", SILENCE_MS), "");
  assert.equal(await heard(request("OPTIONS"), SILENCE_MS), "");
  const closed = once(client, "close");
  pbx.die();
  await closed;
});

test("it tells what it saw: each packet, and what became of the binding", async (t) => {
  const it = await bench(t);
  await register(it);
  await register(it);
  const told = it.sights.map((sight) =>
    sight.kind === "packet" ? sight.startLine.split(" ")[0] : sight.kind,
  );
  assert.deepEqual(told, ["REGISTER", "REGISTER", "bound", "REGISTER", "REGISTER", "renewed"]);
});
