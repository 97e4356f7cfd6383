// Places for connections in virtual time: who goes for whom, and who is late.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Visit, Visitors } from "../../../host/node/visitors.ts";

const ROOM = { places: 4, messageMs: 100, strangerMs: 1000, provenMs: 10_000 };

/** A port at which everybody has a name. */
class Port {
  now = 0;
  readonly visitors: Visitors;
  readonly here = new Set<string>();

  constructor(room: Partial<typeof ROOM> = {}) {
    this.visitors = new Visitors({ ...ROOM, ...room, now: () => this.now });
  }

  /** @param name its first letter is its network */
  come(name: string): Visit | undefined {
    const visit = this.visitors.arrive(name.slice(0, 1), () => this.here.delete(name));
    if (visit !== undefined) this.here.add(name);
    return visit;
  }

  /** Somebody who has proven who it is. */
  prove(name: string): Visit {
    const visit = this.come(name);
    assert.ok(visit, name);
    visit.heard();
    visit.prove();
    return visit;
  }

  at(now: number): string {
    this.now = now;
    this.visitors.sweep();
    return [...this.here].join(" ");
  }
}

test("a flood from one network costs that network: its longest silent stranger goes first", () => {
  const port = new Port();
  for (const name of ["a1", "f1", "f2", "f3", "f4", "f5"]) port.come(name);
  assert.equal(port.at(1), "a1 f3 f4 f5");
  port.come("b1");
  assert.equal(port.at(1), "a1 f4 f5 b1");
  assert.deepEqual(port.visitors.status(), { open: 4, places: 4, closed: { full: 3, late: 0, idle: 0 } });
});

test("who was heard last stays longer", () => {
  const port = new Port();
  const first = port.come("f1");
  for (const name of ["f2", "f3", "f4"]) port.come(name);
  first?.heard();
  port.come("a1");
  assert.equal(port.at(1), "f1 f3 f4 a1");
});

test("a flood from a network each takes the place of the one that came first, and a newcomer gets in", () => {
  const port = new Port();
  for (const name of ["a", "b", "c", "d", "e"]) port.come(name);
  assert.equal(port.at(1), "b c d e");
});

test("nobody who has proven itself goes for another, and the next is refused when all have", () => {
  const port = new Port();
  for (const name of ["a1", "a2", "a3"]) port.prove(name);
  for (let at = 0; at < 100; at++) port.come(`f${at}`);
  assert.equal(port.at(1), "a1 a2 a3 f99");
  port.prove("a4");
  assert.equal(port.come("b1"), undefined);
  assert.equal(port.at(1), "a1 a2 a3 a4");
});

test("a hundred phones behind one address that have proven themselves are no flood", () => {
  const port = new Port({ places: 102 });
  for (let at = 0; at < 100; at++) port.prove(`n${at}`);
  for (const name of ["f1", "f2", "f3", "n100"]) port.come(name);
  assert.equal(port.here.size, 102);
  assert.deepEqual([...port.here].slice(-2), ["f3", "n100"]);
});

test("a place is free when its visitor leaves", () => {
  const port = new Port({ places: 1 });
  const visit = port.prove("a1");
  assert.equal(port.come("b1"), undefined);
  visit.leave();
  visit.heard(); // what was on its way
  assert.ok(port.come("b1"));
});

test("a stranger's first message has its time, to the millisecond", () => {
  const port = new Port();
  port.come("a1");
  assert.equal(port.at(99), "a1");
  assert.equal(port.at(100), "");
  assert.equal(port.visitors.status().closed.late, 1);
});

test("the rest of a message has as long from its first byte, however it dribbles in", () => {
  const port = new Port();
  const visit = port.come("a1");
  port.at(50);
  visit?.heard();
  for (let now = 60; now < 160; now += 10) {
    assert.equal(port.at(now), "a1", `${now}`);
    visit?.reading(true);
  }
  assert.equal(port.at(159), "a1");
  assert.equal(port.at(160), "");
});

test("messages that follow each other are each in time", () => {
  const port = new Port();
  const visit = port.come("a1");
  for (let now = 90; now < 900; now += 90) {
    port.at(now);
    visit?.heard();
    visit?.reading(true);
  }
  assert.equal(port.at(909), "a1");
  visit?.heard();
  visit?.reading(false);
  assert.equal(port.at(1908), "a1");
  assert.equal(port.at(1909), "", "silent for 1000 ms");
  assert.equal(port.visitors.status().closed.idle, 1);
});

test("one that has proven itself may dribble, and is closed for its own silence alone", () => {
  const port = new Port();
  port.prove("a1").reading(true);
  assert.equal(port.at(9999), "a1");
  assert.equal(port.at(10_000), "");
});

test("it is crowded for a minute after somebody had to go", () => {
  const port = new Port({ places: 1 });
  port.come("a1");
  assert.equal(port.visitors.isCrowded, false);
  port.come("a2");
  assert.equal(port.visitors.isCrowded, true);
  port.at(59_999);
  assert.equal(port.visitors.isCrowded, true);
  port.at(60_000);
  assert.equal(port.visitors.isCrowded, false);
});
