// What an application is told through outages, with a real core in virtual time. Times are those of the core's rules.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServiceEvent } from "../../../../host/session/events/event.ts";
import { OrderCheck } from "./order.ts";
import { lineOf, runTo, VirtualPhone, watching } from "./phones.ts";

/** What was told from that moment on. */
function since(told: readonly ServiceEvent[], at: number): string[] {
  const order = new OrderCheck();
  for (const event of told) order.hear(event);
  return told.filter((event) => event.at >= at).map(lineOf);
}

test("a start: provider, then address and terminal", () => {
  const phone = new VirtualPhone();
  const { told, service } = watching(phone);
  assert.equal(service.provider, "out");
  runTo(1000, phone);
  assert.deepEqual(since(told, 0), [
    "0 providerInService normal",
    "0 addressInService 6000 pbx1 normal",
    "0 terminalInService T1 pbx1 normal",
  ]);
});

test("one server of two is lost: its devices go and come, the provider stays; the call keeps its id", () => {
  const phone = new VirtualPhone({ scenario: ["100 primary silent"] });
  const { told, service } = watching(phone);
  runTo(50_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "ringing" });
  service.callChanged("c1", "connected");
  runTo(150_000, phone);
  assert.deepEqual(since(told, 50_000), [
    "50000 callStarted c1 ringing T1 6000 pbx1 normal",
    "50000 callChanged c1 connected T1 6000 pbx1 normal",
    "122000 callObservationEnded c1 connected T1 6000 pbx1 server",
    "122000 addressOutOfService 6000 pbx1 server",
    "122000 terminalOutOfService T1 pbx1 server",
    "122000 addressInService 6000 pbx2 normal",
    "122000 terminalInService T1 pbx2 normal",
    "122000 callSnapshot c1 connected T1 6000 pbx2 snapshot",
  ]);
});

test("a phone goes back when it is idle: with a call it waits, and keeps its id over every move", () => {
  const scenario = ["100 primary silent", "300 primary back"];
  const phone = new VirtualPhone({ scenario });
  const { told, service } = watching(phone);
  runTo(200_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "connected" });
  runTo(900_000, phone);
  assert.deepEqual(since(told, 200_000), ["200000 callStarted c1 connected T1 6000 pbx2 normal"]);
  service.callEnded("c1");
  runTo(901_000, phone);
  assert.deepEqual(since(told, 900_000), [
    "900000 callEnded c1 connected T1 6000 pbx2 normal",
    "900000 addressMoved T1 6000 pbx1 normal",
  ]);
});

test("a call stays the same call through ten moves", () => {
  const phone = new VirtualPhone();
  const { told, service } = watching(phone);
  runTo(10_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "connected" });
  for (let move = 0; move < 10; move++) {
    phone.world.command("moveTo", "6000", move % 2 === 0 ? "backup1" : "primary");
    runTo(20_000 + move * 10_000, phone);
  }
  const moves = told.filter(({ type }) => type === "callMoved");
  assert.deepEqual([...new Set(moves.map(({ call }) => call))], ["c1"]);
  assert.deepEqual(
    moves.map(({ server }) => server),
    Array.from({ length: 10 }, (_, move) => (move % 2 === 0 ? "pbx2.example:5060" : "pbx1.example:5060")),
  );
  assert.deepEqual(service.calls(), [
    { call: "c1", terminal: "T1", address: "6000", state: "connected", isObserved: true },
  ]);
});

test("every server is lost: the provider goes last and comes first; calls are caught up with", () => {
  const phone = new VirtualPhone({
    scenario: ["100 primary silent", "100 backup1 silent", "500 primary back", "500 backup1 back"],
  });
  const { told, service } = watching(phone);
  const began = (call: string): void =>
    service.callBegan({ call, terminal: "T1", address: "6000", state: "ringing" });
  runTo(50_000, phone);
  for (const call of ["same", "over", "renamed"]) began(call);
  runTo(300_000, phone);
  service.callChanged("same", "connected");
  service.callEnded("over");
  service.callEnded("renamed"); // the same call goes on under another id
  began("renamed2");
  began("new");
  began("short");
  service.callEnded("short");
  runTo(800_000, phone);
  const heard = since(told, 60_000);
  assert.deepEqual(
    heard.map((line) => line.replace(/^\d+ /, "")),
    [
      "callObservationEnded same ringing T1 6000 pbx1 server",
      "callObservationEnded over ringing T1 6000 pbx1 server",
      "callObservationEnded renamed ringing T1 6000 pbx1 server",
      "addressOutOfService 6000 pbx1 server",
      "terminalOutOfService T1 pbx1 server",
      "providerOutOfService server",
      "providerInService normal",
      "addressInService 6000 pbx1 normal",
      "terminalInService T1 pbx1 normal",
      "callSnapshot same connected T1 6000 pbx1 snapshot",
      "callEnded over ringing T1 6000 pbx1 snapshot",
      "callEnded renamed ringing T1 6000 pbx1 snapshot",
      "callStarted renamed2 ringing T1 6000 pbx1 snapshot",
      "callStarted new ringing T1 6000 pbx1 snapshot",
    ],
  );
});

