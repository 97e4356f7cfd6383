// The directory: versions, edits that are refused, changes that follow, and sets that are equal.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CHANGES_KEPT,
  Directory,
  EditRefused,
  emptySet,
  type Journal,
} from "../../../../host/pbx/directory/directory.ts";
import type { Change, Edit, WholeSet } from "../../../../host/pbx/directory/edit.ts";
import { makeObject, type PbxObject } from "../../../../host/pbx/directory/object.ts";

const ANN = makeObject({ user: "6000", password: "secret" }, "pbx.example");
const START = "0".repeat(64);
const FORGETFUL: Journal = { append: () => {}, replace: () => {} };

function phone(user: string, password = "secret"): PbxObject {
  return makeObject({ user, password }, "pbx.example");
}

function put(user: string, password?: string): Edit {
  return { kind: "put", object: phone(user, password) };
}

/** Another change each time, without a hash to compute. */
function named(display: string): Edit {
  return { kind: "put", object: { ...ANN, display } };
}

function directory(start = START, journal = FORGETFUL): Directory {
  return new Directory(journal, emptySet(start));
}

test("an object holds the hashes of RFC 7616 §3.4.2 and no password", () => {
  // RFC 7616 §3.9.1: Mufasa at http-auth@example.org with "Circle of Life"; both by openssl dgst.
  const object = makeObject({ user: "Mufasa", password: "Circle of Life" }, "http-auth@example.org");
  assert.deepEqual(object, {
    user: "Mufasa",
    account: "Mufasa",
    ha1: {
      "SHA-256": "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
      MD5: "3d78807defe7de2157e2b0b6573a855f",
    },
  });
  assert.ok(!JSON.stringify(object).includes("Circle"));
});

test("the version rises by one for each change, and what changes nothing takes none", () => {
  const pbx = directory();
  assert.equal(pbx.version, 0);
  assert.equal(pbx.edit([put("6000"), put("6001")]), 2);
  assert.equal(pbx.version, 2);
  assert.equal(pbx.edit([put("6000")]), 0);
  assert.equal(pbx.version, 2);
  assert.equal(pbx.edit([put("6000", "other")]), 1);
  assert.equal(pbx.edit([{ kind: "licences", licences: { registrations: 2, standby: 2 } }]), 1);
  assert.equal(pbx.edit([{ kind: "licences", licences: { registrations: 2, standby: 2 } }]), 0);
  assert.equal(pbx.edit([{ kind: "remove", user: "6000" }]), 1);
  assert.equal(pbx.version, 5);
  assert.equal(pbx.find("6000"), undefined);
  assert.equal(pbx.size, 1);
});

test("edits are made all or none", () => {
  const pbx = directory();
  pbx.edit([put("6000")]);
  assert.throws(() => pbx.edit([put("6001"), { kind: "remove", user: "6002" }]), /there is no object "6002"/);
  assert.equal(pbx.version, 1);
  assert.equal(pbx.find("6001"), undefined);
});

test("a journal that fails leaves everything as it was", () => {
  const full = (): never => {
    throw new Error("the disk is full");
  };
  const pbx = directory(START, { append: full, replace: full });
  assert.throws(() => pbx.edit([put("6000")]), /the disk is full/);
  assert.throws(() => pbx.replace({ ...emptySet("1"), version: 7 }), /the disk is full/);
  assert.deepEqual([pbx.version, pbx.size, pbx.history], [0, 0, START]);
});

const BAD: readonly [string, unknown, RegExp][] = [
  ["an empty user", { ...phone("6000"), user: "" }, /user = "": 1 to 64 letters/],
  ["a user with a line break", { ...phone("6000"), user: "60\r\n00" }, /user = "60\\r\\n00": 1 to 64/],
  ["a user of 65 letters", { ...phone("6000"), user: "6".repeat(65) }, /1 to 64 letters/],
  ["the name of a node", phone("_STANDBY_"), /the nodes of a pair register by that name/],
  [
    "a hash in upper case",
    { ...phone("6000"), ha1: { "SHA-256": "A".repeat(64), MD5: "0".repeat(32) } },
    /64 hex/,
  ],
  ["no MD5", { ...phone("6000"), ha1: { "SHA-256": "a".repeat(64) } }, /MD5 of 6000 is not 32 hex/],
  ["a display of two lines", { ...phone("6000"), display: "a\nb" }, /up to 64 characters/],
  ["no object", undefined, /user = undefined/],
];

