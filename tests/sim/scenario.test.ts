// The text of a scenario: every verb, every mistake.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { outageScenario, parseScenario, ScenarioError } from "../../host/sim/scenario.ts";
import { VERBS } from "../../host/sim/verbs.ts";

const NAMES = { servers: ["primary", "backup1"], lines: ["6000", "6001"] };

test("reads every verb of a server", () => {
  const rows: [string, object][] = [
    ["silent", { kind: "silent" }],
    ["refuses", { kind: "refuses" }],
    ["back", { kind: "back" }],
    ["deaf", { kind: "deaf" }],
    ["mute", { kind: "mute" }],
    ["mute line=6001", { kind: "mute", line: "6001" }],
    ["answers 500 to=OPTIONS", { kind: "answers", status: 500, to: "OPTIONS" }],
    [
      "answers 503 to=REGISTER retry-after=60 line=6000",
      { kind: "answers", status: 503, to: "REGISTER", retryAfterSeconds: 60, line: "6000" },
    ],
    [
      "answers 302 to=REGISTER contact=backup1",
      { kind: "answers", status: 302, to: "REGISTER", contact: "backup1" },
    ],
    ["grants 60", { kind: "grants", seconds: 60 }],
    ["grants 100 line=6001", { kind: "grants", seconds: 100, line: "6001" }],
    ["min-expires 900", { kind: "minExpires", seconds: 900 }],
    ["latency 250", { kind: "latency", delayMs: 250 }],
    ["restarts", { kind: "restarts" }],
    ["challenges on", { kind: "challenges", isOn: true }],
    ["challenges off", { kind: "challenges", isOn: false }],
    ["wrong-contact", { kind: "wrongContact" }],
    ["forges", { kind: "forges" }],
    ["shares-location backup1", { kind: "sharesLocation", server: "backup1" }],
  ];
  for (const [text, verb] of rows) {
    const [step] = parseScenario(`5 primary ${text}`, NAMES);
    assert.deepEqual(step?.action, { kind: "server", server: "primary", verb }, text);
    assert.equal(step?.text, `primary ${text}`);
  }
});

test("reads calls, the link and the host", () => {
  const rows: [string, object][] = [
    ["call begin", { kind: "call", begins: true }],
    ["call end line=6001", { kind: "call", begins: false, line: "6001" }],
    ["link down", { kind: "link", up: false }],
    ["link up", { kind: "link", up: true }],
    ["host returnNow", { kind: "host", verb: "returnNow" }],
    ["host refresh line=6000", { kind: "host", verb: "refresh", line: "6000" }],
    ["host callFailed", { kind: "host", verb: "callFailed" }],
    ["host restart", { kind: "host", verb: "restart" }],
    ["host stop", { kind: "host", verb: "stop" }],
    ["host suspend 30", { kind: "device", verb: { kind: "suspend", forMs: 30_000 } }],
    ["host copy", { kind: "device", verb: { kind: "copy" } }],
    ["host crash", { kind: "device", verb: { kind: "crash" } }],
    ["host reboot", { kind: "device", verb: { kind: "reboot" } }],
    ["host moveTo backup1 line=6001", { kind: "host", verb: "moveTo", server: "backup1", line: "6001" }],
  ];
  for (const [text, action] of rows) {
    assert.deepEqual(parseScenario(`5 ${text}`, NAMES)[0]?.action, action, text);
  }
});

test("reads every verb of the network, for one server or all", () => {
  const rows: [string, object][] = [
    ["loss 30", { kind: "loss", percent: 30 }],
    ["delay 40..60", { kind: "delay", leastMs: 40, mostMs: 60 }],
    ["duplicate 100", { kind: "duplicate", percent: 100 }],
    ["cut to", { kind: "cut", way: "to" }],
    ["cut none", { kind: "cut", way: "none" }],
    ["icmp on", { kind: "icmp", isTold: true }],
    ["rebind", { kind: "rebind" }],
  ];
  for (const [text, verb] of rows) {
    const read = (line: string): object | undefined => parseScenario(line, NAMES)[0]?.action;
    assert.deepEqual(read(`5 network ${text}`), { kind: "network", verb });
    const server = "backup1";
    assert.deepEqual(read(`5 network ${text} server=backup1`), { kind: "network", verb, server });
  }
});

