// The time of day of both nodes is wrong, jumps by hours and begins in 1970: roles, bindings and replication take no notice.
//
// Over a boot of the machine the time of day is all that is left: tests/host/pbx/directory/elapsed.test.ts. A certificate is
// judged by the time of day, which is what it is for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { askNode } from "../../host/node/pair/control.ts";
import { EVENT_LOG } from "../../host/node/pair/event-log.ts";
import { makeObject } from "../../host/pbx/directory/object.ts";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { PASSWORD, type PairNode, REALM, TwoNodes } from "./two-nodes.ts";
import { WrongClock } from "./wrong-clock.ts";

const SITES = { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } };
const USERS = ["10000", "10001"];
/** Long enough for a busy machine not to lose the line of the standby for all of it. */
const TAKEOVER_S = 15;
const LOOK_MS = 12_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function add(node: PairNode, user: string): Promise<void> {
  const object = makeObject({ user, password: PASSWORD }, REALM);
  const answer = await askNode(node.dataFolder, { order: "edit", edits: [{ kind: "put", object }] });
  assert.equal(answer?.kind, "done");
}

/** What is left of each binding, s, and between which moments that was true, ms. */
async function left(node: PairNode) {
  const from = performance.now();
  const { phones = [] } = (await node.status()) ?? {};
  return { from, to: performance.now(), seconds: phones.map(({ leftSeconds }) => leftSeconds) };
}

/** As much is gone as the monotonic clock says; seconds are rounded up. */
function assertGone(before: Awaited<ReturnType<typeof left>>, after: Awaited<ReturnType<typeof left>>): void {
  const [least, most] = [(after.from - before.to) / 1000 - 1, (after.to - before.from) / 1000 + 1];
  assert.equal(before.seconds.length, USERS.length);
  assert.equal(after.seconds.length, USERS.length);
  for (const [at, seconds] of after.seconds.entries()) {
    const gone = (before.seconds[at] ?? 0) - seconds;
    assert.ok(gone >= least && gone <= most, `${gone} s gone, ${least} to ${most}`);
  }
}

test("hours on and back at one node, 1970 at the other", async (context) => {
  const lines = [`takeoverDelay = ${TAKEOVER_S}`];
  const nodes = await TwoNodes.prepare(context, {
    sites: SITES,
    users: USERS,
    port: await freePorts(4),
    lines: { master: lines, standby: lines },
  });
  const { master, standby } = nodes;
  const [jumps, from1970] = [new WrongClock("jumps"), new WrongClock("1970")];
  await master.start(jumps.environment);
  await standby.start(from1970.environment);
  await standby.until(({ role, objects }) => role === "STANDBY" && objects === USERS.length, 60_000);
  const servers = [master.sip];
  const farm = await Farm.start(context, {
    servers,
    users: USERS,
    password: PASSWORD,
    domain: REALM,
    params: [],
  });
  await farm.allAt("primary", 60_000);

  const log = readFileSync(join(standby.dataFolder, EVENT_LOG), "utf8");
  assert.match(log, /^\{"at":"1970-01-01T00:/, "it was told the wrong time");
  from1970.tell();
  const first = await left(master);
  await add(master, "20000");
  await sleep(LOOK_MS);
  const second = await left(master);
  assertGone(first, second);
  await add(master, "20001");
  const followed = await standby.until(
    ({ objects, replication }) => objects === 4 && replication.lag === 0,
    60_000,
  );
  assert.deepEqual([followed.role, standby.roles().includes("ACTIVE")], ["STANDBY", false]);

  master.signal("SIGKILL");
  await standby.until(({ role }) => role === "ACTIVE", 60_000);
  const [lost, active] = ["LOST", "ACTIVE"].map((role) =>
    Number(standby.events().find(({ to }) => to === role)?.t),
  );
  const waited = (active ?? 0) - (lost ?? 0);
  assert.ok(waited >= TAKEOVER_S * 1000 && waited < 60_000, `${waited} ms`);

  await master.start(new WrongClock("1970").environment);
  assertGone(second, await left(master));
  const back = await standby.until(({ role }) => role === "STANDBY", 60_000);
  assert.deepEqual([back.objects, back.roleChanges], [4, standby.roles().length - 1]);
  const { replication } = await master.until(({ markers }) => markers.length === 1, 60_000);
  assert.equal(replication.version, back.replication.version);
});
