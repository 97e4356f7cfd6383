// What is said to a Kamailio over HTTP, and what is told when it does not take it. The other end is a server of the test.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { KamailioRegistrar } from "../../../../host/node/pair/kamailio.ts";
import { RoleClock } from "../../../../host/node/pair/role-clock.ts";
import { until } from "../../until.ts";

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Bed {
  readonly clock: RoleClock;
  readonly registrar: KamailioRegistrar;
  /** What it was called with. */
  readonly calls: Call[];
  /** Troubles and their ends, in order. */
  readonly told: (string | undefined)[];
  readonly url: string;
}

type Answer = (call: Call, reply: ServerResponse) => void;

const fine: Answer = (_, reply) => reply.end(JSON.stringify({ jsonrpc: "2.0", result: {}, id: 1 }));

async function open(context: TestContext, answer: () => Answer): Promise<Bed> {
  // An answer that comes late is not what is tested here.
  context.mock.method(AbortSignal, "timeout", () => new AbortController().signal);
  const calls: Call[] = [];
  const server = createServer((asked, reply) => {
    let body = "";
    asked.on("data", (piece) => {
      body += piece;
    });
    asked.on("end", () => {
      const call: Call = JSON.parse(body);
      calls.push(call);
      answer()(call, reply);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC`;
  const told: Bed["told"] = [];
  const settings = { takeoverDelayMs: 30_000, returnDelayMs: 30_000 };
  const clock = new RoleClock({ settings, tell: () => {}, onFed: () => {} });
  const registrar = new KamailioRegistrar({
    url,
    table: "location",
    master: "sip:192.0.2.1:5061;transport=tls",
    takeoverDelayMs: 30_000,
    clock,
    onHandedBack: () => {},
    onTrouble: (trouble) => told.push(trouble),
  });
  context.after(async () => {
    clock.close();
    server.closeAllConnections();
    server.close();
    await registrar.close();
  });
  return { clock, registrar, calls, told, url };
}

test("each trouble is told once with what it is, and its end", async (context) => {
  const answers: readonly [Answer, RegExp | undefined][] = [
    [
      (_, reply) => reply.writeHead(404).end("Not Found"),
      /^http:\S+ is no JSON-RPC of Kamailio: 404 Not Found$/,
    ],
    [
      (_, reply) =>
        reply.writeHead(500).end('{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"}}'),
      /^Kamailio refuses pv\.shvGet: Method not found; standfast\.cfg names/,
    ],
    [(_, reply) => reply.destroy(), /^Kamailio does not answer at http:\S+: /],
    [fine, undefined],
  ];
  let at = 0;
  const { registrar, told } = await open(context, () => answers[at]?.[0] ?? fine);
  assert.equal(registrar.trouble, "Kamailio was not asked yet");
  for (const [, expected] of answers) {
    for (let times = 0; times < 2; times++) registrar.look();
    await until(() => told.length === at + 1);
    if (expected === undefined) assert.equal(told[at], undefined);
    else assert.match(told[at] ?? "", expected);
    assert.equal(registrar.trouble, told[at]);
    at++;
  }
});

test("one look at a time; a role that changed meanwhile is said behind it", async (context) => {
  const held: (() => void)[] = [];
  const { clock, registrar, calls } = await open(
    context,
    () => (call, reply) => held.push(() => fine(call, reply)),
  );
  registrar.look();
  await until(() => held.length === 1);
  clock.feed({ kind: "registered" });
  for (let times = 0; times < 5; times++) registrar.look();
  await sleep(50);
  assert.equal(calls.length, 1, "it waits for the answer");
  while (!calls.some(({ method }) => method === "pv.shvSet")) {
    await until(() => held.length > 0);
    held.shift()?.();
    await sleep(10);
  }
  const said = calls
    .filter(({ method }) => method.startsWith("pv."))
    .map(({ method, params }) => `${method} ${params[0]}`);
  assert.deepEqual(said, ["pv.shvGet standfast", "pv.shvSet standfast"]);
  const order = calls.find(({ method }) => method === "pv.shvSet")?.params[2];
  assert.match(String(order), /^divert\/\d{10}\/\d{1,6}$/);
});
