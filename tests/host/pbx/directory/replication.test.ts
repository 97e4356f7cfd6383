// Replication without sockets: what a standby holds after any cut, and whom it believes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHANGES_KEPT } from "../../../../host/pbx/directory/directory.ts";
import { Line, type Node, pair, put, remove, type Wiring } from "./pair.ts";

/** Connects, lets everything pass, and says what came of it. */
function synchronise(master: Node, standby: Node, given: Partial<Wiring> = {}): Line {
  const line = new Line(master, standby, given);
  line.carry();
  return line;
}

function equal(master: Node, standby: Node): void {
  assert.equal(standby.directory.digest(), master.directory.digest());
  assert.equal(standby.directory.version, master.directory.version);
  assert.equal(standby.directory.history, master.directory.history);
  assert.equal(standby.onDisk().digest(), master.directory.digest(), "on its disk");
}

function many(count: number, from = 0): ReturnType<typeof put>[] {
  return Array.from({ length: count }, (_, n) => put(from + n));
}

/** What went over a line, as text. */
function textOf(line: Line): string {
  return Buffer.concat(line.heard).toString("latin1");
}

test("10,000 objects, then one changed and one deleted: the standby is equal each time", () => {
  const { master, standby } = pair();
  master.directory.edit([...many(10_000), { kind: "licences", licences: { registrations: 9, standby: 5 } }]);
  const line = synchronise(master, standby);
  equal(master, standby);
  assert.deepEqual(standby.directory.licences, { registrations: 9, standby: 5 });
  assert.equal(standby.disk.writes, 1, "a whole set is one write");
  const before = line.heard.length;
  for (const edit of [put(77, "changed"), remove(78)]) {
    master.directory.edit([edit]);
    line.wake();
    line.carry();
  }
  assert.equal(line.heard.length - before, 4, "two messages and their acknowledgements, no whole set");
  assert.equal(line.masterSession.takenVersion, 10_003);
  equal(master, standby);
});

test("after a cut a standby gets what it has missed and no more", () => {
  const { master, standby } = pair();
  master.directory.edit(many(300));
  synchronise(master, standby);
  master.directory.edit([put(5, "missed"), remove(6)]);
  master.restart();
  standby.restart();
  const line = synchronise(master, standby);
  assert.match(textOf(line), /"kind":"changes"/);
  assert.doesNotMatch(textOf(line), /"kind":"whole"/);
  equal(master, standby);
});

test("more changes than are remembered bring the whole set", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  synchronise(master, standby);
  master.directory.edit(Array.from({ length: CHANGES_KEPT + 1 }, (_, n) => put(1, `${n}`)));
  const line = synchronise(master, standby);
  assert.match(textOf(line), /"kind":"whole"/);
  equal(master, standby);
});

test("another master, or one whose disk was put back, brings the whole set", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  const backup = master.disk.stored;
  master.directory.edit([put(3)]);
  synchronise(master, standby);
  master.disk.stored = backup;
  master.restart();
  master.directory.edit([put(4)]);
  assert.equal(master.directory.version, standby.directory.version, "the numbers alone would not tell");
  assert.match(textOf(synchronise(master, standby)), /"kind":"whole"/);
  equal(master, standby);
  const { master: other } = pair();
  other.directory.edit([put(9)]);
  synchronise(other, standby);
  equal(other, standby);
});

/** The same two disks, each with the other's part. */
function swapped(master: Node, standby: Node): { master: Node; standby: Node } {
  const next = pair();
  next.master.disk.stored = standby.disk.stored;
  next.standby.disk.stored = master.disk.stored;
  next.master.restart();
  next.standby.restart();
  return next;
}

test("two nodes that swap their parts go on with the same history", () => {
  const { master, standby } = pair();
  master.directory.edit(many(300));
  synchronise(master, standby);
  const next = swapped(master, standby);
  next.master.directory.edit([put(5, "of the new master")]);
  assert.doesNotMatch(textOf(synchronise(next.master, next.standby)), /"kind":"whole"/);
  equal(next.master, next.standby);
});

test("what the old master changed after the cut is lost when the other one becomes master", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  synchronise(master, standby);
  master.directory.edit([put(4, "never replicated")]);
  const next = swapped(master, standby);
  next.master.directory.edit([put(5)]);
  assert.match(textOf(synchronise(next.master, next.standby)), /"kind":"whole"/);
  equal(next.master, next.standby);
  assert.equal(next.standby.directory.find("4"), undefined);
});

test("a standby whose disk lies is found by the digest, and gets the whole set", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  synchronise(master, standby);
  const { stored } = standby.disk;
  standby.disk.stored = { ...stored, objects: stored.objects.slice(1) };
  standby.restart();
  const line = synchronise(master, standby);
  assert.match(textOf(line), /"kind":"again"/);
  equal(master, standby);
});

