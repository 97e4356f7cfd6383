// What a bad network does to a run, verb by verb. Times are those of the healthy timelines, DESIGN.md
// "Timelines", and what the verb adds to them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { R_LATE } from "../../assembly/abi.ts";
import { Network } from "../../host/sim/network.ts";
import { Random } from "../../host/sim/random.ts";
import { packetText } from "../../host/sim/trace.ts";
import type { World, WorldOptions } from "../../host/sim/world.ts";
import { DECISIONS, sameEvents, sent, sentAt, told, world } from "./fixture.ts";

const T2 = [
  "0 inService primary 6000",
  "122000 serverDown primary timeout",
  "122000 outOfService primary 6000 timeout",
  "122000 warningOn 6000",
  "122000 inService backup1 6000",
  "122000 moved backup1 6000 failover",
];

/** Until when the registrar keeps the binding of the line, ms; 0: there is none. */
function boundUntil(run: World, server: string): number {
  return run.servers.get(server)?.table.of("6000", run.now)[0]?.expiresAt ?? 0;
}

const decisions = (run: World): string[] => told(run.events, DECISIONS);

for (const verb of ["loss 100", "cut to", "cut from", "cut both"]) {
  test(`${verb} is silence: the times of T2, and service is missed from the first moment`, () => {
    const run = world({ scenario: [`100 network ${verb} server=primary`] }).runTo(170_000);
    sameEvents(decisions(run), T2);
    const primary = sentAt(run.packets, /primary REGISTER/).filter((at) => at >= 100_000);
    assert.deepEqual(primary, [120_000, 120_500, 121_500]);
    assert.deepEqual(run.summary[0]?.gaps, [{ fromMs: 100_000, toMs: 122_000 }]);
  });
}

test("cut to: nothing reaches the server; cut from: it renews the binding, and nobody hears of it", () => {
  const bound = (way: string): number =>
    boundUntil(world({ scenario: [`50 network cut ${way} server=primary`] }).runTo(170_000), "primary");
  assert.equal(bound("to"), 0, "the lease of 0 s ended at 120 s");
  assert.equal(bound("from"), 180_000, "renewed at 60 s for 120 s");
});

test("a cut without a server cuts all of them, and cut none mends it", () => {
  const run = world({ scenario: ["100 network cut both", "5000 network cut none"] }).runTo(5_200_000);
  assert.deepEqual(told(run.events, ["outOfService"]), ["122000 outOfService primary 6000 timeout"]);
  assert.equal(run.agent.lines()[0]?.server, "primary");
});

test("a delay of 40 ms each way: a round trip of 80 ms more for each answer waited for", () => {
  const scenario = ["0 network delay 40..40", "100 primary silent", "400 primary back"];
  const run = world({ scenario }).runTo(460_000);
  sameEvents(decisions(run), [
    "160 inService primary 6000", // 401, 200
    "122080 serverDown primary timeout", // a lease counts from the REGISTER of 0.08, and of 60.08
    "122080 outOfService primary 6000 timeout",
    "122080 warningOn 6000",
    "122240 inService backup1 6000", // 401, 200
    "122240 moved backup1 6000 failover",
    "450240 moved primary 6000 failback", // the heartbeat of 450, 401 as the nonce is stale, 200
    "450240 warningOff 6000",
  ]);
});

test("a wide delay lets packets overtake each other, the same ones from the same seed", () => {
  const scenario = ["0 network delay 0..900"];
  const arrivals = (seed: number): string[] =>
    world({ seed, lines: 8, scenario })
      .runTo(300_000)
      .trace.filter((line) => line.includes("phone <"));
  assert.deepEqual(arrivals(5), arrivals(5));
  assert.notDeepEqual(arrivals(5), arrivals(6));
  const cseqs = arrivals(5).map((line) => Number(/cseq=(\d+)/.exec(line)?.[1]));
  assert.ok(cseqs.some((cseq, at) => cseq < (cseqs[at - 1] ?? 0)));
});

test("duplicate 100: every request is answered twice, each answer comes twice, one of four counts", () => {
  const run = world({ scenario: ["0 network duplicate 100"] }).runTo(50_000);
  assert.deepEqual(decisions(run), ["0 inService primary 6000"]);
  assert.deepEqual(sent(run.packets), [
    "0 primary REGISTER 6000 cseq=1 expires=120",
    "0 primary REGISTER 6000 cseq=2 expires=120 auth",
  ]);
  assert.equal(run.trace.filter((line) => line.includes("phone <")).length, 8);
  assert.equal(run.agent.core.refused(R_LATE), 6);
  assert.equal(run.servers.get("primary")?.table.of("6000", 50_000).length, 1);
});

