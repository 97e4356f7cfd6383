// A pair of processes through an outage: redirect, 503, takeover, return, over each transport; asserted from the tables
// of both nodes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENCE_MS } from "../host/until.ts";
import { Bench, type Way } from "./bench.ts";
import { rolesAre } from "./roles.ts";

/** A registration that outlasts the restart of its node, however slow that is. */
const LONG = ["registerRefreshInterval=3600"];

for (const way of ["udp", "tcp", "tls"] as const satisfies readonly Way[]) {
  test(`over ${way}: sent to the master, taken over, given back`, async (t) => {
    const pair = await (await Bench.open(t)).up();
    const phone = await pair.phone("6000", way);
    assert.ok(await phone.whenInService(PATIENCE_MS));
    assert.deepEqual(await pair.users("master"), ["6000"]);
    assert.deepEqual(await pair.users("standby"), [], "no local binding, no licence used");
    await pair.answered("standby", "6000: 302");
    await pair.kill("master");
    await pair.until("standby", ({ phones }) => phones.length === 1);
    const active = await pair.status("standby");
    assert.equal(active.role, "ACTIVE");
    assert.deepEqual(active.licences, { total: 9, used: 1, free: 8 });
    assert.equal(active.phones[0]?.at, "secondary");
    await pair.start("master");
    await pair.role("STANDBY");
    const master = await pair.until("master", ({ phones }) => phones[0]?.contacts === 1);
    await pair.until("standby", ({ phones }) => phones.length === 0);
    assert.deepEqual(master.markers, ["_STANDBY_ pbx-standby"]);
    await rolesAre(() => pair.roles(), ["STANDBY", "LOST", "ACTIVE", "RETURNING", "STANDBY"]);
    assert.ok(await phone.whenInService(PATIENCE_MS));
    await phone.stop();
    await pair.until("master", ({ phones }) => phones.length === 0);
  });
}

test("with divert = relay a phone that knows only the standby is registered at the master", async (t) => {
  const pair = await (await Bench.open(t, { general: ['divert = "relay"'] })).up();
  const phone = await pair.phone("6000", "udp", ["standby"]);
  assert.ok(await phone.whenInService(PATIENCE_MS));
  assert.deepEqual(await pair.users("master"), ["6000"]);
  assert.deepEqual(await pair.users("standby"), []);
  await phone.stop();
  await pair.until("master", ({ phones }) => phones.length === 0);
});

test("N licences carry N phones; the next is refused and told why; nobody without an object", async (t) => {
  const pair = await Bench.open(t, { users: ["6000", "6001"], licences: { registrations: 1, standby: 1 } });
  await pair.start("master");
  const first = await pair.phone("6000", "tcp", ["master"]);
  assert.ok(await first.whenInService(PATIENCE_MS));
  for (const [user, told] of [
    ["6001", /No licence for 6001: all 1 registrations of this PBX are in use/],
    ["6999", /No object 6999 at this PBX/],
  ] as const) {
    const phone = await pair.phone(user, "tcp", ["master"]);
    const [, text] = await new Promise<[string, string]>((resolve) => {
      phone.once("refusal", (server, text) => resolve([server, text]));
    });
    assert.match(text, told);
  }
  assert.deepEqual(await pair.users("master"), ["6000"]);
  const { refusals, alarms } = await pair.status("master");
  assert.ok(refusals.noLicence >= 1 && refusals.noObject >= 1);
  assert.ok(alarms.some(({ name }) => name === "licencesShort"));
});

test("a master that was killed lists its standby once when it is back, and never under no name", async (t) => {
  const pair = await (await Bench.open(t)).up();
  await pair.until("master", ({ markers }) => markers.length > 0);
  await pair.kill("master");
  await pair.start("master");
  const { markers } = await pair.until("master", (status) => status.markers.length > 0);
  assert.deepEqual(markers, ["_STANDBY_ pbx-standby"]);
  await pair.until("master", ({ alarms }) => alarms.length === 0);
});

test("SIGKILL of either node loses no acknowledged registration", async (t) => {
  const pair = await (await Bench.open(t)).up();
  const phone = await pair.phone("6000", "udp", ["master"], LONG);
  assert.ok(await phone.whenInService(PATIENCE_MS));
  phone.close();
  await pair.kill("master");
  await pair.start("master");
  assert.deepEqual(await pair.users("master"), ["6000"]);
  await pair.kill("standby");
  await pair.start("standby");
  const { objects } = await pair.role("STANDBY");
  assert.equal(objects, 1);
});

test("a standby that is killed while it serves hands back after its next start", async (t) => {
  const pair = await (await Bench.open(t)).up();
  await pair.until("standby", ({ objects }) => objects === 1);
  await pair.kill("master");
  await pair.role("ACTIVE");
  const phone = await pair.phone("6000", "udp", ["standby"], LONG);
  assert.ok(await phone.whenInService(PATIENCE_MS));
  phone.close(); // it rests until its registration ends
  await pair.kill("standby");
  await pair.start("master");
  await pair.start("standby");
  await pair.until("standby", ({ role, phones }) => role === "STANDBY" && phones.length === 0);
  assert.deepEqual(await pair.users("master"), ["6000"]);
});
