// Corners of the rules: commands while something is under way, leases that end by themselves, long runs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "../../host/sim/world.ts";
import { DECISIONS, module, OPTIMAL, phoneConfig, sameEvents, sent, sentAt, told, world } from "./fixture.ts";

const SERVED = "0 inService primary 6000";

/** The primary was found dead at 122.0 and the backup serves. */
const DOWN_AT_122 = [
  SERVED,
  "122000 serverDown primary timeout",
  "122000 outOfService primary 6000 timeout",
  "122000 warningOn 6000",
  "122000 inService backup1 6000",
  "122000 moved backup1 6000 failover",
];

test("a restart while the link is down sends nothing and blames nobody", () => {
  const run = world({
    params: { startupCheck: true },
    scenario: ["50 link down", "60 host restart", "100 link up"],
  }).runTo(110_000);
  sameEvents(told(run.events, DECISIONS), [
    SERVED,
    "50000 outOfService primary 6000 link",
    "50000 warningOn 6000",
    "60000 warningOff 6000",
    "100000 inService primary 6000",
  ]);
  assert.deepEqual([...new Set(sentAt(run.packets, /./))], [0, 100_000]);
});

test("a restart ends the warning that was told", () => {
  const scenario = ["100 primary silent", "150 primary back", "160 host restart"];
  const run = world({ scenario }).runTo(170_000);
  sameEvents(told(run.events, DECISIONS), [
    ...DOWN_AT_122,
    "160000 warningOff 6000",
    "160000 inService primary 6000",
  ]);
});

test("moveTo waits for the attempt under way, and is not forgotten", () => {
  const run = world({ scenario: ["0 primary latency 300", "0.1 host moveTo backup1"] }).runTo(30_000);
  sameEvents(told(run.events, DECISIONS), [
    "600 inService primary 6000",
    "600 moved backup1 6000 failover",
    "600 warningOn 6000",
  ]);
});

test("moveTo during a move back: first there, then where it was told to go", () => {
  const scenario = ["100 primary silent", "400 primary back", "400 primary latency 300"];
  const run = world({ servers: 3, scenario: [...scenario, "450.4 host moveTo backup2"] }).runTo(700_000);
  sameEvents(told(run.events, DECISIONS), [
    ...DOWN_AT_122,
    "450900 moved primary 6000 failback",
    "450900 warningOff 6000",
    "450900 moved backup2 6000 failover",
    "450900 warningOn 6000",
  ]);
});

test("moveTo while the link is down is carried out once the binding in use is verified", () => {
  const run = world({
    scenario: ["50 link down", "60 host moveTo backup1", "100 link up"],
  }).runTo(110_000);
  sameEvents(told(run.events, DECISIONS), [
    SERVED,
    "50000 outOfService primary 6000 link",
    "50000 warningOn 6000",
    "100000 inService primary 6000",
    "100000 warningOff 6000",
    "100000 moved backup1 6000 failover",
    "100000 warningOn 6000",
  ]);
});

test("trying a server that is down already is no flapping, whatever it answers", () => {
  const run = world({
    params: { primaryDetectInterval: 0 },
    scenario: ["100 primary answers 503 to=REGISTER retry-after=20", "330 primary back"],
  }).runTo(400_000);
  assert.deepEqual(told(run.events, ["returnFailed", "moved"]), [
    "120000 moved backup1 6000 failover",
    "180000 returnFailed primary 6000",
    "240000 returnFailed primary 6000",
    "300000 returnFailed primary 6000",
    "360000 moved primary 6000 failback",
  ]);
  assert.equal(run.agent.servers()[0]?.penalty, 0);
});

