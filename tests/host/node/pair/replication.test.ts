// Replication over real sockets and stores: with TLS and without, the wrong node at either end, and the ways back.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { Authority } from "../../../../host/node/certificates.ts";
import { monotonicMs } from "../../../../host/node/clock.ts";
import { ReplicationClient } from "../../../../host/node/pair/replication-client.ts";
import { replicationKey } from "../../../../host/node/pair/replication-key.ts";
import { ReplicationServer, type ServerEvent } from "../../../../host/node/pair/replication-server.ts";
import { openStore, type Store } from "../../../../host/node/pair/store.ts";
import { Guesses } from "../../../../host/pbx/guesses.ts";
import { temporaryFolder } from "../../folder.ts";
import { put } from "../../pbx/directory/pair.ts";
import { until } from "../../until.ts";

const AUTHORITY = await Authority.create();
const ISSUED = await AUTHORITY.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
const KEY = await replicationKey("one password for both");
const OTHER_KEY = await replicationKey("another password");

const opened: { close(): unknown }[] = [];
after(async () => {
  for (const one of opened.reverse()) await one.close();
});

function kept<T extends { close(): unknown }>(one: T): T {
  opened.push(one);
  return one;
}

async function storeOf(mode: "master" | "standby", folder = temporaryFolder()): Promise<Store> {
  const masterAt = mode === "standby" ? { masterAt: "127.0.0.1" } : {};
  return kept(await openStore({ folder, now: monotonicMs, ...masterAt }));
}

async function serve(
  store: Store,
  given: Partial<{ tls: boolean; port: number; name: string; guesses: Guesses }> = {},
) {
  const { tls = true, port = 0, name = "north" } = given;
  const events: ServerEvent[] = [];
  const server = await ReplicationServer.open({
    address: "127.0.0.1",
    port,
    identity: tls ? ISSUED : undefined,
    key: KEY,
    directory: store.directory,
    name,
    now: monotonicMs,
    onEvent: (event) => events.push(event),
    ...(given.guesses && { guesses: given.guesses }),
  });
  return { server: kept(server), events };
}

function follow(
  store: Store,
  port: number,
  given: Partial<{ tls: boolean; key: Uint8Array; name: string }> = {},
) {
  const { tls = true, key = KEY, name = "south" } = given;
  return kept(
    new ReplicationClient({
      master: { address: "127.0.0.1", port },
      authorities: tls ? [AUTHORITY.certificate] : undefined,
      key,
      directory: store.directory,
      instance: store.instance,
      name,
      now: monotonicMs,
    }),
  );
}

/** Until both hold the same. */
async function equal(a: Store, b: Store): Promise<void> {
  await until(() => a.directory.history === b.directory.history);
  assert.equal(a.directory.digest(), b.directory.digest());
}

for (const tls of [true, false]) {
  test(`a standby gets everything, ${tls ? "with" : "without"} TLS, and both sides show it`, async () => {
    const [master, standby] = [await storeOf("master"), await storeOf("standby")];
    master.directory.edit([put(1), put(2)]);
    const { server, events } = await serve(master, { tls });
    const client = follow(standby, server.port, { tls });
    await equal(master, standby);
    master.directory.edit([put(3)]);
    await equal(master, standby);
    const south = { name: "south", version: 3, ageSeconds: 0 };
    await until(
      () => isDeepStrictEqual(server.standbys(), [south]) && client.view().ageSeconds === 0,
      () => JSON.stringify([server.standbys(), client.view()]),
    );
    const { trouble, lag, isConnected } = client.view();
    assert.deepEqual([trouble, lag, isConnected], [undefined, 0, true]);
    assert.deepEqual(events[0], { kind: "standbyConnected", name: "south" });
    client.close();
    await until(() => server.standbys().length === 0);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["standbyConnected", "standbyGone"],
    );
  });
}

test("what crosses the wire without TLS: hashes in clear, the password never", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put("6000")]);
  const { server } = await serve(master, { tls: false });
  const seen: Buffer[] = [];
  const tap = createServer((socket) => {
    const there = connect(server.port, "127.0.0.1");
    for (const [from, to] of [
      [socket, there],
      [there, socket],
    ] as const) {
      from
        .on("data", (bytes) => seen.push(bytes))
        .on("error", () => {})
        .pipe(to);
      from.on("close", () => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(tap, "listening");
  follow(standby, (tap.address() as { port: number }).port, { tls: false });
  await equal(master, standby);
  tap.close();
  const text = Buffer.concat(seen).toString("latin1");
  assert.match(text, /"MD5":"0{28}6000"/);
  assert.doesNotMatch(text, /one password/);
  assert.ok(!text.includes(Buffer.from(KEY).toString("latin1")), "nor its key");
});

test("strangers that take every place do not keep the standby out", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put(1)]);
  const { server } = await serve(master);
  const strangers = Array.from({ length: 16 }, () =>
    connect({ port: server.port, host: "127.0.0.1", localAddress: "127.0.0.2" }),
  );
  for (const socket of strangers) kept({ close: () => socket.destroy() }) && socket.on("error", () => {});
  await Promise.all(strangers.map((socket) => once(socket, "connect")));
  follow(standby, server.port);
  await equal(master, standby);
});

