// What happens to the device that runs the phone: it sleeps, loses its power. Times follow from the settings of
// DESIGN.md "Timelines".

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScenario } from "../../host/sim/scenario.ts";
import { World } from "../../host/sim/world.ts";
import { DECISIONS, module, OPTIMAL, phoneConfig, sameEvents, sent, told, world } from "./fixture.ts";

/** What was sent from that moment on. */
function sentFrom(run: World, fromMs: number): string[] {
  return sent(run.packets.filter(({ at }) => at >= fromMs));
}

test("suspend over a refresh: one step when it wakes, and no burst", () => {
  const run = world({ scenario: ["50 host suspend 30"] }).runTo(139_999);
  assert.deepEqual(sentFrom(run, 1), [
    "80000 primary REGISTER 6000 cseq=3 expires=120 auth", // due at 60
    "90000 primary OPTIONS 6000 cseq=1",
  ]);
  assert.deepEqual(told(run.events, DECISIONS), ["0 inService primary 6000"]);
});

test("suspend over many heartbeats: one is sent for all that were missed", () => {
  const params = { registerRefreshInterval: 7200 };
  const run = world({ params, scenario: ["50 host suspend 3000"] }).runTo(3_100_000);
  assert.deepEqual(sentFrom(run, 1), [
    "3050000 primary OPTIONS 6000 cseq=1",
    "3060000 primary OPTIONS 6000 cseq=2", // the 34th place of 90 s
  ]);
  assert.deepEqual(told(run.events, DECISIONS), ["0 inService primary 6000"]);
});

test("an answer that comes while it sleeps is lost, and service ends when it wakes", () => {
  const scenario = ["50 primary latency 1000", "60.2 host suspend 10"];
  const run = world({ scenario }).runTo(80_000);
  assert.ok(!run.trace.some((line) => /^61\d* phone </.test(line)));
  sameEvents(told(run.events, DECISIONS), [
    "0 inService primary 6000",
    "70200 serverDown primary timeout",
    "70200 outOfService primary 6000 timeout",
    "70200 warningOn 6000",
    "70200 inService backup1 6000",
    "70200 moved backup1 6000 failover",
  ]);
  assert.deepEqual(run.summary[0]?.gaps, [{ fromMs: 60_200, toMs: 70_200 }]);
});

test("commands wait while it sleeps, in their order; a longer sleep wins", () => {
  const scenario = [
    "10 host suspend 20",
    "11 host suspend 5",
    "12 call begin",
    "13 link down",
    "14 link up",
    "30 call begin",
  ];
  const run = world({ scenario });
  assert.equal(run.runTo(29_999).agent.lines()[0]?.calls, 0);
  assert.equal(run.runTo(30_000).agent.lines()[0]?.calls, 2);
  assert.equal(run.agent.lines()[0]?.state, "served");
});

test("TCP: a message to a sleeping phone is sent again until it wakes", () => {
  // Sent at 61, repeated after 0.2, 0.4, 0.8 s: at 62.4.
  const params = { transport: "TCP", registerTimeout: 5000 } as const;
  const scenario = ["50 primary latency 1000", "60.9 host suspend 1"];
  const run = world({ params, scenario }).runTo(70_000);
  assert.ok(run.trace.some((line) => line.startsWith("62400 phone < primary 200 REGISTER")));
});

test("reboot: a new boot at once, which knows no call and has another Call-ID", () => {
  const run = world({ scenario: ["5 call begin", "10 host reboot"] }).runTo(50_000);
  assert.deepEqual(told(run.events, DECISIONS), ["0 inService primary 6000", "10000 inService primary 6000"]);
  assert.equal(run.agent.lines()[0]?.calls, 0);
  const callIds = run.packets
    .filter(({ from }) => from === "phone")
    .map(({ bytes }) => /^Call-ID: (.*)$/m.exec(new TextDecoder().decode(bytes))?.[1]);
  assert.equal(callIds.length, 4);
  assert.equal(callIds[0], callIds[1]);
  assert.notEqual(callIds[1], callIds[2]);
  assert.equal(run.servers.get("primary")?.table.of("6000", 50_000).length, 1);
});

test("reboot to another port: the binding under the old one is removed", () => {
  const config = phoneConfig({ params: OPTIMAL });
  const local = { ...config.local, random: true };
  const steps = parseScenario("10 host reboot");
  const run = new World({ module: module(), config: { ...config, local }, steps }).runTo(9999);
  const ports = (): number[] =>
    (run.servers.get("primary")?.table.of("6000", run.now) ?? []).map(({ uri }) => uri.port);
  assert.deepEqual(ports(), [50_000]);
  run.runTo(50_000);
  assert.equal(ports().length, 1);
  assert.ok((ports()[0] ?? 0) > 50_000 && (ports()[0] ?? 0) <= 60_000);
  assert.ok(sentFrom(run, 10_000).some((line) => line.startsWith("10000 primary REGISTER 6000 cseq=")));
  assert.ok(sentFrom(run, 10_000).some((line) => line.includes("expires=0")));
});

test("reboot without a link: the phone is told once it has started", () => {
  const run = world({ scenario: ["10 link down", "20 host reboot", "30 link up"] }).runTo(40_000);
  assert.deepEqual(
    sentFrom(run, 1).map((line) => line.slice(0, 22)),
    ["20000 primary REGISTER", "30000 primary REGISTER", "30000 primary REGISTER"],
  );
});

test("reboot while it sleeps ends the sleep", () => {
  const run = world({ scenario: ["10 host suspend 1000", "20 host reboot"] }).runTo(30_000);
  assert.deepEqual(told(run.events, ["inService"]), [
    "0 inService primary 6000",
    "20000 inService primary 6000",
  ]);
});

test("the same seed gives the same boots", () => {
  const trace = (seed: number): string =>
    world({ seed, scenario: ["10 host reboot", "20 host reboot"] })
      .runTo(100_000)
      .packets.map(({ bytes }) => new TextDecoder().decode(bytes))
      .join("");
  assert.equal(trace(3), trace(3));
  assert.notEqual(trace(3), trace(4));
});