test("after an outage of our own one answer is a recovery, whatever recoverCount says", () => {
  const run = world({
    params: { recoverCount: 3, preferPrimary: false, lineCool: 30 },
    scenario: [
      "100 primary silent",
      "100 backup1 silent",
      "400 primary answers 500 to=REGISTER",
      "400 primary back",
      "401 primary answers 500 to=REGISTER",
      "400 backup1 back",
      "530 primary back",
    ],
  }).runTo(700_000);
  const moves = told(run.events, ["moved", "serverHolding"]);
  assert.equal(moves.length, 2, moves.join("\n"));
  assert.match(moves[0] ?? "", /moved backup1 6000 failover/);
  assert.match(moves[1] ?? "", /moved primary 6000 failback/);
});

test("a binding ends the wait between rounds: the next failure starts a round of its own", () => {
  const run = world({
    scenario: [
      "115 primary answers 500 to=REGISTER",
      "115 backup1 answers 500 to=REGISTER",
      "130 primary back",
      "135 host callFailed",
      "139 primary silent",
      "140 host callFailed",
      "141 backup1 back",
    ],
  }).runTo(150_000);
  sameEvents(told(run.events, DECISIONS), [
    SERVED,
    "142000 serverDown primary timeout",
    "142000 outOfService primary 6000 timeout",
    "142000 warningOn 6000",
    "142000 inService backup1 6000",
    "142000 moved backup1 6000 failover",
  ]);
});

test("a lease that ends before its refresh is answered: out of service, and the refresh decides", () => {
  const run = world({
    params: { registerRefreshInterval: 30, registerTimeout: 0, primaryDetectInterval: 0 },
    scenario: ["100 primary silent"],
  }).runTo(140_000);
  sameEvents(told(run.events, DECISIONS), [
    SERVED,
    "120000 outOfService primary 6000 lease",
    "120000 warningOn 6000",
    "137000 serverDown primary timeout",
    "137000 inService backup1 6000",
    "137000 moved backup1 6000 failover",
  ]);
});

test("a phone that slept for two hours registers again where it was, in one step", () => {
  let sleptMs = 0;
  const run = new World({
    module: module(),
    config: phoneConfig({ params: OPTIMAL }),
    get clockAtMs() {
      return sleptMs;
    },
  });
  run.at(100_000, ({ agent, now }) => {
    sleptMs = 7_200_000;
    agent.feed({ kind: "tick" }, now + sleptMs);
  });
  run.runTo(110_000);
  sameEvents(told(run.events, DECISIONS), [
    SERVED,
    "7300000 outOfService primary 6000 lease",
    "7300000 warningOn 6000",
    "7300000 inService primary 6000",
    "7300000 warningOff 6000",
  ]);
  assert.deepEqual(sent(run.packets, /^100000 /), [
    "100000 primary OPTIONS 6000 cseq=2",
    "100000 backup1 OPTIONS 6000 cseq=1", // nobody serves
    "100000 primary REGISTER 6000 cseq=4 expires=120",
    "100000 primary REGISTER 6000 cseq=5 expires=120 auth",
  ]);
});

test("new credentials replace those of an attempt under way: the old ones are not judged", () => {
  const run = world({ scenario: ["100 primary latency 300"] });
  for (const [at, password] of [
    [110_000, "wrong"],
    [120_400, "secret-0"], // the answer to the wrong one comes at 120.6
  ] as const) {
    run.at(at, ({ agent, now }) => {
      const held = { account: "6000", password };
      agent.feed({ kind: "credentials", line: "6000", server: "primary", held }, now);
    });
  }
  run.runTo(130_000);
  sameEvents(told(run.events, DECISIONS), [SERVED]);
  assert.deepEqual(sentAt(run.packets, /^12\d{4} primary REGISTER .*auth/), [120_300, 121_300]);
});

test("a redirect to the server the line is moving back to leaves that attempt alone", () => {
  const run = world({
    params: { primaryDetectInterval: 0, lineCool: 10 },
    scenario: [
      "0 primary answers 500 to=REGISTER",
      "55 primary back",
      "55 primary latency 500",
      "55 backup1 answers 302 to=REGISTER contact=primary",
      "70 primary silent",
    ],
  }).runTo(100_000);
  sameEvents(told(run.events, DECISIONS), [
    "0 warningOn 6000",
    "0 inService backup1 6000",
    "61000 moved primary 6000 failback",
    "61000 warningOff 6000",
  ]);
});

