// The cable between the nodes is cut and nobody has died: both serve, each the phones that reach it, and when it heals
// every address of record is at the master only, none lost, none doubled. DESIGN.md D34.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../host/folder.ts";
import { skip } from "../network/right.ts";
import { Capture } from "../real/capture.ts";
import { Farm } from "./farm.ts";
import { Islands } from "./islands.ts";
import { rolesAre } from "./roles.ts";
import { PASSWORD, REALM, TwoNodes } from "./two-nodes.ts";

/** The shortest times of the phones, and patience where a thousand of them come at once. */
const PARAMS = [
  "registerRefreshInterval=3600",
  "primaryDetectInterval=5",
  "maxDetectFailCount=1",
  "preferPrimary=on",
  "natKeepalive=0",
  "registerTimeout=8000",
  "optionsTimeout=4000",
  "startSpread=8",
  "failoverSpread=8",
  "lineCool=5",
  "retryBase=5",
  "retryMax=10",
];

interface Scene {
  readonly islands: Islands;
  readonly nodes: TwoNodes;
  readonly here: Farm;
  readonly there: Farm;
  readonly users: {
    readonly here: readonly string[];
    readonly there: readonly string[];
    readonly all: readonly string[];
  };
}

/** Every phone is registered at the master, half of them from each office. */
async function set(context: TestContext, count: number): Promise<Scene> {
  const all = Array.from({ length: count }, (_, at) => String(10_000 + at));
  const users = { here: all.slice(0, count / 2), there: all.slice(count / 2), all };
  const islands = await Islands.make(context);
  const { machines, addresses } = islands;
  const nodes = await TwoNodes.prepare(context, {
    sites: {
      master: { address: addresses.master, ground: machines.master.ground },
      standby: { address: addresses.standby, ground: machines.standby.ground },
    },
    users: all,
    port: 5060,
  });
  await nodes.start(count);
  const plan = { servers: nodes.servers, password: PASSWORD, domain: REALM, params: PARAMS };
  const here = await Farm.start(context, { ...plan, users: users.here }, machines.phonesHere.ground);
  const there = await Farm.start(context, { ...plan, users: users.there }, machines.phonesThere.ground);
  for (const farm of [here, there]) await farm.allAt("primary");
  return { islands, nodes, here, there, users };
}

/** Cuts the cable until the standby serves whom it can reach, and joins it until it has given all of them back. */
async function cutAndHeal({ islands, nodes, here, there, users }: Scene): Promise<void> {
  assert.deepEqual(await nodes.master.users(), users.all);
  assert.deepEqual(await nodes.standby.users(), []);

  await islands.plug(false);
  await nodes.standby.until(({ role }) => role === "ACTIVE");
  await there.allAt("backup1");
  assert.deepEqual([...new Set(await here.places())], ["primary"], "whoever reaches the master stays there");
  assert.deepEqual(await nodes.standby.users(), users.there, "both serve");
  assert.equal((await nodes.master.status()).role, "MASTER");

  await islands.plug(true);
  await nodes.standby.until(({ role }) => role === "STANDBY");
  await there.allAt("primary");
  await nodes.standby.until(({ phones }) => phones.length === 0);
  assert.deepEqual([...new Set(await here.places())], ["primary"]);
  const { phones } = await nodes.master.status();
  assert.deepEqual(phones.map(({ user }) => user).sort(), users.all, "none is lost");
  assert.deepEqual(
    phones.filter(({ contacts }) => contacts !== 1),
    [],
    "none is doubled at the master",
  );
  const roles = ["UNREGISTERED", "STANDBY", "LOST", "ACTIVE", "RETURNING", "STANDBY"];
  await rolesAre(() => nodes.standby.roles(), roles);
}

test("1000 phones: a cut and a healing, by both location tables", { skip }, async (context) => {
  await cutAndHeal(await set(context, 1000));
});

test("16 phones: a cut and a healing, by what went over the wire", { skip }, async (context) => {
  const scene = await set(context, 16);
  const { addresses, machines } = scene.islands;
  const nodes = [addresses.master, addresses.standby].map((address) => ({ address, port: 5060 }));
  const captures: Capture[] = [];
  for (const office of ["phonesHere", "phonesThere"] as const) {
    const wire = { ground: machines[office].ground, device: "wire" };
    const capture = await Capture.open(nodes, join(temporaryFolder(), `${office}.pcap`), wire);
    assert.ok(capture !== undefined, "the right to capture comes with that to make a network");
    captures.push(capture);
  }
  try {
    await cutAndHeal(scene);
  } finally {
    for (const capture of captures) await capture.close(); // while its device is there
  }
  const [here = [], there = []] = captures.map(grants);
  assert.deepEqual(
    new Set(here.map(({ from }) => from)),
    new Set(),
    "no phone beside the master had to register again",
  );
  const last = new Map(there.map(({ user, from }) => [user, from]));
  assert.deepEqual([...last.keys()].sort(), scene.users.there);
  assert.deepEqual(
    new Set(last.values()),
    new Set([addresses.master]),
    "the last word on each is the master's",
  );
  for (const user of scene.users.there) {
    const ways = there.filter((grant) => grant.user === user).map(({ from }) => from);
    assert.deepEqual(ways, [addresses.standby, addresses.master], `${user} moved there and back, once`);
  }
});

/** Who granted a binding to whom, in the order of the wire; an answer that was repeated counts once. */
function grants({ sip }: Capture): readonly { readonly user: string; readonly from: string }[] {
  const all = sip.items.filter(
    ({ method, status, contacts }) => method === "REGISTER" && status === 200 && contacts.length > 0,
  );
  return [...new Map(all.map((grant) => [grant.branch, grant])).values()].map(({ user, from }) => ({
    user,
    from: from.address,
  }));
}