test("a master that lost everything does not empty its standby", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  synchronise(master, standby);
  const { master: blank } = pair();
  const line = synchronise(blank, standby);
  assert.equal(line.standby.trouble?.code, "masterEmpty");
  equal(master, standby);
});

test("edits while a whole set is on its way arrive after it", () => {
  const { master, standby } = pair();
  master.directory.edit(many(2000));
  const line = new Line(master, standby);
  line.carry(100_000);
  assert.equal(standby.directory.version, 0, "the set is still coming");
  master.directory.edit([put(5, "new"), remove(1999)]);
  line.carry();
  equal(master, standby);
});

test("a cut after any byte leaves the old set or the new one, and the next connection mends it", () => {
  const { master, standby } = pair();
  master.directory.edit(many(130));
  const digests = new Set([standby.directory.digest(), master.directory.digest()]);
  const length = synchronise(master, pair().standby).heard.reduce((sum, bytes) => sum + bytes.length, 0);
  assert.ok(length > 20_000, `${length} bytes`);
  const seen = new Set<string>();
  // Every place around a boundary of messages is among them: each of the first 900 bytes, then every 97th.
  for (let cut = 0; cut < length; cut += cut < 900 ? 1 : 97) {
    const { standby: fresh } = pair();
    new Line(master, fresh).carry(cut);
    fresh.restart();
    seen.add(fresh.directory.digest());
    assert.ok(digests.has(fresh.directory.digest()), `cut after ${cut} bytes`);
  }
  assert.equal(seen.size, 2, "some cuts came before the end of the set and some after");
  new Line(master, standby).carry(length >> 1);
  standby.restart();
  synchronise(master, standby);
  equal(master, standby);
});

test("a cut after any byte of changes leaves a version that there was", () => {
  const { master, standby } = pair();
  master.directory.edit(many(20));
  synchronise(master, standby);
  const start = standby.disk.stored;
  const digests = new Map([[standby.directory.version, standby.directory.digest()]]);
  for (let n = 0; n < 250; n++) {
    master.directory.edit([n % 3 === 0 ? put(n) : put(n % 20, `${n}`)]);
    digests.set(master.directory.version, master.directory.digest());
  }
  const seen = new Set<number>();
  for (let cut = 0; cut < 80_000; cut += 331) {
    standby.disk.stored = start;
    standby.restart();
    new Line(master, standby).carry(cut);
    standby.restart();
    assert.equal(
      standby.directory.digest(),
      digests.get(standby.directory.version),
      `cut after ${cut} bytes`,
    );
    seen.add(standby.directory.version);
  }
  assert.ok(seen.size >= 4, `${seen.size} versions were seen`);
});

test("bytes in pieces of any size are the same messages", () => {
  for (const piece of [1, 2, 3, 5, 36, 1000]) {
    const { master, standby } = pair();
    master.directory.edit(many(30));
    new Line(master, standby).carry(Number.POSITIVE_INFINITY, piece);
    equal(master, standby);
  }
});

const STRANGERS: readonly [string, Partial<Wiring>, string, string | undefined][] = [
  ["a wrong password", { standbyKey: "guess" }, "wrongPassword", "wrongPassword"],
  [
    "an answer that was passed on over another TLS connection",
    { standbyBinding: "other" },
    "wrongPassword",
    "wrongPassword",
  ],
];

for (const [name, wiring, standbyCode, masterCode] of STRANGERS) {
  test(`refused: ${name}`, () => {
    const { master, standby } = pair();
    master.directory.edit(many(3));
    const line = synchronise(master, standby, wiring);
    assert.equal(line.standby.trouble?.code, standbyCode);
    assert.equal(line.master.trouble?.code, masterCode);
    assert.equal(standby.directory.version, 0);
    assert.doesNotMatch(textOf(line), /secret|guess|ha1/, "no password and no object was said");
  });
}

test("a master that does not know the password feeds nothing", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  const line = new Line(master, standby);
  const proven = frame({ kind: "proven", proof: "0".repeat(64) });
  line.standby.feed(frame({ kind: "hello", protocol: 1, nonce: "0".repeat(64), name: "north" }), 0);
  line.standby.feed(proven, 0);
  assert.equal(line.standby.trouble?.code, "falseMaster");
  assert.equal(standby.directory.version, 0);
});

function frame(message: object): Uint8Array {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

test("who is on the way and has seen everything cannot change, repeat or add a message", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  const flip = (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 10 ? byte ^ 1 : byte));
  const twice = (bytes: Uint8Array) => Buffer.concat([bytes, bytes]);
  const added = (bytes: Uint8Array) => Buffer.concat([frame({ kind: "objects", objects: [] }), bytes]);
  for (const change of [flip, twice, added]) {
    const line = synchronise(master, standby);
    const { version } = standby.directory;
    master.directory.edit([put(1, String(version))]);
    line.wake();
    line.forge(change);
    line.carry();
    assert.equal(line.standby.trouble?.code, "broken", change.name);
    assert.ok(standby.directory.version <= master.directory.version);
  }
});