test("events keep their order past the 65536th", () => {
  const stranger = Buffer.from(
    [
      "SIP/2.0 200 OK",
      "Via: SIP/2.0/UDP 192.0.2.100:5060;branch=z9hG4bK0",
      "From: <sip:6000@sip.example>;tag=1",
      "To: <sip:6000@sip.example>;tag=2",
      "Call-ID: none",
      "CSeq: 1 REGISTER",
      "Content-Length: 0",
      "\r\n",
    ].join("\r\n"),
  );
  const params = { registerRefreshInterval: 604_800, primaryDetectInterval: 0 };
  const run = world({ params }).runTo(1000);
  while (run.events.length < 65_535) {
    const at = run.now + 10_000;
    run.at(at, (one) => one.inject(stranger, "primary"));
    run.runTo(at);
  }
  run.command("linkDown");
  assert.deepEqual(
    run.events.slice(65_535).map(({ type }) => type),
    ["outOfService", "warningOn"],
  );
});

// The lease ended at 15 s, the link comes back at 20 s: the REGISTER with the old address is granted, and its answer
// tells the new one.
test("an address that the granting answer itself replaces is removed by its name", () => {
  const run = world({
    servers: 1,
    params: { registerRefreshInterval: 10, initialAuth: true },
    scenario: ["10 link down", "10 network rebind", "20 link up"],
  }).runTo(25_000);
  const removals = run.packets
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .filter((text) => text.startsWith("REGISTER") && /;expires=0/.test(text));
  assert.deepEqual(
    removals.map((text) => /^Contact: <sip:6000@([^;>]*)/m.exec(text)?.[1]),
    ["192.0.2.100:5060"],
  );
  assert.equal(run.servers.get("primary")?.table.of("6000", run.now).length, 1);
});

// Each second miss in a row has the line ask; the rejection of 902 s ends that until 2102 s at least.
test("a server that is deaf to heartbeats is not asked by a line that it has rejected", () => {
  const run = world({
    servers: 1,
    params: { registerRefreshInterval: 1800, rejectRetry: 1200 },
    scenario: ["0 primary deaf", "800 primary answers 403 to=REGISTER"],
  }).runTo(1_799_000);
  const asked = new Set(sentAt(run.packets, /REGISTER/)); // a challenge is answered in the same moment
  assert.deepEqual([...asked], [0, 182_000, 362_000, 542_000, 722_000, 902_000]);
});

// The REGISTER of 60 s is repeated at 60.5 s; the heartbeat of 60.1 s tells the new address.
test("a repeat is the same bytes, whatever our address is by then", () => {
  const run = world({
    servers: 1,
    params: { sipOptions: true, sipOptionsInterval: 1, primaryDetectInterval: 0 },
    scenario: ["59.999 primary mute", "60.001 network rebind", "61.2 primary back"],
  }).runTo(62_000);
  const repeats = run.packets
    .filter(({ at, from }) => from === "phone" && at >= 60_000 && at <= 61_500)
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .filter((text) => text.startsWith("REGISTER"));
  assert.ok(run.events.some(({ t, type }) => type === "addressChanged" && t === 61_000));
  assert.equal(new Set(repeats.slice(0, 3)).size, 1);
  assert.equal(repeats.length >= 3, true);
});

// The queue has 56 places; each boot tells three events.
test("an event with nothing to follow says so, whatever stood in its place of the queue before", () => {
  const boots = Array.from({ length: 60 }, (_, at) => `${10 * (at + 1)} host restart`);
  const run = world({ servers: 1, params: { primaryDetectInterval: 0 }, scenario: boots }).runTo(700_000);
  const ups = run.events.filter(({ type }) => type === "serverUp");
  assert.equal(ups.length, 61);
  assert.deepEqual(
    ups.flatMap(({ next }) => next ?? []),
    [],
  );
});