test("every verb stands in the README and in the help of whatif", () => {
  for (const path of ["host/sim/README.md", "host/cli/whatif.ts"]) {
    const page = readFileSync(path, "utf8");
    for (const verb of Object.values(VERBS).flat())
      assert.match(page, new RegExp(`(?<![\\w-])${verb}(?![\\w-])`), `${verb} in ${path}`);
  }
});

test("times are seconds with up to three decimals, exact to the millisecond", () => {
  const times = parseScenario(
    "119.9 primary silent\n0 primary deaf\n121.001 primary back\n4294967.296 link down",
  );
  assert.deepEqual(
    times.map((step) => step.atMs),
    [0, 119_900, 121_001, 4_294_967_296],
  );
});

test("steps come in order of time; at one instant back comes first and the rest as written", () => {
  const text = "100 primary mute\n100 link down\n100 primary back\n50 primary deaf\n100 primary deaf";
  assert.deepEqual(
    parseScenario(text).map((step) => `${step.atMs} ${step.text}`),
    [
      "50000 primary deaf",
      "100000 primary back",
      "100000 primary mute",
      "100000 link down",
      "100000 primary deaf",
    ],
  );
});

test("comments, blank lines and line ends of any kind are skipped", () => {
  assert.equal(parseScenario("# nothing yet\r\n\r\n  10   primary \t silent  # now\r\n").length, 1);
});

test("an error names the line, what is wrong and what would be right", () => {
  const rows: [string, RegExp][] = [
    ["\nsoon primary silent", /^scenario:2: "soon" is no time; write seconds/],
    ["1.2345 primary silent", /no time/],
    ["9999999999 primary silent", /later than/],
    ["10", /who acts .* is missing/],
    ["10 primary", /what the server does is missing/],
    ["10 primary sleeps", /cannot "sleeps"; it can silent, refuses/],
    ["10 primary toString", /cannot "toString"/],
    ["10 tertiary silent", /no server "tertiary"; there are primary, backup1/],
    ["10 backup2 silent", /no server "backup2"/],
    ["10 primary mute line=7000", /no line "7000"; there are 6000, 6001/],
    ["10 primary mute 5", /"5" is one word too many/],
    ["10 primary silent line=6000", /"line=" does not belong/],
    ["10 primary answers to=REGISTER", /a status is missing/],
    ["10 primary answers 99 to=REGISTER", /allowed 100..699/],
    ["10 primary answers 503", /needs to=REGISTER or to=OPTIONS/],
    ["10 primary answers 503 to=INVITE", /needs to=REGISTER or to=OPTIONS/],
    ["10 primary answers 503 to=REGISTER retry-after=x", /retry-after = x, allowed/],
    ["10 primary answers 302 to=REGISTER contact=x", /no server "x"/],
    ["10 primary grants", /seconds is missing/],
    ["10 primary latency -5", /milliseconds = -5, allowed 0..600000/],
    ["10 call off", /"off" is neither begin nor end/],
    ["10 link", /up or down is missing/],
    ["10 host sleep", /cannot "sleep"; it can returnNow, refresh/],
    ["10 host moveTo", /a server is missing/],
    ["10 host suspend", /seconds is missing/],
    ["10 host suspend 0", /allowed 1..2000000/],
    ["10 network fails", /the network cannot "fails"; it can loss, delay/],
    ["10 network loss 101", /percent = 101, allowed 0..100/],
    ["10 network delay 40", /"40" is no span; write 40..60/],
    ["10 network delay 60..40", /milliseconds = 40, allowed 60..600000/],
    ["10 network cut off", /cannot cut "off"; it can to, from, both, none/],
    ["10 network icmp", /on or off is missing/],
    ["10 network rebind server=x", /no server "x"/],
  ];
  for (const [text, message] of rows) {
    assert.throws(
      () => parseScenario(text, NAMES),
      (error: Error) => {
        assert.ok(error instanceof ScenarioError, text);
        assert.match(error.message, message, text);
        return true;
      },
    );
  }
});

test("without names any server of the naming scheme will do", () => {
  assert.equal(parseScenario("1 backup3 silent").length, 1);
  assert.throws(() => parseScenario("1 pbx silent"), /"pbx" is no server; write primary/);
});

test("an outage is short for silence with or without an end", () => {
  assert.equal(outageScenario("primary@100..400"), "100 primary silent\n400 primary back");
  assert.equal(outageScenario("backup1@0.5"), "0.5 backup1 silent");
  assert.throws(() => outageScenario("primary@400..100"), /ends before it begins/);
  assert.throws(() => outageScenario("primary"), /is no outage; write primary@100\.\.400, or primary@100/);
});