test("a shared address is in with the first terminal and out with the last", () => {
  const first = new VirtualPhone({ scenario: ["100 link down", "400 link up"], lines: ["6000", "6001"] });
  const second = new VirtualPhone({ scenario: ["200 link down", "300 link up"], lines: ["6000"] });
  const { told } = watching(first, second);
  runTo(500_000, first, second);
  assert.deepEqual(since(told, 50_000), [
    "100000 addressOutOfService 6001 pbx1 link",
    "100000 terminalOutOfService T1 pbx1 link",
    "200000 addressOutOfService 6000 pbx1 link",
    "200000 terminalOutOfService T2 pbx1 link",
    "200000 providerOutOfService link",
    "300000 providerInService normal",
    "300000 addressInService 6000 pbx1 normal",
    "300000 terminalInService T2 pbx1 normal",
    "400000 terminalInService T1 pbx1 normal",
    "400000 addressInService 6001 pbx1 normal",
  ]);
});

/** Each cause by an event of the core; what follows from it is the same but for the word. */
const CAUSES = [
  { cause: "link", reason: { rule: "link" } },
  { cause: "server", reason: { rule: "timeout", waitedMs: 2000 } },
  { cause: "server", reason: { rule: "503" } },
  { cause: "restart", reason: { rule: "start", resumed: 1 } },
  { cause: "restart", reason: { rule: "command", command: "restart" } },
  { cause: "permission", reason: { rule: "403" } },
  { cause: "permission", reason: { rule: "credentials", status: 401 } },
  { cause: "permission", reason: { rule: "command", command: "bindingLost" } },
] as const;

for (const { cause, reason } of CAUSES) {
  test(`cause ${cause} of rule ${reason.rule} is told, and changes nothing else`, () => {
    const phone = new VirtualPhone();
    const { told, service } = watching(phone);
    runTo(1000, phone);
    service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "held" });
    phone.tell({ t: 2000, type: "outOfService", line: "6000", server: "primary", reason });
    phone.tell({ t: 3000, type: "inService", line: "6000", server: "primary" });
    const heard = since(told, 2000).filter((line) => !/provider/.test(line));
    assert.deepEqual(heard, [
      `2000 callObservationEnded c1 held T1 6000 pbx1 ${cause}`,
      `2000 addressOutOfService 6000 pbx1 ${cause}`,
      `2000 terminalOutOfService T1 pbx1 ${cause}`,
      "3000 addressInService 6000 pbx1 normal",
      "3000 terminalInService T1 pbx1 normal",
      "3000 callSnapshot c1 held T1 6000 pbx1 snapshot",
    ]);
  });
}

test("an account that every server refuses is out for want of permission, and the provider stays", () => {
  const refuse = ["primary", "backup1"].map((server) => `100 ${server} answers 403 to=REGISTER line=6000`);
  const phone = new VirtualPhone({ scenario: refuse, lines: ["6000", "6001"] });
  const { told, service } = watching(phone);
  runTo(400_000, phone);
  assert.deepEqual(
    since(told, 50_000).map((line) => line.replace(/^\d+ /, "")),
    ["addressOutOfService 6000 pbx1 permission"],
  );
  assert.equal(service.provider, "in");
});

test("a listener that looks at the board sees what it is being told", () => {
  const phone = new VirtualPhone({ scenario: ["100 link down", "200 link up"] });
  const { service } = watching(phone);
  let looks = 0;
  service.on("event", ({ type, address, terminal }) => {
    const isIn = service.seats().some((seat) => seat.inService);
    if (type === "providerInService" || type === "providerOutOfService")
      assert.equal(service.provider, type === "providerInService" ? "in" : "out");
    else assert.equal(isIn, type.endsWith("InService"), `${type} ${address ?? terminal}`);
    looks += 1;
  });
  runTo(300_000, phone);
  assert.equal(looks, 9);
});

test("a crash of the core is an outage with cause restart, and the calls are still there", () => {
  const phone = new VirtualPhone({ scenario: ["100 host crash"] });
  const { told, service } = watching(phone);
  runTo(50_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "connected" });
  runTo(200_000, phone);
  const kinds = since(told, 60_000).map((line) => line.split(" ").slice(1).join(" "));
  assert.deepEqual(kinds, [
    "callObservationEnded c1 connected T1 6000 pbx1 restart",
    "addressOutOfService 6000 pbx1 restart",
    "terminalOutOfService T1 pbx1 restart",
    "addressInService 6000 pbx1 normal",
    "terminalInService T1 pbx1 normal",
    "callSnapshot c1 connected T1 6000 pbx1 snapshot",
  ]);
});

