// What a standby with a Kamailio says of itself, and what the pages make of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { statusOf } from "../../../../host/pbx/kamailio/status.ts";
import { type PairSettings, readPairSettings } from "../../../../host/pbx/pair/settings.ts";
import { pageAt } from "../../../../host/pbx/status.ts";
import { down, live, type Step, up } from "../standby/timeline.ts";

const TOML = `
mode = "standby"
name = "second"
address = "192.0.2.2"
master = "192.0.2.1"
realm = "sip.example"
kamailio = "http://127.0.0.1:8090/RPC"
pbxPasswordFile = "password"
authorityFile = "authority.pem"
`;
const TROUBLE = { text: "Kamailio does not answer", since: 50_000 };

function settings(): PairSettings {
  const reading = readPairSettings(new TextEncoder().encode(TOML), "b.toml");
  assert.equal(reading.kind, "settings");
  if (reading.kind !== "settings") throw new TypeError();
  return reading.settings;
}

const DOOR = { open: 0, places: 64, closed: { full: 0, late: 0, idle: 0 } };

for (const [name, steps, trouble, role, markers, alarms, ready, health] of [
  ["it stands by", [up(0)], undefined, "STANDBY", ["_ACTIVE_"], [], 200, 200],
  ["it stands by, its Kamailio is silent", [up(0)], TROUBLE, "STANDBY", [], ["kamailio"], 503, 503],
  ["it serves", [up(0), down(10_000)], undefined, "ACTIVE", [], ["masterLost"], 200, 200],
  ["it should serve", [up(0), down(10_000)], TROUBLE, "ACTIVE", [], ["masterLost", "kamailio"], 503, 503],
] as const satisfies readonly (readonly [
  string,
  readonly Step[],
  typeof TROUBLE | undefined,
  ...unknown[],
])[]) {
  test(`${name}: /ready ${ready}, /health ${health}`, () => {
    const machine = live(settings(), steps, 60_000).role;
    const status = statusOf({ settings: settings(), role: machine, trouble, bound: 3, door: DOOR }, 60_000);
    assert.deepEqual(
      [status.role, status.markers, status.alarms.map((alarm) => alarm.name)],
      [role, markers, alarms],
    );
    assert.deepEqual([pageAt("/ready", status).code, pageAt("/health", status).code], [ready, health]);
    assert.equal(status.readiness.doubleFailure, role === "ACTIVE" && trouble !== undefined);
    assert.equal(status.licences.used, 3);
    if (trouble !== undefined) assert.deepEqual(status.readiness.missing, [`registrar: ${trouble.text}`]);
  });
}

test("how long each thing lasts is told from its begin on", () => {
  const machine = live(settings(), [up(0), down(10_000)], 60_000).role;
  const { sinceSeconds, roleChanges, link, alarms } = statusOf(
    { settings: settings(), role: machine, trouble: TROUBLE, bound: 0, door: DOOR },
    60_000,
  );
  assert.deepEqual([sinceSeconds, roleChanges, link?.sinceSeconds], [20, 3, 50]);
  assert.deepEqual(
    alarms.map((alarm) => alarm.sinceSeconds),
    [20, 10],
  );
});
