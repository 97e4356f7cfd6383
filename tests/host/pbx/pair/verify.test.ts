// Each check of `pair verify` can fail, and does so alone, with what was found and the way out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verify } from "../../../../host/pbx/pair/verify.ts";
import type { NodeStatus, ReplicationStatus } from "../../../../host/pbx/status.ts";

const REPLICATION: ReplicationStatus = {
  isOn: true,
  isTls: true,
  isConnected: true,
  version: 3,
  digest: "d",
  ageSeconds: 1,
  lag: 0,
  trouble: "",
};

const MASTER: NodeStatus = {
  name: "pbx-a",
  program: "standfast",
  mode: "master",
  role: "MASTER",
  sinceSeconds: 1,
  cause: "started",
  roleChanges: 0,
  markers: ["_STANDBY_ pbx-b"],
  objects: 2,
  replication: REPLICATION,
  licences: { total: 2, used: 0 },
  phones: [],
  refusals: { redirected: 0, waiting: 0, noObject: 0, noLicence: 0, credentials: 0, guesses: 0 },
  doors: {},
  alarms: [],
  readiness: {
    state: "OK",
    missing: [],
    eligible: true,
    doubleFailure: false,
    leftSeconds: 0,
    parts: [],
  },
};
const STANDBY: NodeStatus = {
  ...MASTER,
  name: "pbx-b",
  mode: "standby",
  role: "STANDBY",
  markers: ["_ACTIVE_"],
  link: { isRegistered: true, sinceSeconds: 1, cause: "registered" },
  unseen: [],
};
const ALARM = { name: "noObjects", sinceSeconds: 1, text: "the object list is empty" };
const DOWN = { link: { isRegistered: false, sinceSeconds: 1, cause: "the master does not answer" } };

test("a pair that is well passes every check", () => {
  const failed = verify(MASTER, STANDBY).filter(({ isOk }) => !isOk);
  assert.deepEqual(failed, []);
});

type Change = Partial<NodeStatus>;
const FAILURES: readonly (readonly [what: string, master: Change, standby: Change, found: RegExp])[] = [
  ["the first node is a master", { mode: "standby" }, {}, /^pbx-a: standby; name the master first/],
  ["the second node is a standby", {}, { mode: "master" }, /^pbx-b: master; name the master first/],
  ["each node has a name of its own", { name: "pbx-b" }, {}, /^both are pbx-b: give each a name/],
  ["_STANDBY_ is listed at the master", { markers: [] }, DOWN, /^not there: the master does not answer$/],
  [
    "_STANDBY_ is listed at the master",
    { markers: ["_STANDBY_ pbx-c"] },
    {},
    /^not there, though .* at another master\?/,
  ],
  ["_ACTIVE_ is listed at the standby", {}, { ...DOWN, markers: [] }, /^not there: the master does not/],
  ["the standby watches its master", {}, { role: "ACTIVE", cause: "no master" }, /^ACTIVE: no master$/],
  ["replication runs", {}, { replication: { ...REPLICATION, isOn: false } }, /switch it on at both nodes$/],
  [
    "replication runs",
    {},
    { replication: { ...REPLICATION, isConnected: false, trouble: "the passwords differ" } },
    /^the passwords differ$/,
  ],
  [
    "objects and licences are equal",
    { replication: { ...REPLICATION, version: 4, digest: "e" } },
    {},
    /^they differ: version 4 and 3;/,
  ],
  [
    "the standby has a licence for every phone",
    {},
    { licences: { total: 1, used: 0 } },
    /^1 for 2: set more/,
  ],
  [
    "every phone knows its secondary",
    {},
    { unseen: ["6001"] },
    /^never asked at the standby: 6001; see that it is/,
  ],
  ["no problem at the master", { alarms: [ALARM] }, {}, /^noObjects: the object list is empty$/],
  ["no problem at the standby", {}, { alarms: [ALARM] }, /^noObjects: the object list is empty$/],
  [
    "the standby is ready",
    {},
    { readiness: { ...STANDBY.readiness, state: "SERVICE_UNAVAILABLE", missing: ["transport: no key"] } },
    /^transport: no key$/,
  ],
];
for (const [what, master, standby, found] of FAILURES) {
  test(`fails when it should: ${what}, ${found.source}`, () => {
    const failed = verify({ ...MASTER, ...master }, { ...STANDBY, ...standby }).filter(({ isOk }) => !isOk);
    assert.deepEqual(
      failed.map((one) => one.what),
      [what],
    );
    assert.match(failed[0]?.found ?? "", found);
  });
}

test("no phone is called known when the second node is no standby", () => {
  const found = verify(MASTER, MASTER).find(({ what }) => what === "every phone knows its secondary");
  assert.deepEqual([found?.isOk, found?.found], [false, "nobody knows: the second node is no standby"]);
});

test("every check has a case here in which it fails", () => {
  const all = verify(MASTER, STANDBY).map(({ what }) => what);
  assert.deepEqual([...new Set(FAILURES.map(([what]) => what))], all);
});
