// The servers of a phone together: what the start waits for, and who is told of a change.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Transport } from "../../../../host/node/dns/locate.ts";
import { Locator, routedFirst } from "../../../../host/node/dns/locator.ts";
import type { Ask } from "../../../../host/node/dns/records.ts";
import { HostError } from "../../../../host/node/error.ts";
import { settled, VirtualTime } from "./virtual-time.ts";
import { seededDraw, zone } from "./zone.ts";

interface Scene {
  readonly locator: Locator;
  readonly time: VirtualTime;
  readonly changed: number[];
  readonly notices: string[];
}

function scene(ask: Ask, ...hosts: readonly string[]): Scene {
  const time = new VirtualTime();
  const changed: number[] = [];
  const notices: string[] = [];
  const servers = hosts.map((host, rank) => ({
    name: rank === 0 ? "primary" : `backup${rank}`,
    host,
    port: 0,
    transport: "udp" as Transport,
    dnsType: "a" as const,
  }));
  const locator = new Locator({
    servers,
    ask,
    draw: seededDraw(1),
    timing: time,
    onChange: (server) => changed.push(server),
    onNotice: (text) => notices.push(text),
  });
  return { locator, time, changed, notices };
}

/** Never answers for one name. */
function silentFor(name: string, ask: Ask): Ask {
  return (asked, type) => (asked === name ? new Promise(() => {}) : ask(asked, type));
}

const GOOD = zone("a.test 300 A 127.0.0.1", "b.test 0 A 127.0.0.2");

test("servers that are given by address need nobody, and are never asked for", async () => {
  const dns = zone();
  const { locator, time } = scene(dns.ask, "127.0.0.1", "::1");
  await locator.start();
  await time.until(100_000);
  assert.deepEqual(dns.asked, []);
  assert.deepEqual(
    [0, 1].map((server) => locator.placeOf(server)?.address),
    ["127.0.0.1", "::1"],
  );
});

test("the start waits for every name that is answered", async () => {
  const { locator, changed } = scene(GOOD.ask, "a.test", "b.test");
  await locator.start();
  assert.equal(locator.placeOf(1)?.address, "127.0.0.2");
  assert.deepEqual(changed, [], "what is known at the start is no change");
});

test("a name server that is dead at boot delays a phone with another address by 2 s", async () => {
  const { locator, time } = scene(silentFor("a.test", GOOD.ask), "a.test", "127.0.0.2");
  let isStarted = false;
  const start = locator.start().then(() => {
    isStarted = true;
  });
  await settled();
  await time.until(1.9);
  assert.equal(isStarted, false);
  await time.until(2);
  await start;
  assert.equal(locator.placeOf(0), undefined);
  assert.equal(locator.placeOf(1)?.address, "127.0.0.2");
});

test("a phone whose names all fail starts all the same, and hears of the addresses later", async () => {
  const bad = zone("a.test fails A");
  let ask = bad.ask;
  const { locator, time, changed, notices } = scene((name, type) => ask(name, type), "a.test");
  await locator.start();
  ask = GOOD.ask;
  await time.until(5);
  assert.equal(locator.placeOf(0)?.address, "127.0.0.1");
  assert.deepEqual(changed, [0]);
  assert.deepEqual(notices, [
    "primary: a.test: no address found (a.test A: SERVFAIL)",
    "primary: a.test: found again",
  ]);
});

test("names that do not exist, all of them, are a mistake that is told with the way out", async () => {
  const { locator } = scene(zone().ask, "x.test", "y.test");
  await assert.rejects(locator.start(), (error) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.code, "unresolved");
    const lines = error.message.split("\n");
    assert.equal(lines.length, 2);
    assert.match(
      lines[0] ?? "",
      /^x\.test: no address found \(x\.test A: no such name\); check .*write the address itself$/,
    );
    return true;
  });
});

test("one name that does not exist beside one that is not answered is not refused", async () => {
  await scene(zone("a.test fails A").ask, "a.test", "x.test").locator.start();
});

test("a need asks again for what lives for no time, of that server only", async () => {
  const dns = zone("a.test 300 A 127.0.0.1", "b.test 0 A 127.0.0.2");
  const { locator, time } = scene(dns.ask, "a.test", "b.test");
  await locator.start();
  await time.until(6);
  dns.asked.length = 0;
  locator.need(0);
  locator.need(1);
  await settled();
  assert.deepEqual(dns.asked, ["AAAA b.test", "A b.test"]);
});

test("when the network came back every name is asked for, good or not", async () => {
  const dns = zone("a.test 300 A 127.0.0.1");
  const { locator } = scene(dns.ask, "a.test", "127.0.0.2");
  await locator.start();
  dns.asked.length = 0;
  await locator.askAll();
  assert.deepEqual(dns.asked, ["AAAA a.test", "A a.test"]);
});

test("addresses that this machine has no way to come last, and are kept", async () => {
  // Connecting to the broadcast address is refused by the system, so it stands for "no way there".
  const targets = ["255.255.255.255", "127.0.0.1", "127.0.0.2"].map((address) => ({
    address,
    port: 5060,
    name: "a.test",
    ttlSeconds: 1,
  }));
  const routed = await routedFirst({ kind: "found", targets, ttlSeconds: 1, missed: [] });
  const order = routed.kind === "found" && routed.targets.map(({ address }) => address);
  assert.deepEqual(order, ["127.0.0.1", "127.0.0.2", "255.255.255.255"]);
});
