// What a real Kamailio with standfast.cfg answers to each order, on the wire.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Authority } from "../../../host/node/certificates.ts";
import type { Endpoint } from "../../real/probe.ts";
import { type Answer, ask } from "./ask.ts";
import { KamailioNode, type NodePlan } from "./node.ts";
import { addresses, shownAt } from "./pair.ts";

interface Stage {
  readonly master: Endpoint;
  readonly standby: KamailioNode;
  /** Orders it until a moment from now, ms. @returns that moment, unix time in ms */
  readonly order: (conduct: string, forMs: number) => Promise<number>;
}

/** @param startSeconds it asks clients to wait for as long after its start */
async function open(
  context: TestContext,
  divert: "redirect" | "relay",
  startSeconds: number,
): Promise<Stage> {
  const at = addresses();
  const [master, place] = [at(0), at(1)];
  const plan: NodePlan = {
    passwords: { "6000": "secret" },
    ...(await shownAt(await Authority.create(), place.address)),
    maxExpiresSeconds: 60,
    standby: { master: master.address, divert, startSeconds },
  };
  const standby = new KamailioNode(place, plan);
  context.after(() => standby.remove());
  await standby.start();
  const order = async (conduct: string, forMs: number): Promise<number> => {
    const until = Date.now() + forMs;
    const [seconds, ms] = [Math.floor(until / 1000), until % 1000];
    await standby.rpc("pv.shvSet", "standfast", "str", `${conduct}/${seconds}/${ms * 1000}`);
    return until;
  };
  return { master, standby, order };
}

function left({ headers }: Answer): number {
  return Number(headers.get("retry-after"));
}

test("each order, over UDP, TCP and TLS", async (context) => {
  const { master, standby, order } = await open(context, "redirect", 60);
  const place = standby.endpoint;

  const first = await ask("REGISTER", place);
  assert.equal(first.status, 503, "it has only started");
  assert.ok(left(first) >= 1 && left(first) <= 60, `Retry-After ${left(first)}`);

  await order("divert", 60_000);
  for (const method of ["REGISTER", "OPTIONS", "SUBSCRIBE"]) {
    for (const [way, contact] of [
      ["udp", `<sip:${master.address}:5060>`],
      ["tcp", `<sip:${master.address}:5060;transport=tcp>`],
      ["tls", `<sip:${master.address}:5061;transport=tls>`],
    ] as const) {
      const { status, headers } = await ask(method, place, way);
      assert.deepEqual([status, headers.get("contact")], [302, contact], `${method} over ${way}`);
    }
  }
  assert.equal(
    (await ask("OPTIONS", place, "udp", master.address)).status,
    200,
    "the master is not sent to itself",
  );

  for (const method of ["REGISTER", "OPTIONS"]) {
    const until = await order("wait", 60_000);
    const askedAt = Date.now();
    const answer = await ask(method, place);
    assert.equal(answer.status, 503);
    const [least, most] = [Date.now(), askedAt].map((moment) => Math.ceil((until - moment) / 1000));
    assert.ok(left(answer) >= Number(least) && left(answer) <= Number(most), "what is left, rounded up");
  }

  await order("serve", 60_000);
  assert.equal((await ask("REGISTER", place)).status, 401);
  assert.equal((await ask("OPTIONS", place)).status, 200);
});

test("an order is over by itself: a Kamailio that hears nothing more serves", async (context) => {
  const { standby, order } = await open(context, "redirect", 1);
  for (const [conduct, status] of [
    ["divert", 302],
    ["wait", 503],
  ] as const) {
    await order(conduct, 60_000);
    assert.equal((await ask("REGISTER", standby.endpoint)).status, status);
    const until = await order(conduct, 1_000);
    while (Date.now() <= until) await sleep(20);
    assert.equal((await ask("REGISTER", standby.endpoint)).status, 401, conduct);
  }
  await standby.rpc("pv.shvSet", "standfast", "str", "wait/0/0");
  assert.equal((await ask("REGISTER", standby.endpoint)).status, 401, "nobody has ever ordered anything");
});

test("relay: a REGISTER reaches the master with the way back, OPTIONS does not; silence is 503", async (context) => {
  const { master, standby, order } = await open(context, "relay", 1);
  const heard: string[] = [];
  const socket = createSocket("udp4").bind(master.port, master.address);
  context.after(() => socket.close());
  socket.on("message", (bytes) => heard.push(bytes.toString("latin1")));
  await once(socket, "listening");

  await order("divert", 60_000);
  assert.equal((await ask("OPTIONS", standby.endpoint)).status, 302);
  assert.equal(heard.length, 0);
  const answer = await ask("REGISTER", standby.endpoint);
  assert.deepEqual([answer.status, left(answer)], [503, 5]);
  assert.match(heard[0] ?? "", /^REGISTER sip:/);
  assert.ok(heard[0]?.includes(`\r\nPath: <sip:${standby.endpoint.address};lr>\r\n`), heard[0]);
});
