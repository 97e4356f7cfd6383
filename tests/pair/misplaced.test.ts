// A node that stands where it must not: a second standby of one name, a standby of a standby, a node that follows itself.
// What each of both ends says, what becomes of it, and that the way out it names is one.
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Program, runProgram } from "../host/program.ts";
import { Bench } from "./bench.ts";
import { rolesAre } from "./roles.ts";

test("two standbys of one name: the first stays, the second is refused at both doors, and another name helps", async (t) => {
  const pair = await (await Bench.open(t)).up();
  pair.third();
  await pair.start("third");
  assert.equal(
    await pair.problem("third", "refusedByMaster"),
    "the master refuses this standby: Another standby is called pbx-standby: give each a name of its own",
  );
  assert.match(await pair.problem("third", "replicationTrouble"), /^another node of this name is connected/);
  const refused = "_STANDBY_: 403, Another standby is called pbx-standby: give each a name of its own";
  await pair.answered("master", refused);
  // Nobody sends it to a master: in the end it serves, and says why it should not have to.
  const alone = await pair.until("third", ({ role }) => role === "ACTIVE");
  assert.match(
    alone.cause,
    /^not registered at the master for [\d.]+ s: the master refuses this standby: Another/,
  );
  const { master, standby, third } = pair.files;
  const verified = await runProgram(["pair", "verify", master, third]);
  assert.equal(verified.code, 1);
  assert.match(
    verified.stdout,
    /^FAILED +_ACTIVE_ is listed at the standby +not there: the master refuses /m,
  );
  assert.match(verified.stdout, /^FAILED +no problem at the standby .*refusedByMaster: /m);
  assert.deepEqual((await pair.status("master")).markers, ["_STANDBY_ pbx-standby"]);
  await rolesAre(() => pair.roles(), ["STANDBY"]);
  pair.program("third").interrupt();
  assert.equal((await pair.program("third").end()).code, 0);
  pair.third('name = "pbx-third"');
  await pair.start("third");
  await pair.until("third", ({ role, objects }) => role === "STANDBY" && objects === 1);
  const { markers } = await pair.status("master");
  assert.deepEqual([...markers].sort(), ["_STANDBY_ pbx-standby", "_STANDBY_ pbx-third"]);
  assert.match((await runProgram(["pair", "verify", master, standby])).stdout, /^OK +_STANDBY_ is listed/m);
});

test("a copy of a standby, folder and all: the first goes on, the copy is told whose name it has", async (t) => {
  const pair = await (await Bench.open(t)).up();
  await pair.until("standby", ({ objects }) => objects === 1);
  pair.program("standby").interrupt();
  await pair.program("standby").end();
  cpSync(join(pair.folder, "standby-data"), join(pair.folder, "third-data"), { recursive: true });
  await pair.start("standby");
  await pair.until("standby", ({ replication }) => replication.isConnected);
  pair.third();
  await pair.start("third");
  assert.match(
    await pair.problem("third", "replicationTrouble"),
    /is connected to the master.*: give each node a name and a data folder of its own$/,
  );
  const { replication, role } = await pair.status("standby");
  assert.deepEqual([replication.trouble, replication.isConnected, role], ["", true, "STANDBY"]);
  const verified = await runProgram(["pair", "verify", pair.files.master, pair.files.third]);
  assert.equal(verified.code, 1);
  assert.match(verified.stdout, /^FAILED +replication runs +another node of this name/m);
});

test("a standby of a standby: refused by it, told at both, and no pair", async (t) => {
  const pair = await (await Bench.open(t)).up();
  const { udp, tcp, tls, replication } = pair.places.standby;
  const ports = { Udp: udp, Tcp: tcp, Tls: tls, Replication: replication };
  const masterPorts = Object.entries(ports).map(([key, port]) => `master${key}Port = ${port}`);
  pair.third('name = "pbx-third"', ...masterPorts);
  await pair.start("third");
  const why = "pbx-standby is a standby itself: set master to the address of the master";
  assert.equal(await pair.problem("third", "refusedByMaster"), `the master refuses this standby: ${why}`);
  await pair.answered("standby", `_STANDBY_: 403, ${why}`);
  assert.match(await pair.problem("third", "replicationTrouble"), /^the master cannot be reached/);
  const { standby, third } = pair.files;
  const verified = await runProgram(["pair", "verify", standby, third]);
  assert.equal(verified.code, 1);
  assert.match(
    verified.stdout,
    /^FAILED +the first node is a master +pbx-standby: standby; name the master first/m,
  );
  assert.match(verified.stdout, new RegExp(`^FAILED +_STANDBY_ is listed at the master .*: ${why}$`, "m"));
  assert.deepEqual((await pair.status("standby")).markers, ["_ACTIVE_"]);
  await rolesAre(() => pair.roles(), ["STANDBY"]);
});

test("a node given itself as its master does not start: the key is named, with the way out", async (t) => {
  const pair = await Bench.open(t);
  pair.edit("standby", `masterTlsPort = ${pair.places.standby.tls}`);
  const { code, stdout, stderr } = await new Program(["pair", "run", pair.files.standby]).end();
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /standby\.toml:\d+: .*master = 127\.0\.0\.1 is this node itself/);
  assert.match(stderr, /a standby needs a master beside it/);
});

test("a node that listens everywhere and is its own master is refused by itself", async (t) => {
  const pair = await Bench.open(t);
  pair.edit("standby", 'address = "0.0.0.0"', `masterTlsPort = ${pair.places.standby.tls}`);
  await pair.start("standby");
  assert.match(
    await pair.problem("standby", "refusedByMaster"),
    /pbx-standby is a standby itself: set master/,
  );
});
