// A planned switch: the master is stopped for its maintenance and started again. No registration that somebody said 200
// to is lost on the way there or back, neither those of before nor those that were made meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { PASSWORD, REALM, TwoNodes } from "./two-nodes.ts";

const OLD = Array.from({ length: 40 }, (_, at) => String(10_000 + at));
/** Phones that are switched on while the master is away. */
const LATE = Array.from({ length: 10 }, (_, at) => String(20_000 + at));
const ALL = [...OLD, ...LATE];
const PARAMS = [
  "registerRefreshInterval=3600",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "preferPrimary=on",
];

test("there and back, with phones that came meanwhile", async (context) => {
  const nodes = await TwoNodes.prepare(context, {
    sites: { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } },
    users: ALL,
    port: await freePorts(4),
  });
  await nodes.start(ALL.length);
  const phones = { servers: nodes.servers, password: PASSWORD, domain: REALM, params: PARAMS };
  const old = await Farm.start(context, { ...phones, users: OLD });
  await old.allAt("primary");
  assert.deepEqual(await nodes.master.users(), OLD);

  nodes.master.signal("SIGTERM");
  assert.equal(await nodes.master.end(), 0, "an end that was asked for");
  await old.allAt("backup1");
  const late = await Farm.start(context, { ...phones, users: LATE });
  await late.allAt("backup1");
  assert.deepEqual(await nodes.standby.users(), ALL, "whoever was told 200 is in the table");

  await nodes.master.start();
  const kept = await nodes.master.users();
  assert.deepEqual(
    kept.filter((user) => OLD.includes(user)),
    OLD,
    "what it had granted it has not forgotten",
  );
  await nodes.standby.until(({ role }) => role === "STANDBY");
  for (const farm of [old, late]) await farm.allAt("primary");
  await nodes.standby.until(({ phones }) => phones.length === 0);
  const { phones: held } = await nodes.master.status();
  assert.deepEqual(held.map(({ user }) => user).sort(), ALL, "none is lost");
  assert.deepEqual(
    held.filter(({ contacts }) => contacts !== 1),
    [],
    "none is doubled",
  );
});
