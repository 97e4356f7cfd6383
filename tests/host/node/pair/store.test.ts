// The store on a real disk: what comes back after an end of any kind, and who may have the folder.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore, type StoreOptions } from "../../../../host/node/pair/store.ts";
import { makeObject } from "../../../../host/pbx/directory/object.ts";
import { readUri, type SipUri } from "../../../../host/sip/uri.ts";
import { temporaryFolder } from "../../folder.ts";
import { startWriter } from "./writer.ts";

function options(folder: string, now = 0): StoreOptions {
  return { folder, now: () => now };
}

const CONTACT = "<sip:6000@192.0.2.9:5060;sf=p>";

function wish(contact: string, seconds: number) {
  return { contact, uri: readUri(contact.slice(1, -1)) as SipUri, seconds };
}

test("objects, licences, version and history come back", async () => {
  const folder = join(temporaryFolder(), "data");
  const first = await openStore(options(folder));
  const object = makeObject({ user: "6000", password: "secret", display: "Zoë at the door" }, "pbx.example");
  first.directory.edit([
    { kind: "put", object },
    { kind: "licences", licences: { registrations: 9, standby: 5 } },
  ]);
  const { version, history, instance } = { ...first, ...stateOf(first) };
  first.close();
  const second = await openStore(options(folder));
  assert.deepEqual({ ...stateOf(second), instance: second.instance }, { version, history, instance });
  assert.deepEqual(second.directory.find("6000"), object);
  assert.deepEqual(second.directory.licences, { registrations: 9, standby: 5 });
  assert.equal(second.directory.since(0, history), undefined, "that history has begun otherwise");
  assert.equal(second.directory.since(1, second.directory.whole().history), undefined);
  second.close();
});

function stateOf({ directory }: Awaited<ReturnType<typeof openStore>>) {
  return { version: directory.version, history: directory.history };
}

test("a password is in no file, and no file is open to others", async () => {
  const folder = join(temporaryFolder(), "data");
  const store = await openStore(options(folder));
  const object = makeObject({ user: "6000", password: "a very secret word" }, "pbx.example");
  store.directory.edit([{ kind: "put", object }]);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isFile()) assert.ok(!readFileSync(path).includes("very secret"), name);
  }
  store.close();
  assert.deepEqual(readdirSync(folder), ["pair.db"]);
});

test("a binding comes back with the time that is left, in its order, and a removed one does not", async () => {
  const folder = temporaryFolder();
  const first = await openStore(options(folder, 5_000_000));
  const [z, a] = ["<sip:z@192.0.2.9>", "<sip:a@192.0.2.9>"];
  first.locations.grant("6000", [wish(z, 60), wish(a, 60)], "call", 7, 5_000_000);
  first.locations.grant("6001", [wish(CONTACT, 60)], "call", 1, 5_000_000);
  first.locations.removeAll("6001", "call", 2, 5_000_000);
  first.locations.grant("6002", [wish(CONTACT, 60)], "call", 1, 5_000_000);
  first.locations.drop("6002");
  first.close();
  const second = await openStore(options(folder, 100));
  assert.deepEqual(second.locations.users(100), ["6000"]);
  const held = second.locations.of("6000", 100);
  assert.deepEqual(
    held.map(({ contact, callId, cseq }) => [contact, callId, cseq]),
    [
      [z, "call", 7],
      [a, "call", 7],
    ],
  );
  for (const { expiresAt } of held) assert.ok(expiresAt <= 60_100 && expiresAt > 50_100, `${expiresAt}`);
  assert.equal(
    second.locations.grant("6000", [wish(z, 60)], "call", 7, 200),
    false,
    "the CSeq is remembered",
  );
  second.close();
});

test("a folder in use is refused with the process that has it, also to this one", async () => {
  const folder = temporaryFolder();
  const store = await openStore(options(folder));
  await assert.rejects(openStore(options(folder)), {
    code: "folder-in-use",
    message: `${folder} is in use by the process ${process.pid}; stop that one, or give this node a folder of its own`,
  });
  store.close();
  (await openStore(options(folder))).close();
});

