// The world itself: what it does at one moment, what gets lost, what is repeatable.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScenario } from "../../host/sim/scenario.ts";
import { World } from "../../host/sim/world.ts";
import { module, OPTIMAL, phoneConfig, sent, told, world } from "./fixture.ts";

test("the same seed gives the same bytes, another seed other ones", () => {
  const bytes = (seed: number): string =>
    world({ seed, scenario: ["100 primary silent"] })
      .runTo(200_000)
      .packets.map((packet) => Buffer.from(packet.bytes).toString("latin1"))
      .join("");
  assert.equal(bytes(1), bytes(1));
  assert.notEqual(bytes(1), bytes(2));
});

test("at one moment servers change first, then the host acts, and what is due comes last", () => {
  const run = world({ scenario: ["60 host refresh", "60 primary silent"] }).runTo(60_000);
  assert.deepEqual(run.trace.slice(-3), [
    "60000 primary silent",
    "60000 host refresh",
    "60000 phone > primary REGISTER 6000 cseq=3 expires=120 auth",
  ]);
});

test("a run may go on where it stopped", () => {
  const once = world({ scenario: ["100 primary silent"] }).runTo(300_000);
  const twice = world({ scenario: ["100 primary silent"] })
    .runTo(121_000)
    .runTo(300_000);
  assert.deepEqual(twice.trace, once.trace);
});

test("latency lies between request and answer", () => {
  const run = world({ scenario: ["0 primary latency 250"] }).runTo(10_000);
  assert.deepEqual(told(run.events, ["inService"]), ["500 inService primary 6000"]);
});

test("a link that is down loses what is under way and what is sent", () => {
  const run = world({ scenario: ["50 primary latency 1000", "60.5 link down", "70 link up"] });
  run.runTo(72_500);
  assert.ok(!run.trace.some((line) => /^61\d* phone </.test(line)), "the answer of 61.0 is lost");
  assert.deepEqual(sent(run.packets, /^6[1-9]/), []);
  assert.deepEqual(told(run.events, ["outOfService"]), ["60500 outOfService primary 6000 link"]);
  assert.equal(run.agent.lines()[0]?.state, "served");
});

test("an answer to another endpoint than the phone's is lost", () => {
  const run = world({ params: { rport: false } });
  run.publicEndpoint = { address: "198.51.100.7", port: 1000 };
  run.runTo(1500);
  assert.ok(!run.trace.some((line) => line.includes("phone <")), run.trace.join("\n"));
});

test("host stop removes the bindings and ends the phone", () => {
  const run = world({ scenario: ["10 host stop"] }).runTo(500_000);
  assert.deepEqual(sent(run.packets, /^10000/), ["10000 primary REGISTER 6000 cseq=3 expires=0 auth"]);
  assert.equal(run.servers.get("primary")?.table.of("6000", 10_000).length, 0);
  assert.deepEqual(sent(run.packets.filter(({ at }) => at > 10_000)), []);
});

test("host stop removes what an attempt under way may have bound", () => {
  const scenario = ["1 backup1 latency 300", "100 host moveTo backup1", "100.4 host stop"];
  const run = world({ scenario }).runTo(110_000);
  for (const name of ["primary", "backup1"] as const) {
    assert.equal(run.servers.get(name)?.table.of("6000", 110_000).length, 0, name);
  }
});

test("something planned for a time that has passed is an error", () => {
  const run = world().runTo(5000);
  assert.throws(() => run.at(4000, () => {}), /4000 ms has passed; it is 5000 ms/);
});

test("traces hold no password and no digest response", () => {
  const run = world({ scenario: ["100 primary silent"] }).runTo(200_000);
  const trace = run.trace.join("\n");
  assert.match(trace, / auth$/m);
  assert.doesNotMatch(trace, /secret|response=|[0-9a-f]{32}/);
});

test("every line of a trace has its time, an actor and a verb", () => {
  const run = world({ scenario: ["100 primary refuses", "300 primary back", "310 call begin"] });
  for (const line of run.runTo(600_000).trace) {
    assert.match(line, /^\d+ (phone (>|<|x|tells) \S+|\S+ \S+)/, line);
  }
});

test("the last sixteen decisions on a line are kept, newest first", () => {
  const run = world({ scenario: ["100 primary silent", "400 primary back"] }).runTo(1_000_000);
  const told = run.events.filter(({ line }) => line === "6000");
  assert.ok(told.length > 5);
  assert.deepEqual(run.agent.decisions("6000"), told.slice(-16).reverse());
});

test("servers may be IPv6 addresses: the phone answers from one too", () => {
  const config = phoneConfig({ params: OPTIMAL });
  const servers = config.servers.map((server, rank) => ({ ...server, host: `2001:db8::${rank + 1}` }));
  const steps = parseScenario("100 primary silent");
  const run = new World({ module: module(), config: { ...config, servers }, steps }).runTo(130_000);
  assert.deepEqual(told(run.events, ["moved"]), ["122000 moved backup1 6000 failover"]);
  const first = new TextDecoder().decode(run.packets[0]?.bytes);
  assert.match(first, /^Via: SIP\/2\.0\/UDP \[2001:db8::100\]:5060;/m);
  assert.match(first, /^Contact: <sip:6000@\[2001:db8::100\]:5060;/m);
  assert.ok(!run.events.some(({ type }) => type === "addressChanged"));
});
