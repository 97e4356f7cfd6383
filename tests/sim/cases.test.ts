// Forty timelines as data: the complete list of the decisions that a scenario causes, to the
// millisecond. What events alone cannot show is checked after them, by name.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { PhoneEvent } from "../../host/core/events.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import type { World } from "../../host/sim/world.ts";
import { World as VirtualWorld } from "../../host/sim/world.ts";
import { module, phoneConfig, type Setting, sent, sentAt } from "./fixture.ts";

interface Expected {
  readonly t?: number;
  readonly tMin?: number;
  readonly tMax?: number;
  readonly type: PhoneEvent["type"];
  readonly server?: string;
  readonly line?: string;
  readonly reason?: string;
}

interface Case {
  readonly name: string;
  readonly title: string;
  readonly servers: number;
  readonly lines: number;
  readonly params: Setting;
  readonly scenario: readonly string[];
  readonly until: number;
  readonly compare: readonly PhoneEvent["type"][];
  readonly expected: readonly Expected[];
}

const CASES = JSON.parse(readFileSync("tests/sim/timelines.json", "utf8")) as readonly Case[];

function play(one: Case): World {
  return new VirtualWorld({
    module: module(),
    config: phoneConfig(one),
    steps: parseScenario(one.scenario.join("\n")),
  }).runTo(one.until * 1000);
}

/** Whether an event is the one expected; a field that is not expected may be anything. */
function fits(event: PhoneEvent, wanted: Expected): boolean {
  return (
    event.type === wanted.type &&
    event.t >= (wanted.t ?? wanted.tMin ?? 0) &&
    event.t <= (wanted.t ?? wanted.tMax ?? Number.POSITIVE_INFINITY) &&
    (wanted.server === undefined || event.server === wanted.server) &&
    (wanted.line === undefined || event.line === wanted.line) &&
    (wanted.reason === undefined || event.reason?.rule.split(/\W/, 1)[0] === wanted.reason)
  );
}

function compare(events: readonly PhoneEvent[], wanted: readonly Expected[]): void {
  const left = [...events];
  const missing = wanted.filter((one) => {
    const at = left.findIndex((event) => fits(event, one));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  assert.deepEqual({ missing, tooMany: left }, { missing: [], tooMany: [] });
}

/** What a title promises and no event shows. */
const WIRE: Readonly<Record<string, (world: World) => void>> = {
  L15: ({ packets }) => {
    assert.deepEqual(sentAt(packets, /REGISTER .* auth$/), [0, 30_000, 60_000, 90_000]);
    for (const line of sent(packets, /REGISTER/)) assert.match(line, /expires=120/);
  },
  L16: ({ packets }) => {
    const moments = sentAt(packets, /primary REGISTER/).filter((at) => at > 60_000);
    assert.deepEqual(moments, [120_000, 120_500, 121_500, 180_000]);
  },
  L17: ({ packets }) => {
    assert.deepEqual([...new Set(packets.map(({ server }) => server))], ["primary"]);
  },
  L20: ({ packets }) => {
    const registers = sent(packets, /REGISTER/).filter((line) => Number.parseInt(line, 10) >= 100_000);
    assert.deepEqual(
      registers.map((line) => line.split(" ").slice(0, 3).join(" ")),
      [
        "120000 primary REGISTER",
        "122000 backup1 REGISTER",
        "122000 backup1 REGISTER",
        "182000 backup1 REGISTER",
      ],
    );
  },
  L24: ({ packets }) => {
    assert.deepEqual([...new Set(sentAt(packets, /REGISTER/))], [0, 5000, 10_000, 15_000]);
  },
  L30: (world) => {
    const removals = sent(world.packets, /REGISTER .*expires=0/);
    assert.ok(removals.length > 0, "the binding at the backup was removed");
    assert.ok(
      removals.every((line) => line.startsWith("450000 backup1 ")),
      removals.join("\n"),
    );
    const table = world.servers.get("primary")?.table;
    const held = table?.of("6000", world.now) ?? [];
    assert.equal(held.length, 1, "the binding of the primary is still there, alone");
  },
};

for (const one of CASES) {
  test(`${one.name}: ${one.title}`, () => {
    const world = play(one);
    compare(
      world.events.filter(({ type }) => one.compare.includes(type)),
      one.expected,
    );
    WIRE[one.name]?.(world);
  });
}

test("all forty cases are there", () => {
  assert.deepEqual(
    CASES.map(({ name }) => name),
    [...Array(40).keys()].map((index) => `L${index + 1}`),
  );
});
