// SIGKILL of either node in the middle of replication over TLS: the standby has the last complete set or the new one.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Authority } from "../../../../host/node/certificates.ts";
import { monotonicMs } from "../../../../host/node/clock.ts";
import { ReplicationClient } from "../../../../host/node/pair/replication-client.ts";
import { replicationKey } from "../../../../host/node/pair/replication-key.ts";
import { ReplicationServer } from "../../../../host/node/pair/replication-server.ts";
import { openStore, type Store } from "../../../../host/node/pair/store.ts";

import { temporaryFolder } from "../../folder.ts";
import { put, remove } from "../../pbx/directory/pair.ts";
import { until } from "../../until.ts";
import { startNode } from "./writer.ts";

const AUTHORITY = await Authority.create();
const ISSUED = await AUTHORITY.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
const FILES = temporaryFolder();
const [KEY_FILE, CERTIFICATE_FILE, AUTHORITY_FILE] = ["key", "certificate", "authority"].map((name) =>
  join(FILES, name),
) as [string, string, string];
writeFileSync(KEY_FILE, ISSUED.key);
writeFileSync(CERTIFICATE_FILE, ISSUED.certificate);
writeFileSync(AUTHORITY_FILE, AUTHORITY.certificate);
const KEY = await replicationKey("one password for both");

function open(folder: string, mode: "master" | "standby"): Promise<Store> {
  return openStore({ folder, now: monotonicMs, ...(mode === "standby" && { masterAt: "127.0.0.1" }) });
}

interface Strait {
  readonly port: number;
  readonly isFull: () => boolean;
  close(): void;
}

/** A way to the port that lets so many bytes back to whoever came, and holds what follows. */
async function openStrait(to: number, most: number): Promise<Strait> {
  const sockets: Socket[] = [];
  let passed = 0;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on("error", () => {}).on("close", close);
    near.pipe(far);
    far.on("data", (bytes: Buffer) => {
      near.write(bytes.subarray(0, Math.max(0, most - passed)));
      passed += bytes.length;
    });
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, isFull: () => passed > most, close };
}

test("a standby killed while 10,000 objects come in has none or all of them, and gets there", async () => {
  const [masterFolder, folder] = [temporaryFolder(), temporaryFolder()];
  const master = await open(masterFolder, "master");
  master.directory.edit(Array.from({ length: 10_000 }, (_, n) => put(n)));
  const server = await ReplicationServer.open({
    address: "127.0.0.1",
    port: 0,
    identity: ISSUED,
    key: KEY,
    directory: master.directory,
    name: "north",
    now: monotonicMs,
  });
  const wordsAt = (port: number) => ["standby", folder, String(port), KEY_FILE, AUTHORITY_FILE];
  const seen: number[] = [];
  for (const [most, afterMs] of [
    [10_000, 0],
    [500_000, 0],
    [Infinity, 0],
    [Infinity, 200],
  ] as const) {
    const strait = await openStrait(server.port, most);
    const standby = await startNode(wordsAt(strait.port));
    await standby.acknowledged(1);
    if (most < Infinity) await until(strait.isFull);
    await sleep(afterMs);
    await standby.kill();
    strait.close();
    const held = await open(folder, "standby");
    const { version, size } = held.directory;
    seen.push(version);
    assert.ok(
      (version === 0 && size === 0) || held.directory.digest() === master.directory.digest(),
      `${version}`,
    );
    held.close();
  }
  assert.deepEqual(seen.slice(0, 2), [0, 0], "killed before the end of the set");
  const last = await startNode(wordsAt(server.port));
  await until(() => last.said.some((line) => line === "10000") || seen.includes(10_000));
  master.directory.edit([put(7, "changed")]);
  master.directory.edit([remove(8)]);
  await until(() => last.said.at(-1) === "10002");
  await last.kill();
  const held = await open(folder, "standby");
  assert.equal(held.directory.digest(), master.directory.digest());
  assert.equal(held.directory.size, 9999);
  held.close();
  await server.close();
  master.close();
});

test("a master killed while it edits: its standby has a set that the master has on its disk, and goes on from there", async () => {
  const [masterFolder, folder] = [temporaryFolder(), temporaryFolder()];
  const standby = await open(folder, "standby");
  const { directory, instance } = standby;
  let port = 0;
  let kinds: string[] = [];
  const follow = (): ReplicationClient =>
    new ReplicationClient({
      master: { address: "127.0.0.1", port },
      authorities: [AUTHORITY.certificate],
      key: KEY,
      directory,
      instance,
      name: "south",
      now: monotonicMs,
      onEvent: ({ kind }) => kinds.push(kind),
    });
  for (let round = 0; round < 3; round++) {
    const node = await startNode(["master", masterFolder, String(port), KEY_FILE, CERTIFICATE_FILE]);
    await node.acknowledged(1);
    port = Number(node.said[0]?.split(" ")[1]);
    kinds = [];
    const client = follow();
    const from = { version: directory.version, history: directory.history };
    await until(() => directory.version >= from.version + 30);
    await node.kill();
    await until(() => !client.view().isConnected);
    client.close();
    const { version, history } = directory;
    const master = await open(masterFolder, "master");
    const missed = master.directory.since(version, history);
    assert.notEqual(
      missed,
      undefined,
      `the standby knows version ${version}, which the master has forgotten`,
    );
    assert.equal(master.directory.version, version + (missed?.length ?? 0));
    if (round > 0)
      assert.notEqual(directory.since(from.version, from.history), undefined, "by changes, not anew");
    master.close();
    assert.deepEqual(kinds, ["masterConnected", "replicationTrouble"]);
  }
  standby.close();
});
