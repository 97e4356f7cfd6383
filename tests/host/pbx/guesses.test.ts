// Wrong passwords and time: who rests, for how long, and who does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guesses } from "../../../host/pbx/guesses.ts";
import { networkOf } from "../../../host/pbx/network.ts";
import { ShortMemory } from "../../../host/pbx/short-memory.ts";

const WHO = { account: "6000", network: "192.0.2.9" };

/** Tries a wrong password whenever it is looked at; the moments at which it was, ms. */
function tries(guesses: Guesses, untilMs: number, stepMs: number): readonly number[] {
  const looked: number[] = [];
  for (let now = 0; now <= untilMs; now += stepMs) {
    if (!guesses.mayTry(WHO, now)) continue;
    guesses.judged(WHO, false, now);
    looked.push(now);
  }
  return looked;
}

test("ten wrong passwords are free, then each rest is twice the one before, up to a minute", () => {
  const looked = tries(new Guesses(), 300_000, 1);
  assert.deepEqual(looked.slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(
    looked.slice(10),
    [1009, 3009, 7009, 15_009, 31_009, 63_009, 123_009, 183_009, 243_009],
    "1, 2, 4, 8, 16, 32, 60, 60, 60 s",
  );
});

test("a day of guesses is 10 at once and then 60 an hour", () => {
  assert.equal(tries(new Guesses(), 86_400_000, 1000).length, 1454);
});

test("a rest ends to the millisecond, and a right password ends it all", () => {
  const guesses = new Guesses();
  for (let at = 0; at < 11; at++) guesses.judged(WHO, false, 0);
  assert.equal(guesses.mayTry(WHO, 1999), false);
  assert.equal(guesses.refused, 1);
  assert.deepEqual(guesses.trying(1999), WHO);
  assert.equal(guesses.mayTry(WHO, 2000), true);
  guesses.judged(WHO, true, 2000);
  assert.equal(guesses.trying(2000), undefined);
  guesses.judged(WHO, false, 2001);
  assert.equal(guesses.mayTry(WHO, 2001), true, "ten are free again");
});

test("neither the account from elsewhere nor its neighbours there rest with it", () => {
  const guesses = new Guesses();
  for (let at = 0; at < 20; at++) guesses.judged(WHO, false, 0);
  assert.equal(guesses.mayTry(WHO, 1), false);
  assert.equal(guesses.mayTry({ ...WHO, network: "192.0.2.10" }, 1), true);
  for (let other = 1; other <= 100; other++)
    assert.equal(guesses.mayTry({ ...WHO, account: `${6000 + other}` }, 1), true);
});

test("wrong passwords are forgotten an hour after the last", () => {
  const guesses = new Guesses();
  for (let at = 0; at < 10; at++) guesses.judged(WHO, false, 0);
  assert.deepEqual(guesses.trying(3_599_999), WHO);
  assert.equal(guesses.trying(3_600_000), undefined);
  guesses.judged(WHO, false, 3_600_000);
  assert.equal(guesses.mayTry(WHO, 3_600_000), true);
});

test("the one that is shown stays the same while it goes on, however many others come", () => {
  const guesses = new Guesses();
  for (let at = 0; at < 10; at++) guesses.judged(WHO, false, 0);
  const other = { ...WHO, network: "192.0.2.10" };
  for (let at = 0; at < 10; at++) guesses.judged(other, false, 1);
  assert.deepEqual(guesses.trying(2), WHO);
  guesses.judged(WHO, true, 3);
  guesses.judged(other, false, 4);
  assert.deepEqual(guesses.trying(5), other);
});

test("a memory holds no more than it may, the oldest goes first, and what is set again is new", () => {
  const memory = new ShortMemory<number>({ entries: 3, keptMs: 100 });
  for (const [at, key] of ["a", "b", "c"].entries()) memory.set(key, at, at);
  memory.set("a", 9, 3);
  memory.set("d", 4, 4);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => memory.get(key, 5)),
    [9, undefined, 2, 4],
  );
  assert.equal(memory.get("a", 102), 9);
  assert.equal(memory.get("a", 103), undefined);
});

const NETWORKS = [
  ["192.0.2.9", "192.0.2.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
  ["2001:db8::6", "2001:db8:0:0::/64"],
  ["2001:db8:1::2:3:4:6", "2001:db8:1:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::2:3:4:5:6:7", "0:0:2:3::/64"],
] as const;
for (const [address, network] of NETWORKS)
  test(`${address} counts as ${network}`, () => assert.equal(networkOf(address), network));