test("wrong PBX passwords are counted by address, and none is looked at in a rest", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put(1)]);
  const guesses = new Guesses();
  const who = { account: "replication", network: "127.0.0.1" };
  for (let at = 0; at < 9; at++) guesses.judged(who, false, monotonicMs());
  const { server } = await serve(master, { guesses });
  const wrong = follow(standby, server.port, { key: OTHER_KEY });
  await until(() => guesses.trying(monotonicMs()) !== undefined);
  wrong.close();
  for (let at = 0; at < 20; at++) guesses.judged(who, false, monotonicMs());
  const right = follow(standby, server.port);
  await until(() => right.view().trouble !== undefined);
  assert.match(right.view().trouble?.message ?? "", /PBX passwords of the two nodes differ/);
  guesses.judged(who, true, monotonicMs()); // as if the minute were over
  await equal(master, standby);
  assert.equal(guesses.trying(monotonicMs()), undefined);
});

/** [what is wrong, its code at the standby, what the operator reads] */
const WRONG: readonly [string, Partial<{ tls: boolean; key: Uint8Array }>, string, RegExp][] = [
  ["another password", { key: OTHER_KEY }, "wrongPassword", /PBX passwords of the two nodes differ/],
  ["TLS at the standby only", { tls: true }, "tls", /does it speak TLS/],
];

for (const [name, given, code, message] of WRONG) {
  test(`told and tried again: ${name}`, async () => {
    const [master, standby] = [await storeOf("master"), await storeOf("standby")];
    master.directory.edit([put(1)]);
    const { server } = await serve(master, { tls: false });
    const client = follow(standby, server.port, { tls: false, ...given });
    await until(() => client.view().trouble !== undefined);
    assert.equal(client.view().trouble?.code, code);
    assert.match(client.view().trouble?.message ?? "", message);
    assert.equal(standby.directory.version, 0);
    client.close();
  });
}

test("a certificate of a stranger feeds nothing, password or not", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put(1)]);
  const { server } = await serve(master);
  const stranger = await Authority.create("Stranger");
  const client = kept(
    new ReplicationClient({
      master: { address: "127.0.0.1", port: server.port },
      authorities: [stranger.certificate],
      key: KEY,
      directory: standby.directory,
      instance: standby.instance,
      name: "south",
      now: monotonicMs,
    }),
  );
  await until(() => client.view().trouble !== undefined);
  assert.equal(client.view().trouble?.code, "tls");
  assert.match(client.view().trouble?.message ?? "", /nobody we trust has signed its certificate/);
  client.close();
});

test("nobody there is told, and found when it comes", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put(1)]);
  const { server } = await serve(master);
  const { port } = server;
  await server.close();
  const client = follow(standby, port);
  await until(() => client.view().trouble?.code === "unreachable");
  assert.match(
    client.view().trouble?.message ?? "",
    /the master cannot be reached \(.*nothing listens there\)/,
  );
  opened.splice(opened.indexOf(server), 1);
  await serve(master, { port });
  await equal(master, standby);
  assert.equal(client.view().trouble, undefined);
});

test("two standbys of one name: the second is refused, a copy of the first too, and the first again is not", async () => {
  const [master, first, second] = [
    await storeOf("master"),
    await storeOf("standby"),
    await storeOf("standby"),
  ];
  master.directory.edit([put(1)]);
  const { server } = await serve(master);
  const held = follow(first, server.port);
  await equal(master, first);
  const late = follow(second, server.port);
  await until(() => late.view().trouble?.code === "nameTaken");
  assert.match(late.view().trouble?.message ?? "", /give each node a name and a data folder of its own/);
  assert.equal(second.directory.version, 0);
  const copy = follow(first, server.port);
  await until(() => copy.view().trouble?.code === "nameTaken");
  assert.equal(held.view().isConnected, true);
  for (const client of [late, copy, held]) client.close();
  await until(() => server.standbys().length === 0);
  const again = follow(first, server.port);
  await until(() => again.view().isConnected && server.standbys().length === 1);
});

test("strangers that say nothing or nonsense are closed, and disturb nobody", async () => {
  const [master, standby] = [await storeOf("master"), await storeOf("standby")];
  master.directory.edit([put(1)]);
  const { server, events } = await serve(master, { tls: false });
  const noise = connect(server.port, "127.0.0.1");
  noise.on("error", () => {}).resume();
  noise.write("GET / HTTP/1.1\r\n\r\n");
  await once(noise, "close");
  const gone = events[0];
  assert.ok(gone?.kind === "standbyGone" && gone.trouble.code === "broken" && gone.name === "");
  const silent = connect(server.port, "127.0.0.1").resume();
  follow(standby, server.port, { tls: false });
  await equal(master, standby);
  silent.destroy();
});
