// What may be set up wrongly, each with its own message and state; and the commands that show it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Authority, type Names } from "../../host/node/certificates.ts";
import { Program, runProgram } from "../host/program.ts";
import { PATIENCE_MS } from "../host/until.ts";
import { Bench } from "./bench.ts";

test("a pair that is well is verified, but for a phone that never asked at the standby", async (t) => {
  const pair = await (await Bench.open(t)).up();
  const { master, standby } = pair.files;
  // Problems are looked for once a second.
  await pair.until("standby", ({ replication, alarms }) => replication.version > 0 && alarms.length === 0);
  await pair.until("master", ({ alarms }) => alarms.length === 0);
  const before = await runProgram(["pair", "verify", master, standby]);
  assert.equal(before.code, 1);
  assert.match(before.stdout, /^FAILED +every phone knows its secondary +never asked at the standby: 6000;/m);
  assert.match(before.stderr, /^standfast: 1 of 13 checks failed$/m);
  const phone = await pair.phone("6000");
  assert.ok(await phone.whenInService(PATIENCE_MS));
  const after = await runProgram(["pair", "verify", master, standby, "--json"]);
  assert.equal(after.code, 0, after.stdout + after.stderr);
  const status = await runProgram(["pair", "status", standby]);
  assert.match(status.stdout, /^role +STANDBY for /m);
  assert.match(status.stdout, /^lists +_ACTIVE_$/m);
  const edited = await runProgram(["pair", "object", "remove", standby, "6000"]);
  assert.equal(edited.code, 1);
  assert.match(edited.stderr, /this node is a standby, its objects and licences come from the master/);
  const removed = await runProgram(["pair", "object", "remove", master, "6000"]);
  assert.match(removed.stdout, /^done: version \d+, 0 objects$/m);
  await pair.until("standby", ({ objects }) => objects === 0);
  pair.program("standby").interrupt();
  assert.equal((await pair.program("standby").end()).code, 0);
});

test("a wrong PBX password is called so, and the standby serves from what it has", async (t) => {
  const pair = await Bench.open(t);
  writeFileSync(join(pair.folder, "other-password"), "other\n");
  pair.edit("standby", 'pbxPasswordFile = "other-password"');
  await pair.start("master");
  await pair.start("standby");
  const { alarms, cause } = await pair.role("ACTIVE");
  const text = alarms.find(({ name }) => name === "pbxPassword")?.text ?? JSON.stringify(alarms);
  assert.match(
    text,
    /the master does not accept the PBX password: make pbxPasswordFile the same at both nodes/,
  );
  assert.match(cause, /password/);
  assert.doesNotMatch(pair.program("standby").stdout, /"other"/);
});

/** Edits of the standby, and what its status then says. */
const STANDBYS: readonly [what: string, lines: readonly string[], alarm: string, text: RegExp][] = [
  [
    "both nodes have one name",
    ['name = "pbx-master"'],
    "refusedByMaster",
    /Both nodes are called pbx-master: give each a name of its own/,
  ],
  [
    "the machine is too small",
    ["objectsMax = 1"],
    "capacityShort",
    /holds 1 objects \(objectsMax\), the master has 2/,
  ],
  [
    "it is virtual without a licence of its own",
    ['platform = "virtual"'],
    "platformLicence",
    /no platform licence of its own .* it never replicates/,
  ],
  ["replication is off", ["replicateFromMaster = false"], "replicationOff", /replicateFromMaster is off/],
];

for (const [what, lines, alarm, text] of STANDBYS) {
  test(`${what}: ${alarm}`, async (t) => {
    const pair = await Bench.open(t, { users: ["6000", "6001"] });
    pair.edit("standby", ...lines);
    await pair.start("master");
    await pair.start("standby");
    assert.match(await pair.problem("standby", alarm), text);
  });
}

test("general settings differ: each is named, each node goes on with its own, and what is mended is over", async (t) => {
  const pair = await Bench.open(t);
  pair.edit("master", "takeoverDelay = 600");
  // What the master has comes with the registration, so replication need not run.
  pair.edit("standby", "replicateFromMaster = false");
  await pair.up();
  const differs = (said: RegExp): Promise<unknown> =>
    pair.until("standby", ({ alarms }) =>
      alarms.some(({ name, text }) => name === "configDiffers" && said.test(text)),
    );
  const delay = "takeoverDelay is 5 here and 600 at the master";
  const replication = "replicateFromMaster is off here and on at the master";
  await differs(new RegExp(`^${replication}; ${delay}: make them equal`));
  await pair.kill("master");
  await pair.role("ACTIVE");
  pair.edit("master", "takeoverDelay = 5");
  await pair.start("master");
  await differs(new RegExp(`^${replication}: make them equal`));
});

const HERE = [{ type: "ip", value: "127.0.0.1" }] as const;

/** What the master shows, and what its standby says of it. */
const CERTIFICATES: readonly [what: string, shown: Names & { readonly isTrusted: boolean }, text: RegExp][] =
  [
    [
      "is over",
      { names: HERE, days: [-9, -1], isTrusted: true },
      /is not valid by the clock of this machine/,
    ],
    [
      "is for another address",
      { names: [{ type: "ip", value: "192.0.2.9" }], isTrusted: true },
      /is not for its address: have it issued for that address/,
    ],
    ["is signed by a stranger", { names: HERE, isTrusted: false }, /nobody in authorityFile has signed/],
  ];

for (const [what, { isTrusted, ...names }, text] of CERTIFICATES) {
  test(`a certificate of the master that ${what}: masterCertificate, and not an outage`, async (t) => {
    const pair = await Bench.open(t);
    const authority = await Authority.create();
    const { certificate, key } = await authority.issue(names);
    const files = { "shown.pem": certificate, "shown.key": key, "trusted.pem": authority.certificate };
    for (const [name, pem] of Object.entries(files)) writeFileSync(join(pair.folder, name), pem);
    pair.edit("master", 'certificateFile = "shown.pem"', 'keyFile = "shown.key"');
    if (isTrusted) pair.edit("standby", 'authorityFile = "trusted.pem"');
    await pair.start("master");
    await pair.start("standby");
    assert.match(await pair.problem("standby", "masterCertificate"), text);
    assert.deepEqual((await pair.status("master")).phones, []);
  });
}

test("a port that is taken and a folder in use are told with the way out", async (t) => {
  const pair = await Bench.open(t);
  await pair.start("master");
  const again = await new Program(["pair", "run", pair.files.master]).end();
  assert.equal(again.code, 1);
  assert.match(
    again.stderr,
    /is in use by the process \d+; stop that one, or give this node a folder of its own/,
  );
  pair.edit("master", 'dataFolder = "another"', "httpPort = 0", "replicationPort = 1");
  pair.edit("master", "replicateFromMaster = false");
  const taken = await new Program(["pair", "run", pair.files.master]).end();
  assert.equal(taken.code, 1, taken.stdout);
  assert.match(taken.stderr, /udpPort = \d+ on 127\.0\.0\.1 cannot be opened: another program has it/);
});
