// The master dies while its standby is not ready: it serves all the same, and says that two things are broken.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EVENT_LOG } from "../../host/node/pair/event-log.ts";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { PASSWORD, REALM, TwoNodes } from "./two-nodes.ts";

const USERS = ["10000", "10001"];

test("a disk without room for the event log, then the master is killed, then there is room", async (context) => {
  const nodes = await TwoNodes.prepare(context, {
    sites: { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } },
    users: USERS,
    port: await freePorts(4),
    lines: { standby: ["[TServer]", "backup-init-check = true"] },
  });
  const { master, standby } = nodes;
  const log = join(standby.dataFolder, EVENT_LOG);
  mkdirSync(standby.dataFolder, { mode: 0o700 });
  symlinkSync("/dev/full", log); // full(4): every write fails with ENOSPC
  await nodes.start(USERS.length);
  const unready = await standby.until(
    ({ readiness }) => readiness.state === "SERVICE_UNAVAILABLE" && readiness.missing.length === 1,
  );
  assert.match(unready.readiness.missing.join(), /^event log: .*events\.ndjson cannot be written \(ENOSPC\)/);
  assert.deepEqual([unready.role, unready.readiness.eligible], ["STANDBY", false]);
  const isSaid = ({ type, text }: Readonly<Record<string, unknown>>) =>
    type === "remark" && String(text).includes("both nodes are on one host");
  await standby.until(() => standby.events().some(isSaid));
  assert.equal(standby.events().filter(isSaid).length, 1);

  master.signal("SIGKILL");
  const active = await standby.until(({ readiness }) => readiness.doubleFailure);
  assert.deepEqual([active.role, active.readiness.eligible], ["ACTIVE", false]);
  const plan = { servers: [standby.sip], users: USERS, password: PASSWORD, domain: REALM, params: [] };
  const farm = await Farm.start(context, plan);
  await farm.allAt("primary");
  assert.deepEqual(await standby.users(), USERS, "it serves");
  assert.equal((await fetch(standby.statusUrl.replace("/status", "/health"))).status, 503);

  rmSync(log);
  const ready = await standby.until(({ readiness }) => readiness.state === "OK");
  assert.deepEqual([ready.role, ready.readiness.doubleFailure], ["ACTIVE", false]);
});