for (const [name, object, message] of BAD) {
  test(`refused: ${name}`, () => {
    const edit = { kind: "put", object } as Edit;
    assert.throws(
      () => directory().edit([edit]),
      (error) => error instanceof EditRefused && message.test(error.message),
    );
  });
}

test("licences are whole numbers", () => {
  for (const standby of [-1, 1.5, 1_000_001, Number.NaN]) {
    const edit: Edit = { kind: "licences", licences: { registrations: 1, standby } };
    assert.throws(() => directory().edit([edit]), /licences, standby: a whole number of 0 to 1000000/);
  }
});

test("what does not belong to an object does not get in", () => {
  const pbx = directory();
  pbx.edit([{ kind: "put", object: { ...phone("6000"), password: "secret" } as PbxObject }]);
  assert.ok(!JSON.stringify([...pbx.objects()]).includes("secret"));
});

test("a standby refuses edits and says where they belong", () => {
  const standby = new Directory(FORGETFUL, emptySet(START), "192.0.2.1");
  assert.throws(() => standby.edit([put("6000")]), {
    message:
      "this node is a standby, its objects and licences come from the master: edit them at the master, 192.0.2.1",
  });
});

test("the digest is of the content, whatever order and history led to it", () => {
  const [a, b] = [directory("1".repeat(64)), directory("2".repeat(64))];
  a.edit([put("6000"), put("6001")]);
  b.edit([put("6001"), put("6009"), put("6000"), { kind: "remove", user: "6009" }]);
  assert.equal(a.digest(), b.digest());
  assert.notEqual(a.history, b.history);
  b.edit([put("6001", "other")]);
  assert.notEqual(a.digest(), b.digest());
  a.edit([put("6001", "other"), { kind: "licences", licences: { registrations: 0, standby: 1 } }]);
  assert.notEqual(a.digest(), b.digest());
});

test("a standby takes changes in order and no others", () => {
  const kept: Change[] = [];
  const master = directory(START, { ...FORGETFUL, append: (changes) => kept.push(...changes) });
  const standby = directory();
  master.edit([put("6000"), put("6001"), { kind: "remove", user: "6000" }]);
  const [first, second, third] = kept as [Change, Change, Change];
  assert.equal(standby.take([second]), false, "one is missing");
  assert.equal(standby.take([first, third]), false, "one between them is missing");
  assert.equal(standby.take([{ ...first, edit: put("6666") }]), false, "it is not what the master changed");
  assert.deepEqual([standby.version, standby.size], [0, 0]);
  assert.ok(standby.take([first]));
  assert.equal(standby.take([first]), false, "it was taken already");
  assert.ok(standby.take([second, third]) && standby.take([]));
  assert.deepEqual([standby.version, standby.history], [master.version, master.history]);
  assert.equal(standby.digest(), master.digest());
});

test("changes since a version are told only within one history, and as long as they are remembered", () => {
  const [master, other] = [directory(), directory()];
  master.edit([put("6000"), put("6001")]);
  other.edit([put("6000"), put("6002")]);
  assert.equal(master.since(2, master.history)?.length, 0);
  assert.equal(master.since(2, other.history), undefined);
  assert.equal(master.since(3, master.history), undefined, "the future");
  const at = { version: master.version, history: master.history };
  master.edit(Array.from({ length: CHANGES_KEPT - 1 }, (_, n) => named(`${n}`)));
  assert.equal(master.since(at.version, at.history)?.length, CHANGES_KEPT - 1);
  master.edit([named("one more"), named("and another")]);
  assert.equal(master.since(at.version, at.history), undefined);
});

test("a whole set stands still while the directory changes", () => {
  const pbx = directory();
  pbx.edit([put("6000")]);
  const set: WholeSet = pbx.whole();
  pbx.edit([put("6001"), { kind: "remove", user: "6000" }]);
  assert.deepEqual(set.objects, [phone("6000")]);
  const standby = directory("f".repeat(64));
  standby.replace(set);
  assert.deepEqual([standby.version, standby.history], [1, set.history]);
});
