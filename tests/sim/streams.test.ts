// Timelines over TCP and TLS: what a connection that breaks, is refused or says nothing does to the phone.
// The times follow from DESIGN.md D23 and the settings of "Timelines" there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "../../host/lint/check.ts";
import {
  DECISIONS,
  OPTIMAL,
  phoneConfig,
  type RunOptions,
  sameEvents,
  sent,
  sentAt,
  told,
  world,
} from "./fixture.ts";

const SERVED = "0 inService primary 6000";

/** The primary is found dead at that moment, and the backup serves. */
function downAt(ms: number, reason: string): string[] {
  return [
    SERVED,
    `${ms} serverDown primary ${reason}`,
    `${ms} outOfService primary 6000 ${reason}`,
    `${ms} warningOn 6000`,
    `${ms} inService backup1 6000`,
    `${ms} moved backup1 6000 failover`,
  ];
}

const BACK_AT_450 = ["450000 moved primary 6000 failback", "450000 warningOff 6000"];

/** [what happens, scenario, until when, decisions] */
const RUNS: readonly (readonly [string, readonly string[], number, readonly string[]])[] = [
  ["both up", [], 130_000, [SERVED]],
  [
    "killed: found by the broken connection, at once",
    ["100 primary refuses"],
    130_000,
    downAt(100_000, "transport"),
  ],
  [
    "killed, and started again at 400: found by the next heartbeat",
    ["100 primary refuses", "400 primary back"],
    460_000,
    [...downAt(100_000, "transport"), ...BACK_AT_450],
  ],
  [
    "frozen: found by the refresh of 120 and its time-out",
    ["100 primary silent"],
    130_000,
    downAt(122_000, "timeout"),
  ],
  [
    "frozen, and thawed at 400",
    ["100 primary silent", "400 primary back"],
    460_000,
    [...downAt(122_000, "timeout"), ...BACK_AT_450],
  ],
  [
    "restarted: registered again over a new connection, nobody moves",
    ["100 primary restarts"],
    130_000,
    [SERVED],
  ],
  [
    "dead at the start: refused at once",
    ["0 primary refuses"],
    10_000,
    ["0 serverDown primary transport", "0 warningOn 6000", "0 inService backup1 6000"],
  ],
  [
    "frozen at the start: the same bound as over UDP",
    ["0 primary silent"],
    10_000,
    ["2000 serverDown primary timeout", "2000 warningOn 6000", "2000 inService backup1 6000"],
  ],
];

for (const transport of ["TCP", "TLS"] as const) {
  for (const [title, scenario, untilMs, expected] of RUNS) {
    test(`${transport}, ${title}`, () => {
      sameEvents(told(run(transport, { scenario }).runTo(untilMs).events, DECISIONS), expected);
    });
  }
}

function run(transport: "TCP" | "TLS", options: RunOptions = {}): ReturnType<typeof world> {
  return world({ ...options, params: { transport, ...options.params } });
}

test("nothing is repeated over a stream", () => {
  const { packets } = run("TCP", { scenario: ["100 primary silent"] }).runTo(125_000);
  assert.deepEqual(
    sentAt(packets, /primary REGISTER/).filter((at) => at > 100_000),
    [120_000],
  );
});

test("a connection that is lost between two refreshes costs one REGISTER, at once", () => {
  const { packets, events } = run("TCP", { scenario: ["100 primary restarts"] }).runTo(130_000);
  assert.deepEqual(
    sent(packets, /REGISTER/)
      .filter((line) => Number.parseInt(line, 10) >= 100_000)
      .map((line) => line.slice(0, 29)),
    ["100000 primary REGISTER 6000 ", "100000 primary REGISTER 6000 "], // the nonce is forgotten too
  );
  assert.deepEqual(told(events, ["outOfService"]), []);
});

test("a pong is missed only where pongs came before", () => {
  const params = { natKeepalive: 30 };
  const mute = run("TCP", { params }).runTo(119_000);
  assert.deepEqual(told(mute.events, DECISIONS), [SERVED]);
  // What goes out at 60 and 90 anyway, a refresh and a heartbeat, takes the place of one.
  assert.deepEqual(sentAt(mute.packets, /keepalive/), [30_000]);
});

test("a return over streams is promised without the repeats of UDP", () => {
  const promise = (transport: "UDP" | "TCP"): number | null =>
    check(phoneConfig({ params: { ...OPTIMAL, transport } })).returnMs;
  assert.deepEqual([promise("UDP"), promise("TCP")], [88_500, 90_000]);
});

test("430: the connection is given up, and all that was asked over it is asked over another one, once", () => {
  const scenario = ["0 primary answers 430 to=REGISTER line=6000", "0 primary latency 10"];
  const { packets, trace, events } = run("TCP", { servers: 1, lines: 2, scenario }).runTo(100);
  const connected = trace.filter((line) => line.includes("= primary connected"));
  assert.deepEqual(
    connected.map((line) => Number.parseInt(line, 10)),
    [0, 10],
  );
  assert.deepEqual(sentAt(packets, /REGISTER 6000/), [0, 10]);
  assert.deepEqual(told(events, ["serverDown", "rejected", "inService"]).sort(), [
    "20 rejected primary 6000 430",
    "30 inService primary 6001", // asked anew at 10, challenged at 20
  ]);
});
