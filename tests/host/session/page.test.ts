// docs/service-events.md says what there is: public members, types of events with their fields, and kinds of facts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ServiceEvent } from "../../../host/session.ts";
import { Manager, Ownership, Provider, ServiceEvents } from "../../../host/session.ts";
import { runTo, VirtualPhone, watching } from "./events/phones.ts";

const PAGE = readFileSync("docs/service-events.md", "utf8");

for (const { name, prototype } of [ServiceEvents, Manager, Provider, Ownership]) {
  test(`the page names every public member of ${name}`, () => {
    const members = Object.getOwnPropertyNames(prototype).filter((member) => member !== "constructor");
    assert.ok(members.length > 1);
    assert.deepEqual(
      members.filter((member) => !new RegExp(`\\b${member}\\b`).test(PAGE)),
      [],
    );
  });
}

/** By type of event: the fields that its row promises. */
function promised(): Map<string, string[]> {
  const all = ["terminal", "address", "server", "call", "state"];
  const [events = ""] = PAGE.split("## Between programs");
  const rows = [
    ...events.matchAll(/^\| ((?:`(?:provider|terminal|address|call)[A-Z]\w+` ?)+) ?\| (.*?) ?\|$/gm),
  ];
  return new Map(
    rows.flatMap(([, types = "", has = ""]) => {
      const fields = has === "all" ? all : [...has.matchAll(/`(\w+)`/g)].map(([, field = ""]) => field);
      return [...types.matchAll(/`(\w+)`/g)].map(([, type = ""]) => [type, fields] as const);
    }),
  );
}

/** Some of every event. */
function everything(): ServiceEvent[] {
  const phone = new VirtualPhone({ scenario: ["100 link down", "200 link up"] });
  const { service, told } = watching(phone);
  runTo(50_000, phone);
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "ringing" });
  service.callChanged("c1", "connected");
  runTo(250_000, phone);
  phone.world.command("moveTo", "6000", "backup1");
  runTo(300_000, phone);
  service.callEnded("c1");
  service.unwatch("T1");
  service.shutdown();
  return told;
}

test("every event has the fields that the page promises, and no other; and every type comes", () => {
  const rows = promised();
  const told = everything();
  for (const { at, cause, type, ...rest } of told) {
    assert.deepEqual(Object.keys(rest).sort(), [...(rows.get(type) ?? [])].sort(), type);
    assert.ok(PAGE.includes(`| \`${cause}\` |`), cause);
    assert.ok(at > 0 || type !== "callEnded");
  }
  assert.deepEqual([...new Set(told.map(({ type }) => type))].sort(), [...rows.keys()].sort());
  assert.equal(rows.size, 15);
});

test("the lines of the page are events as they are written", () => {
  const lines = PAGE.split("\n").filter((line) => line.startsWith('    {"at"'));
  assert.equal(lines.length, 6);
  const rows = promised();
  for (const { at, cause, type, ...rest } of lines.map((line) => JSON.parse(line) as ServiceEvent)) {
    assert.ok(at === 122_000 && cause !== undefined);
    assert.deepEqual(Object.keys(rest).sort(), [...(rows.get(type) ?? [])].sort(), type);
  }
});