test("what comes twice, too early, or of nobody says nothing", () => {
  const phone = new VirtualPhone();
  const { told } = watching(phone);
  runTo(1000, phone);
  const say = (type: "inService" | "outOfService" | "moved", line: string, t: number): void =>
    phone.tell({ t, type, line, server: "primary", reason: { rule: "timeout" } });
  say("inService", "6000", 2000); // in service without a loss
  say("outOfService", "6666", 3000); // an unknown line
  say("inService", "6666", 3000);
  assert.deepEqual(since(told, 2000), []);
  say("outOfService", "6000", 4000);
  const once = told.length;
  say("outOfService", "6000", 5000);
  assert.equal(told.length, once);
});

test("a device that is removed while it is out ends its calls, and only then is gone", () => {
  const phone = new VirtualPhone({ scenario: ["100 link down"] });
  const { told, service } = watching(phone);
  runTo(50_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "connected" });
  runTo(200_000, phone);
  service.unwatch("T1");
  assert.deepEqual(since(told, 150_000), [
    "200000 callEnded c1 connected T1 6000 pbx1 permission",
    "200000 terminalRemoved T1 permission",
  ]);
  assert.deepEqual(service.seats(), []);
  phone.tell({ t: 201_000, type: "inService", line: "6000", server: "primary" });
  assert.equal(told.at(-1)?.type, "terminalRemoved");
});

test("one listener hears each event once, however often everything went and came", () => {
  const outages = [100, 300, 500].flatMap((at) => [`${at} link down`, `${at + 100} link up`]);
  const phone = new VirtualPhone({ scenario: outages });
  const { told, service } = watching(phone);
  runTo(700_000, phone);
  assert.equal(told.filter(({ type }) => type === "terminalOutOfService").length, 3);
  assert.equal(told.filter(({ type }) => type === "terminalInService").length, 4);
  assert.equal(service.listenerCount("event"), 1);
});

test("a phone that ends takes its terminal out; the end of the service takes all", () => {
  const [first, second] = [new VirtualPhone(), new VirtualPhone({ lines: ["6001"] })];
  const { told, service } = watching(first, second);
  runTo(1000, first, second);
  first.end();
  assert.deepEqual(since(told, 1000), [
    "1000 addressOutOfService 6000 pbx1 restart",
    "1000 terminalOutOfService T1 pbx1 restart",
  ]);
  service.shutdown();
  assert.deepEqual(
    told.slice(-4).map(({ type }) => type),
    ["addressOutOfService", "terminalOutOfService", "providerOutOfService", "providerShutdown"],
  );
  runTo(5000, first, second);
  assert.equal(told.at(-1)?.type, "providerShutdown");
});

test("a phone that is watched late is in service from then on", () => {
  const phone = new VirtualPhone();
  phone.world.runTo(30_000);
  const { told } = watching(phone);
  assert.deepEqual(told.map(lineOf), [
    "30000 providerInService normal",
    "30000 addressInService 6000 pbx1 normal",
    "30000 terminalInService T1 pbx1 normal",
  ]);
});

test("a core that is given up takes its terminal out; one that goes on says itself what is out", () => {
  const phone = new VirtualPhone();
  const { told } = watching(phone);
  runTo(1000, phone);
  phone.tell({ t: 2000, type: "fault", next: { what: "resume" } });
  assert.deepEqual(since(told, 2000), []);
  phone.tell({ t: 3000, type: "fault" });
  assert.deepEqual(since(told, 3000), [
    "3000 addressOutOfService 6000 pbx1 restart",
    "3000 terminalOutOfService T1 pbx1 restart",
    "3000 providerOutOfService restart",
  ]);
});

test("a name that is taken or unknown is refused with what there is", () => {
  const phone = new VirtualPhone();
  const { service } = watching(phone);
  runTo(1000, phone);
  const begin = (call: string, terminal: string, address: string): void =>
    service.callBegan({ call, terminal, address, state: "ringing" });
  assert.throws(() => service.watch("T1", phone), /terminal "T1" is watched already/);
  assert.throws(() => begin("c1", "T2", "6000"), /no address "6000" at a terminal "T2"; there is 6000 at T1/);
  assert.throws(() => begin("c1", "T1", "7000"), /no address "7000" at a terminal "T1"; there is 6000 at T1/);
  begin("c1", "T1", "6000");
  assert.throws(() => begin("c1", "T1", "6000"), /call "c1" is up already/);
  assert.throws(() => service.callEnded("c2"), /no call "c2" is up; up: c1/);
});