test("a folder is refused while another process has it, and free the moment that is killed", async () => {
  const folder = temporaryFolder();
  const writer = await startWriter(folder, ["bind"]);
  await writer.acknowledged(1);
  await assert.rejects(openStore(options(folder)), new RegExp(`in use by the process ${writer.child.pid};`));
  await writer.kill();
  assert.ok(existsSync(join(folder, "owner")) && existsSync(join(folder, "pair.db.lock")), "left behind");
  (await openStore(options(folder))).close();
});

test("of several that start at once on a folder of a dead one, one gets it", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "owner"), `${DEAD_PID} ${BOOT}:1\n`);
  const writers = await Promise.all([1, 2, 3, 4].map(() => startWriter(folder, ["bind"])));
  await Promise.all(writers.map((writer) => writer.acknowledged(1)));
  const first = writers.map(({ said }) => said[0]);
  await Promise.all(writers.map((writer) => writer.kill()));
  assert.deepEqual(first.sort(), ["-0", "folder-in-use", "folder-in-use", "folder-in-use"]);
});

/** Above the largest that Linux gives out. proc_pid_max(5). */
const DEAD_PID = 4_194_305;
const BOOT = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

const OWNERS: readonly [string, string][] = [
  ["a process that is dead", `${DEAD_PID} ${BOOT}:1\n`],
  ["our own id, given to somebody before us", `${process.pid} ${BOOT}:1\n`],
  ["the id of a living process that started at another time", `${process.ppid} ${BOOT}:1\n`],
  ["the id of a living process, from an earlier boot", `${process.ppid} 00000000:1\n`],
  ["nothing, as after a loss of power", ""],
  ["noise", "\0\0\0\0"],
];

for (const [name, text] of OWNERS) {
  test(`a folder is free when its owner is ${name}`, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "owner"), text);
    const store = await openStore(options(folder));
    assert.deepEqual(readdirSync(folder).sort(), ["owner", "pair.db", "pair.db-wal", "pair.db.lock"]);
    store.close();
    assert.deepEqual(readdirSync(folder), ["pair.db"]);
  });
}

test("SIGKILL at any moment loses no acknowledged registration", async () => {
  const folder = temporaryFolder();
  for (let round = 1; round <= 3; round++) {
    const writer = await startWriter(folder, ["bind", String(round)]);
    await writer.acknowledged(40 * round);
    const { said } = await writer.kill();
    const store = await openStore(options(folder));
    for (const user of said) assert.equal(store.locations.of(user, 0).length, 1, `${user} of round ${round}`);
    store.close();
  }
});

test("SIGKILL in a large change leaves all of it or nothing", async () => {
  const folder = temporaryFolder();
  const seen = new Set<number>();
  for (let round = 0; round < 4; round++) {
    const writer = await startWriter(folder, ["edit"]);
    await writer.acknowledged(1 + round);
    await writer.kill();
    const { directory, close } = await reopened(folder);
    assert.equal(directory.version % 100, 0, `version ${directory.version}`);
    assert.equal(directory.size, Math.min(directory.version, 100));
    seen.add(directory.version);
    close();
  }
  assert.equal(seen.size, 4, "each round has written");
});

async function reopened(folder: string) {
  const store = await openStore(options(folder));
  return { directory: store.directory, close: () => store.close() };
}

const NO_STORE: readonly [string, (folder: string) => void, RegExp][] = [
  [
    "another program's file",
    (folder) => writeFileSync(join(folder, "pair.db"), "hello ".repeat(1000)),
    /pair\.db cannot be opened: .*; put a copy of the folder back/,
  ],
  ["a folder in its place", (folder) => mkdirSync(join(folder, "pair.db")), /pair\.db cannot be opened/],
];

for (const [name, spoil, message] of NO_STORE) {
  test(`refused with the way out: ${name}`, async () => {
    const folder = temporaryFolder();
    spoil(folder);
    await assert.rejects(openStore(options(folder)), message);
    assert.ok(!existsSync(join(folder, "owner")), "the folder is given back");
  });
}

test("a folder that cannot be made is refused", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  await assert.rejects(openStore(options(join(file, "data"))), { code: "folder" });
});

test("a folder in which nothing can be written says so", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, `owner.${process.pid}`)); // as little as on a disk that is read only
  await assert.rejects(openStore(options(folder)), {
    code: "folder",
    message: /^nothing can be written to \S+ \(EISDIR\); name a folder/,
  });
});
