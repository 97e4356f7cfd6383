// A file system of 1 MiB under the data folder of one node, full to the last byte, and with room again: nothing that was
// said "yes" to is lost, the node says so once and in its pages, and goes on without a restart. DESIGN.md D36.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { askNode } from "../../host/node/pair/control.ts";
import { EVENT_LOG } from "../../host/node/pair/event-log.ts";
import { openStore } from "../../host/node/pair/store.ts";
import { makeObject } from "../../host/pbx/directory/object.ts";
import { temporaryFolder } from "../host/folder.ts";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { onSmallDisk, SmallDisk, whyNoSmallDisk } from "./small-disk.ts";
import { type NodeName, PASSWORD, type PairNode, REALM, TwoNodes } from "./two-nodes.ts";

const skip = whyNoSmallDisk();
const SITES = { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } };
const USERS = ["10000", "10001"];

interface Scene {
  readonly nodes: TwoNodes;
  /** The node on the small disk. */
  readonly node: PairNode;
  readonly disk: SmallDisk;
}

/** A pair at work, of which one has a small disk; every phone is registered at the master. */
async function set(context: TestContext, small: NodeName): Promise<Scene> {
  const nodes = await TwoNodes.prepare(context, { sites: SITES, users: USERS, port: await freePorts(4) });
  for (const node of [nodes.master, nodes.standby]) {
    mkdirSync(node.dataFolder, { recursive: true, mode: 0o700 });
    await node.start({}, undefined, node === nodes[small] ? onSmallDisk(node.dataFolder) : []);
  }
  await nodes.standby.until(({ role, objects }) => role === "STANDBY" && objects === USERS.length);
  const plan = { servers: nodes.servers, users: USERS, password: PASSWORD, domain: REALM, params: [] };
  const farm = await Farm.start(context, plan);
  await farm.allAt("primary");
  return { nodes, node: nodes[small], disk: new SmallDisk(nodes[small]) };
}

/** Adds an object at a node. @returns why not */
async function add(folder: string, user: string): Promise<string | undefined> {
  const edits = [{ kind: "put", object: makeObject({ user, password: PASSWORD }, REALM) } as const];
  const answer = await askNode(folder, { order: "edit", edits });
  assert.ok(answer !== undefined);
  return answer.kind === "refused" ? answer.why : undefined;
}

async function codes(node: PairNode): Promise<readonly number[]> {
  const pages = ["/health", "/ready"].map((path) => fetch(node.statusUrl.replace("/status", path)));
  return (await Promise.all(pages)).map(({ status }) => status);
}

/** How often it told that the store cannot be written, and that it is over. */
function told(node: PairNode): readonly boolean[] {
  return node
    .events()
    .flatMap(({ type, name, on }) => (type === "problem" && name === "store" ? [on === true] : []));
}

/** What it told of its event log. */
function faults(node: PairNode): readonly string[] {
  return node.events().flatMap(({ type, text }) => (type === "fault" ? [String(text)] : []));
}

const isFull = ({ alarms }: { readonly alarms: readonly { readonly name: string }[] }): boolean =>
  alarms.some(({ name }) => name === "store");

test("the master's disk: what it took is kept, what it cannot keep is refused", { skip }, async (context) => {
  const { nodes, node, disk } = await set(context, "master");
  const taken: string[] = [];
  let why: string | undefined;
  for (let user = 20_000; why === undefined && user < 21_000; user++) {
    if (user === 20_300) disk.fill(); // the log of the store alone would be larger than the disk by now
    why = await add(disk.folder, String(user));
    if (why === undefined) taken.push(String(user));
  }
  assert.ok(taken.length >= 300 && why !== undefined, `${taken.length} taken, then ${why}`);
  const full = await node.until(isFull);
  assert.match(full.readiness.missing.join(), /^data folder: .* cannot be written .* no restart is needed$/);
  assert.deepEqual(await codes(node), [503, 503]);
  assert.equal(full.objects, USERS.length + taken.length);

  disk.free();
  await node.until((status) => !isFull(status));
  assert.deepEqual(await codes(node), [200, 200]);
  assert.equal(await add(disk.folder, "30000"), undefined);
  const objects = USERS.length + taken.length + 1;
  await nodes.standby.until((status) => status.role === "STANDBY" && status.objects === objects);
  await node.until(({ markers }) => markers.length === 1);
  assert.deepEqual(told(node), [true, false]);
  assert.deepEqual(faults(node).length, 1);
  assert.match(faults(node).join(), /events\.ndjson cannot be written \(ENOSPC\); make room/);
  const lines = readFileSync(join(disk.folder, EVENT_LOG), "utf8").split("\n").filter(Boolean);
  assert.equal(lines.filter((line) => !line.endsWith("}")).length, 1, "one line was begun and not ended");
  assert.ok(lines.some((line) => line.endsWith("}") && JSON.parse(line).text === "store: over"));

  const copy = temporaryFolder();
  node.signal("SIGSTOP");
  cpSync(disk.folder, copy, { recursive: true, filter: (path) => !/(control|owner|lock)$/.test(path) });
  const store = await openStore({ folder: copy, now: () => performance.now() });
  context.after(() => store.close());
  for (const user of [...USERS, ...taken, "30000"]) assert.ok(store.directory.find(user), user);
  for (const user of USERS) assert.equal(store.locations.of(user, performance.now()).length, 1, user);
});

test("the standby's disk: it follows no further, says why, and catches up", { skip }, async (context) => {
  const { nodes, node, disk } = await set(context, "standby");
  const before = (await node.status()).objects;
  disk.fill();
  let added = 0;
  for (; added < 200 && !isFull(await node.until(() => true)); added++)
    assert.equal(await add(nodes.master.dataFolder, String(20_000 + added)), undefined);
  const full = await node.until(({ replication }) => replication.trouble !== "");
  assert.match(full.replication.trouble, /could not be written to the data folder.*not acknowledged/);
  assert.ok(full.objects < USERS.length + added, `${full.objects}, ${before} before`);
  assert.deepEqual([full.role, await codes(node)], ["STANDBY", [503, 503]]);

  disk.free();
  const objects = USERS.length + added;
  await node.until((status) => status.objects === objects && status.replication.lag === 0);
  await node.until((status) => !isFull(status) && status.replication.trouble === "");
  assert.deepEqual(await codes(node), [200, 200]);
  assert.deepEqual(told(node), [true, false]);
});
