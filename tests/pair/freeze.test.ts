// A master that is frozen and thawed: for less than takeoverDelay nobody notices, for longer there is one takeover and
// one return. DESIGN.md D34: LOST begins when the line misses its answer, within linkInterval and 2 s.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { rolesAre } from "./roles.ts";
import { PASSWORD, REALM, TwoNodes } from "./two-nodes.ts";

const USERS = ["10000", "10001", "10002"];
const SITES = { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } };

/** Phones that would wait for longer than any freeze here before they look elsewhere. */
const PATIENT = ["registerRefreshInterval=3600", "primaryDetectInterval=0", "preferPrimary=on"];
/** Phones that look for another server as soon as they may. */
const QUICK = [
  "registerRefreshInterval=3600",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "preferPrimary=on",
];

test("frozen for less than takeoverDelay: the standby never serves, and no phone moves", async (context) => {
  const lines = ["takeoverDelay = 60"];
  const plan = {
    sites: SITES,
    users: USERS,
    port: await freePorts(4),
    lines: { master: lines, standby: lines },
  };
  const nodes = await TwoNodes.prepare(context, plan);
  await nodes.start(USERS.length);
  const farm = await Farm.start(context, {
    servers: nodes.servers,
    users: USERS,
    password: PASSWORD,
    domain: REALM,
    params: PATIENT,
  });
  await farm.allAt("primary");
  nodes.master.signal("SIGSTOP");
  await nodes.standby.until(({ role }) => role === "LOST");
  nodes.master.signal("SIGCONT");
  await nodes.standby.until(({ role }) => role === "STANDBY");
  await nodes.master.until(({ markers }) => markers.length === 1);
  assert.ok(!nodes.standby.roles().includes("ACTIVE"), `${nodes.standby.roles()}`);
  assert.deepEqual(
    await farm.places(),
    USERS.map(() => "primary"),
  );
  assert.deepEqual(await nodes.master.users(), USERS);
  assert.deepEqual(await nodes.standby.users(), []);
});

test("frozen for longer: one takeover and one return, and every address of record is at the master", async (context) => {
  const nodes = await TwoNodes.prepare(context, { sites: SITES, users: USERS, port: await freePorts(4) });
  await nodes.start(USERS.length);
  const farm = await Farm.start(context, {
    servers: nodes.servers,
    users: USERS,
    password: PASSWORD,
    domain: REALM,
    params: QUICK,
  });
  await farm.allAt("primary");
  nodes.master.signal("SIGSTOP");
  await nodes.standby.until(({ role }) => role === "ACTIVE");
  await farm.allAt("backup1");
  assert.deepEqual(await nodes.standby.users(), USERS);
  nodes.master.signal("SIGCONT");
  await nodes.standby.until(({ role }) => role === "STANDBY");
  await farm.allAt("primary");
  await nodes.standby.until(({ phones }) => phones.length === 0);
  const master = await nodes.master.status();
  assert.deepEqual(
    master.phones.map(({ user, contacts }) => [user, contacts]),
    USERS.map((user) => [user, 1]),
  );
  const roles = ["UNREGISTERED", "STANDBY", "LOST", "ACTIVE", "RETURNING", "STANDBY"];
  await rolesAre(() => nodes.standby.roles(), roles);
});