test("what is no replication ends the connection with a reason, and costs no memory", () => {
  const rows: readonly [string, Uint8Array, RegExp][] = [
    ["a TLS alert", Buffer.from("150301000202", "hex"), /a message of 352518400 bytes/],
    ["a length without end", Buffer.from("ffffffff", "hex"), /a message of 4294967295 bytes/],
    ["no JSON", Buffer.concat([Buffer.from([0, 0, 0, 5]), Buffer.from("hello")]), /no JSON/],
    ["no UTF-8", Buffer.from([0, 0, 0, 2, 0xc3, 0x28]), /no JSON/],
    ["an unknown word", frame({ kind: "toString" }), /does not belong here/],
    ["a word at the wrong moment", frame({ kind: "wholeEnd", digest: "0".repeat(64) }), /wrong moment/],
    [
      "a nonce of another length",
      frame({ kind: "hello", protocol: 1, nonce: "00", name: "x" }),
      /not belong/,
    ],
    ["an array", frame([1]), /does not belong here/],
  ];
  for (const [name, bytes, message] of rows) {
    const { master, standby } = pair();
    for (const peer of [new Line(master, standby).standby, new Line(master, standby).master]) {
      peer.feed(bytes, 0);
      assert.equal(peer.trouble?.code, "broken", name);
    }
    const { standby: peer } = new Line(master, standby);
    peer.feed(bytes, 0);
    assert.match(peer.trouble?.message ?? "", message, name);
  }
});

test("one that speaks another protocol is told so", () => {
  const { master, standby } = pair();
  const line = new Line(master, standby);
  line.standby.feed(frame({ kind: "hello", protocol: 2, nonce: "0".repeat(64), name: "north" }), 0);
  assert.equal(line.standby.trouble?.code, "protocol");
});

test("a name that the master has itself is refused", () => {
  const { master, standby } = pair();
  Object.defineProperty(standby, "name", { value: master.name });
  assert.equal(synchronise(master, standby).standby.trouble?.code, "nameTaken");
});

test("patience: 5 s for the handshake, 30 s for a sign of life, which comes every 10 s", () => {
  const { master, standby } = pair();
  const slow = new Line(master, standby);
  slow.wake(4999);
  assert.deepEqual([slow.master.trouble, slow.standby.trouble], [undefined, undefined]);
  slow.wake(5000);
  assert.deepEqual([slow.master.trouble?.code, slow.standby.trouble?.code], ["silent", "silent"]);
  const line = synchronise(master, standby);
  assert.equal(line.standbySession.equalAt, 0);
  line.wake(9999);
  assert.ok(line.isQuiet, "nothing is said before");
  line.wake(10_000);
  line.carry();
  assert.equal(line.standbySession.equalAt, 10_000);
  assert.equal(line.masterSession.equalAt, 10_000);
  line.wake(39_999);
  assert.deepEqual([line.master.trouble, line.standby.trouble], [undefined, undefined]);
  line.wake(40_000);
  assert.deepEqual([line.master.trouble?.code, line.standby.trouble?.code], ["silent", "silent"]);
});

test("edits that go on keep neither side from knowing that they are equal", () => {
  const { master, standby } = pair();
  const line = synchronise(master, standby);
  for (let now = 1000; now <= 30_000; now += 1000) {
    master.directory.edit([put(1, String(now))]);
    line.wake(now);
    line.carry();
  }
  assert.equal(line.standbySession.equalAt, 30_000);
});

test("a standby that does not answer is sent eight messages, and no more waits for it", () => {
  const { master, standby } = pair();
  const line = synchronise(master, standby);
  let messages = 0;
  for (let n = 0; n < 50; n++) {
    master.directory.edit([put(n)]);
    if (line.master.pump(0).length > 0) messages++;
  }
  assert.equal(messages, 8);
});

test("a full disk ends the connection, is told, and is not acknowledged", () => {
  const { master, standby } = pair();
  master.directory.edit(many(3));
  synchronise(master, standby);
  standby.disk.isFull = true;
  master.directory.edit([put(9)]);
  const line = synchronise(master, standby);
  assert.equal(line.standby.trouble?.code, "store");
  assert.match(line.standby.trouble?.message ?? "", /is the disk full\? \(no space left on device\)/);
  assert.equal(line.masterSession.takenVersion, 3);
  assert.equal(standby.directory.version, 3);
  standby.disk.isFull = false;
  synchronise(master, standby);
  equal(master, standby);
});
