// Two sets in one program are two phones, and what a registrar says about routes comes out of each.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Phone, type PhoneEvent } from "../../host/index.ts";
import { openPair, type Pair } from "./pair.ts";
import { next, PATIENCE_MS, until } from "./until.ts";

async function started(t: TestContext, pair: Pair): Promise<{ phone: Phone; events: PhoneEvent[] }> {
  const phone = new Phone(pair.config());
  const events: PhoneEvent[] = [];
  phone.on("event", (event) => events.push(event));
  t.after(() => phone.close());
  await phone.start();
  assert.ok(await phone.whenInService(PATIENCE_MS));
  return { phone, events };
}

test("two phones in one program share nothing: a dead primary of one is nothing to the other", async (t) => {
  const [left, right] = [await openPair(t), await openPair(t)];
  const [one, other] = [await started(t, left), await started(t, right)];
  assert.notEqual(one.phone.localPort, other.phone.localPort);
  const before = other.events.length;
  left.primary.die();
  one.phone.refresh();
  await next(one.phone, "moved");
  assert.deepEqual(left.boundAt("backup1"), ["6000"]);
  const told = other.events
    .slice(before)
    .filter(({ type }) => /^(serverDown|outOfService|moved)$/.test(type));
  assert.deepEqual(told, []);
  assert.equal(other.phone.lines()[0]?.server, "primary");
  await Promise.all([one.phone.stop(), other.phone.stop()]);
});

const ROUTES = { path: ["<sip:p1;lr>", "<sip:p2;lr>"], serviceRoute: ["<sip:edge.example;lr>"] };

test("Path and Service-Route of a grant are told once, kept by server, and void after a restart", async (t) => {
  const grantHeaders = ["Path: <sip:p1;lr>, <sip:p2;lr>", "Service-Route: <sip:edge.example;lr>"];
  const pair = await openPair(t, undefined, undefined, undefined, grantHeaders);
  const told: unknown[] = [];
  const phone = new Phone(pair.config());
  t.after(() => phone.close());
  phone.on("routes", (server, routes) => told.push([server, routes]));
  await phone.start();
  assert.ok(await phone.whenInService(PATIENCE_MS));
  assert.deepEqual(phone.routesOf("primary"), ROUTES);
  assert.deepEqual(phone.routesOf("backup1"), { path: [], serviceRoute: [] });
  phone.refresh();
  await until(() => pair.sights.primary.some(({ kind }) => kind === "renewed"));
  assert.deepEqual(told, [["primary", ROUTES]]);
  phone.restart();
  assert.deepEqual(phone.routesOf("primary"), { path: [], serviceRoute: [] });
  await phone.stop();
});