test("percentages are shares of the packets: 30 of 100 are lost, 2 of 100 come twice", () => {
  const network = new Network(["primary"], new Random(1), () => ({ address: "192.0.2.100", port: 5060 }));
  network.apply({ kind: "loss", percent: 30 });
  network.apply({ kind: "duplicate", percent: 2 });
  const count = (isHit: () => boolean): number =>
    Array.from({ length: 10_000 }, isHit).filter(Boolean).length;
  const lost = count(() => network.draw("to", "primary") === undefined);
  const doubled = count(() => network.doubles("primary"));
  // Five standard deviations are 229 and 70.
  assert.ok(Math.abs(lost - 3000) < 230, `${lost}`);
  assert.ok(Math.abs(doubled - 200) < 71, `${doubled}`);
});

test("a delay reaches both ends of its span and nothing beyond", () => {
  const network = new Network(["primary"], new Random(1), () => ({ address: "192.0.2.100", port: 5060 }));
  network.apply({ kind: "delay", leastMs: 20, mostMs: 29 }, "primary");
  const drawn = new Set(Array.from({ length: 1000 }, () => network.draw("from", "primary")));
  assert.deepEqual([...drawn].sort(), [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
});

test("icmp off: a closed port is silence, T2 and not T10", () => {
  const run = world({ scenario: ["0 network icmp off", "100 primary refuses"] }).runTo(170_000);
  sameEvents(decisions(run), T2);
  const again = world({ scenario: ["0 network icmp off", "90 network icmp on", "100 primary refuses"] });
  assert.deepEqual(sentAt(again.runTo(170_000).packets, /primary REGISTER/).at(-1), 120_000);
});

test("rebind: the old Contact reaches nobody until the next REGISTER has told the new one", () => {
  const run = world({ scenario: ["100 network rebind server=primary"] }).runTo(170_000);
  assert.deepEqual(told(run.events, ["addressChanged"]), ["120000 addressChanged primary"]);
  assert.deepEqual(run.summary[0]?.gaps, [{ fromMs: 100_000, toMs: 121_000 }]);
  const ports = run.servers
    .get("primary")
    ?.table.of("6000", 170_000)
    .map(({ uri }) => uri.port);
  assert.equal(ports?.length, 1);
  assert.notEqual(ports?.[0], 5060);
});

// Over a connection nothing is lost for good: what is lost is sent again after 0.2 s, 0.4 s, 0.8 s ..

const tcp = (scenario: readonly string[]): World => world({ params: { transport: "TCP" }, scenario });

test("TCP: a cut of half a second costs the repeats of 0.2 and 0.4 s", () => {
  const run = tcp(["59.9 network cut both", "60.4 network cut none"]).runTo(100_000);
  assert.deepEqual(
    run.trace.filter((line) => /^(60|90)\d+ phone [<>]/.test(line)),
    [
      "60000 phone > primary REGISTER 6000 cseq=3 expires=120 auth",
      "60600 phone < primary 200 REGISTER 6000 cseq=3 expires=120",
      "90000 phone > primary OPTIONS 6000 cseq=1",
      "90000 phone < primary 200 OPTIONS 6000 cseq=1",
    ],
  );
});

test("TCP: a connection that finds a cut is asked for again after a second", () => {
  const run = tcp(["0 network cut to", "0.5 network cut none"]).runTo(1500);
  assert.deepEqual(told(run.events, ["inService"]), ["1000 inService primary 6000"]);
});

test("TCP: whatever the delays and the losses, each answer arrives once and in order", () => {
  const left: string[] = [];
  const arrived: string[] = [];
  const watch: WorldOptions["watch"] = {
    packet: ({ from, bytes }) => from === "server" && left.push(packetText(bytes)),
    arrived: ({ bytes }) => arrived.push(packetText(bytes)),
  };
  const params = { transport: "TCP", registerTimeout: 0 } as const;
  const scenario = ["0 network delay 0..900", "1 network loss 20", "990 network loss 0"];
  world({ params, lines: 8, scenario, watch }).runTo(1_030_000);
  assert.ok(left.length > 150, `${left.length}`);
  // The last ones are still under way.
  assert.ok(arrived.length > left.length - 8, `${arrived.length} of ${left.length}`);
  assert.deepEqual(arrived, left.slice(0, arrived.length));
});

test("TCP: a reset that is lost comes again with the next message", () => {
  const run = tcp(["100 network cut from", "101 primary restarts", "110 network cut none"]).runTo(130_000);
  assert.ok(run.trace.includes("120000 phone = primary lost"), run.trace.join("\n"));
  assert.deepEqual(decisions(run), ["0 inService primary 6000"]);
});

test("TCP: a NAT that forgets ends the connection with the next message", () => {
  const run = tcp(["100 network rebind"]).runTo(130_000);
  assert.ok(run.trace.includes("120000 phone = primary lost"), run.trace.join("\n"));
  assert.deepEqual(decisions(run), ["0 inService primary 6000"]);
});

test("TCP: duplicates are the connection's business", () => {
  const run = tcp(["0 network duplicate 100"]).runTo(100_000);
  assert.equal(run.trace.filter((line) => line.includes("phone <")).length, 4);
});
